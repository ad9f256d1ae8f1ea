/*
 * What the map is drawn on: dots of shades in memory, brought to the screen as a
 * whole by canvas_flush. Two screens, one picture:
 *
 *     framebuffer    a dot is a pixel, a character 8x16 to 16x32 of them
 *     VGA text       80x50 dots: a dot is half a character, upper or lower, and a
 *                    character is one itself
 *
 * Everything is measured in dots. Whatever would lie outside is cut off.
 *
 * Pure memory until canvas_flush: the host tests draw, too.
 */
#pragma once

#include "boot/boot_info.h"
#include "lib/err.h"
#include "show/shade.h"

struct rect {
    unsigned x, y, w, h;
};

struct font {
    unsigned w, h; /* dots */
    const uint8_t *glyphs;
};
extern const uint8_t font_8x16[], font_12x24[], font_16x32[];

/* A character of a text screen; where there is none, c is 0 and the dots count. */
struct letter {
    char c;
    shade_t ink;
};

struct canvas {
    unsigned w, h;          /* dots */
    struct font font, huge; /* of texts, and of those that all must read */
    shade_t *dots;          /* w * h */
    struct letter *letters; /* text screen: 80 x 25; otherwise null */
    void *screen;
    unsigned pitch, bytes; /* framebuffer: of a row, of a pixel */
    uint32_t *sums;        /* framebuffer: of each tile of dots as it is on the screen */
};

enum { TILE = 64 /* dots in a row that are brought to the screen together */ };

/* The fonts and the number of dots for a screen of this size; nothing is allocated. */
void canvas_shape(struct canvas *c, const struct boot_framebuffer *fb);

/* Shape it, find memory, reach the screen. Errors: ERR_NOMEM. */
err_t canvas_init(struct canvas *c, const struct boot_framebuffer *fb);

void canvas_fill(struct canvas *c, struct rect r, shade_t s);

/* One line from (x, y) down to the right, over what is there; returns the x behind it. */
unsigned canvas_text(struct canvas *c, const struct font *font, unsigned x, unsigned y, shade_t ink,
                     const char *text);
unsigned canvas_print(struct canvas *c, unsigned x, unsigned y, shade_t ink, const char *fmt, ...)
    __attribute__((format(printf, 5, 6)));

/* Bring what has changed to the screen. */
void canvas_flush(struct canvas *c);
