// What the maps show, found once over the whole trace, so that nothing moves while time does: the
// frames that ever matter, in rows; and for each space the pages that are ever there, in regions.

import { ENTRY, SOFT, address, entryAddress, isLeaf } from './bits.js';
import { KIND } from './kinds.js';
import { Machine } from './machine.js';

export const ROW_FRAMES = 64;
const REGION_GAP = 8;   // pages; what is nearer goes into one region
const DIRECT_MAP = 256; // the PML4 slot of a kernel's view of all memory, in Quire and others

/** Is a kernel's leaf worth a frame of the map? The direct map has them all and tells nothing. */
function isKernelsOwn(level, va) {
    return level === 1 && Math.floor(va / 2 ** 39) !== DIRECT_MAP;
}

class Finder {
    constructor(trace, machine) {
        this.trace = trace;
        this.machine = machine;
        this.frames = new Set();
        this.pages = trace.spaces.map(() => new Map()); // page number: rights seen
    }

    /** Before event n: what will it show? */
    see(n) {
        const trace = this.trace, kind = trace.kind[n];
        if (kind === KIND.TABLE)
            this.seeTable(n);
        else if (kind === KIND.SEEN)
            this.seeEntry(n, 1, trace.value(n, 2));
        else if (kind === KIND.WRITE)
            this.seeEntry(n, 2, trace.value(n, 3));
        else if (kind === KIND.CR && trace.what[n] === 3)
            this.seeLoad(n);
    }

    addFrame(frame) {
        if (frame * 4096 < this.trace.ram)
            this.frames.add(frame);
    }

    /** A table that an entry of a living space leads to, or a root. */
    seeTable(n) {
        const parent = this.trace.value(n, 2), above = this.machine.tables.get(parent - (parent % 4096));
        if (parent === 0 || (above && this.trace.spaceAt(this.machine.rootOf(above), n)))
            this.addFrame(this.trace.value(n, 0) / 4096);
    }

    /** A space that is loaded is not over, however empty it was. */
    seeLoad(n) {
        const space = this.trace.spaces[this.trace.space[n] - 1];
        if (space)
            space.end = Infinity;
    }

    /** The space that a stored entry belongs to, or 0. */
    spaceOf(n) {
        const table = this.machine.tables.get(this.machine.pageOf(n, 0));
        return table ? this.trace.spaceAt(this.machine.rootOf(table), n) : 0;
    }

    seeEntry(n, which, va) {
        const trace = this.trace, off = trace.off[n] + which, lo = trace.lo[off], level = trace.level[n];
        if (!(lo & ENTRY.P)) {
            if (level === 4 && which === 2)
                this.seeEmptied(n, va);
            return;
        }
        if (!isLeaf(level, lo))
            return;
        const user = (lo & ENTRY.U) !== 0, count = level === 1 ? 1 : level === 2 ? 512 : 0;
        const space = this.spaceOf(n);
        if (!space || (!user && !isKernelsOwn(level, va)))
            return;
        const frame = entryAddress(lo, trace.hi[off]) / 4096;
        for (let i = 0; i < count; i++)
            this.addFrame(frame - (frame % count) + i);
        if (user)
            this.seePage(space, va / 4096, level, lo, trace.hi[off]);
    }

    /**
     * The kernel takes the last entry out of a user half: the space is over, unless it is loaded
     * again. Its tables' pages may be used for anything from now on, and the recorder goes on
     * calling them tables for a while.
     */
    seeEmptied(n, va) {
        const table = this.machine.tables.get(this.machine.pageOf(n, 0)), space = this.spaceOf(n);
        const index = Math.floor(va / 2 ** 39);
        if (!space || !this.trace.spaces[space - 1].user || index >= 256)
            return;
        for (let i = 0; i < 256; i++)
            if (i !== index && table.lo[i] & ENTRY.P)
                return;
        this.trace.spaces[space - 1].end = n;
    }

    seePage(space, page, level, lo, hi) {
        const pages = this.pages[space - 1], known = pages.get(page);
        const seen = known || { page, level, write: false, exec: false, order: pages.size };
        seen.level = Math.max(seen.level, level);
        seen.write = seen.write || (lo & (ENTRY.W | SOFT.COW)) !== 0;
        seen.exec = seen.exec || !(hi & ENTRY.NX);
        pages.set(page, seen);
    }
}

function findRows(frames) {
    const numbers = [...new Set([...frames].map((f) => Math.floor(f / ROW_FRAMES)))];
    return numbers.sort((a, b) => a - b);
}

function regionName(region, before) {
    if (region.from >= 0x7ff000000)
        return 'stack';
    if (region.from >= 0x700000000)
        return 'mmap';
    if (region.exec)
        return 'code';
    if (!region.write)
        return 'read-only data';
    return before.some((r) => r.name === 'data') ? 'heap' : 'data';
}

/** Pages into regions {from, to, name, level}: page numbers, to is behind the last. */
function findRegions(pages) {
    const sorted = [...pages.values()].sort((a, b) => a.page - b.page), regions = [];
    let open = null;
    for (const p of sorted) {
        const count = p.level > 1 ? 512 : 1, alike = open && open.level === p.level
            && open.exec === p.exec && (open.write === p.write || p.from - open.to > 0);
        if (open && alike && p.page - open.to <= REGION_GAP) {
            open.to = p.page + count;
            open.write = open.write || p.write;
        } else {
            open = { from: p.page, to: p.page + count, level: p.level, write: p.write, exec: p.exec };
            regions.push(open);
        }
    }
    regions.forEach((region, i) => {
        region.name = regionName(region, regions.slice(0, i));
    });
    return regions;
}

/** Runs through the trace once. Adds trace.rows, trace.regions (by space); returns the machine. */
export function layOut(trace) {
    const machine = new Machine(trace), finder = new Finder(trace, machine);
    machine.seek(trace.count, (n) => finder.see(n));
    trace.frames = finder.frames;
    trace.rows = findRows(finder.frames);
    trace.regions = finder.pages.map(findRegions);
    return machine;
}

/** The linear address that an event is about, or -1. */
export function addressOf(trace, n) {
    const at = (i) => address(trace.lo[trace.off[n] + i], trace.hi[trace.off[n] + i]);
    switch (trace.kind[n]) {
    case KIND.SEEN:
        return at(2);
    case KIND.WRITE:
    case KIND.MARK:
        return at(3);
    case KIND.INVLPG:
    case KIND.INVPCID:
    case KIND.STALE_CPU:
    case KIND.STALE_IDEAL:
    case KIND.WINDOW:
        return at(0);
    case KIND.EXCEPTION:
        return trace.what[n] === 14 ? at(1) : -1;
    default:
        return -1;
    }
}
