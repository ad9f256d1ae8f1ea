// The tasks in time. What does not move is drawn once for each window; the cursor lies over it.

import { groupDigits } from './bits.js';
import { laneColour } from './cells.js';
import { cssColour, el, fitCanvas } from './dom.js';
import { CLASS } from './moments.js';
import { MODE } from './tasks.js';

const LANE = 34, BAR = 14, TOP = 24, LANES_MAX = 200;

/** Marks of a lane: class, shape, height above the bar. */
const MARKS = {
    [CLASS.FAULT]: 'down', [CLASS.EXCEPTION]: 'down', [CLASS.SYSCALL]: 'tick', [CLASS.COPY]: 'diamond',
    [CLASS.TAKEOVER]: 'ring', [CLASS.TROUBLE]: 'cross', [CLASS.INTERRUPT]: 'dot',
};

export class Timeline {
    constructor(pane) {
        this.pane = pane;
        this.still = el('canvas', 'still');
        this.moving = el('canvas', 'moving');
        this.names = el('div', 'lane-names');
        this.box = el('div', 'lanes', [this.still, this.moving]);
        this.node = el('div', 'timeline', [this.names, this.box]);
        this.pointers = new Map();
        this.listen();
    }

    get lanes() {
        const { trace, scale } = this.pane, from = scale.position(scale.from), to = scale.position(scale.to);
        return trace.lanes.filter((l) => l.segments.some((s) => s.to > from && s.from < to))
            .slice(0, LANES_MAX);
    }

    listen() {
        const box = this.moving;
        box.addEventListener('pointerdown', (event) => {
            box.setPointerCapture(event.pointerId);
            this.pointers.set(event.pointerId, event.offsetX);
            this.drag(event);
        });
        box.addEventListener('pointermove', (event) => {
            if (this.pointers.has(event.pointerId))
                this.drag(event);
            else
                this.hover(event);
        });
        for (const name of ['pointerup', 'pointercancel'])
            box.addEventListener(name, (event) => this.pointers.delete(event.pointerId));
        box.addEventListener('wheel', (event) => {
            event.preventDefault();
            this.wheel(event);
        }, { passive: false });
    }

    valueAt(x) {
        const { from, to } = this.pane.scale;
        return from + (to - from) * Math.max(0, Math.min(1, x / this.width));
    }

    /** One finger moves the cursor, two zoom and pan. */
    drag(event) {
        if (this.pointers.size === 1) {
            this.pointers.set(event.pointerId, event.offsetX);
            this.pane.seek(this.pane.scale.position(this.valueAt(event.offsetX)));
            return;
        }
        const before = [...this.pointers.values()].slice(0, 2);
        this.pointers.set(event.pointerId, event.offsetX);
        const after = [...this.pointers.values()].slice(0, 2);
        const spread = (p) => Math.max(20, Math.abs(p[0] - p[1])), mid = (p) => (p[0] + p[1]) / 2;
        const scale = this.pane.scale;
        scale.zoom(spread(before) / spread(after), this.valueAt(mid(after)));
        scale.pan((mid(before) - mid(after)) / this.width * (scale.to - scale.from));
        this.pane.windowChanged();
    }

