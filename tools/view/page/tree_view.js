// The page tables of a space as a tree. What changed since the position before is highlighted.

import { ENTRY, ENTRY_NAME, LEVEL_NAME, entryAddress, entryBits, hexAddress, isLeaf, levelBytes } from './bits.js';
import { el } from './dom.js';

const ROWS_MAX = 600;

export class TreeView {
    constructor(pane) {
        this.pane = pane;
        this.closed = new Set(); // tables that the user has closed
        this.opened = new Set(); // tables of the kernel's half that the user has opened
        this.head = el('p', 'note');
        this.rows = el('div', 'rows', null, { role: 'tree' });
        this.node = el('div', 'panel tree', [this.head, this.rows]);
    }

    render() {
        const { machine } = this.pane, space = this.pane.space();
        const root = machine.tables.get(space ? space.root : machine.cr3);
        this.list = [];
        if (root)
            this.addTable(root, 0, 0, true);
        this.head.textContent = root ? `${space ? space.name : 'the loaded space'}: `
            + 'click a table to close or open it, a page to walk to it. Highlighted is what has just changed.'
            : 'No page tables are loaded yet.';
        const cut = this.list.length > ROWS_MAX;
        this.rows.replaceChildren(...this.list.slice(0, ROWS_MAX),
            ...(cut ? [el('p', 'note', `and ${this.list.length - ROWS_MAX} more; close some tables`)] : []));
    }

    addTable(table, va, depth, user) {
        let kernel = 0;
        for (let i = 0; i < 512; i++) {
            const lo = table.lo[i], hi = table.hi[i], phys = table.phys + i * 8;
            if (!lo && !hi && !this.pane.changed.written.has(phys))
                continue;
            const half = table.level === 4 ? i < 256 : user;
            if (table.level === 4 && i === 256)
                this.list.push(el('p', 'half', 'the kernel\'s half, the same in every space'));
            kernel += half ? 0 : 1;
            this.addEntry(table, i, va + i * levelBytes(table.level), depth, half);
            if (this.list.length > ROWS_MAX * 4)
                return;
        }
    }

    addEntry(table, i, va, depth, user) {
        const lo = table.lo[i], hi = table.hi[i], leaf = isLeaf(table.level, lo);
        const below = lo & ENTRY.P && !leaf 
            ? this.pane.machine.find(entryAddress(lo, hi), table.level - 1, va) : null;
        const open = below && (user ? !this.closed.has(below.phys) : this.opened.has(below.phys));
        this.list.push(this.row({ table, i, va, depth, lo, hi, leaf, below, open, user }));
        if (open && below.level === table.level - 1)
            this.addTable(below, va, depth + 1, user);
    }

    row(r) {
        const { changed } = this.pane, phys = r.table.phys + r.i * 8, level = r.table.level;
        const fresh = changed.written.has(phys) ? ' written' : changed.marked.has(phys) ? ' marked' : '';
        const target = hexAddress(entryAddress(r.lo, r.hi));
        const what = !(r.lo & ENTRY.P) ? (r.lo || r.hi ? 'not present' : 'empty now')
            : r.leaf ? `frame ${target}` : `${LEVEL_NAME[level - 1]} ${target}`;
        const bits = entryBits(level, r.lo, r.hi).map(([name]) => name).join(' ');
        const node = el('div', `row${fresh}`, [
            el('span', 'knob', r.below ? (r.open ? '▾' : '▸') : ''),
            el('span', 'entry', `${ENTRY_NAME[level]} ${r.i}`),
            el('code', 'va', hexAddress(r.va)),
            el('span', '', `→ ${what}`),
            el('span', 'flags', bits),
        ], { role: 'treeitem', tabIndex: -1, onclick: () => this.click(r) });
        node.style.paddingLeft = `${r.depth * 22}px`;
        if (r.below)
            node.setAttribute('aria-expanded', Boolean(r.open));
        return node;
    }

    click(r) {
        if (!r.below) {
            this.pane.open('walk', { va: r.va, space: (this.pane.space() || { number: 0 }).number });
            return;
        }
        const set = r.user ? this.closed : this.opened;
        if (!set.delete(r.below.phys))
            set.add(r.below.phys);
        this.pane.draw();
    }
}
