// Finding events: by address, function, source line, kind, system call or task.

import { groupDigits, parseAddress } from './bits.js';
import { el } from './dom.js';
import { explain, placeText } from './explain.js';
import { KIND, placeOf } from './kinds.js';
import { addressOf } from './layout.js';
import { CLASS, CLASS_TEXT } from './moments.js';
import { taskName } from './tasks.js';

const SHOWN = 200;

/** A test on events for an address: events about its page, its frame, or that instruction. */
function matchAddress(trace, at) {
    const page = Math.floor(at / 4096), exact = at % 4096 !== 0;
    return (n) => {
        const about = addressOf(trace, n);
        if (about >= 0 && Math.floor(about / 4096) === page)
            return true;
        if (placeOf(trace.kind[n], trace.rip[n]) === at || trace.rip[n] === at)
            return true;
        const kind = trace.kind[n], off = trace.off[n];
        if (kind === KIND.CALL)
            return [0, 1, 2, 3].some((i) => trace.value(n, i) === at);
        if (kind === KIND.TABLE || kind === KIND.TABLE_GONE)
            return trace.value(n, 0) === at;
        if (kind !== KIND.WRITE)
            return false;
        const frameOf = (i) => (trace.hi[off + i] & 0xfffff) * 1048576 + (trace.lo[off + i] >>> 12);
        return trace.value(n, 0) === at || (!exact && (frameOf(1) === page || frameOf(2) === page));
    };
}

/** A test for words: all of them must occur in what the event is, who did it and where. */
function matchWords(trace, words) {
    const texts = new Map(); // by place: lower-case name and line
    for (const [at, place] of trace.places)
        texts.set(at, `${place.name} ${place.line}`.toLowerCase());
    const calls = trace.calls.map((name) => name.toLowerCase());
    const tasks = ['', ...trace.spaces.map((s) => s.name.toLowerCase())];
    const classes = Array.from({ length: 32 }, (_, c) => (CLASS_TEXT[c] || '').toLowerCase());
    return (n) => {
        const kind = trace.kind[n];
        const text = `${classes[trace.cls[n]]} ${tasks[trace.space[n]]} `
            + `${texts.get(placeOf(kind, trace.rip[n])) || ''} `
            + (kind === KIND.CALL || kind === KIND.RETURN ? calls[trace.what[n]] || '' : '');
        return words.every((word) => text.includes(word));
    };
}

/** Numbers of the events that match a query. */
export function findEvents(trace, query) {
    const at = parseAddress(query), words = query.toLowerCase().split(/\s+/).filter(Boolean);
    const found = [];
    if (words.length === 0)
        return found;
    const match = Number.isNaN(at) || !/^\s*0x/i.test(query) ? matchWords(trace, words) : matchAddress(trace, at);
    for (let n = trace.first; n < trace.count; n++)
        if (trace.cls[n] !== CLASS.HIDDEN && match(n))
            found.push(n);
    return found;
}

export class SearchView {
    constructor(pane) {
        this.pane = pane;
        this.found = [];
        this.input = el('input', 'query', null, { type: 'search', spellcheck: false,
            placeholder: 'an address as 0x401000, a function, a file, a kind of event, pid 3 ...',
            'aria-label': 'search', oninput: () => this.later(), onkeydown: (event) => this.key(event) });
        this.count = el('p', 'note', 'Several words must all occur: "pid 3 page fault", "fault_copy".');
        this.body = el('tbody');
        this.node = el('div', 'panel search', [this.input, this.count, el('table', '', [this.body])]);
    }

    later() {
        clearTimeout(this.timer);
        this.timer = setTimeout(() => this.search(), 150);
    }

    search() {
        this.found = findEvents(this.pane.trace, this.input.value);
        this.pane.set({ query: this.input.value });
    }

    /** Enter goes to the next find, with shift to the one before. */
    key(event) {
        if (event.key !== 'Enter')
            return;
        this.search();
        const n = this.pane.view.position - 1;
        const next = event.shiftKey ? this.found.filter((i) => i < n).pop() : this.found.find((i) => i > n);
        if (next !== undefined)
            this.pane.seek(next + 1);
    }

    focus() {
        this.pane.open('search');
        setTimeout(() => this.input.focus(), 50);
    }

    render() {
        const n = this.pane.view.position - 1, { trace } = this.pane;
        const before = this.found.filter((i) => i <= n).length;
        const from = Math.max(0, Math.min(before - SHOWN / 2, this.found.length - SHOWN));
        if (this.input.value.trim())
            this.count.textContent = this.found.length === 0 ? 'No event matches.'
                : `${groupDigits(this.found.length)} event${this.found.length === 1 ? '' : 's'}; `
                    + 'Enter goes to the next, Shift+Enter to the one before.';
        this.body.replaceChildren(...this.found.slice(from, from + SHOWN).map((i) => {
            const place = placeText(trace, i);
            return el('tr', i === n ? 'here' : '', [
                el('td', 'number', groupDigits(trace.tick[i])), el('td', '', taskName(trace, i)),
                el('td', '', explain(trace, i)), el('td', '', [el('code', '', place.line || place.name)]),
            ], { onclick: () => this.pane.seek(i + 1) });
        }));
    }
}
