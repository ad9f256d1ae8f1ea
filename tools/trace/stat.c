/*
 * `trace stat`: what a run consisted of, in numbers.
 */
#include "cli_options.h"
#include "commands.h"
#include "words.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { LINE_LONG = 90 };

/* Ticks by what they were spent on. Idle: from HLT to the next event. */
enum phase { PHASE_BOOT, PHASE_KERNEL, PHASE_USER, PHASE_IDLE, PHASES };

struct space_counts {
    uint64_t ticks[PHASES];
    uint64_t switches; /* to it */
    uint64_t calls;    /* system calls */
    uint64_t not_present, write_protected, other_faults;
    uint64_t entries; /* page-table entries that the kernel wrote while it was loaded */
    uint64_t flushes;
};

struct stat {
    const struct subject *subject;
    struct space_cursor cursor;
    struct space_counts *space; /* by number; 0: before the first */
    uint64_t kind[EVENT_KINDS];
    uint64_t vector[256];
    uint64_t ticks[PHASES];
    uint64_t switches, reloads, invlpg, invpcid, global_flushes;
    uint64_t first_tick, last_tick;
    uint32_t end; /* enum trace_end; 0: none */
    enum phase phase;
    bool any;
};

static void stat_add_ticks(struct stat *stat, uint64_t tick)
{
    uint64_t passed = tick - stat->last_tick;

    if (!stat->any) {
        stat->first_tick = tick;
        passed = 0;
    }
    stat->any = true;
    stat->ticks[stat->phase] += passed;
    stat->space[stat->cursor.current].ticks[stat->phase] += passed;
    stat->last_tick = tick;
}

/* The phase that an event leaves the CPU in. The boot ends where ring 3 is entered first. */
static void stat_set_phase(struct stat *stat, const struct trace_event *event)
{
    bool to_user = event->kind == EVENT_TRANSFER && (event->v[3] & 3) == 3;

    if (event->kind == EVENT_USER_STATE && event->what == USER_STATE_LEAVES)
        return;
    if (event->kind == EVENT_HALT && stat->phase != PHASE_BOOT)
        stat->phase = PHASE_IDLE;
    else if (to_user || (event->ring == 3 && event->kind != EVENT_TRANSFER &&
                         event->kind != EVENT_EXCEPTION && event->kind != EVENT_INTERRUPT))
        stat->phase = PHASE_USER;
    else if (stat->phase != PHASE_BOOT)
        stat->phase = PHASE_KERNEL;
}

static void stat_count_fault(struct space_counts *space, uint64_t error)
{
    if (!(error & ERROR_P))
        space->not_present++;
    else if ((error & (ERROR_W | ERROR_RSVD)) == ERROR_W)
        space->write_protected++;
    else
        space->other_faults++;
}

static void stat_count_cr(struct stat *stat, struct space_counts *space,
                          const struct trace_event *event)
{
    if (event->what == 3 && event->v[0] == event->v[1]) {
        stat->reloads++;
        space->flushes++;
    } else if (event->what == 3) {
        stat->switches++;
        space->switches++;
    } else if (event->what == 4 && ((event->v[0] ^ event->v[1]) & CR4_PGE)) {
        stat->global_flushes++;
    }
}

static void stat_count(struct stat *stat, const struct trace_event *event)
{
    struct space_counts *space = &stat->space[stat->cursor.current];

    stat->kind[event->kind]++;
    switch (event->kind) {
    case EVENT_CR:
        stat_count_cr(stat, space, event);
        break;
    case EVENT_INVLPG:
        stat->invlpg++;
        space->flushes++;
        break;
    case EVENT_INVPCID:
        stat->invpcid++;
        space->flushes++;
        break;
    case EVENT_EXCEPTION:
        stat->vector[event->what & 0xff]++;
        if (event->what == VECTOR_PF)
            stat_count_fault(space, event->v[0]);
        break;
    case EVENT_TRANSFER:
        space->calls += event->what == TRANSFER_SYSCALL;
        break;
    case EVENT_ENTRY_WRITE:
        space->entries++;
        break;
    case EVENT_END:
        stat->end = event->what;
        break;
    default:
        break;
    }
}

static bool stat_visit(void *arg, uint64_t n, const struct trace_event *event)
{
    struct stat *stat = arg;

    stat_add_ticks(stat, event->tick);
    space_cursor_step(&stat->cursor, n, event);
    stat_count(stat, event);
    stat_set_phase(stat, event);
    return true;
}

