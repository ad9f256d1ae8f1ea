/*
 * `trace show`: events as text, one a line.
 */
#include "cli_options.h"
#include "commands.h"
#include "event_text.h"
#include "filter.h"

enum {
    OPT_KIND = OPT_FIRST_OWN,
    OPT_TASK,
    OPT_CR3,
    OPT_ADDRESS,
    OPT_SYMBOL,
    OPT_FROM,
    OPT_TO,
    OPT_RING,
};

static const struct option show_options[] = {
    CLI_OPTIONS,
    { "kind", required_argument, NULL, OPT_KIND },
    { "task", required_argument, NULL, OPT_TASK },
    { "cr3", required_argument, NULL, OPT_CR3 },
    { "address", required_argument, NULL, OPT_ADDRESS },
    { "symbol", required_argument, NULL, OPT_SYMBOL },
    { "from", required_argument, NULL, OPT_FROM },
    { "to", required_argument, NULL, OPT_TO },
    { "ring", required_argument, NULL, OPT_RING },
    { NULL, 0, NULL, 0 },
};

static void show_take_option(struct filter *filter, int key)
{
    switch (key) {
    case OPT_KIND:
        filter_take_kinds(filter, optarg);
        break;
    case OPT_TASK:
        filter->task = optarg;
        break;
    case OPT_CR3:
        filter->by_cr3 = true;
        filter->cr3 = cli_option_number("--cr3", optarg);
        break;
    case OPT_ADDRESS:
        filter_take_address(filter, optarg);
        break;
    case OPT_SYMBOL:
        filter->symbol = optarg;
        break;
    case OPT_FROM:
        filter->from = cli_option_number("--from", optarg);
        break;
    case OPT_TO:
        filter->to = cli_option_number("--to", optarg);
        break;
    case OPT_RING:
        filter->ring = (int)(cli_option_number("--ring", optarg) & 0xff);
        break;
    default:
        cli_fail(CLI_USAGE, "show has no option -o");
    }
}

struct show {
    const struct subject *subject;
    const struct filter *filter;
    struct space_cursor cursor;
};

static bool show_visit(void *arg, uint64_t n, const struct trace_event *event)
{
    struct show *show = arg;

    space_cursor_step(&show->cursor, n, event);
    if (filter_takes(show->filter, show->subject, &show->cursor, event))
        event_print_line(stdout, show->subject, space_cursor_name(&show->cursor), event);
    return event->tick <= show->filter->to && !ferror(stdout);
}

int show_main(int argc, char **argv)
{
    struct cli_line line = { .command = "show", .argc = argc, .argv = argv };
    struct filter filter = FILTER_ALL;
    struct subject subject;
    int key;

    while ((key = cli_next_option(&line, show_options)) != -1)
        show_take_option(&filter, key);
    subject_open(&subject, cli_operands(&line, 1)[0], &line.files);
    filter_prepare(&filter, &subject);
    event_print_heading(stdout);
    trace_scan(subject.trace, 0, trace_events(subject.trace), show_visit,
               &(struct show){ &subject, &filter, { subject.spaces, 0 } });
    subject_close(&subject);
    return CLI_DONE;
}
