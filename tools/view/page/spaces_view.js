// The address spaces: for each, its regions with a cell for every page that is ever there. A cell
// looks like the frame behind the page; a bar under it says that ring 3 may write.

import { ENTRY, entryAddress, groupDigits, hexAddress } from './bits.js';
import { CellPainter, laneColour } from './cells.js';
import { cssColour, el, fitCanvas } from './dom.js';

const HEAD = 26, LABEL = 17, GAP = 6, PAGES_MAX = 600, SPACES_MAX = 40;

export class SpacesView {
    constructor(pane) {
        this.pane = pane;
        this.canvas = el('canvas', 'map', null, { role: 'img', 'aria-label': 'address spaces' });
        this.note = el('p', 'note');
        this.node = el('div', 'spaces', [this.canvas, this.note]);
        this.looks = new Map(); // what each page looked like at the render before
        this.canvas.addEventListener('click', (event) => this.click(event));
        this.canvas.addEventListener('pointermove', (event) => this.hover(event));
    }

    /** The spaces to show: programs' that live now, the loaded one first among equals. */
    shown() {
        const { trace, machine } = this.pane;
        return trace.spaces.filter((s, i) => s.user && machine.tables.has(s.root)
            && trace.spaceAt(s.root, machine.position - 1) === s.number && trace.regions[i].length > 0);
    }

    layOut(spaces) {
        const width = this.node.clientWidth, key = spaces.map((s) => s.number).join() + ':' + width;
        if (key === this.key && this.painter)
            return;
        this.key = key;
        this.width = width;
        if (!this.painter) {
            this.painter = new CellPainter(20);
            this.smallPainter = new CellPainter(8);
        }
        this.blocks = [];
        let y = 0;
        for (const space of spaces.slice(0, SPACES_MAX))
            y = this.layOutSpace(space, y) + 14;
        this.height = Math.max(y, 40);
    }

    layOutSpace(space, top) {
        const block = { space, y: top, regions: [] };
        let x = 0, y = top + HEAD, tallest = 0;
        for (const region of this.pane.trace.regions[space.number - 1]) {
            const step = region.level > 1 ? 512 : 1, count = (region.to - region.from) / step;
            const size = count > 128 ? 8 : 20, painter = size === 8 ? this.smallPainter : this.painter;
            const perLine = Math.max(1, Math.floor(this.width / size));
            const wanted = Math.max(Math.min(count, perLine) * size, region.level > 1 ? 240 : 150);
            if (x > 0 && x + wanted > this.width) {
                x = 0;
                y += tallest + GAP;
                tallest = 0;
            }
            const lines = Math.ceil(Math.min(count, PAGES_MAX * 4) / perLine);
            block.regions.push({ region, x, y, step, count, size, perLine, painter, lines });
            tallest = Math.max(tallest, LABEL + lines * (size + 3));
            x += wanted + 14;
        }
        block.bottom = y + tallest;
        this.blocks.push(block);
        return block.bottom;
    }

    render() {
        const spaces = this.shown();
        this.layOut(spaces);
        const context = fitCanvas(this.canvas, this.width, this.height);
        context.clearRect(0, 0, this.width, this.height);
        const looks = new Map();
        for (const block of this.blocks)
            this.drawSpace(context, block, looks);
        this.looks = looks;
        this.note.textContent = spaces.length === 0 ? 'No program\'s address space is there now.'
            : spaces.length > SPACES_MAX ? `and ${spaces.length - SPACES_MAX} more` : '';
    }

    drawSpace(context, block, looks) {
        const { machine } = this.pane, space = block.space, leaves = new Map();
        machine.eachUserLeaf(space.root, (table, index, lo, hi, va) => {
            leaves.set(va / 4096, [lo, hi]);
        });
        this.drawHead(context, block, leaves.size, machine.cr3 === space.root);
        for (const placed of block.regions) {
            this.drawLabel(context, placed);
            this.drawPages(context, space, placed, leaves, looks);
        }
    }