static void stat_print_run(const struct stat *stat)
{
    struct trace *trace = stat->subject->trace;
    const char *line;

    printf("run\n");
    for (unsigned n = 0; (line = trace_parameter_line(trace, n)); n++) {
        printf("  ");
        if (strncmp(line, "calls=", 6) == 0 && strlen(line) > LINE_LONG)
            printf("calls=%u functions", call_names_count(stat->subject->calls));
        else
            cli_print_safe(stdout, line);
        printf("\n");
    }
    printf("  events: %" PRIu64 ", ticks: %" PRIu64 " to %" PRIu64 "\n", trace_events(trace),
           stat->first_tick, stat->last_tick);
    printf("  end: %s\n", stat->end ? words_end(stat->end) : "not recorded");
}

static void stat_print_phases(const struct stat *stat)
{
    static const char *const names[PHASES] = { "boot, to the first ring 3", "kernel (ring 0)",
                                               "programs (ring 3)", "idle (halted)" };
    uint64_t total = stat->last_tick - stat->first_tick;

    printf("\nticks\n");
    for (unsigned i = 0; i < PHASES; i++)
        printf("  %14" PRIu64 "  %5.1f %%  %s\n", stat->ticks[i],
               total ? 100.0 * (double)stat->ticks[i] / (double)total : 0.0, names[i]);
}

static void stat_print_kinds(const struct stat *stat)
{
    char text[WORDS_MAX];

    printf("\nevents\n");
    for (unsigned kind = 1; kind < EVENT_KINDS; kind++) {
        if (stat->kind[kind])
            printf("  %14" PRIu64 "  %s\n", stat->kind[kind], event_kind_name(kind));
    }
    printf("\nexceptions\n");
    for (unsigned vector = 0; vector < 256; vector++) {
        if (stat->vector[vector])
            printf("  %14" PRIu64 "  %s\n", stat->vector[vector], words_exception(vector, text));
    }
    printf("\nTLB\n");
    printf("  %14" PRIu64 "  switches of CR3\n", stat->switches);
    printf("  %14" PRIu64 "  reloads of the same CR3\n", stat->reloads);
    printf("  %14" PRIu64 "  INVLPG\n", stat->invlpg);
    printf("  %14" PRIu64 "  INVPCID\n", stat->invpcid);
    printf("  %14" PRIu64 "  changes of CR4.PGE\n", stat->global_flushes);
}

static void stat_print_space(const struct stat *stat, unsigned number)
{
    const struct space *space = spaces_get(stat->subject->spaces, number);
    const struct space_counts *counts = &stat->space[number];
    uint64_t ring0 = counts->ticks[PHASE_BOOT] + counts->ticks[PHASE_KERNEL];

    printf("  %4u %-9s %10" PRIx64 " %12" PRIu64 " %10" PRIu64 " %10" PRIu64, number, space->name,
           space->root, space->first_tick, ring0, counts->ticks[PHASE_USER]);
    printf(" %8" PRIu64 " %8" PRIu64 " %6" PRIu64 " %6" PRIu64 " %6" PRIu64, counts->switches,
           counts->calls, counts->not_present, counts->write_protected, counts->other_faults);
    printf(" %8" PRIu64 " %7" PRIu64 "\n", counts->entries, counts->flushes);
}

static void stat_print_spaces(const struct stat *stat)
{
    unsigned count = spaces_count(stat->subject->spaces);

    printf("\naddress spaces\n");
    printf("  %4s %-9s %10s %12s %10s %10s %8s %8s %6s %6s %6s %8s %7s\n", "", "", "", "",
           "ticks in", "ticks in", "switches", "system", "#PF:", "write-", "", "entries", "");
    printf("  %4s %-9s %10s %12s %10s %10s %8s %8s %6s %6s %6s %8s %7s\n", "no.", "name", "CR3",
           "first tick", "ring 0", "ring 3", "to it", "calls", "absent", "prot.", "other",
           "written", "flushes");
    for (unsigned number = 1; number <= count; number++)
        stat_print_space(stat, number);
}

static const struct option stat_options[] = { CLI_OPTIONS, { NULL, 0, NULL, 0 } };

int stat_main(int argc, char **argv)
{
    struct cli_line line = { .command = "stat", .argc = argc, .argv = argv };
    struct subject subject;
    struct stat *stat;

    if (cli_next_option(&line, stat_options) != -1)
        cli_fail(CLI_USAGE, "stat has no option -o");
    subject_open(&subject, cli_operands(&line, 1)[0], &line.files);
    stat = cli_alloc(1, sizeof(*stat));
    stat->subject = &subject;
    stat->cursor.spaces = subject.spaces;
    stat->space = cli_alloc(spaces_count(subject.spaces) + 1, sizeof(*stat->space));
    trace_scan(subject.trace, 0, trace_events(subject.trace), stat_visit, stat);
    stat_print_run(stat);
    stat_print_phases(stat);
    stat_print_kinds(stat);
    stat_print_spaces(stat);
    free(stat->space);
    free(stat);
    subject_close(&subject);
    return CLI_DONE;
}