    wheel(event) {
        const scale = this.pane.scale;
        if (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY))
            scale.pan((event.deltaX || event.deltaY) / this.width * (scale.to - scale.from));
        else
            scale.zoom(Math.exp(event.deltaY * 0.0015), this.valueAt(event.offsetX));
        this.pane.windowChanged();
    }

    hover(event) {
        const position = this.pane.scale.position(this.valueAt(event.offsetX));
        this.moving.title = `tick ${groupDigits(this.pane.trace.tick[Math.max(0, position - 1)])}`;
    }

    x(value) {
        const { from, to } = this.pane.scale;
        return (value - from) / (to - from) * this.width;
    }

    render() {
        const width = this.box.clientWidth, scale = this.pane.scale;
        const key = [width, scale.unit, scale.from, scale.to, this.theme].join();
        this.width = width;
        if (key !== this.key) {
            const lanes = this.shownLanes = this.lanes;
            this.key = key;
            this.height = TOP + lanes.length * LANE;
            this.drawStill(fitCanvas(this.still, width, this.height), lanes, this.height);
            this.writeNames(lanes);
        }
        this.revealLane();
        this.drawCursor(fitCanvas(this.moving, width, this.height), this.height);
    }

    writeNames(lanes) {
        this.names.replaceChildren(...lanes.map((lane) => el('div', 'lane-name', [
            el('b', '', lane.name), el('span', '', lane.note)])));
    }

    drawStill(c, lanes, height) {
        c.clearRect(0, 0, this.width, height);
        this.drawAxis(c, height);
        lanes.forEach((lane, i) => this.drawLane(c, lane, TOP + i * LANE));
        this.drawMarks(c, lanes);
        this.drawFindings(c, height);
    }

    drawAxis(c, height) {
        const { from, to } = this.pane.scale, wanted = Math.max(2, Math.floor(this.width / 110));
        const raw = (to - from) / wanted, power = 10 ** Math.floor(Math.log10(raw));
        const step = Math.max(1, [1, 2, 5, 10].map((f) => f * power).find((s) => s >= raw));
        c.font = '12px system-ui, sans-serif';
        c.textBaseline = 'alphabetic';
        for (let v = Math.ceil(from / step) * step; v <= to; v += step) {
            const x = this.x(v);
            c.fillStyle = cssColour('--line');
            c.fillRect(Math.round(x), 18, 1, height - 18);
            c.fillStyle = cssColour('--soft');
            const text = groupDigits(Math.round(v));
            if (x < this.width - 60)
                c.fillText(text, x + 3, 13);
        }
    }

    drawLane(c, lane, top) {
        const bar = top + LANE - BAR - 2, scale = this.pane.scale;
        const colour = { [MODE.USER]: laneColour(lane), [MODE.KERNEL]: this.hatch(c, laneColour(lane)),
            [MODE.IDLE]: cssColour('--free') };
        c.fillStyle = cssColour('--line');
        c.fillRect(0, top + LANE - 1, this.width, 1);
        let last = -1, lastMode = -1;
        for (const s of lane.segments) {
            const a = scale.at(s.from + 1), b = scale.at(s.to + 1);
            if (b < scale.from || a > scale.to)
                continue;
            const x = Math.max(0, this.x(a)), right = Math.min(this.width, Math.max(this.x(b), x + 1));
            if (right <= last && (s.mode === lastMode || s.mode !== MODE.USER))
                continue; // under what is drawn
            c.fillStyle = colour[s.mode];
            c.fillRect(x, bar, right - x, s.mode === MODE.IDLE ? 3 : BAR);
            last = right;
            lastMode = s.mode;
        }
    }

    /** Kernel time: the task's colour, striped. */
    hatch(c, colour) {
        const tile = document.createElement('canvas');
        tile.width = tile.height = 6;
        const t = tile.getContext('2d');
        t.fillStyle = cssColour('--free');
        t.fillRect(0, 0, 6, 6);
        t.strokeStyle = colour;
        t.lineWidth = 2;
        t.beginPath();
        for (const at of [-6, 0, 6]) {
            t.moveTo(at, 6);
            t.lineTo(at + 6, 0);
        }
        t.stroke();
        return c.createPattern(tile, 'repeat');
    }

    drawMarks(c, lanes) {
        const { trace, scale } = this.pane;
        const top = new Map(lanes.map((lane, i) => [lane, TOP + i * LANE]));
        const first = scale.position(scale.from), taken = new Map();
        const end = Math.min(trace.count, scale.position(scale.to));
        for (let n = Math.max(trace.first, first - 1); n < end; n++) {
            const shape = MARKS[trace.cls[n]], space = trace.spaces[trace.space[n] - 1];
            if (!shape || !space || !top.has(space.lane))
                continue;
            const x = Math.round(this.x(scale.at(n + 1))), key = `${shape}${space.lane.number}`;
            if (x - (taken.has(key) ? taken.get(key) : -10) < 4)
                continue;
            taken.set(key, x);
            this.drawMark(c, shape, x, top.get(space.lane) + LANE - BAR - 9);
        }
    }

    drawMark(c, shape, x, y) {
        c.fillStyle = c.strokeStyle = cssColour(shape === 'cross' ? '--alarm' : '--ink');
        c.lineWidth = 1.5;
        c.beginPath();
        if (shape === 'down') {
            c.moveTo(x - 4, y - 4);
            c.lineTo(x + 4, y - 4);
            c.lineTo(x, y + 5);
            c.fill();
        } else if (shape === 'tick') {
            c.fillRect(x, y, 1, 6);
        } else if (shape === 'diamond') {
            c.fillStyle = '#d55e00';
            c.moveTo(x, y - 8);
            c.lineTo(x + 5, y - 2);
            c.lineTo(x, y + 4);
            c.lineTo(x - 5, y - 2);
            c.fill();
        } else if (shape === 'ring') {
            c.arc(x, y - 2, 3.5, 0, 7);
            c.stroke();
        } else if (shape === 'dot') {
            c.arc(x, y + 2, 2, 0, 7);
            c.fill();
        } else {
            c.lineWidth = 3;
            c.moveTo(x - 4, y - 6);
            c.lineTo(x + 4, y + 2);
            c.moveTo(x + 4, y - 6);
            c.lineTo(x - 4, y + 2);
            c.stroke();
        }
    }

    drawFindings(c, height) {
        for (const finding of this.pane.trace.findings) {
            if (finding.position < 0)
                continue;
            const x = this.x(this.pane.scale.at(finding.position));
            if (x < -10 || x > this.width + 10)
                continue;
            c.fillStyle = cssColour('--alarm');
            c.fillRect(x - 1, 0, 2, height);
            c.beginPath();
            c.moveTo(x, 0);
            c.lineTo(x + 14, 6);
            c.lineTo(x, 12);
            c.fill();
        }
    }

    /** Many tasks do not fit: scroll to the one that runs when another one does. */
    revealLane() {
        const { trace, view } = this.pane, space = trace.spaces[trace.space[view.position - 1] - 1];
        const at = space ? this.shownLanes.indexOf(space.lane) : -1;
        if (at < 0 || at === this.laneShown)
            return;
        this.laneShown = at;
        const top = TOP + at * LANE, bottom = top + LANE, box = this.node;
        if (top < box.scrollTop)
            box.scrollTop = top - TOP;
        else if (bottom > box.scrollTop + box.clientHeight)
            box.scrollTop = bottom - box.clientHeight;
    }

    drawCursor(c, height) {
        c.clearRect(0, 0, this.width, height);
        const x = this.x(this.pane.scale.at(this.pane.view.position));
        c.fillStyle = cssColour('--cursor');
        c.fillRect(x - 1, 0, 2, height);
        c.beginPath();
        c.moveTo(x - 7, 0);
        c.lineTo(x + 7, 0);
        c.lineTo(x, 11);
        c.fill();
    }

    themeChanged() {
        this.theme = (this.theme || 0) + 1;
    }
}
