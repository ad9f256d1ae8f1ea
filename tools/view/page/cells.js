// How a frame looks: colour, and a mark, so that colour is never needed to tell. Drawn once each
// and copied from then on.

import { cssColour } from './dom.js';
import { USE } from './picture.js';

// Okabe and Ito's palette, which people with any colour vision can tell apart.
export const LANE_COLOURS = ['#56b4e9', '#e69f00', '#2fb78f', '#cc79a7', '#f0e442', '#6a8fd8'];
const COW_COLOUR = '#d55e00';

export function laneColour(lane) {
    return lane && lane.colour >= 0 ? LANE_COLOURS[lane.colour] : cssColour('--kernel');
}

function cellColours(use, colour) {
    const ink = cssColour('--ink'), paper = cssColour('--paper');
    switch (use) {
    case USE.TABLE:
        return [cssColour('--table'), paper];
    case USE.KERNEL:
        return [cssColour('--kernel'), cssColour('--soft')];
    case USE.PRIVATE:
        return [colour ? LANE_COLOURS[colour - 1] : '#b0b0b0', '#000000'];
    case USE.COW:
        return [COW_COLOUR, '#ffffff'];
    case USE.SHARED:
        return [ink, paper];
    case USE.READONLY:
        return [cssColour('--readonly'), ink];
    default:
        return [cssColour('--free'), ink];
    }
}

function cellMark(use, mark) {
    switch (use) {
    case USE.KERNEL:
        return 'K';
    case USE.COW:
        return `${mark}`;
    case USE.SHARED:
        return 'S';
    case USE.READONLY:
        return 'R';
    case USE.FREE:
        return '';
    default:
        return mark ? `${mark}` : '';
    }
}

/** Draws cells of one size; throw it away when the theme changes. */
export class CellPainter {
    constructor(size) {
        this.size = size;
        this.ratio = window.devicePixelRatio || 1;
        this.sprites = new Map();
    }

    sprite(look) {
        let sprite = this.sprites.get(look);
        if (!sprite)
            this.sprites.set(look, sprite = this.drawSprite(look));
        return sprite;
    }

    drawSprite(look) {
        const use = look & 7, size = this.size, sprite = document.createElement('canvas');
        sprite.width = sprite.height = Math.ceil(size * this.ratio);
        const c = sprite.getContext('2d');
        c.scale(this.ratio, this.ratio);
        const [back, front] = cellColours(use, look >> 3 & 15);
        c.fillStyle = back;
        c.fillRect(0.5, 0.5, size - 1, size - 1);
        if (use === USE.TABLE && size >= 14) { // a line on top: tables are not told by colour alone
            c.fillStyle = front;
            c.fillRect(3, 2.5, size - 6, 1.5);
        } else if (use === USE.COW) { // a cut corner
            c.fillStyle = cssColour('--paper');
            c.beginPath();
            c.moveTo(size, 0);
            c.lineTo(size - size * 0.35, 0);
            c.lineTo(size, size * 0.35);
            c.fill();
        }
        this.drawMark(c, cellMark(use, look >> 7), front);
        return sprite;
    }

    drawMark(c, text, colour) {
        if (!text || this.size < 9)
            return;
        const scale = text.length > 2 ? 0.42 : text.length > 1 ? 0.56 : 0.72;
        c.fillStyle = colour;
        c.font = `600 ${Math.round(this.size * scale)}px system-ui, sans-serif`;
        c.textAlign = 'center';
        c.textBaseline = 'middle';
        c.fillText(text, this.size / 2, this.size / 2 + 0.5);
    }

    draw(context, look, x, y) {
        context.drawImage(this.sprite(look), x, y, this.size, this.size);
    }
}
