// The walk of an address: the four levels, each entry decoded, and who wrote it last.

import { ENTRY, ENTRY_NAME, LEVEL_NAME, bytesText, entryAddress, entryBits, groupDigits, hex, hexAddress,
    isLeaf, levelBytes, parseAddress } from './bits.js';
import { button, el, jump } from './dom.js';
import { placeText } from './explain.js';
import { lastWriter } from './history.js';
import { KIND } from './kinds.js';
import { addressOf } from './layout.js';

export class WalkView {
    constructor(pane) {
        this.pane = pane;
        this.input = el('input', '', null, { type: 'text', size: 22, placeholder: '0x401000',
            spellcheck: false, 'aria-label': 'address', onchange: () => this.take() });
        this.space = el('select', '', null, { 'aria-label': 'address space',
            onchange: () => pane.set({ space: Number(this.space.value) }) });
        this.follow = button('follow the events', 'show the address that each event is about',
            () => pane.set({ va: -1 }));
        this.parts = el('p', 'parts');
        this.steps = el('div', 'steps');
        this.result = el('p', 'result');
        this.node = el('div', 'panel walk', [
            el('div', 'form', [el('label', '', ['address ', this.input]), el('label', '', ['in ', this.space]),
                this.follow]),
            this.parts, this.steps, this.result]);
    }

    take() {
        const va = parseAddress(this.input.value);
        if (Number.isNaN(va))
            this.result.textContent = `"${this.input.value}" is no address: write it as 0x401000`;
        else
            this.pane.set({ va });
    }

    /** The address to walk: the chosen one, or that of the last event that is about one. */
    address() {
        const { trace, view } = this.pane;
        if (view.va >= 0)
            return view.va;
        for (let n = view.position - 1; n >= Math.max(trace.first, view.position - 400); n--) {
            const at = addressOf(trace, n);
            if (at >= 0)
                return at;
        }
        return -1;
    }

    render() {
        const { machine, view } = this.pane, va = this.address(), space = this.pane.space();
        this.listSpaces(space);
        this.follow.classList.toggle('on', view.va < 0);
        if (document.activeElement !== this.input)
            this.input.value = va < 0 ? '' : hexAddress(va);
        if (va < 0 || !machine.tables.has(space ? space.root : machine.cr3)) {
            this.steps.replaceChildren();
            this.parts.textContent = '';
            this.result.textContent = va < 0 ? 'Write an address, or click a page in an address space.'
                : 'No page tables are loaded yet.';
            return;
        }
        const steps = machine.walk(space ? space.root : machine.cr3, va);
        this.writeParts(va, steps[steps.length - 1]);
        this.steps.replaceChildren(...steps.map((step) => this.card(step)));
        this.result.replaceChildren(...this.verdict(steps, va, space));
    }

    listSpaces(chosen) {
        const { trace, machine, view } = this.pane;
        const live = trace.spaces.filter((s) => s.first <= view.position && machine.tables.has(s.root)
            && trace.spaceAt(s.root, view.position) === s.number);
        const options = [el('option', '', 'the loaded space', { value: 0 }),
            ...live.map((s) => el('option', '', s.name, { value: s.number }))];
        this.space.replaceChildren(...options);
        this.space.value = view.space && chosen && chosen.number === view.space ? view.space : 0;
    }

    /** What the address means to the walk that ends with this step: a large page takes fewer parts. */
    writeParts(va, last) {
        const index = (level) => Math.floor(va / levelBytes(level)) % 512;
        const end = last.lo & ENTRY.P && isLeaf(last.level, last.lo) ? last.level : 1;
        this.parts.replaceChildren(el('code', '', hexAddress(va)), ' is ',
            ...[4, 3, 2, 1].filter((l) => l >= end)
                .flatMap((l) => [el('b', '', `${index(l)}`), ` in the ${LEVEL_NAME[l]}, `]),
            'and byte ', el('b', '', `${va % levelBytes(end)}`), ' of the page');
    }

    card(step) {
        const { changed } = this.pane;
        const value = hex(step.lo, step.hi), present = step.lo & ENTRY.P;
        const fresh = changed.written.has(step.phys) ? ' written' : changed.marked.has(step.phys) ? ' marked' : '';
        const target = entryAddress(step.lo, step.hi);
        const leads = !present ? (step.lo || step.hi ? 'not present' : 'empty')
            : isLeaf(step.level, step.lo) ? this.frameLink(target)
                : `${LEVEL_NAME[step.level - 1]} at ${hexAddress(target)}`;
        return el('div', `card${present ? '' : ' absent'}${fresh}`, [
            el('h3', '', `${ENTRY_NAME[step.level]} ${step.index}`),
            el('p', '', ['at ', el('code', '', hexAddress(step.phys))]),
            el('p', 'value', [el('code', '', value)]),
            el('p', '', ['→ ', leads]),
            el('p', 'bits', entryBits(step.level, step.lo, step.hi).map(([name, text]) =>
                el('span', 'bit', name, { title: text }))),
            this.writer(step),
        ]);
    }

    frameLink(phys) {
        return jump(`frame ${hexAddress(phys)}`, () =>
            this.pane.open('frame', { frame: Math.floor(phys / 4096) }), 'what this frame is, and was');
    }

    writer(step) {
        const { trace, view } = this.pane;
        if (!step.table)
            return el('p', 'by', 'this table is not known');
        const n = lastWriter(trace, view.position, step.phys);
        if (n < 0)
            return el('p', 'by', '');
        const place = placeText(trace, n), written = trace.kind[n] === KIND.WRITE;
        return el('p', 'by', [written ? 'written at ' : 'there since ',
            jump(`tick ${groupDigits(trace.tick[n])}`, () => this.pane.seek(n + 1), 'go there'),
            place.name && written ? ` by ${place.name}` : '', place.line && written ? ` (${place.line})` : '']);
    }

    verdict(steps, va, space) {
        const last = steps[steps.length - 1], name = space ? ` in ${space.name}` : '';
        if (!(last.lo & ENTRY.P))
            return [`${hexAddress(va)} is not mapped${name}: the walk ends at the ${ENTRY_NAME[last.level]}.`];
        const all = (bit) => steps.every((s) => s.lo & bit);
        const bytes = levelBytes(last.level);
        const base = entryAddress(last.lo, last.hi), phys = base - (base % bytes) + (va % bytes);
        return [`${hexAddress(va)}${name} is physical address `, this.frameLink(phys),
            `, in a page of ${bytesText(bytes)}: readable ${all(ENTRY.U) ? 'in ring 3' : 'in ring 0 only'}, `
            + `${all(ENTRY.W) ? '' : 'not '}writable, `
            + `${steps.some((s) => s.hi & ENTRY.NX) ? 'not ' : ''}executable.`];
    }
}
