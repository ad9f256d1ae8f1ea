#include "cli_options.h"

#include "help.h"

static void line_add_program(struct cli_line *line, const char *path)
{
    if (line->files.programs == SUBJECT_PROGRAMS_MAX)
        cli_fail(CLI_USAGE, "at most %d times --program", SUBJECT_PROGRAMS_MAX);
    line->files.program[line->files.programs++] = path;
}

int cli_next_option(struct cli_line *line, const struct option *options)
{
    int key;

    opterr = 0;
    while ((key = getopt_long(line->argc, line->argv, ":o:", options, NULL)) != -1) {
        switch (key) {
        case OPT_HELP:
            help_print(line->command);
            cli_exit(CLI_DONE);
        case OPT_KERNEL:
            line->files.kernel = optarg;
            break;
        case OPT_PROGRAM:
            line_add_program(line, optarg);
            break;
        case ':':
            cli_fail(CLI_USAGE, "%s needs a value; see ./quire trace %s --help",
                     line->argv[optind - 1], line->command);
        case '?':
            cli_fail(CLI_USAGE, "%s is not for here; ./quire trace %s --help lists the options",
                     line->argv[optind - 1], line->command);
        default:
            return key;
        }
    }
    return -1;
}

char **cli_operands(const struct cli_line *line, int count)
{
    if (line->argc - optind != count)
        cli_fail(CLI_USAGE, "./quire trace %s takes %d argument%s besides options; see its --help",
                 line->command, count, count == 1 ? "" : "s");
    return line->argv + optind;
}
