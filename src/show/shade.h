/*
 * The map's colours. A dot is a shade: a kind of thing, four times, the darkest
 * first. Kinds that can be told from a frame alone come in the order in which they
 * win where one cell stands for several frames.
 *
 * Hues by Okabe and Ito ("Color Universal Design", 2008), which people with any
 * sort of colour vision can tell apart; copy-on-write and shared frames differ in
 * shape, too (frames.c).
 */
#pragma once

#include "lib/types.h"

enum kind {
    KIND_PAPER,  /* the screen behind everything */
    KIND_HOLE,   /* not RAM, or the firmware's */
    KIND_FREE,   /* nobody's */
    KIND_KERNEL, /* image, stacks, objects */
    KIND_TABLE,  /* page tables */
    KIND_OWNER,  /* one process's alone; KINDS_OWNER of these, see kind_of_pid */
    KIND_COW = 10,
    KIND_SHARED, /* more than one process's, and not copy-on-write */
    KIND_PANEL,  /* paper of a strip that stands out */
    KIND_INK,    /* letters */
    KIND_FLASH,  /* what has just changed */
    KIND_ZEROED, /* the same, by being filled with zeroes */
    KIND_ALERT,  /* what the person at the keys should see */
    KINDS,
    KINDS_OWNER = KIND_COW - KIND_OWNER,
};

typedef uint8_t shade_t;

/* level: 0 the darkest to 3. */
static inline shade_t shade(enum kind kind, unsigned level)
{
    return (shade_t)((unsigned)kind * 4 + level);
}

static inline enum kind shade_kind(shade_t s)
{
    return (enum kind)(s / 4);
}

/* The kind of frames that this process has for itself. */
static inline enum kind kind_of_pid(int pid)
{
    return (enum kind)(KIND_OWNER + (unsigned)(pid + KINDS_OWNER - 2) % KINDS_OWNER);
}

/* 0xrrggbb */
uint32_t shade_rgb(shade_t s);

/* The same in one of the 16 colours of a text screen, which are set to shade_text_rgb. */
unsigned shade_text(shade_t s);
uint32_t shade_text_rgb(unsigned colour);
