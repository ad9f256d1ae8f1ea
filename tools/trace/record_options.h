/*
 * The command line of `./quire trace record`: that of `./quire run`, as far as
 * it makes sense, and what only a recording has.
 */
#pragma once

#include "options.h"
#include "record_holes.h"

struct record_options {
    struct run_options run;
    const char *out;       /* the trace */
    const char *archive;   /* boot this one, already packed, instead of a program */
    const char *ram_dump;  /* RAM at the end goes here; NULL: nowhere */
    const char *calls;     /* "all", "none" or patterns with commas between; NULL: usual ones */
    bool grub;             /* boot by BIOS and GRUB, not directly */
    bool plain;            /* the same machine without the recorder, to compare times */
    bool bare;             /* the kernel gets no archive at all */
    bool user_state;       /* record ring 3's registers at its border */
    const char *challenge; /* key, a number: record challenges and witnesses; NULL: do not */
    uint64_t key;
    const char *jitter;             /* how timer interrupts are moved; NULL: not */
    struct hole_list holes;         /* what the memory map does not offer */
    uint64_t max_ticks, max_events; /* 0: none */
};

/* Fill in what argv says. Mistakes end the run with 125, --help with 0. */
void record_options_parse(struct record_options *options, int argc, char **argv);
