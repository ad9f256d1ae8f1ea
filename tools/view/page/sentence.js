// What has just happened, in large type, with its place in the source.

import { groupDigits } from './bits.js';
import { el } from './dom.js';
import { explain, placeText } from './explain.js';
import { CLASS_TEXT } from './moments.js';
import { taskName } from './tasks.js';

export class Sentence {
    constructor(pane) {
        this.pane = pane;
        this.when = el('p', 'when');
        this.text = el('p', 'sentence', '', { 'aria-live': 'polite' });
        this.place = el('p', 'place');
        this.source = el('pre', 'source');
        this.node = el('div', 'now', [this.when, this.text, this.place, this.source]);
    }

    render() {
        const { trace, view } = this.pane, n = view.position - 1;
        if (n === this.shown)
            return;
        this.shown = n;
        this.text.textContent = explain(trace, n);
        const before = n < trace.first;
        this.when.replaceChildren(el('b', '', `tick ${groupDigits(trace.tick[Math.max(n, 0)])}`),
            before ? '' : ` · ${taskName(trace, n)} · ring ${trace.ring[n]} · ${CLASS_TEXT[trace.cls[n]]}`);
        const place = before ? { name: '', line: '', code: '' } : placeText(trace, n);
        this.place.replaceChildren(...(place.name ? ['by ', el('code', '', place.name)] : []),
            ...(place.line ? [' in ', el('code', '', place.line)] : []),
            ...(place.code ? [', at ', el('code', '', place.code)] : []));
        this.writeSource(place.line);
    }

    writeSource(line) {
        const colon = line.lastIndexOf(':'), number = Number(line.slice(colon + 1));
        const lines = this.pane.trace.source[line.slice(0, colon)] || {};
        const around = [];
        for (let i = number - 2; i <= number + 2; i++)
            if (lines[i] !== undefined)
                around.push(el('span', i === number ? 'here' : '', `${String(i).padStart(4)}  ${lines[i]}\n`));
        this.source.replaceChildren(...around);
        this.source.hidden = around.length === 0;
    }
}
