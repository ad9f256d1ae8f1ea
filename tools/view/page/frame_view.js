// One frame of memory: what it is, who maps it, and its reference count through time.

import { ENTRY, groupDigits, hexAddress, parseAddress, rightsText } from './bits.js';
import { cssColour, el, fitCanvas, jump } from './dom.js';
import { explain, placeText } from './explain.js';
import { frameHistory, mappersOf } from './history.js';
import { frameSentence } from './picture.js';
import { taskName } from './tasks.js';

const ROWS = 200, GRAPH = 60;

export class FrameView {
    constructor(pane) {
        this.pane = pane;
        this.input = el('input', '', null, { type: 'text', size: 16, placeholder: '0x89000',
            spellcheck: false, 'aria-label': 'physical address', onchange: () => this.take() });
        this.what = el('p', 'result');
        this.mappers = el('ul');
        this.graph = el('canvas', 'graph', null, { role: 'img', 'aria-label': 'reference count in time' });
        this.body = el('tbody');
        this.table = el('table', 'history', [
            el('thead', '', [el('tr', '', ['tick', 'references', 'task', 'what', 'by'].map((t) => el('th', '', t)))]),
            this.body]);
        this.node = el('div', 'panel frame', [
            el('div', 'form', [el('label', '', ['physical address ', this.input])]),
            this.what, this.mappers, this.graph, this.table]);
    }

    take() {
        const at = parseAddress(this.input.value);
        if (Number.isNaN(at))
            this.what.textContent = `"${this.input.value}" is no address: write it as 0x89000`;
        else
            this.pane.set({ frame: Math.floor(at / 4096) });
    }

    render() {
        const { view, trace, picture } = this.pane, frame = view.frame, none = frame < 0;
        this.table.hidden = this.graph.hidden = none;
        if (none) {
            this.what.textContent = 'Click a frame in physical memory, or write its address.';
            this.mappers.replaceChildren();
            return;
        }
        if (this.frame !== frame) {
            this.frame = frame;
            this.history = frameHistory(trace, frame);
        }
        if (document.activeElement !== this.input)
            this.input.value = hexAddress(frame * 4096);
        const cell = picture.cell(frame), refs = cell < 0 ? 0 : picture.refs[cell];
        this.what.replaceChildren(el('b', '', `${refs} reference${refs === 1 ? '' : 's'} now`),
            `. Frame ${hexAddress(frame * 4096)} is `
            + (cell < 0 ? 'in no page table of this recording.' : `${frameSentence(picture, cell)}.`));
        this.writeMappers(frame);
        this.drawGraph();
        this.writeHistory();
    }

    writeMappers(frame) {
        const { trace, machine, view } = this.pane;
        this.mappers.replaceChildren(...mappersOf(machine, frame).slice(0, 40).map((m) => {
            const number = trace.spaceAt(machine.rootOf(m.table), view.position);
            const space = trace.spaces[number - 1];
            return el('li', '', [jump(hexAddress(m.va), () =>
                this.pane.open('walk', { va: m.va, space: number }), 'walk to it'),
            ` in ${space ? space.name : 'tables that no CR3 leads to'}, `, el('code', '', rightsText(m.lo, m.hi)),
            m.lo & ENTRY.W ? '' : ', read-only',
            `; its entry is at ${hexAddress(m.table.phys + m.index * 8)}`]);
        }));
    }

    /** A staircase of the count over the timeline's window. */
    drawGraph() {
        const { scale, view, trace } = this.pane, width = this.node.clientWidth;
        const c = fitCanvas(this.graph, width, GRAPH), most = Math.max(1, ...this.history.map((h) => h.refs));
        const x = (position) => (scale.at(position) - scale.from) / (scale.to - scale.from) * width;
        const y = (refs) => GRAPH - 4 - refs / most * (GRAPH - 18);
        c.clearRect(0, 0, width, GRAPH);
        c.strokeStyle = cssColour('--link');
        c.lineWidth = 2;
        c.beginPath();
        c.moveTo(0, y(0));
        let refs = 0;
        for (const h of this.history) {
            c.lineTo(Math.max(-5, Math.min(width + 5, x(h.n + 1))), y(refs));
            refs = h.refs;
            c.lineTo(Math.max(-5, Math.min(width + 5, x(h.n + 1))), y(refs));
        }
        c.lineTo(x(trace.count), y(refs));
        c.stroke();
        c.fillStyle = cssColour('--cursor');
        c.fillRect(x(view.position) - 1, 0, 2, GRAPH);
        c.fillStyle = cssColour('--soft');
        c.font = '12px system-ui, sans-serif';
        c.fillText(`references in time, at most ${most}`, 4, 11);
    }

    writeHistory() {
        const { view } = this.pane;
        const done = this.history.filter((h) => h.n < view.position).length;
        const from = Math.max(0, Math.min(done - ROWS / 2, this.history.length - ROWS));
        const rows = this.history.slice(from, from + ROWS).map((h, i) => this.row(h, from + i, done));
        this.body.replaceChildren(...rows);
    }

    row(h, i, done) {
        const { trace } = this.pane, place = placeText(trace, h.n);
        return el('tr', i === done - 1 ? 'here' : i >= done ? 'future' : '', [
            el('td', 'number', groupDigits(trace.tick[h.n])), el('td', 'number', h.level ? 'table' : `${h.refs}`),
            el('td', '', taskName(trace, h.n)), el('td', '', explain(trace, h.n)),
            el('td', '', [el('code', '', place.line || place.name)]),
        ], { onclick: () => this.pane.seek(h.n + 1) });
    }
}
