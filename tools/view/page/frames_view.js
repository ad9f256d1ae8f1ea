// Physical memory: a cell for each frame that ever matters and those around it; what lies between
// is only told in words.

import { hexAddress, groupDigits } from './bits.js';
import { CellPainter } from './cells.js';
import { cssColour, el, fitCanvas } from './dom.js';
import { ROW_FRAMES } from './layout.js';

const LABEL_HEIGHT = 16;

export class FramesView {
    constructor(pane) {
        this.pane = pane;
        this.canvas = el('canvas', 'map', null, { role: 'img',
            'aria-label': 'physical memory, a cell for each frame' });
        this.node = el('div', 'frames', [this.canvas]);
        this.drawn = null; // looks of the cells on the canvas
        this.changed = [];
        this.canvas.addEventListener('click', (event) => this.click(event));
        this.canvas.addEventListener('pointermove', (event) => this.hover(event));
    }

    /** Rows that follow each other are a block, of lines with as many frames as fit. */
    layOut() {
        const width = this.node.clientWidth, rows = this.pane.trace.rows;
        if (width === this.width && this.painter)
            return;
        this.width = width;
        this.size = this.chooseSize(width, rows.length * ROW_FRAMES);
        this.perLine = [512, 256, 128, 64, 32, 16].find((n) => n * this.size <= width) || 8;
        this.painter = new CellPainter(this.size);
        this.blocks = [];
        this.blockOfRow = [];
        let block = null, y = 0;
        rows.forEach((row, i) => {
            if (i === 0 || row !== rows[i - 1] + 1) {
                y = block ? block.y + this.linesOf(block) * this.size + 4 : 0;
                block = { y: y + LABEL_HEIGHT, first: i, rows: 0, gap: row - (i ? rows[i - 1] + 1 : 0) };
                this.blocks.push(block);
            }
            block.rows++;
            this.blockOfRow.push(block);
        });
        this.height = block ? block.y + this.linesOf(block) * this.size + 2 : LABEL_HEIGHT;
        this.drawn = null;
    }

    linesOf(block) {
        return Math.ceil(block.rows * ROW_FRAMES / this.perLine);
    }

    /** Cells as large as fit: a lecture hall reads them. Many frames make them small. */
    chooseSize(width, frames) {
        const most = Math.min(24, Math.floor(width / (width < 440 ? 16 : 32)));
        const fit = Math.floor(Math.sqrt(width * 1000 / Math.max(1, frames)));
        return Math.max(4, Math.min(most, fit));
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
        const block = this.blockOfRow[Math.floor(cell / ROW_FRAMES)], at = cell - block.first * ROW_FRAMES;
        return [(at % this.perLine) * this.size, block.y + Math.floor(at / this.perLine) * this.size];
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
        for (const block of this.blocks) {
            const start = hexAddress(this.pane.trace.rows[block.first] * ROW_FRAMES * 4096);
            const gap = block.gap > 0
                ? `   (${groupDigits(block.gap * ROW_FRAMES)} frames before it are never in a table)` : '';
            context.fillText(`from ${start}${gap}`, 0, block.y - 3);
        }
    }

    /** The frame under a pointer, or -1. */
    frameAt(event) {
        const column = Math.floor(event.offsetX / this.size);
        const block = this.blocks.find((b) => event.offsetY >= b.y
            && event.offsetY < b.y + this.linesOf(b) * this.size);
        if (!block || column >= this.perLine)
            return -1;
        const at = Math.floor((event.offsetY - block.y) / this.size) * this.perLine + column;
        return at < block.rows * ROW_FRAMES
            ? this.pane.picture.frameOf(block.first * ROW_FRAMES + at) : -1;
    }

    click(event) {
        const frame = this.frameAt(event);
        if (frame >= 0)
            this.pane.open('frame', { frame });
    }

    hover(event) {
        const frame = this.frameAt(event);
        this.canvas.title = frame < 0 ? '' : this.pane.frameText(frame);
    }

    themeChanged() {
        this.painter = null;
    }
}
