/*
 * `trace autopsy`: why the machine ended, on one screen.
 */
#include "autopsy.h"

#include "cli_options.h"
#include "commands.h"
#include "walk_text.h"
#include "words.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { EXCEPTIONS_SHOWN = 6, MOVES_SHOWN = 8 };

const char *autopsy_code(const struct autopsy *a, uint64_t rip, char *buf, size_t size)
{
    return code_at(a->subject->code, rip, buf, size);
}

void autopsy_place(FILE *out, const struct autopsy *a, uint64_t addr)
{
    subject_print_place(out, a->subject, addr);
}

static void print_verdict(const struct autopsy *a)
{
    static const char *const words[] = {
        [VERDICT_FINE] = "the run ended as it should",
        [VERDICT_TRIPLE_FAULT] = "triple fault: the CPU could not deliver an exception",
        [VERDICT_PANIC] = "the kernel gave up",
        [VERDICT_KILLED] = "a program was killed by an exception",
        [VERDICT_HANG] = "the machine did not come to an end",
        [VERDICT_HALTED] = "the CPU halted with interrupts off",
        [VERDICT_RESET] = "the machine was reset",
        [VERDICT_UNKNOWN] = "the trace has no end",
    };
    const struct space *space = spaces_get(a->subject->spaces, a->cursor.current);

    fprintf(a->out, "%s\n", words[a->verdict]);
    fprintf(a->out, "  at tick %" PRIu64 ", address space: %s", a->end_tick,
            space ? space->name : "unknown");
    if (a->verdict == VERDICT_HANG)
        fprintf(a->out, ", stopped by: %s", words_end(a->end));
    if (a->status[0]) {
        fprintf(a->out, "; last words to the host: ");
        cli_print_safe(a->out, a->last_line[0] ? a->last_line : a->status);
    }
    fprintf(a->out, "\n");
}

/* "open calls: f < g < h" */
static void print_calls(const struct autopsy *a, const struct open_exception *e)
{
    char name[256];

    for (unsigned i = 0; i < e->call_count && e->event.ring == 0; i++) {
        fprintf(a->out, "%s", i ? " < " : "     open calls: ");
        cli_print_safe(a->out, subject_function(a->subject, e->call[i], name, sizeof(name)));
    }
    if (e->call_count && e->event.ring == 0)
        fputc('\n', a->out);
}

static void print_exception(const struct autopsy *a, unsigned i)
{
    const struct trace_event *event = &a->chain[i].event;
    char name[WORDS_MAX], why[WORDS_MAX], code[160];
    const char *detail = words_error(event->what, event->v[0], why);

    fprintf(a->out, "  %u. %s", i + 1, words_exception(event->what, name));
    if (event->what == VECTOR_PF)
        fprintf(a->out, " at 0x%" PRIx64, event->v[1]);
    if (*detail)
        fprintf(a->out, ": %s (error 0x%" PRIx64 ")", detail, event->v[0]);
    fprintf(a->out, "\n");
    if (chain_is_delivery(a, i)) {
        fprintf(a->out, "     at once, while the CPU was delivering exception %u\n", i);
        return;
    }
    fprintf(a->out, "     tick %" PRIu64 ", ring %u, in ", event->tick, event->ring);
    autopsy_place(a->out, a, event->rip);
    if (*autopsy_code(a, event->rip, code, sizeof(code)))
        fprintf(a->out, ": %s", code);
    fprintf(a->out, "; RSP 0x%" PRIx64 "\n", event->v[2]);
    print_calls(a, &a->chain[i]);
}

static void print_chain(const struct autopsy *a)
{
    if (a->chain_count == 0)
        return;
    fprintf(a->out, "\nexceptions, none of them returned from%s\n",
            a->open_dropped ? " (the first and the last)" : "");
    for (unsigned i = 0; i < a->chain_count; i++) {
        if (i == 0 || i + EXCEPTIONS_SHOWN > a->chain_count)
            print_exception(a, i);
        else if (i == 1)
            fprintf(a->out, "  ...\n");
    }
}

/* The address to walk: of the first page fault in the chain, else the instruction's. */
static void print_walk(const struct autopsy *a)
{
    const struct open_exception *e = NULL;
    uint64_t va;

    for (unsigned i = 0; i < a->chain_count && !e; i++) {
        if (a->chain[i].event.what == VECTOR_PF)
            e = &a->chain[i];
    }
    if (!e)
        return;
    va = e->event.v[1];
    if (!replay_seek(a->replay, e->number))
        return;
    fprintf(a->out, "\nwalk of 0x%" PRIx64 " from CR3 0x%" PRIx64 ", just before\n", va,
            replay_cr3(a->replay));
    walk_print(a->out, a->subject, a->replay, replay_cr3(a->replay), va);
}

