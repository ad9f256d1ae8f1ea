// The events around the position, a line each.

import { groupDigits } from './bits.js';
import { el } from './dom.js';
import { explain, placeText } from './explain.js';
import { CLASS, CLASS_TEXT } from './moments.js';
import { taskName } from './tasks.js';

const AROUND = 14;

export class EventsView {
    constructor(pane) {
        this.pane = pane;
        this.body = el('tbody');
        this.node = el('div', 'panel events', [el('table', '', [
            el('thead', '', [el('tr', '', ['tick', 'task', 'what', 'by'].map((t) => el('th', '', t)))]),
            this.body])]);
    }

    /** Events that are listed: around n, those that are not the contents of new tables. */
    around(n) {
        const { trace } = this.pane, list = [];
        for (let i = n, left = AROUND; i >= trace.first && left > 0; i--)
            if (trace.cls[i] !== CLASS.HIDDEN && left--)
                list.unshift(i);
        for (let i = n + 1, left = AROUND; i < trace.count && left > 0; i++)
            if (trace.cls[i] !== CLASS.HIDDEN && left--)
                list.push(i);
        return list;
    }

    render() {
        const n = this.pane.view.position - 1;
        this.body.replaceChildren(...this.around(n).map((i) => this.row(i, i === n)));
    }

    row(n, here) {
        const { trace } = this.pane, place = placeText(trace, n);
        return el('tr', here ? 'here' : n >= this.pane.view.position ? 'future' : '', [
            el('td', 'number', groupDigits(trace.tick[n])),
            el('td', '', `${taskName(trace, n)}, ring ${trace.ring[n]}`),
            el('td', '', [el('b', '', CLASS_TEXT[trace.cls[n]] + ' '), explain(trace, n)]),
            el('td', '', [el('code', '', place.line || place.name)]),
        ], { onclick: () => this.pane.seek(n + 1) });
    }
}
