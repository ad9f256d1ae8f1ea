// What physical memory is at the machine's position, by what the page tables say.

import { ENTRY, SOFT, entryAddress, isLeaf, levelBytes } from './bits.js';
import { ROW_FRAMES } from './layout.js';

export const USE = { FREE: 0, TABLE: 1, KERNEL: 2, PRIVATE: 3, COW: 4, SHARED: 5, READONLY: 6 };

export const USE_TEXT = {
    [USE.FREE]: 'in no page table', [USE.TABLE]: 'page table', [USE.KERNEL]: 'the kernel\'s own',
    [USE.PRIVATE]: 'one program\'s page', [USE.COW]: 'shared copy-on-write',
    [USE.SHARED]: 'shared, writable', [USE.READONLY]: 'shared, read-only',
};

const MANY = 0xffff;

/** The frames of trace.rows, each by its place in the rows. */
export class Picture {
    constructor(trace, machine) {
        this.trace = trace;
        this.machine = machine;
        this.row = new Map(trace.rows.map((row, i) => [row, i]));
        const cells = trace.rows.length * ROW_FRAMES;
        this.refs = new Uint16Array(cells);     // user leaves that map it
        this.owner = new Uint16Array(cells);    // number of the space, 0: none is known, MANY
        this.level = new Uint8Array(cells);     // of a page table
        this.bits = new Uint16Array(cells);     // all entries' bits together
        this.kernel = new Uint8Array(cells);
        this.position = -1;
    }

    /** Place of a frame, or -1. */
    cell(frame) {
        const row = this.row.get(Math.floor(frame / ROW_FRAMES));
        return row === undefined ? -1 : row * ROW_FRAMES + (frame % ROW_FRAMES);
    }

    /** Where a place is in memory. */
    frameOf(cell) {
        return this.trace.rows[Math.floor(cell / ROW_FRAMES)] * ROW_FRAMES + (cell % ROW_FRAMES);
    }

    /** Goes through the tables that a living space or CR3 leads to; others are nobody's any more. */
    update() {
        if (this.position === this.machine.position)
            return;
        this.position = this.machine.position;
        for (const array of [this.refs, this.owner, this.level, this.bits, this.kernel])
            array.fill(0);
        this.visited = new Set();
        for (const space of this.trace.spaces)
            if (space.user && this.trace.spaceAt(space.root, this.position) === space.number)
                this.addTable(this.machine.tables.get(space.root), 0, space.number, 0, 256);
        this.addTable(this.machine.tables.get(this.machine.cr3), 0, 0, 0, 512);
    }

    addTable(table, va, space, from, to) {
        if (!table)
            return;
        const cell = this.cell(table.phys / 4096);
        if (cell >= 0)
            this.level[cell] = table.level;
        for (let i = from; i < to; i++) {
            const lo = table.lo[i];
            if (!(lo & ENTRY.P))
                continue;
            if (isLeaf(table.level, lo))
                this.addLeaf(table, lo, table.hi[i], space);
            else
                this.addBelow(table, i, va + i * levelBytes(table.level), space);
        }
    }

    addBelow(table, i, va, space) {
        const phys = entryAddress(table.lo[i], table.hi[i]), below = this.machine.find(phys, table.level - 1, va);
        if (!below || this.visited.has(phys))
            return;
        this.visited.add(phys);
        this.addTable(below, va, space, 0, 512);
    }

    addLeaf(table, lo, hi, space) {
        const frame = entryAddress(lo, hi) / 4096;
        if (lo & ENTRY.U)
            this.addPage(frame, table.level, lo, space);
        else if (table.level === 1 && Math.floor(table.va / 2 ** 39) !== 256)
            this.addKernel(frame);
    }

    addKernel(frame) {
        const cell = this.cell(frame);
        if (cell >= 0)
            this.kernel[cell] = 1;
    }

    addPage(frame, level, lo, space) {
        const count = level === 1 ? 1 : level === 2 ? 512 : 0; // a 1 GiB page has too many to show
        for (let i = 0; i < count; i++) {
            const cell = this.cell(frame - (frame % count) + i);
            if (cell < 0)
                continue;
            if (this.refs[cell]++ === 0)
                this.owner[cell] = space;
            else if (this.owner[cell] !== space)
                this.owner[cell] = MANY;
            this.bits[cell] |= lo & (ENTRY.W | SOFT.COW | SOFT.SHARED);
        }
    }

    use(cell) {
        if (this.level[cell])
            return USE.TABLE;
        const refs = this.refs[cell], bits = this.bits[cell];
        if (refs === 0)
            return this.kernel[cell] ? USE.KERNEL : USE.FREE;
        if (bits & SOFT.SHARED)
            return USE.SHARED;
        if (refs === 1)
            return USE.PRIVATE;
        return bits & ENTRY.W ? USE.SHARED : bits & SOFT.COW ? USE.COW : USE.READONLY;
    }

    /** The lane whose page it is, or null. */
    lane(cell) {
        const space = this.trace.spaces[this.owner[cell] - 1];
        return space ? space.lane : null;
    }

    /** What a cell looks like, as a number: use, colour and mark. Equal numbers look alike. */
    look(cell) {
        const use = this.use(cell), lane = this.lane(cell);
        let mark = 0, colour = 0;
        if (use === USE.TABLE)
            mark = this.level[cell];
        else if (use === USE.COW || use === USE.READONLY || use === USE.SHARED)
            mark = Math.min(this.refs[cell], 99);
        else if (use === USE.PRIVATE && lane)
            mark = lane.pid % 1000;
        if (use === USE.PRIVATE && lane)
            colour = lane.colour + 1;
        return use | colour << 3 | mark << 7;
    }
}

/** A sentence about a frame. */
export function frameSentence(picture, cell) {
    const refs = picture.refs[cell], lane = picture.lane(cell);
    switch (picture.use(cell)) {
    case USE.TABLE:
        return `a page table of level ${picture.level[cell]}`;
    case USE.KERNEL:
        return 'the kernel\'s own: code, data or stack';
    case USE.PRIVATE:
        return `a page of ${lane ? lane.name : 'a program'} alone`
            + (picture.bits[cell] & SOFT.COW ? ', still marked copy-on-write' : '');
    case USE.COW:
        return `shared copy-on-write by ${refs} pages: read-only until one of them is written`;
    case USE.SHARED:
        return `shared memory of ${refs} page${refs === 1 ? '' : 's'}, writable`;
    case USE.READONLY:
        return `shared read-only by ${refs} pages`;
    default:
        return 'in no page table now: free, or used by the kernel through its map of all memory';
    }
}