    drawHead(context, block, resident, loaded) {
        const { space, y } = block, ink = cssColour('--ink');
        context.fillStyle = laneColour(space.lane);
        context.fillRect(0, y + 4, 14, 14);
        context.fillStyle = ink;
        context.font = '600 15px system-ui, sans-serif';
        const name = space.name + (space.lane.note ? ` (${space.lane.note})` : '');
        context.fillText(name, 22, y + 17);
        const after = 22 + context.measureText(name).width + 12;
        context.font = '13px system-ui, sans-serif';
        context.fillStyle = cssColour('--soft');
        context.fillText(`${groupDigits(resident)} page${resident === 1 ? '' : 's'} resident, CR3 `
            + `${hexAddress(space.root)}${loaded ? ', loaded now' : ''}`, after, y + 17);
    }

    drawLabel(context, { region, x, y }) {
        context.font = '12px system-ui, sans-serif';
        context.fillStyle = cssColour('--soft');
        const size = region.level > 1 ? ', 2 MiB pages' : '';
        context.fillText(`${region.name} ${hexAddress(region.from * 4096)}${size}`, x, y + 12);
    }

    drawPages(context, space, placed, leaves, looks) {
        const { region, step, count, painter, size, perLine } = placed;
        const picture = this.pane.picture, selected = this.pane.view;
        for (let i = 0; i < Math.min(count, PAGES_MAX * 4); i++) {
            const page = region.from + i * step, leaf = leaves.get(page);
            const x = placed.x + (i % perLine) * size;
            const y = placed.y + LABEL + Math.floor(i / perLine) * (size + 3);
            const key = space.number * 2 ** 40 + page;
            let look = -1;
            if (leaf) {
                const cell = picture.cell(entryAddress(leaf[0], leaf[1]) / 4096);
                look = cell < 0 ? 0 : picture.look(cell);
                painter.draw(context, look, x, y);
                if (leaf[0] & ENTRY.W)
                    this.drawBar(context, x, y, size);
                look = look * 2 + (leaf[0] & ENTRY.W ? 1 : 0);
            } else {
                this.drawAbsent(context, x, y, size);
            }
            looks.set(key, look);
            if (this.looks.has(key) && this.looks.get(key) !== look)
                this.outline(context, x, y, size, cssColour('--flash'));
            if (selected.space === space.number && Math.floor(selected.va / 4096 / step) * step === page)
                this.outline(context, x, y, size, cssColour('--select'));
        }
    }

    drawBar(context, x, y, size) {
        context.fillStyle = cssColour('--ink');
        context.fillRect(x + 1, y + size, size - 2, 2);
    }

    drawAbsent(context, x, y, size) {
        context.strokeStyle = cssColour('--line');
        context.lineWidth = 1;
        context.setLineDash([2, 2]);
        context.strokeRect(x + 1.5, y + 1.5, size - 3, size - 3);
        context.setLineDash([]);
    }

    outline(context, x, y, size, colour) {
        context.strokeStyle = colour;
        context.lineWidth = 2;
        context.strokeRect(x + 1, y + 1, size - 2, size - 2);
    }

    /** {space, page} under a pointer, or null. */
    pageAt(event) {
        const x = event.offsetX, y = event.offsetY;
        for (const block of this.blocks || []) {
            for (const p of block.regions) {
                const line = Math.floor((y - p.y - LABEL) / (p.size + 3));
                const column = Math.floor((x - p.x) / p.size), i = line * p.perLine + column;
                if (line >= 0 && line < p.lines && column >= 0 && column < p.perLine && i < p.count)
                    return { space: block.space, page: p.region.from + i * p.step };
            }
        }
        return null;
    }

    click(event) {
        const at = this.pageAt(event);
        if (at)
            this.pane.open('walk', { space: at.space.number, va: at.page * 4096 });
    }

    hover(event) {
        const at = this.pageAt(event);
        this.canvas.title = at ? `${at.space.name}, page ${hexAddress(at.page * 4096)}` : '';
    }

    themeChanged() {
        this.painter = null;
        this.key = '';
    }
}
