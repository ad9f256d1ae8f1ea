// Unpacks what tools/view/block.c packed: the description, and the events in columns.

import { address, parseAddress } from './bits.js';
import { KIND, KIND_VALUES, placeOf } from './kinds.js';

const HEAD_KIND = 0x1f, HEAD_PLACE = 0x20, HEAD_DETAIL = 0x40, HEAD_RIP = 0x80;

async function inflate(bytes) {
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('deflate'));
    return new Uint8Array(await new Response(stream).arrayBuffer());
}

function fromBase64(text) {
    const raw = atob(text);
    const bytes = new Uint8Array(raw.length);
    for (let i = 0; i < raw.length; i++)
        bytes[i] = raw.charCodeAt(i);
    return bytes;
}

/** Columns for so many events; values of event n begin at off[n] in lo and hi. */
function columns(count) {
    return {
        count,
        tick: new Float64Array(count), rip: new Float64Array(count), what: new Uint32Array(count),
        kind: new Uint8Array(count), ring: new Uint8Array(count), level: new Uint8Array(count),
        off: new Uint32Array(count), lo: new Uint32Array(0), hi: new Uint32Array(0),
    };
}

/** Reads base-128 numbers; each leaves its halves in lo and hi. */
class Numbers {
    constructor(bytes, at) {
        this.bytes = bytes;
        this.at = at;
        this.lo = this.hi = 0;
    }

    next() {
        const bytes = this.bytes;
        let byte = bytes[this.at++], lo = byte & 0x7f, hi = 0, shift = 7;
        while (byte >= 0x80) {
            byte = bytes[this.at++];
            const part = byte & 0x7f;
            if (shift < 28) {
                lo |= part << shift;
            } else if (shift === 28) {
                lo |= part << 28;
                hi = part >>> 4;
            } else {
                hi |= part << (shift - 32);
            }
            shift += 7;
        }
        this.lo = lo >>> 0;
        this.hi = hi >>> 0;
    }

    /** 0, -1, 1, -2, 2 are written as 0, 1, 2, 3, 4. */
    nextFolded() {
        this.next();
        const sign = this.lo & 1 ? 0xffffffff : 0;
        this.lo = (((this.lo >>> 1) | (this.hi << 31)) ^ sign) >>> 0;
        this.hi = ((this.hi >>> 1) ^ sign) >>> 0;
    }
}

/** A 64-bit sum of differences. */
class Sum {
    constructor() {
        this.lo = this.hi = 0;
    }

    add(numbers) {
        const lo = this.lo + numbers.lo;
        this.hi = (this.hi + numbers.hi + (lo > 0xffffffff ? 1 : 0)) >>> 0;
        this.lo = lo >>> 0;
    }
}

function unpackEvents(bytes, at, count) {
    const c = columns(count), numbers = new Numbers(bytes, at);
    const room = Math.min(bytes.length - at, count * 6); // a value has at least a byte
    const lo = new Uint32Array(room), hi = new Uint32Array(room);
    const sums = KIND_VALUES.map((n) => Array.from({ length: n }, () => new Sum()));
    const detail = new Float64Array(KIND_VALUES.length), rip = new Sum();
    let ring = 0, tick = 0, used = 0;

    for (let n = 0; n < count; n++) {
        const head = bytes[numbers.at++], kind = head & HEAD_KIND;
        if (head & HEAD_PLACE) {
            numbers.next();
            ring = numbers.lo & 3;
        }
        if (head & HEAD_DETAIL) {
            numbers.next();
            detail[kind] = numbers.hi * 0x100000000 + numbers.lo;
        }
        if (head & HEAD_RIP) {
            numbers.nextFolded();
            rip.add(numbers);
        }
        numbers.next();
        tick += numbers.hi * 0x100000000 + numbers.lo;
        c.kind[n] = kind;
        c.ring[n] = ring;
        c.tick[n] = tick;
        c.rip[n] = address(rip.lo, rip.hi);
        c.what[n] = Math.floor(detail[kind] / 8);
        c.level[n] = detail[kind] % 8;
        c.off[n] = used;
        for (const sum of sums[kind]) {
            numbers.nextFolded();
            sum.add(numbers);
            lo[used] = sum.lo;
            hi[used++] = sum.hi;
        }
    }
    c.lo = lo.subarray(0, used);
    c.hi = hi.subarray(0, used);
    return c;
}

/** Places by address: {name, plus, line, code}. */
function unpackPlaces(packed) {
    const places = new Map();
    packed.at.forEach((at, i) => {
        places.set(parseAddress(at), {
            name: packed.names[packed.name[i]], plus: packed.plus[i],
            line: packed.line[i] < 0 ? '' : packed.lines[packed.line[i]], code: packed.code[i] || '',
        });
    });
    return places;
}

/** Which space is loaded after each event, by its number; 0: none is known. */
function unpackSpaces(trace) {
    const at = new Uint16Array(trace.count), byRoot = new Map();
    for (const space of trace.spaces) {
        space.root = parseAddress(space.root);
        space.end = Infinity; // the event that emptied it for good: layout.js finds it
        if (!byRoot.has(space.root))
            byRoot.set(space.root, []);
        byRoot.get(space.root).push(space);
    }
    trace.spaceAt = (root, n) => {
        const all = byRoot.get(root) || [];
        for (let i = all.length - 1; i >= 0; i--)
            if (all[i].first <= n)
                return (all[i].last < 0 || n <= all[i].last) && n <= all[i].end ? all[i].number : 0;
        return 0;
    };
    let now = trace.snapshot ? trace.spaceAt(trace.snapshot.cr3, trace.snapshot.events) : 0;
    for (let n = 0; n < trace.count; n++) {
        if (trace.kind[n] === KIND.CR && trace.what[n] === 3)
            now = trace.spaceAt(trace.value(n, 0) - (trace.value(n, 0) % 4096), n);
        at[n] = now;
    }
    return at;
}

/** The trace of one block: columns, description, and small questions about events. */
export async function unpackTrace(base64) {
    const bytes = await inflate(fromBase64(base64));
    const head = new DataView(bytes.buffer, 8, 8);
    const length = head.getUint32(0, true), count = head.getUint32(4, true);
    const trace = JSON.parse(new TextDecoder().decode(bytes.subarray(16, 16 + length)));
    Object.assign(trace, unpackEvents(bytes, 16 + length, count));
    trace.places = unpackPlaces(trace.places_packed = trace.places);
    trace.source = trace.places_packed.source;
    trace.value = (n, i) => address(trace.lo[trace.off[n] + i], trace.hi[trace.off[n] + i]);
    trace.place = (n) => trace.places.get(placeOf(trace.kind[n], trace.rip[n]));
    if (trace.snapshot)
        trace.snapshot.cr3 = parseAddress(trace.snapshot.cr3);
    trace.ram = (Number(trace.parameters.mem_mib) || 4096) * 1048576;
    trace.first = trace.snapshot ? trace.snapshot.events : 0;
    trace.space = unpackSpaces(trace);
    return trace;
}

/** Number of events whose tick is at most this: the position just after it. */
export function positionOfTick(trace, tick) {
    let low = 0, high = trace.count;
    while (low < high) {
        const mid = (low + high) >> 1;
        if (trace.tick[mid] <= tick)
            low = mid + 1;
        else
            high = mid;
    }
    return low;
}
