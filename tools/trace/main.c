/*
 * quire-trace: record what the CPU does, and read it. Start reading here; each
 * command has a file of its name.
 */
#include "bench.h"
#include "cli.h"
#include "commands.h"
#include "help.h"
#include "record.h"

#include <string.h>

static const struct {
    const char *name;
    int (*run)(int argc, char **argv);
} commands[] = {
    { "record", record_main }, { "show", show_main },       { "stat", stat_main },
    { "walk", walk_main },     { "diff", diff_main },       { "export", export_main },
    { "bench", bench_main },   { "autopsy", autopsy_main },
};

int main(int argc, char **argv)
{
    if (argc < 2) {
        help_print_all(stderr);
        return CLI_USAGE;
    }
    if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "help") == 0) {
        help_print_all(stdout);
        cli_exit(CLI_DONE);
    }
    for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++) {
        if (strcmp(commands[i].name, argv[1]) == 0)
            cli_exit((enum cli_status)commands[i].run(argc - 1, argv + 1));
    }
    cli_fail(CLI_USAGE, "trace has no command '%s'; ./quire trace --help lists them", argv[1]);
}
