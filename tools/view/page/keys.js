// The keyboard: every key does what a button does.

import { el } from './dom.js';
import { STEPS, stepFrom } from './moments.js';

const JUMPS = { f: 'fault', s: 'switch', c: 'copy', y: 'syscall', t: 'table', l: 'flush', i: 'interrupt', n: 'finding',
    m: 'trouble' };

const LIST = [
    ['→ ←', 'the next event of the chosen kind, the one before'], ['Shift → ←', 'the next event of any kind'],
    ['space', 'play, pause'], ['Home End', 'beginning, end'],
    ...Object.entries(JUMPS).map(([key, step]) =>
        [`${key} ${key.toUpperCase()}`, `next, previous ${STEPS.find(([k]) => k === step)[1]}`]),
    ['+ −', 'zoom in time'], ['a p', 'all of the time, from the first program on'],
    ['u', 'time by ticks or by events'], ['1 … 8', 'the panels below'], ['/', 'search'], ['g', 'go to a tick'],
    ['d', 'dark or light'], ['x', 'of two recordings: move both together'], ['?', 'this list'],
];

/** The list of keys, as a dialog. */
export function makeHelp() {
    const dialog = el('dialog', 'help', [el('h2', '', 'Keys'),
        el('table', '', LIST.map(([keys, text]) => el('tr', '', [el('td', '', [el('kbd', '', keys)]), el('td', '', text)]))),
        el('p', 'note', 'Drag in the timeline to go through time, turn the wheel or pinch to zoom. Click a page, a frame, '
            + 'an event: each leads on. The page\'s address always links to what is shown.'),
        el('form', '', [el('button', '', 'Close')], { method: 'dialog' })]);
    document.body.append(dialog);
    return dialog;
}

export class Keys {
    constructor(page) {
        this.page = page; // {active(): pane, help, toggleTheme()}
        document.addEventListener('keydown', (event) => this.down(event));
    }

    down(event) {
        const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName) && event.target.type !== 'range';
        if (event.ctrlKey || event.metaKey || event.altKey || this.page.help.open)
            return;
        if (typing) {
            if (event.key === 'Escape')
                event.target.blur();
            return;
        }
        const pane = this.page.active();
        if (this.move(pane, event) || this.jump(pane, event) || this.other(pane, event))
            event.preventDefault();
    }

    move(pane, event) {
        const transport = pane.transport;
        const pressed = event.target.tagName === 'BUTTON' || event.target.tagName === 'SUMMARY';
        switch (event.key) {
        case 'ArrowRight':
        case 'ArrowLeft':
            transport.stop();
            if (event.shiftKey)
                transport.stepAny(event.key === 'ArrowRight' ? 1 : -1);
            else
                transport.step(event.key === 'ArrowRight' ? 1 : -1);
            return true;
        case ' ':
            if (pressed)
                return false; // the button's own key
            transport.toggle();
            return true;
        case 'Home':
            transport.goTo(0);
            return true;
        case 'End':
            transport.goTo(pane.trace.count);
            return true;
        }
        return false;
    }

    jump(pane, event) {
        const step = JUMPS[event.key.toLowerCase()];
        if (!step || event.key.length > 1)
            return false;
        pane.transport.stop();
        pane.seek(stepFrom(pane.trace, pane.view.position, step, event.shiftKey ? -1 : 1));
        return true;
    }

    other(pane, event) {
        const actions = {
            '+': () => pane.transport.zoom(0.5), '=': () => pane.transport.zoom(0.5),
            '-': () => pane.transport.zoom(2), 'a': () => pane.transport.showAll(),
            'p': () => pane.transport.showPrograms(), 'u': () => pane.transport.changeUnit(),
            '/': () => pane.tabs.search.focus(), 'g': () => pane.transport.tick.select(),
            'd': () => this.page.toggleTheme(), 'x': () => this.page.comparison && this.page.comparison.toggle(), '?': () => this.page.help.showModal(),
        };
        if (/^[1-9]$/.test(event.key))
            pane.tabs.open(Number(event.key) - 1);
        else if (actions[event.key])
            actions[event.key]();
        else
            return false;
        return true;
    }
}
