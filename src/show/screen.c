/*
 * From the canvas to the devices: a framebuffer as the loader has set it up, or
 * the VGA's text screen (IBM VGA documents; FreeVGA, "Attribute Controller
 * Registers", "Color Registers").
 */
#include "arch/cpu.h"
#include "arch/mmu.h"
#include "lib/string.h"
#include "pmm/pmm.h"
#include "show/canvas.h"
#include "vm/kernel_map.h"

enum {
    VGA_TEXT = 0xb8000,
    VGA_COLUMNS = 80,
    VGA_ROWS = 25,
    UPPER_HALF = 0xdf, /* of a character's cell, in code page 437 */
    ATTRIBUTE = 0x3c0,
    ATTRIBUTE_READ = 0x3c1,
    ATTRIBUTE_MODE = 0x10,
    ATTRIBUTE_SCREEN_ON = 0x20,
    MODE_BLINK = 0x08,
    DAC_INDEX = 0x3c8,
    DAC_DATA = 0x3c9,
    CRTC = 0x3d4,
    CRTC_CURSOR_START = 0x0a,
    CURSOR_OFF = 0x20,
    STATUS = 0x3da, /* reading it makes ATTRIBUTE take an index next */
};

static void attribute_set(uint8_t index, uint8_t value)
{
    (void)cpu_in8(STATUS);
    cpu_out8(ATTRIBUTE, index);
    cpu_out8(ATTRIBUTE, value);
}

/* 16 colours of paper instead of 8 and blinking, each of them ours; no cursor. */
static void text_set_up(void)
{
    uint8_t mode;

    (void)cpu_in8(STATUS);
    cpu_out8(ATTRIBUTE, ATTRIBUTE_MODE);
    mode = cpu_in8(ATTRIBUTE_READ);
    attribute_set(ATTRIBUTE_MODE, mode & ~MODE_BLINK);
    for (uint8_t i = 0; i < 16; i++) {
        attribute_set(i, i);
        cpu_out8(DAC_INDEX, i);
        for (int shift = 16; shift >= 0; shift -= 8)
            cpu_out8(DAC_DATA, (shade_text_rgb(i) >> shift & 0xff) >> 2);
    }
    (void)cpu_in8(STATUS);
    cpu_out8(ATTRIBUTE, ATTRIBUTE_SCREEN_ON);
    cpu_out8(CRTC, CRTC_CURSOR_START);
    cpu_out8(CRTC + 1, CURSOR_OFF);
}

static err_t alloc_bytes(uint64_t bytes, void *out)
{
    unsigned order = 0;
    paddr_t block;
    err_t err;

    while (PAGE_SIZE << order < bytes)
        if (++order == PMM_ORDERS)
            return ERR_NOMEM;
    err = pmm_alloc_zeroed(order, &block);
    if (err == ERR_OK)
        *(void **)out = phys_to_virt(block);
    return err;
}

static err_t framebuffer_init(struct canvas *c, const struct boot_framebuffer *fb)
{
    err_t err = kernel_map_device(PADDR(fb->base), (uint64_t)fb->pitch * fb->height, &c->screen);

    if (err == ERR_OK)
        err = alloc_bytes((uint64_t)(c->w + TILE - 1) / TILE * c->h * sizeof(*c->sums), &c->sums);
    return err;
}

static err_t text_init(struct canvas *c)
{
    err_t err = kernel_map_device(PADDR(VGA_TEXT), VGA_COLUMNS * VGA_ROWS * 2, &c->screen);

    if (err == ERR_OK)
        err = alloc_bytes(VGA_COLUMNS * VGA_ROWS * sizeof(*c->letters), &c->letters);
    text_set_up();
    return err;
}

err_t canvas_init(struct canvas *c, const struct boot_framebuffer *fb)
{
    err_t err;

    canvas_shape(c, fb);
    err = alloc_bytes((uint64_t)c->w * c->h, &c->dots);
    if (err == ERR_OK)
        err = c->bytes ? framebuffer_init(c, fb) : text_init(c);
    return err;
}

static void text_flush(struct canvas *c)
{
    uint16_t *cell = c->screen;

    for (unsigned y = 0; y < VGA_ROWS; y++) {
        const shade_t *upper = c->dots + 2 * y * c->w, *lower = upper + c->w;

        for (unsigned x = 0; x < VGA_COLUMNS; x++, cell++) {
            struct letter letter = c->letters[y * VGA_COLUMNS + x];
            unsigned paper = shade_text(letter.c ? upper[x] : lower[x]);
            unsigned ink = shade_text(letter.c ? letter.ink : upper[x]);
            uint8_t code = letter.c ? (uint8_t)letter.c : UPPER_HALF;

            *cell = (uint16_t)(paper << 12 | ink << 8 | code);
        }
    }
}

/* A sum that tells nearly all rows of dots apart; 0 is nobody's (Knuth, TAOCP vol. 3, 6.4). */
static uint32_t tile_sum(const shade_t *dots, unsigned count)
{
    uint64_t sum = 0;

    for (unsigned i = 0; i < count; i += 8) {
        uint64_t word = 0;

        if (count - i >= 8)
            __builtin_memcpy(&word, dots + i, 8); /* one load */
        else
            memcpy(&word, dots + i, count - i);
        sum = (sum ^ word) * UINT64_C(0x9e3779b97f4a7c15);
        sum ^= sum >> 32;
    }
    return (uint32_t)sum | 1;
}

static void tile_flush(const struct canvas *c, const uint32_t *rgb, unsigned x, unsigned y,
                       unsigned count)
{
    const shade_t *dots = c->dots + y * c->w + x;
    volatile uint8_t *pixel = (uint8_t *)c->screen + y * c->pitch + x * c->bytes;

    for (unsigned i = 0; i < count; i++, pixel += c->bytes) {
        if (c->bytes == 4) {
            *(volatile uint32_t *)pixel = rgb[dots[i]];
            continue;
        }
        for (unsigned b = 0; b < 3; b++)
            pixel[b] = rgb[dots[i]] >> 8 * b & 0xff;
    }
}

static void framebuffer_flush(struct canvas *c)
{
    uint32_t rgb[KINDS * 4], *sum = c->sums;

    for (unsigned s = 0; s < KINDS * 4; s++)
        rgb[s] = shade_rgb((shade_t)s);
    for (unsigned y = 0; y < c->h; y++) {
        for (unsigned x = 0; x < c->w; x += TILE, sum++) {
            unsigned count = c->w - x < TILE ? c->w - x : TILE;
            uint32_t now = tile_sum(c->dots + y * c->w + x, count);

            if (now != *sum)
                tile_flush(c, rgb, x, y, count);
            *sum = now;
        }
    }
}

void canvas_flush(struct canvas *c)
{
    if (c->bytes)
        framebuffer_flush(c);
    else
        text_flush(c);
}
