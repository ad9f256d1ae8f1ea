/*
 * `trace export`: for other viewers.
 */
#include "export.h"

#include "cli_options.h"
#include "commands.h"

#include <stdlib.h>

enum { OPT_PERFETTO = OPT_FIRST_OWN, OPT_CTF };

static const struct option export_options[] = {
    CLI_OPTIONS,
    { "perfetto", no_argument, NULL, OPT_PERFETTO },
    { "ctf", no_argument, NULL, OPT_CTF },
    { NULL, 0, NULL, 0 },
};

uint64_t export_ns(const struct subject *subject, uint64_t tick)
{
    const char *text = trace_parameter(subject->trace, "ips");
    uint64_t ips;

    if (!text || !cli_number(text, &ips) || ips == 0)
        ips = 10000000;
    return (uint64_t)((unsigned __int128)tick * 1000000000 / ips);
}

static void export_to_file(struct subject *subject, const char *path)
{
    FILE *out = fopen(path, "w");

    if (!out)
        cli_fail(CLI_ERROR, "cannot write %s: %m", path);
    export_perfetto(subject, out);
    if (ferror(out) || fclose(out) != 0)
        cli_fail(CLI_ERROR, "cannot write %s: %m", path);
}

int export_main(int argc, char **argv)
{
    struct cli_line line = { .command = "export", .argc = argc, .argv = argv };
    const char *trace, *target = NULL;
    struct subject subject;
    int format = 0, key;

    while ((key = cli_next_option(&line, export_options)) != -1) {
        if (key == 'o')
            target = optarg;
        else if (format)
            cli_fail(CLI_USAGE, "export writes one format at a time");
        else
            format = key;
    }
    if (!format)
        cli_fail(CLI_USAGE, "export to what? give --perfetto or --ctf");
    if (!target)
        cli_fail(CLI_USAGE, "export where to? give -o OUT");
    trace = cli_operands(&line, 1)[0];
    cli_keep_apart(trace, target);
    subject_open(&subject, trace, &line.files);
    if (format == OPT_PERFETTO)
        export_to_file(&subject, target);
    else
        export_ctf(&subject, target);
    subject_close(&subject);
    return CLI_DONE;
}
