/*
 * Options that all commands take, and the loop over a command's own.
 */
#pragma once

#include "cli.h"

#include <getopt.h>

enum {
    OPT_HELP = 256,
    OPT_KERNEL,
    OPT_PROGRAM,
    OPT_FIRST_OWN, /* commands number theirs from here */
};

#define CLI_OPTIONS                                                                                \
    { "help", no_argument, NULL, OPT_HELP }, { "kernel", required_argument, NULL, OPT_KERNEL },    \
    {                                                                                              \
        "program", required_argument, NULL, OPT_PROGRAM                                            \
    }

/* A command's line being read. */
struct cli_line {
    const char *command; /* for messages and help */
    int argc;
    char **argv;
    struct subject_files files;
};

/*
 * The next option that is the command's own (its value is in optarg), or -1
 * behind the last. --help and mistakes end the program. What is no option may
 * stand anywhere and comes last.
 */
int cli_next_option(struct cli_line *line, const struct option *options);

/* What is left after the options, or CLI_USAGE if its number is not this. */
char **cli_operands(const struct cli_line *line, int count);
