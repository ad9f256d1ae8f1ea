/*
 * One recording in the box. Inside there are, under fixed names, so that the same
 * machine gives the same trace wherever the grading takes place:
 *
 *     /lab/quire.elf   the submission's kernel       /lab/out   the trace, writable
 *     /lab/NAME        the program                    the recorder, where it is
 */
#include "box.h"
#include "machine.h"
#include "text.h"
#include "words_safe.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    RECORD_WALL_SECONDS = 120,
    TICKS_PER_WALL_SECOND = 200000, /* less than a hundredth of what Bochs does on an idle core */
    RECORD_WORDS_MAX = 160,
    EVENTS_MAX = 2000000, /* four times what a lab's machine has; reading them takes time */
};

/* Exit statuses of quire-trace record after which the trace says how the machine ended. */
static const int ended[] = { 0, 116, 117, 118, 119, 122 };

struct words {
    char *at[RECORD_WORDS_MAX + 1];
    size_t count;
};

static void words_add(struct words *words, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

static void words_add(struct words *words, const char *format, ...)
{
    va_list list;

    if (words->count == RECORD_WORDS_MAX)
        return;
    va_start(list, format);
    if (vasprintf(&words->at[words->count], format, list) < 0)
        abort();
    va_end(list);
    words->at[++words->count] = NULL;
}

static void words_free(struct words *words)
{
    for (size_t i = 0; i < words->count; i++)
        free(words->at[i]);
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');

    return slash ? slash + 1 : path;
}

static void add_machine(struct words *words, const struct machine *m)
{
    const struct rubric_run *run = m->run;

    words_add(words, "--mem");
    words_add(words, "%uM", run->mem_mib);
    words_add(words, "--seed");
    words_add(words, "%" PRIu64, m->seed);
    words_add(words, "--max-ticks");
    words_add(words, "%" PRIu64, run->budget);
    words_add(words, "--max-events");
    words_add(words, "%d", EVENTS_MAX);
    words_add(words, "--challenge");
    words_add(words, "%" PRIu64, m->key);
    if (m->jitter > 0) {
        words_add(words, "--jitter");
        words_add(words, "%u", m->jitter);
    }
    if (run->grub)
        words_add(words, "--grub");
    if (m->program[0]) /* reports count while ring 3 goes on as it was left */
        words_add(words, "--user-state");
    for (size_t i = 0; i < run->holes.count; i++) {
        words_add(words, "--hole");
        words_add(words, "%s", run->holes.at[i]);
    }
    for (size_t i = 0; i < run->kernel_args.count; i++) {
        words_add(words, "--kernel-arg");
        words_add(words, "%s", run->kernel_args.at[i]);
    }
}

static void add_calls(struct words *words, const struct rubric_run *run)
{
    char list[2048] = "";
    size_t used = 0;

    for (size_t i = 0; i < run->calls.count && used < sizeof(list); i++)
        used += (size_t)snprintf(list + used, sizeof(list) - used, "%s%s", i ? "," : "",
                                 run->calls.at[i]);
    if (run->calls.count > 0) {
        words_add(words, "--calls");
        words_add(words, "%s", list);
    }
}

/* An argument with {seed} in it gets the guest's seed. */
static void add_argument(struct words *words, const char *text, uint64_t seed)
{
    const char *mark = strstr(text, "{seed}");

    if (mark)
        words_add(words, "%.*s%" PRIu64 "%s", (int)(mark - text), text, seed, mark + 6);
    else
        words_add(words, "%s", text);
}

static void add_program(struct words *words, const struct grading *g, const struct machine *m)
{
    words_add(words, "-o");
    if (g->options->open)
        words_add(words, "%s", m->trace);
    else
        words_add(words, "/lab/out/%s", base_name(m->trace));
    if (!m->program[0]) {
        words_add(words, "--no-program");
        return;
    }
    if (g->options->open)
        words_add(words, "%s", m->program);
    else
        words_add(words, "/lab/%s", base_name(m->program));
    for (size_t i = 0; i < m->run->args.count; i++)
        add_argument(words, m->run->args.at[i], m->seed);
}

/* What the guest prints is nobody's business; the recorder's last lines are. */
static const char quietly[] = "\"$@\" 2>&1 >/dev/null | tail -c 2000; exit \"${PIPESTATUS[0]}\"";

static bool record_judge(const struct box_outcome *outcome, char *error, size_t error_size)
{
    char *text;

    for (size_t i = 0; outcome->end == BOX_EXITED && i < sizeof(ended) / sizeof(ended[0]); i++) {
        if (outcome->status == ended[i])
            return true;
    }
    if (outcome->end != BOX_EXITED)
        return text_fail(error, error_size, "the recording: %s", outcome->reason);
    text = words_safe(outcome->output ? outcome->output : "", 2000);
    for (size_t length = strlen(text); length > 0 && text[length - 1] == '\n'; length--)
        text[length - 1] = '\0';
    text_fail(error, error_size, "the recording ended with status %d: %.300s", outcome->status,
              strrchr(text, '\n') ? strrchr(text, '\n') + 1 : text);
    free(text);
    return false;
}

bool machine_record(const struct grading *g, const struct machine *m, char *error,
                    size_t error_size)
{
    char program[PATH_MAX], out[PATH_MAX];
    const struct box_bind reads[] = { { g->kernel, "/lab/quire.elf" },
                                      { QUIRE_BUILD "/tools/trace", NULL },
                                      { QUIRE_ROOT "/iso", NULL },
                                      { m->program[0] ? m->program : NULL, program },
                                      { 0 } };
    const struct box_bind writes[] = { { out, "/lab/out" }, { 0 } };
    struct words words = { 0 };
    struct box box = {
        .reads = reads,
        .writes = writes,
        .open = g->options->open,
        .limits = { .wall_seconds =
                        RECORD_WALL_SECONDS + (unsigned)(m->run->budget / TICKS_PER_WALL_SECOND),
                    .file_bytes = UINT64_C(2) << 30,
                    .disk_bytes = UINT64_C(2) << 30 },
    };
    struct box_outcome outcome;
    bool good;

    snprintf(program, sizeof(program), "/lab/%.200s", base_name(m->program));
    snprintf(out, sizeof(out), "%.*s", (int)(base_name(m->trace) - m->trace - 1), m->trace);
    words_add(&words, "/bin/bash");
    words_add(&words, "-c");
    words_add(&words, "%s", quietly);
    words_add(&words, "record");
    words_add(&words, "%s", QUIRE_TRACE_TOOL);
    words_add(&words, "record");
    words_add(&words, "--kernel");
    words_add(&words, "%s", g->options->open ? g->kernel : "/lab/quire.elf");
    add_machine(&words, m);
    add_calls(&words, m->run);
    add_program(&words, g, m);
    box.command = (const char *const *)words.at;
    box_run(&box, &outcome);
    good = record_judge(&outcome, error, error_size);
    box_outcome_free(&outcome);
    words_free(&words);
    return good;
}
