/*
 * quire-view: a trace as one HTML page that needs nothing else.
 */
#include "block.h"
#include "cli.h"
#include "findings.h"
#include "page.h"

#include <errno.h>
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char help[] =
    "usage: ./quire view [OPTION...] TRACE [-o PAGE.html]\n"
    "\n"
    "Make one HTML page of a trace: open it in any browser, without a network. It shows\n"
    "the tasks in time, and at each instant physical memory, every address space, page\n"
    "tables, and in a sentence what happened. Traces are made by ./quire trace record.\n"
    "\n"
    "  -o PAGE.html    where to (default: the trace's name with .html)\n"
    "  --with TRACE    a second trace beside it: yours and the reference's\n"
    "  --result FILE   mark what ./quire grade found: its result as JSON\n"
    "  --from T        not what happened before this tick\n"
    "  --to T          not what happened after this tick\n"
    "  --events N      at most so many events (default: 250000); of a larger trace parts\n"
    "                  are left out, and the page says which\n"
    "  --at T          open the page at this tick\n"
    "  --title TEXT    the page's title (default: the command that was recorded)\n"
    "  --kernel FILE   the kernel with its symbols, if it is not where the trace says\n"
    "  --program FILE  a program with its symbols; repeat for more\n"
    "  --help          this text\n"
    "\n"
    "Exit status: 0 done, 2 usage, 3 no such file, no trace, or the page could not be\n"
    "written.\n";

enum {
    OPT_WITH = 256,
    OPT_RESULT,
    OPT_FROM,
    OPT_TO,
    OPT_EVENTS,
    OPT_AT,
    OPT_TITLE,
    OPT_KERNEL,
    OPT_PROGRAM,
    OPT_HELP
};

static const struct option options[] = {
    { "output", required_argument, NULL, 'o' },
    { "with", required_argument, NULL, OPT_WITH },
    { "result", required_argument, NULL, OPT_RESULT },
    { "from", required_argument, NULL, OPT_FROM },
    { "to", required_argument, NULL, OPT_TO },
    { "events", required_argument, NULL, OPT_EVENTS },
    { "at", required_argument, NULL, OPT_AT },
    { "title", required_argument, NULL, OPT_TITLE },
    { "kernel", required_argument, NULL, OPT_KERNEL },
    { "program", required_argument, NULL, OPT_PROGRAM },
    { "help", no_argument, NULL, OPT_HELP },
    { NULL, 0, NULL, 0 },
};

struct request {
    const char *trace, *with, *page, *result;
    struct subject_files files;
    struct block_wish wish;
};

enum { EVENTS_DEFAULT = 250000, EVENTS_MAX = 5000000 };

static uint64_t events_number(const char *text)
{
    uint64_t events = cli_option_number("--events", text);

    if (events < 1000 || events > EVENTS_MAX)
        cli_fail(CLI_USAGE, "--events takes a number from 1000 to %d, not '%s'", EVENTS_MAX, text);
    return events;
}

static void request_take_window(struct request *request, int key)
{
    struct selection_wish *wish = &request->wish.selection;

    if (key == OPT_FROM)
        wish->from_tick = cli_option_number("--from", optarg);
    else if (key == OPT_TO)
        wish->to_tick = cli_option_number("--to", optarg);
    else if (key == OPT_EVENTS)
        wish->limit = events_number(optarg);
    else
        request->wish.at = wish->near_tick = cli_option_number("--at", optarg);
}

static void request_take(struct request *request, int key, char **argv)
{
    struct subject_files *files = &request->files;

    switch (key) {
    case 'o':
        request->page = optarg;
        break;
    case OPT_WITH:
        request->with = optarg;
        break;
    case OPT_RESULT:
        request->result = optarg;
        break;
    case OPT_TITLE:
        request->wish.title = optarg;
        break;
    case OPT_KERNEL:
        files->kernel = optarg;
        break;
    case OPT_PROGRAM:
        if (files->programs == SUBJECT_PROGRAMS_MAX)
            cli_fail(CLI_USAGE, "at most %d times --program", SUBJECT_PROGRAMS_MAX);
        files->program[files->programs++] = optarg;
        break;
    case OPT_HELP:
        fputs(help, stdout);
        cli_exit(CLI_DONE);
    case ':':
        cli_fail(CLI_USAGE, "%s needs a value; see ./quire view --help", argv[optind - 1]);
    case '?':
        cli_fail(CLI_USAGE, "%s is not for here; ./quire view --help lists the options",
                 argv[optind - 1]);
    default:
        request_take_window(request, key);
        break;
    }
}

