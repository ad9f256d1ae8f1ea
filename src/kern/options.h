/*
 * Words of the kernel's command line.
 *
 *     seed=N      start of all randomness that programs see; default 1
 *     test        run the in-kernel tests instead of a program
 *     crash=KIND  provoke this panic after boot (kern/crash.c)
 *
 * Others are named on the log and ignored.
 */
#pragma once

#include "lib/types.h"

struct kernel_options {
    uint64_t seed;
    bool run_tests;
    char crash[24]; /* empty: none */
};

extern struct kernel_options kernel_options; /* (!) */

void options_parse(const char *cmdline);
