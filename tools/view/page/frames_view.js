// Physical memory: a cell for each frame that ever matters, 64 in a row; what lies between rows is
// only told in words.

import { hexAddress, groupDigits } from './bits.js';
import { CellPainter } from './cells.js';
import { cssColour, el, fitCanvas } from './dom.js';
import { ROW_FRAMES } from './layout.js';

const LABEL_HEIGHT = 16;

export class FramesView {
    constructor(pane) {
        this.pane = pane;
        this.canvas = el('canvas', 'map', null, { tabIndex: 0, role: 'img',
            'aria-label': 'physical memory, a cell for each frame' });
        this.node = el('div', 'frames', [this.canvas]);
        this.drawn = null; // looks of the cells on the canvas
        this.changed = [];
        this.canvas.addEventListener('click', (event) => this.click(event));
        this.canvas.addEventListener('pointermove', (event) => this.hover(event));
    }

    /** Lay rows out for a width: several cells' rows a frame row where the screen is small. */
    layOut() {
        const width = this.node.clientWidth;
        if (width === this.width && this.painter)
            return;
        this.width = width;
        this.perLine = width < 440 ? 16 : width < 1100 ? 32 : 64;
        this.size = Math.max(7, Math.min(24, Math.floor(width / this.perLine)));
        this.painter = new CellPainter(this.size);
        this.lines = [];
        let y = 0, before = -1;
        for (const [i, row] of this.pane.trace.rows.entries()) {
            if (row !== before + 1 || i === 0) {
                this.lines.push({ y, label: row, gap: row - before - 1 });
                y += LABEL_HEIGHT + (i ? 4 : 0);
            }
            for (let at = 0; at < ROW_FRAMES; at += this.perLine) {
                this.lines.push({ y, cell: i * ROW_FRAMES + at });
                y += this.size;
            }
            before = row;
        }
        this.height = y + 2;
        this.drawn = null;
    }

    render() {
        this.layOut();
        const picture = this.pane.picture;
        const context = fitCanvas(this.canvas, this.width, this.height);
        const selected = this.pane.view.frame >= 0 ? picture.cell(this.pane.view.frame) : -1;
        const looks = new Uint32Array(picture.refs.length);
        const all = !this.drawn;
        if (all)
            this.drawLabels(context);
        const touched = new Set([...this.changed, this.selected]);
        this.changed = [];
        for (let cell = 0; cell < looks.length; cell++) {
            looks[cell] = picture.look(cell);
            if (all || looks[cell] !== this.drawn[cell] || touched.has(cell))
                this.drawCell(context, cell, looks[cell]);
            if (!all && looks[cell] !== this.drawn[cell])
                this.changed.push(cell);
        }
        this.drawn = looks;
        this.outline(context, this.changed, cssColour('--flash'));
        this.selected = selected;
        if (selected >= 0)
            this.outline(context, [selected], cssColour('--select'));
    }

    place(cell) {
        const lineOfRow = ROW_FRAMES / this.perLine;
        const row = Math.floor(cell / ROW_FRAMES), at = cell % ROW_FRAMES;
        if (!this.rowLine || this.rowLine.lines !== this.lines) {
            this.rowLine = { lines: this.lines, first: [] };
            this.lines.forEach((line, i) => {
                if (line.cell !== undefined && line.cell % ROW_FRAMES === 0)
                    this.rowLine.first[line.cell / ROW_FRAMES] = i;
            });
        }
        const line = this.lines[this.rowLine.first[row] + Math.floor(at / this.perLine) % lineOfRow];
        return [(at % this.perLine) * this.size, line.y];
    }

    drawCell(context, cell, look) {
        const [x, y] = this.place(cell);
        context.clearRect(x, y, this.size, this.size);
        this.painter.draw(context, look, x, y);
    }

    outline(context, cells, colour) {
        context.strokeStyle = colour;
        context.lineWidth = 2;
        for (const cell of cells) {
            const [x, y] = this.place(cell);
            context.strokeRect(x + 1, y + 1, this.size - 2, this.size - 2);
        }
    }

    drawLabels(context) {
        context.clearRect(0, 0, this.width, this.height);
        context.font = '12px system-ui, sans-serif';
        context.fillStyle = cssColour('--soft');
        for (const line of this.lines.filter((l) => l.label !== undefined)) {
            const start = hexAddress(line.label * ROW_FRAMES * 4096);
            const gap = line.gap > 0
                ? `   (${groupDigits(line.gap * ROW_FRAMES)} frames before it are never in a table)` : '';
            context.fillText(`from ${start}${gap}`, 0, line.y + LABEL_HEIGHT - 1);
        }
    }

    /** The frame under a pointer, or -1. */
    frameAt(event) {
        const y = event.offsetY, x = event.offsetX;
        const line = this.lines.find((l) => l.cell !== undefined && y >= l.y && y < l.y + this.size);
        const column = Math.floor(x / this.size);
        if (!line || column >= this.perLine)
            return -1;
        return this.pane.picture.frameOf(line.cell + column);
    }

    click(event) {
        const frame = this.frameAt(event);
        if (frame >= 0)
            this.pane.set({ frame, tab: 'frame' });
    }

    hover(event) {
        const frame = this.frameAt(event);
        this.canvas.title = frame < 0 ? '' : this.pane.frameText(frame);
    }

    themeChanged() {
        this.painter = null;
    }
}
