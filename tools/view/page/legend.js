// What colours and marks mean.

import { CellPainter } from './cells.js';
import { el } from './dom.js';
import { USE, USE_TEXT } from './picture.js';

const SIZE = 20;

/** Looks as Picture.look() makes them: use, colour, mark. */
const SAMPLES = [
    [USE.PRIVATE | 1 << 3 | 2 << 7, 'a page of process 2 alone'], [USE.PRIVATE | 2 << 3 | 3 << 7, '... of process 3'],
    [USE.COW | 2 << 7, 'shared copy-on-write, by 2 pages'], [USE.READONLY | 2 << 7, USE_TEXT[USE.READONLY]],
    [USE.SHARED | 2 << 7, USE_TEXT[USE.SHARED]], [USE.TABLE | 4 << 7, 'page table, with its level'],
    [USE.KERNEL, USE_TEXT[USE.KERNEL]], [USE.FREE, USE_TEXT[USE.FREE]],
];

const TIMES = [['▬', 'the program runs (ring 3)'], ['▨', 'the kernel runs (ring 0)'], ['▼', 'page fault'],
    ['◆', 'page copied'], ['○', 'made writable in place'], ['|', 'system call'], ['•', 'interrupt'],
    ['✖', 'missing flush'], ['⚑', 'finding of the grader']];

export class Legend {
    constructor() {
        this.cells = el('div', 'keys');
        this.node = el('details', 'legend', [el('summary', '', 'Legend'), this.cells,
            el('p', 'note', 'A bar under a page: ring 3 may write it. A dashed cell: a page that is there at another '
                + 'time. An outline: it has just changed. Frames that no page table shows may be free or the kernel\'s: '
                + 'a recording sees what the page tables say.'),
            el('div', 'keys', TIMES.map(([mark, text]) => el('span', 'key', [el('b', '', mark), ` ${text}`])))],
        { open: window.innerWidth > 900 });
        this.themeChanged();
    }

    themeChanged() {
        const painter = new CellPainter(SIZE);
        this.cells.replaceChildren(...SAMPLES.map(([look, text]) => {
            const sprite = painter.drawSprite(look);
            sprite.style.width = sprite.style.height = `${SIZE}px`;
            return el('span', 'key', [sprite, text]);
        }));
    }

    render() {
    }
}
