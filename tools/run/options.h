/*
 * The command line of `./quire run` and `./quire debug`, checked.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { OPTION_LIST_MAX = 256 };

struct option_list {
    size_t count;
    char *item[OPTION_LIST_MAX];
};

/* The usual: where it cannot be taken for what the program wrote. */
enum autopsy_wish { AUTOPSY_USUAL, AUTOPSY_ALWAYS, AUTOPSY_NEVER };

enum emulator_kind { EMULATOR_QEMU, EMULATOR_BOCHS };

struct run_options {
    enum emulator_kind emulator;
    bool uefi;   /* OVMF instead of the BIOS */
    bool direct; /* QEMU loads the kernel itself, without GRUB */
    bool gui;    /* show the emulator's screen */
    bool map;    /* the live map on it; the terminal's keys are the map's */
    bool keys;   /* a terminal's keys go to the program one by one */
    bool log;    /* the kernel's log on standard error */
    /* After a failure under Bochs, run it again to see why. */
    enum autopsy_wish autopsy;
    bool debug;         /* the machine waits for a debugger, before its first instruction */
    const char *server; /* and at this socket, for one that somebody else starts; NULL: gdb, here */
    uint64_t mem_mib;
    double timeout; /* seconds; 0: none */
    uint64_t seed;
    const char *kernel;       /* the kernel's ELF file */
    const char *iso;          /* only make the image, here; NULL: run */
    const char *pack;         /* only make the archive of program and files, here */
    struct option_list env;   /* K=V */
    struct option_list files; /* HOST or HOST=GUEST */
    struct option_list kernel_args;
    char **program; /* PROG and its arguments, NULL-terminated; NULL: the demo */
};

/* Fill in the defaults and what argv says. Mistakes end the run with 125, --help with 0. */
void options_parse(struct run_options *options, int argc, char **argv);
