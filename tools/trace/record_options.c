/*
 * Our own options are taken out of the command line, the rest goes to the
 * runner's parser. All options stand before PROG but -o, which may also be the
 * last but one word.
 */
#include "record_options.h"

#include "report.h"

#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TICKS_DEFAULT  20000000000ull
#define EVENTS_DEFAULT 50000000ull

/* Options of the runner with a value, as a word of its own behind them. */
static const char *const valued[] = { "--mem",  "--timeout", "--seed",       "--env",
                                      "--file", "--kernel",  "--kernel-arg", "--status" };
static const char *const refused[] = { "--qemu", "--uefi", "--gui", "--iso", "--debug" };

static _Noreturn void record_help(void)
{
    FILE *file = fopen(QUIRE_ROOT "/tools/trace/record.txt", "r");
    int c;

    if (!file)
        report_fail("cannot read tools/trace/record.txt: %m");
    while ((c = getc(file)) != EOF)
        putchar(c);
    exit(0);
}

static uint64_t record_number(const char *option, const char *text)
{
    char *end;
    unsigned long long value;

    errno = 0;
    value = strtoull(text, &end, 10);
    if (errno || *end || text[0] < '0' || text[0] > '9')
        report_fail("%s wants a number, not '%s'; see ./quire trace record --help", option, text);
    return value;
}

/* Where the text of an option goes; NULL: it is none of these. */
static const char **record_text(struct record_options *options, const char *word)
{
    const struct {
        const char *word, **text;
    } texts[] = { { "-o", &options->out },
                  { "--archive", &options->archive },
                  { "--ram-dump", &options->ram_dump },
                  { "--calls", &options->calls },
                  { "--challenge", &options->challenge },
                  { "--jitter", &options->jitter } };

    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        if (strcmp(word, texts[i].word) == 0)
            return texts[i].text;
    return NULL;
}

/* One of ours with a value; false if it is none. */
static bool record_take_value(struct record_options *options, const char *word, const char *value)
{
    const char **text = record_text(options, word);
    uint64_t *number = strcmp(word, "--max-ticks") == 0    ? &options->max_ticks
                       : strcmp(word, "--max-events") == 0 ? &options->max_events
                                                           : NULL;
    bool hole = strcmp(word, "--hole") == 0;

    if (!text && !number && !hole)
        return false;
    if (!value)
        report_fail("%s needs a value; see ./quire trace record --help", word);
    if (hole)
        holes_add(&options->holes, value);
    else if (text)
        *text = value;
    else
        *number = record_number(word, value);
    return true;
}

static bool record_take_flag(struct record_options *options, const char *word)
{
    if (strcmp(word, "--help") == 0)
        record_help();
    for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++)
        if (strcmp(word, refused[i]) == 0)
            report_fail("%s makes no sense for a recording; see ./quire trace record --help", word);
    if (strcmp(word, "--grub") == 0 || strcmp(word, "--direct") == 0)
        options->grub = word[2] == 'g';
    else if (strcmp(word, "--plain") == 0)
        options->plain = true;
    else if (strcmp(word, "--no-program") == 0)
        options->bare = true;
    else if (strcmp(word, "--user-state") == 0)
        options->user_state = true;
    else
        return strcmp(word, "--bochs") == 0;
    return true;
}

static bool record_is_valued(const char *word)
{
    for (size_t i = 0; i < sizeof(valued) / sizeof(valued[0]); i++)
        if (strcmp(word, valued[i]) == 0)
            return true;
    return false;
}

/* What is left for the runner, up to and with PROG's words; argv ends before a trailing -o FILE. */
static int record_filter(struct record_options *options, int argc, char **argv, char **rest)
{
    int count = 0, i = 1;

    rest[count++] = argv[0];
    while (i < argc && argv[i][0] == '-' && strcmp(argv[i], "--") != 0) {
        if (record_take_flag(options, argv[i])) {
            i++;
        } else if (record_take_value(options, argv[i], i + 1 < argc ? argv[i + 1] : NULL)) {
            i += 2;
        } else {
            rest[count++] = argv[i];
            if (record_is_valued(argv[i++]) && i < argc)
                rest[count++] = argv[i++];
        }
    }
    while (i < argc)
        rest[count++] = argv[i++];
    rest[count] = NULL;
    return count;
}

/* "N", or "at:T,T,..." */
static void record_check_jitter(const char *text)
{
    if (strncmp(text, "at:", 3) != 0) {
        record_number("--jitter", text);
        return;
    }
    if (!text[3] || strspn(text + 3, "0123456789,") != strlen(text + 3) || strstr(text, ",,"))
        report_fail("--jitter wants a number or at:T,T..., not '%s'", text);
}

static void record_check(struct record_options *options)
{
    if (options->jitter)
        record_check_jitter(options->jitter);
    if (options->challenge)
        options->key = record_number("--challenge", options->challenge);
    if (options->grub && options->holes.count > 0)
        report_fail("--hole needs --direct: GRUB takes the memory map from the BIOS");
    if (!options->out && !options->plain)
        report_fail("-o FILE says where the trace goes; see ./quire trace record --help");
    if ((options->out && strchr(options->out, '\n')) ||
        (options->ram_dump && strchr(options->ram_dump, '\n')))
        report_fail("a file's name must not hold a line's end");
    if (options->bare && (options->archive || options->run.program))
        report_fail("--no-program boots the kernel alone; leave out the program or archive");
}

void record_options_parse(struct record_options *options, int argc, char **argv)
{
    char **rest = calloc((size_t)argc + 3, sizeof(*rest));
    static char bochs[] = "--bochs";
    int count;

    if (!rest)
        report_fail("out of memory");
    *options = (struct record_options){ .calls = NULL,
                                        .max_ticks = TICKS_DEFAULT,
                                        .max_events = EVENTS_DEFAULT };
    if (argc > 2 && strcmp(argv[argc - 2], "-o") == 0) {
        options->out = argv[argc - 1];
        argc -= 2;
    }
    count = record_filter(options, argc, argv, rest);
    memmove(rest + 2, rest + 1, (size_t)count * sizeof(*rest));
    rest[1] = bochs;
    optind = 0;
    options_parse(&options->run, count + 1, rest);
    record_check(options);
}
