/* The colours themselves: see shade.h. */
#include "show/shade.h"

/* At level 3. */
static const uint32_t kind_rgb[KINDS] = {
    [KIND_PAPER] = 0x0b0e14,     [KIND_HOLE] = 0x161a21,      [KIND_FREE] = 0x39424f,
    [KIND_KERNEL] = 0x7d8794,    [KIND_TABLE] = 0xf0e442,     [KIND_OWNER] = 0x56b4e9,
    [KIND_OWNER + 1] = 0x00c48c, [KIND_OWNER + 2] = 0xf0703c, [KIND_OWNER + 3] = 0x5a82ff,
    [KIND_OWNER + 4] = 0xc4a0ff, [KIND_COW] = 0xffb000,       [KIND_SHARED] = 0xff7ad0,
    [KIND_PANEL] = 0x1b2230,     [KIND_INK] = 0xf2f5f8,       [KIND_FLASH] = 0xffffff,
    [KIND_ALERT] = 0xffd84a,     [KIND_ZEROED] = 0x9ef6ff,
};

/* Eighths of the brightness that a level has. What is told by its hue alone stays as it is. */
static unsigned level_eighths(enum kind kind, unsigned level)
{
    static const uint8_t counted[] = { 5, 6, 7, 8 }, ink[] = { 3, 5, 6, 8 };

    if (kind == KIND_INK)
        return ink[level];
    return kind >= KIND_KERNEL && kind <= KIND_SHARED ? counted[level] : 8;
}

uint32_t shade_rgb(shade_t s)
{
    uint32_t rgb = kind_rgb[shade_kind(s)], out = 0;
    unsigned eighths = level_eighths(shade_kind(s), s % 4);

    for (unsigned shift = 0; shift < 24; shift += 8)
        out |= ((rgb >> shift & 0xff) * eighths / 8) << shift;
    return out;
}

/*
 * Where the 16 colours cannot be changed, the usual ones come near. One process
 * fewer than kinds: the last one takes the kernel's.
 */
static const uint8_t text_shade[16] = {
    [0] = KIND_PAPER * 4 + 3,        [1] = KIND_PANEL * 4 + 3,
    [2] = (KIND_OWNER + 1) * 4 + 3,  [3] = KIND_OWNER * 4,
    [4] = KIND_COW * 4 + 3,          [5] = KIND_SHARED * 4,
    [6] = (KIND_OWNER + 4) * 4 + 3,  [7] = KIND_KERNEL * 4 + 2,
    [8] = KIND_FREE * 4 + 3,         [9] = (KIND_OWNER + 3) * 4 + 3,
    [10] = KIND_INK * 4 + 1,         [11] = KIND_OWNER * 4 + 3,
    [12] = (KIND_OWNER + 2) * 4 + 3, [13] = KIND_SHARED * 4 + 3,
    [14] = KIND_TABLE * 4 + 3,       [15] = KIND_INK * 4 + 3,
};

unsigned shade_text(shade_t s)
{
    static const uint8_t bright[KINDS] = {
        [KIND_PAPER] = 0,     [KIND_HOLE] = 0,      [KIND_FREE] = 8,      [KIND_KERNEL] = 7,
        [KIND_TABLE] = 14,    [KIND_OWNER] = 11,    [KIND_OWNER + 1] = 2, [KIND_OWNER + 2] = 12,
        [KIND_OWNER + 3] = 9, [KIND_OWNER + 4] = 6, [KIND_COW] = 4,       [KIND_SHARED] = 13,
        [KIND_PANEL] = 1,     [KIND_INK] = 15,      [KIND_FLASH] = 15,    [KIND_ALERT] = 14,
        [KIND_ZEROED] = 15,
    };
    unsigned level = s % 4;

    switch (shade_kind(s)) {
    case KIND_OWNER:
        return level > 0 ? 11 : 3;
    case KIND_SHARED:
        return level > 1 ? 13 : 5;
    case KIND_INK:
        return level > 2 ? 15 : 10;
    default:
        return bright[shade_kind(s)];
    }
}

uint32_t shade_text_rgb(unsigned colour)
{
    return shade_rgb(text_shade[colour]);
}