/* A program is recorded first; to say so is better than "no trace". */
static void trace_check(const char *path)
{
    char magic[4] = "";
    FILE *file = fopen(path, "rb");

    if (!file)
        cli_fail(CLI_ERROR, "cannot read %s: %m", path);
    if (fread(magic, 1, sizeof(magic), file) == sizeof(magic) && memcmp(magic, "\177ELF", 4) == 0)
        cli_fail(CLI_USAGE,
                 "%s is a program; record it first: ./quire trace record %s -o FILE.trace", path,
                 path);
    fclose(file);
}

static void request_read(struct request *request, int argc, char **argv)
{
    int key;

    opterr = 0;
    while ((key = getopt_long(argc, argv, ":o:", options, NULL)) != -1)
        request_take(request, key, argv);
    if (argc - optind != 1)
        cli_fail(CLI_USAGE, "view takes one trace; see ./quire view --help");
    request->trace = argv[optind];
    trace_check(request->trace);
    if (request->with)
        trace_check(request->with);
    if (request->result)
        request->wish.result = result_read(request->result);
    request->wish.result_path = request->result;
}

/* "a/cow.html" for "a/cow.trace". */
static char *page_name(const char *trace)
{
    const char *slash = strrchr(trace, '/'), *dot = strrchr(slash ? slash : trace, '.');
    int length =
        dot && dot != (slash ? slash + 1 : trace) ? (int)(dot - trace) : (int)strlen(trace);
    char *name;

    if (asprintf(&name, "%.*s.html", length, trace) < 0)
        cli_fail(CLI_ERROR, "not enough memory");
    return name;
}

static void block_of(const struct request *request, const char *path, struct buffer *out)
{
    struct subject subject;

    subject_open(&subject, path, &request->files);
    block_write(&subject, &request->wish, out);
    subject_close(&subject);
}

/* The whole page or none: a page that stands already is only replaced by a good one. */
static void page_write(const char *path, const struct buffer *page)
{
    char *part;
    FILE *out;

    if (asprintf(&part, "%s.part", path) < 0)
        cli_fail(CLI_ERROR, "not enough memory");
    out = fopen(part, "wb");
    if (!out || fwrite(page->data, 1, page->used, out) != page->used || fclose(out) != 0 ||
        rename(part, path) != 0) {
        int error = errno;

        unlink(part);
        errno = error;
        cli_fail(CLI_ERROR, "cannot write %s: %m", path);
    }
    free(part);
}

int main(int argc, char **argv)
{
    struct request request = { .wish = { .selection = { .to_tick = UINT64_MAX,
                                                        .limit = EVENTS_DEFAULT,
                                                        .near_tick = UINT64_MAX },
                                         .at = UINT64_MAX } };
    struct buffer block[2] = { { 0 } }, page = { 0 };
    char *name = NULL;

    request_read(&request, argc, argv);
    if (!request.page)
        request.page = name = page_name(request.trace);
    cli_keep_apart(request.trace, request.page);
    cli_keep_apart(request.with, request.page);
    cli_keep_apart(request.result, request.page);
    block_of(&request, request.trace, &block[0]);
    if (request.with)
        block_of(&request, request.with, &block[1]);
    page_make(block, request.with ? 2 : 1, &page);
    page_write(request.page, &page);
    fprintf(stderr, "quire: wrote %s, %zu KiB; open it in a browser\n", request.page,
            (page.used + 1023) / 1024);
    free(name);
    buffer_free(&block[0]);
    buffer_free(&block[1]);
    buffer_free(&page);
    cli_exit(CLI_DONE);
}
