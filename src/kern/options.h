/*
 * Words of the kernel's command line.
 *
 *     seed=N      start of all randomness that programs see; default 1
 *     test        run the in-kernel tests instead of a program
 *     crash=KIND  provoke this panic after boot (kern/crash.c)
 *     show        draw the live map (src/show); show=N: starting at N events a second
 *     zoom        with show: begin with the close view
 *     text        with show: on the VGA's text screen, though there may be a better one
 *     hold        with show: wait for a key where the program ends
 *     again       restart the machine at the end, for a loader with a menu
 *
 * Others are named on the log and ignored.
 */
#pragma once

#include "lib/types.h"

struct kernel_options {
    uint64_t seed;
    bool run_tests, again;
    bool show, zoom, text, hold;
    uint64_t show_speed; /* events a second; 0: as fast as it goes */
    char crash[24];      /* empty: none */
};

extern struct kernel_options kernel_options; /* (!) */

void options_parse(const char *cmdline);