static void print_move_target(const struct autopsy *a, const struct move *move)
{
    bool has_from = move->from || move->kind >= MOVE_EXCEPTION;
    const struct trace_event event = { .what = move->what };
    const char *name = call_name(a->subject->calls, &event);

    if (has_from)
        autopsy_place(a->out, a, move->from);
    else if (move->kind == MOVE_RETURN && name) {
        fprintf(a->out, "from ");
        cli_print_safe(a->out, name);
        has_from = true;
    }
    if (has_from && move->to)
        fprintf(a->out, " to ");
    if (move->to)
        autopsy_place(a->out, a, move->to);
}

static void print_move(const struct autopsy *a, const struct move *move, unsigned times)
{
    char text[WORDS_MAX];

    fprintf(a->out, "  ");
    switch (move->kind) {
    case MOVE_JUMP:
        fprintf(a->out, "jump       ");
        break;
    case MOVE_CALL:
        fprintf(a->out, "call       ");
        break;
    case MOVE_RETURN:
        fprintf(a->out, "return     ");
        break;
    case MOVE_TRANSFER:
        fprintf(a->out, "%-10s ", words_transfer(move->what));
        break;
    case MOVE_EXCEPTION:
        fprintf(a->out, "%.3s in     ", words_exception(move->what, text));
        break;
    case MOVE_INTERRUPT:
        fprintf(a->out, "irq 0x%02x in ", move->what);
        break;
    }
    print_move_target(a, move);
    if (times > 1)
        fprintf(a->out, ", %u times", times);
    fprintf(a->out, "\n");
}

static bool move_equals(const struct move *a, const struct move *b)
{
    return a->kind == b->kind && a->from == b->from && a->to == b->to && a->what == b->what;
}

/* Runs of the same transfer take one line; the last few runs are shown. */
static void print_moves(const struct autopsy *a)
{
    unsigned first[MOVES_MAX], runs = 0;

    for (unsigned i = 0; i < a->move_count; i++) {
        if (i == 0 || !move_equals(&a->move[i], &a->move[i - 1]))
            first[runs++] = i;
    }
    if (runs == 0)
        return;
    fprintf(a->out, "\nlast control transfers\n");
    for (unsigned r = runs > MOVES_SHOWN ? runs - MOVES_SHOWN : 0; r < runs; r++) {
        unsigned end = r + 1 < runs ? first[r + 1] : a->move_count;

        print_move(a, &a->move[first[r]], end - first[r]);
    }
}

static void autopsy_print(const struct autopsy *a)
{
    print_verdict(a);
    if (a->verdict == VERDICT_FINE)
        return;
    print_chain(a);
    print_walk(a);
    print_moves(a);
    fprintf(a->out, "\nlook at\n");
    autopsy_judge(a, a->out);
}

static const struct option autopsy_options[] = { CLI_OPTIONS, { NULL, 0, NULL, 0 } };

/* Find out and print; a fine end is worth a line only where the user asked. */
static enum verdict autopsy_run(struct subject *subject, FILE *out, bool asked)
{
    static struct autopsy autopsy;

    autopsy = (struct autopsy){ .subject = subject, .out = out };
    autopsy.replay = replay_new(subject->trace);
    if (!autopsy.replay)
        cli_fail(CLI_ERROR, "not enough memory");
    autopsy_find_facts(&autopsy);
    autopsy_find_moves(&autopsy);
    if (asked || autopsy.verdict != VERDICT_FINE)
        autopsy_print(&autopsy);
    replay_free(autopsy.replay);
    free(autopsy.user_open);
    free(autopsy.ring);
    return autopsy.verdict;
}

void autopsy_report(const char *path)
{
    struct subject subject;

    subject_open(&subject, path, &(struct subject_files){ 0 });
    autopsy_run(&subject, stderr, false);
    subject_close(&subject);
}

int autopsy_main(int argc, char **argv)
{
    struct cli_line line = { .command = "autopsy", .argc = argc, .argv = argv };
    struct subject subject;
    enum verdict verdict;

    if (cli_next_option(&line, autopsy_options) != -1)
        cli_fail(CLI_USAGE, "autopsy has no option -o");
    subject_open(&subject, cli_operands(&line, 1)[0], &line.files);
    verdict = autopsy_run(&subject, stdout, true);
    subject_close(&subject);
    return verdict == VERDICT_FINE ? CLI_DONE : CLI_FAILED;
}
