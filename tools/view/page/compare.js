// Two traces side by side: the same point of the program in both, and where they first differ.
//
// The point of a program is how often it has entered the kernel: by system call, fault or
// exception from ring 3. Interrupts do not count, for they come when they come.

import { hexAddress } from './bits.js';
import { button, el, jump } from './dom.js';
import { explain } from './explain.js';
import { KIND, PAGE_FAULT } from './kinds.js';
import { CLASS } from './moments.js';
import { syscallName } from './tasks.js';

/** What an entry into the kernel was, so that equal ones are equal texts. */
function signature(trace, n) {
    if (trace.cls[n] === CLASS.SYSCALL) {
        const found = syscallName(trace, n);
        return `system call ${found ? found.name : '?'}`;
    }
    const error = trace.lo[trace.off[n]];
    return trace.what[n] === PAGE_FAULT ? `page fault at ${hexAddress(trace.value(n, 1))} (error ${error})`
        : `exception ${trace.what[n]}`;
}

/** By lane's name: the positions just after each entry into the kernel, and what it was. */
function findEntries(trace) {
    const lanes = new Map();
    for (let n = trace.first; n < trace.count; n++) {
        const cls = trace.cls[n], space = trace.spaces[trace.space[n] - 1];
        const enters = cls === CLASS.SYSCALL || ((cls === CLASS.FAULT || cls === CLASS.EXCEPTION)
            && trace.kind[n] === KIND.EXCEPTION && trace.ring[n] === 3);
        if (!enters || !space)
            continue;
        const name = space.lane.name;
        if (!lanes.has(name))
            lanes.set(name, []);
        lanes.get(name).push({ position: n + 1, what: signature(trace, n) });
    }
    return lanes;
}

/** The first difference of each lane that both have: [{lane, index}...]. */
function findDifferences(a, b) {
    const found = [];
    for (const [lane, entries] of a) {
        const others = b.get(lane) || [];
        const index = entries.findIndex((e, i) => !others[i] || others[i].what !== e.what);
        if (index >= 0)
            found.push({ lane, index });
        else if (others.length > entries.length)
            found.push({ lane, index: entries.length });
    }
    return found;
}

/**
 * Trace a has gone from position `from` to `to`; where trace b, from its position `at` on and not
 * beyond `end`, has seen as many events of the class of the last one. What the CPU marks and when
 * interrupts come differs, so events are not just counted.
 */
function sameEvent(a, from, to, b, at, end) {
    const cls = a.cls[to - 1];
    let left = 0;
    for (let n = from; n < to; n++)
        left += a.cls[n] === cls ? 1 : 0;
    for (let n = at; n < end && left > 0; n++)
        if (b.cls[n] === cls && --left === 0)
            return n + 1;
    return to === from ? at : Math.min(at + to - from, end);
}

export class Comparison {
    constructor(panes) {
        this.panes = panes;
        this.entries = panes.map((pane) => findEntries(pane.trace));
        this.together = true;
        this.switch = button('', 'move both to the same point of the program (x)', () => this.toggle());
        this.node = el('section', 'compare', [el('h2', '', 'Where they differ'), this.differences(), this.switch]);
        panes.forEach((pane, i) => pane.listeners.push((change) => {
            if (change.position !== undefined && this.together && !this.moving)
                this.follow(i);
        }));
        this.writeSwitch();
    }

    toggle() {
        this.together = !this.together;
        this.writeSwitch();
    }

    writeSwitch() {
        this.switch.textContent = this.together ? 'Both move together: on' : 'Both move together: off';
    }

    /** Pane i has moved: bring the other to the same point. */
    follow(i) {
        const from = this.panes[i], other = this.panes[1 - i];
        const position = from.view.position;
        let lane = null, index = -1, best = -1;
        for (const [name, entries] of this.entries[i]) {
            let k = -1;
            while (k + 1 < entries.length && entries[k + 1].position <= position)
                k++;
            if (k >= 0 && entries[k].position > best) {
                [lane, index, best] = [name, k, entries[k].position];
            }
        }
        const entries = this.entries[1 - i].get(lane) || [];
        if (index < 0 || entries.length === 0)
            return;
        const at = entries[Math.min(index, entries.length - 1)], next = entries[index + 1];
        this.moving = true;
        other.seek(sameEvent(from.trace, best, position, other.trace, at.position,
            next ? next.position - 1 : other.trace.count));
        this.moving = false;
    }

    differences() {
        const list = findDifferences(this.entries[0], this.entries[1]);
        if (list.length === 0)
            return el('p', 'result', 'Every process entered the kernel in the same way in both.');
        return el('ul', '', list.slice(0, 12).map((d) => this.item(d)));
    }

    item({ lane, index }) {
        const [a, b] = this.entries.map((lanes) => (lanes.get(lane) || [])[index]);
        const text = (entry, i) => entry ? entry.what : `${'AB'[i]} does not enter it ${index ? 'again' : 'at all'}`;
        return el('li', '', [el('b', '', lane), ` enters the kernel alike ${index} time${index === 1 ? '' : 's'}; then A: `,
            text(a, 0), ', B: ', text(b, 1), '. ',
            jump('show both', () => this.show(a, b), a ? explain(this.panes[0].trace, a.position - 1) : '')]);
    }

    show(a, b) {
        this.moving = true;
        if (a)
            this.panes[0].seek(a.position);
        if (b)
            this.panes[1].seek(b.position);
        this.moving = false;
    }
}
