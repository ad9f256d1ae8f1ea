/* Dots and letters: see canvas.h. Nothing here touches a device. */
#include "show/canvas.h"

#include "lib/print.h"
#include "lib/string.h"

enum { TEXT_COLUMNS = 80, TEXT_ROWS = 25, FONT_FIRST = ' ', FONT_LAST = '~' };

static const struct font fonts[] = {
    { 8, 16, font_8x16 },
    { 12, 24, font_12x24 },
    { 16, 32, font_16x32 },
};

/* 30 lines or a few more: what can be read from far away. */
void canvas_shape(struct canvas *c, const struct boot_framebuffer *fb)
{
    unsigned size = fb->height >= 1024 && fb->width >= 1360 ? 2 : fb->height >= 720 ? 1 : 0;

    *c = (struct canvas){ .w = fb->width, .h = fb->height, .pitch = fb->pitch };
    if (fb->base == 0) {
        c->w = TEXT_COLUMNS;
        c->h = TEXT_ROWS * 2;
        c->font = c->huge = (struct font){ 1, 2, NULL };
        return;
    }
    c->bytes = fb->bpp / 8;
    c->font = fonts[size];
    c->huge = fonts[size < 2 ? size + 1 : 2];
}

static struct rect clip(const struct canvas *c, struct rect r)
{
    r.x = r.x < c->w ? r.x : c->w;
    r.y = r.y < c->h ? r.y : c->h;
    r.w = r.w < c->w - r.x ? r.w : c->w - r.x;
    r.h = r.h < c->h - r.y ? r.h : c->h - r.y;
    return r;
}

void canvas_fill(struct canvas *c, struct rect r, shade_t s)
{
    r = clip(c, r);
    for (unsigned y = r.y; y < r.y + r.h; y++) {
        memset(c->dots + y * c->w + r.x, s, r.w);
        for (unsigned x = r.x; c->letters && x < r.x + r.w; x++)
            c->letters[y / 2 * TEXT_COLUMNS + x].c = 0;
    }
}

static void draw_glyph(struct canvas *c, const struct font *font, struct rect at, char letter,
                       shade_t ink)
{
    unsigned row_bytes = (font->w + 7) / 8;
    bool bold = font->h == 24; /* the strokes of this size alone are thin */
    const uint8_t *row = font->glyphs + (unsigned)(letter - FONT_FIRST) * row_bytes * font->h;

    for (unsigned y = 0; y < at.h; y++, row += row_bytes) {
        shade_t *dot = c->dots + (at.y + y) * c->w + at.x;

        for (unsigned x = 0; x < at.w; x++)
            if (row[x / 8] << x % 8 & 0x80) {
                dot[x] = ink;
                if (bold && x + 1 < at.w)
                    dot[x + 1] = ink;
            }
    }
}

unsigned canvas_text(struct canvas *c, const struct font *font, unsigned x, unsigned y, shade_t ink,
                     const char *text)
{
    for (; *text; text++, x += font->w) {
        struct rect at = clip(c, (struct rect){ x, y, font->w, font->h });
        char letter = *text < FONT_FIRST || *text > FONT_LAST ? '?' : *text;

        if (at.w == 0 || at.h == 0)
            break;
        if (c->letters)
            c->letters[at.y / 2 * TEXT_COLUMNS + at.x] = (struct letter){ letter, ink };
        else
            draw_glyph(c, font, at, letter, ink);
    }
    return x;
}

unsigned canvas_print(struct canvas *c, unsigned x, unsigned y, shade_t ink, const char *fmt, ...)
{
    char text[160];
    va_list args;

    va_start(args, fmt);
    fmt_vsnprintf(text, sizeof(text), fmt, args);
    va_end(args);
    return canvas_text(c, &c->font, x, y, ink, text);
}
