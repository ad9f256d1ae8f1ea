// Looking back: who wrote an entry, what became of a frame.

import { ENTRY, entryAddress, isLeaf } from './bits.js';
import { KIND } from './kinds.js';

/** The last event before a position that stored into an entry, or made its table known; -1: none. */
export function lastWriter(trace, position, phys) {
    const page = phys - (phys % 4096);
    for (let n = position - 1; n >= 0; n--) {
        const kind = trace.kind[n];
        if (kind === KIND.WRITE && trace.value(n, 0) === phys)
            return n;
        if (kind === KIND.TABLE && trace.value(n, 0) === page)
            return n;
    }
    return -1;
}

/** Does an entry map a frame for ring 3? */
function mapsFrame(level, lo, hi, frame) {
    if (!(lo & ENTRY.P) || !(lo & ENTRY.U) || !isLeaf(level, lo))
        return false;
    const count = level === 1 ? 1 : 512 ** (level - 1), first = entryAddress(lo, hi) / 4096;
    return frame >= first - (first % count) && frame < first - (first % count) + count;
}

/** Keeps count of the entries that map one frame while events are gone through. */
class FrameCounter {
    constructor(trace, frame) {
        this.trace = trace;
        this.frame = frame;
        this.entries = new Set();
        this.level = 0; // of a table
        this.history = [];
    }

    note(n, what) {
        this.history.push({ n, what, refs: this.entries.size, level: this.level });
    }

    setEntry(n, which) {
        const trace = this.trace, off = trace.off[n], level = trace.level[n], phys = trace.value(n, 0);
        const maps = mapsFrame(level, trace.lo[off + which], trace.hi[off + which], this.frame);
        const had = this.entries.has(phys);
        if (maps)
            this.entries.add(phys);
        else
            this.entries.delete(phys);
        const changed = which === 2 && maps && had
            && (trace.lo[off + 1] ^ trace.lo[off + 2]) & (ENTRY.W | 0xe00);
        if (maps !== had || changed)
            this.note(n, maps ? (had ? 'rights' : 'mapped') : 'unmapped');
    }

    /** A page becomes a table or stops being one: what its entries mapped counts no more. */
    dropTable(n) {
        const page = this.trace.value(n, 0);
        let dropped = 0;
        for (const phys of this.entries)
            if (phys - (phys % 4096) === page && this.entries.delete(phys))
                dropped++;
        if (page === this.frame * 4096) {
            this.level = this.trace.kind[n] === KIND.TABLE ? this.trace.level[n] : 0;
            this.note(n, this.level ? 'table' : 'no table');
        } else if (dropped) {
            this.note(n, 'unmapped');
        }
    }

    step(n) {
        switch (this.trace.kind[n]) {
        case KIND.SEEN:
            return this.setEntry(n, 1);
        case KIND.WRITE:
            return this.setEntry(n, 2);
        case KIND.TABLE:
        case KIND.TABLE_GONE:
            return this.dropTable(n);
        }
    }
}

/** [{n, what, refs, level}...]: all events that concern a frame, with its count after each. */
export function frameHistory(trace, frame) {
    const counter = new FrameCounter(trace, frame);
    for (let n = 0; n < trace.count; n++)
        counter.step(n);
    return counter.history;
}

/** The entries that map a frame at the machine's position: [{table, index, lo, hi, va}...]. */
export function mappersOf(machine, frame) {
    const found = [];
    for (const table of [...machine.tables.values(), ...machine.kept.values()]) {
        if (table.level === 4)
            continue;
        for (let i = 0; i < 512; i++)
            if (table.lo[i] & ENTRY.P && mapsFrame(table.level, table.lo[i], table.hi[i], frame))
                found.push({ table, index: i, lo: table.lo[i], hi: table.hi[i],
                    va: table.va + i * 2 ** (3 + 9 * table.level) });
    }
    return found;
}

/** Entries stored into between two positions: by instructions in `written`, by the CPU in `marked`. */
export function entriesBetween(trace, a, b) {
    const written = new Set(), marked = new Set();
    const from = Math.min(a, b), to = Math.max(a, b);
    for (let n = Math.max(from, to - 5000); n < to; n++) {
        if (trace.kind[n] === KIND.WRITE)
            written.add(trace.value(n, 0));
        else if (trace.kind[n] === KIND.MARK)
            marked.add(trace.value(n, 0));
    }
    return { written, marked };
}
