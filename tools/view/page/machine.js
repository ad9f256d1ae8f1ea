// The machine's page tables at any position. Position n: the events before n have happened.
// Checkpoints are made on the way; they share tables that did not change.

import { entryAddress, isLeaf, ENTRY } from './bits.js';
import { KIND } from './kinds.js';

const CHECKPOINT_EVENTS = 2048;
const PG = 0x80000000;

class Table {
    constructor(phys, level, va, parent) {
        this.phys = phys;
        this.level = level;
        this.va = va;
        this.parent = parent; // the entry that leads here, 0 for a root
        this.lo = new Uint32Array(512);
        this.hi = new Uint32Array(512);
        this.shared = false; // with a checkpoint: copy before a change
    }

    copy() {
        const copy = Object.assign(Object.create(Table.prototype), this);
        copy.lo = this.lo.slice();
        copy.hi = this.hi.slice();
        copy.shared = false;
        return copy;
    }
}

export class Machine {
    constructor(trace) {
        this.trace = trace;
        this.tables = new Map(); // by physical address
        this.kept = new Map();   // tables that the recorder lost sight of: see lose()
        this.cr3 = trace.snapshot ? trace.snapshot.cr3 : 0;
        this.position = 0;
        this.checkpoints = [];
        this.checkpoint();
    }

    checkpoint() {
        for (const table of this.tables.values())
            table.shared = true;
        this.checkpoints.push({ tables: new Map(this.tables), kept: new Map(this.kept), cr3: this.cr3 });
    }

    restore(number) {
        const from = this.checkpoints[number];
        this.tables = new Map(from.tables);
        this.kept = new Map(from.kept);
        this.cr3 = from.cr3;
        this.position = number * CHECKPOINT_EVENTS;
    }

    /** Stand at a position; watch(n), if given, is called before each event on the way there. */
    seek(position, watch) {
        const target = Math.max(this.trace.first, Math.min(position, this.trace.count));
        const nearest = Math.min(Math.floor(target / CHECKPOINT_EVENTS), this.checkpoints.length - 1);
        if (target < this.position || nearest * CHECKPOINT_EVENTS > this.position)
            this.restore(nearest);
        while (this.position < target) {
            if (watch)
                watch(this.position);
            this.apply(this.position++);
            if (this.position === this.checkpoints.length * CHECKPOINT_EVENTS)
                this.checkpoint();
        }
    }

    apply(n) {
        const trace = this.trace;
        switch (trace.kind[n]) {
        case KIND.TABLE:
            this.addTable(n);
            break;
        case KIND.TABLE_GONE:
            this.lose(trace.value(n, 0), n);
            break;
        case KIND.SEEN:
            this.store(n, 1);
            break;
        case KIND.WRITE:
        case KIND.MARK:
            this.store(n, 2);
            break;
        case KIND.START:
            if (trace.lo[trace.off[n]] & PG)
                this.cr3 = this.pageOf(n, 1);
            break;
        case KIND.CR:
            if (trace.what[n] === 3)
                this.cr3 = this.pageOf(n, 0);
            break;
        }
    }

    pageOf(n, i) {
        const value = this.trace.value(n, i);
        return value - (value % 4096);
    }

    /**
     * A page is no table any more. The recorder says so, too, when the page of a dead table, filled
     * with anything, seems to lead to a table of a space that is not loaded. While the entry above
     * leads to it, what was last known of it still stands; with its space it will be found anew.
     */
    lose(phys, n) {
        const table = this.tables.get(phys);
        this.tables.delete(phys);
        if (!table || table.level === 4 || !this.trace.spaceAt(this.rootOf(table), n))
            return;
        const above = this.tables.get(table.parent - (table.parent % 4096)), i = table.parent % 4096 / 8;
        if (above && above.lo[i] & ENTRY.P && entryAddress(above.lo[i], above.hi[i]) === phys)
            this.kept.set(phys, table);
    }

    /** The table of a level at a page, for addresses from va on, or undefined. */
    find(phys, level, va) {
        const table = this.tables.get(phys), kept = this.kept.get(phys);
        if (kept && kept.level === level && kept.va === va && !(table && table.level === level && table.va === va))
            return kept;
        return table && table.level === level ? table : undefined;
    }

    addTable(n) {
        const trace = this.trace, phys = trace.value(n, 0);
        const kept = this.kept.get(phys);
        if (kept && kept.level === trace.level[n] && kept.va === trace.value(n, 1))
            this.kept.delete(phys);
        this.tables.set(phys, new Table(phys, trace.level[n], trace.value(n, 1), trace.value(n, 2)));
    }

    store(n, which) {
        const trace = this.trace, off = trace.off[n], page = this.pageOf(n, 0);
        let table = this.tables.get(page);
        if (!table)
            return;
        if (table.shared)
            this.tables.set(page, table = table.copy());
        const index = (trace.lo[off] & 0xfff) >> 3;
        table.lo[index] = trace.lo[off + which];
        table.hi[index] = trace.hi[off + which];
    }

    /** The root above a table; 0 if its chain is broken. */
    rootOf(table) {
        for (let i = 0; table && i < 4; i++) {
            if (table.level === 4 || table.parent === 0)
                return table.phys;
            table = this.tables.get(table.parent - (table.parent % 4096));
        }
        return 0;
    }

    /** The entry that maps va at each level from a root: [{level, index, phys, lo, hi, table}...]. */
    walk(root, va) {
        const steps = [];
        let page = root;
        for (let level = 4; level >= 1; level--) {
            const index = Math.floor(va / 2 ** (3 + 9 * level)) % 512;
            const table = this.find(page, level, va - (va % 2 ** (12 + 9 * level)));
            const step = { level, index, phys: page + index * 8, table,
                lo: table ? table.lo[index] : 0, hi: table ? table.hi[index] : 0 };
            steps.push(step);
            if (!(step.lo & ENTRY.P) || isLeaf(level, step.lo))
                break;
            page = entryAddress(step.lo, step.hi);
        }
        return steps;
    }

    /** Calls visit(table, index, lo, hi, va) for each present leaf in a root's user half. */
    eachUserLeaf(root, visit) {
        this.eachLeafBelow(this.tables.get(root), 0, 0, 256, visit);
    }

    eachLeafBelow(table, va, from, to, visit) {
        if (!table)
            return;
        const bytes = 2 ** (3 + 9 * table.level);
        for (let i = from; i < to; i++) {
            const lo = table.lo[i];
            if (!(lo & ENTRY.P))
                continue;
            const hi = table.hi[i];
            if (isLeaf(table.level, lo)) {
                visit(table, i, lo, hi, va + i * bytes);
                continue;
            }
            this.eachLeafBelow(this.find(entryAddress(lo, hi), table.level - 1, va + i * bytes), va + i * bytes,
                0, 512, visit);
        }
    }
}
