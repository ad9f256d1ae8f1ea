/*
 * `trace diff`: the first thing that two machines did differently.
 */
#include "diff.h"

#include "cli_options.h"
#include "commands.h"
#include "event_text.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { OPT_EXACT = OPT_FIRST_OWN, OPT_CALLS, STEPS_BEFORE = 3, HASH_SHOWN = 12 };

static const struct option diff_options[] = {
    CLI_OPTIONS,
    { "exact", no_argument, NULL, OPT_EXACT },
    { "calls", no_argument, NULL, OPT_CALLS },
    { NULL, 0, NULL, 0 },
};

/* Where two lanes part. */
struct parting_point {
    unsigned lane_a, lane_b; /* 0 and none: only one run has it */
    bool only_a, only_b;
    size_t step;
    uint64_t tick; /* of the earlier of the two */
};

static bool parameter_equals(const struct run *a, const struct run *b, const char *key)
{
    const char *x = trace_parameter(a->subject.trace, key);
    const char *y = trace_parameter(b->subject.trace, key);

    return x && y && strcmp(x, y) == 0;
}

/* Of a hash the beginning is enough. */
static void print_value(const char *key, const char *value)
{
    size_t len = strlen(key);
    char text[HASH_SHOWN + 4];

    if (len < 7 || strcmp(key + len - 7, "_sha256") != 0) {
        cli_print_safe(stdout, value);
        return;
    }
    snprintf(text, sizeof(text), "%.*s...", HASH_SHOWN, value);
    cli_print_safe(stdout, text);
}

/* Parameters that one run has otherwise, as "their seed differ: 1 / 2". */
static void print_parameters(const struct run *a, const struct run *b)
{
    const char *line;

    for (unsigned n = 0; (line = trace_parameter_line(a->subject.trace, n)); n++) {
        char key[64];
        const char *value = line + strcspn(line, "=") + 1, *other;

        snprintf(key, sizeof(key), "%.*s", (int)strcspn(line, "="), line);
        other = trace_parameter(b->subject.trace, key);
        /* A key that occurs more than once counts by its first line. */
        if (strcmp(trace_parameter(a->subject.trace, key), value) != 0 ||
            (other && strcmp(other, value) == 0))
            continue;
        printf("  their %s differ: ", key);
        print_value(key, value);
        printf(" / ");
        print_value(key, other ? other : "none");
        printf("\n");
    }
}

static uint64_t event_tick(struct run *run, uint64_t n)
{
    const struct trace_event *event = trace_event(run->subject.trace, n);

    return event ? event->tick : UINT64_MAX;
}

/* The lane of the same name; lane_count if there is none. */
static unsigned lane_partner(const struct run *run, const char *name)
{
    for (unsigned i = 0; i < run->lane_count; i++) {
        if (strcmp(run->lane[i].name, name) == 0)
            return i;
    }
    return run->lane_count;
}

static bool lane_step_equals(struct run *a, const struct lane *x, struct run *b,
                             const struct lane *y, size_t step)
{
    const struct trace_event *event = trace_event(a->subject.trace, x->step[step]);
    struct trace_event copy;

    if (!event)
        return false;
    copy = *event;
    event = trace_event(b->subject.trace, y->step[step]);
    return event && step_equals(a, &copy, b, event);
}

/* Find where two lanes part; false if they do not. */
static bool lanes_compare(struct run *a, struct run *b, struct parting_point *point)
{
    const struct lane *x = &a->lane[point->lane_a], *y = &b->lane[point->lane_b];
    size_t shorter = x->count < y->count ? x->count : y->count, step = 0;
    uint64_t tick_a = UINT64_MAX, tick_b = UINT64_MAX;

    while (step < shorter && lane_step_equals(a, x, b, y, step))
        step++;
    if (step == x->count && step == y->count)
        return false;
    point->step = step;
    if (step < x->count)
        tick_a = event_tick(a, x->step[step]);
    if (step < y->count)
        tick_b = event_tick(b, y->step[step]);
    point->tick = tick_a < tick_b ? tick_a : tick_b;
    return true;
}

/* The earliest point at which a lane parts from its partner. */
static bool diff_find(struct run *a, struct run *b, struct parting_point *first)
{
    bool found = false;

    for (unsigned i = 0; i < a->lane_count; i++) {
        struct parting_point point = { .lane_a = i, .lane_b = lane_partner(b, a->lane[i].name) };

        point.only_a = point.lane_b == b->lane_count;
        if (point.only_a)
            point.tick = i ? spaces_get(a->subject.spaces, i)->first_tick : 0;
        else if (!lanes_compare(a, b, &point))
            continue;
        if (!found || point.tick < first->tick)
            *first = point;
        found = true;
    }
    for (unsigned i = 1; i < b->lane_count; i++) {
        struct parting_point point = { .lane_b = i, .only_b = true };

        point.tick = spaces_get(b->subject.spaces, i)->first_tick;
        if (lane_partner(a, b->lane[i].name) != a->lane_count ||
            (found && point.tick >= first->tick))
            continue;
        *first = point;
        found = true;
    }
    return found;
}

static void print_step(struct run *run, const struct lane *lane, size_t step, const char *who)
{
    const struct trace_event *event;

    if (step >= lane->count) {
        printf("  %-5s ended here\n", who);
        return;
    }
    event = trace_event(run->subject.trace, lane->step[step]);
    if (!event)
        return;
    printf("  %-5s ", who);
    step_print(stdout, &run->subject, event);
    printf(" [tick %" PRIu64 "]\n", event->tick);
}

static bool has_name(const struct run *run, uint64_t addr)
{
    char name[256];

    return strncmp(subject_function(&run->subject, addr, name, sizeof(name)), "0x", 2) != 0;
}

/* Are there names for the places of a step? A reference's trace comes without its kernel. */
static bool step_has_names(const struct run *run, const struct lane *lane, size_t step)
{
    const struct trace_event *event = trace_event(run->subject.trace, lane->step[step]);

    return event && has_name(run, event_place(event)) &&
           (event->kind != EVENT_TRANSFER || has_name(run, event->v[1]));
}

/* The last equal steps, in the words of the run that knows more. */
static void print_equal(struct run *a, const struct lane *x, struct run *b, const struct lane *y,
                        size_t end)
{
    for (size_t i = end > STEPS_BEFORE ? end - STEPS_BEFORE : 0; i < end; i++) {
        bool by_b = !step_has_names(a, x, i) && step_has_names(b, y, i);

        print_step(by_b ? b : a, by_b ? y : x, i, "both");
    }
}

static void print_point(struct run *a, struct run *b, const struct parting_point *point)
{
    const struct lane *lane = &a->lane[point->lane_a], *partner = &b->lane[point->lane_b];

    if (point->only_a || point->only_b) {
        printf("only %s had the address space %s, from tick %" PRIu64 " on\n",
               point->only_a ? "A" : "B", point->only_a ? lane->name : b->lane[point->lane_b].name,
               point->tick);
        return;
    }
    printf("they part in address space %s, after %zu equal steps there\n", lane->name, point->step);
    print_equal(a, lane, b, partner, point->step);
    print_step(a, lane, point->step, "A");
    print_step(b, partner, point->step, "B");
}

/* Compare what they told the host; true if it differs. */
static bool print_output_difference(const struct run *a, const struct run *b)
{
    static const char *const names[OUTPUTS] = { "standard output", "standard error", "last words" };
    bool differs = false;

    for (unsigned i = 0; i < OUTPUTS; i++) {
        const struct output *x = &a->output[i], *y = &b->output[i];
        size_t at = 0;

        while (at < x->size && at < y->size && x->text[at] == y->text[at])
            at++;
        if (at == x->size && at == y->size)
            continue;
        differs = true;
        printf("their %s differs after %zu equal bytes (%zu and %zu in all)\n", names[i], at,
               x->size, y->size);
    }
    return differs;
}

static void print_ignored(const struct run *a, const struct run *b)
{
    static const char *const names[IGNORED_KINDS] = {
        [IGNORED_INTERRUPTS] = "devices' interrupts and what the kernel did in them",
        [IGNORED_SWITCHES] = "switches, waiting",
        [IGNORED_KERNEL_MAPS] = "entries and flushes of the kernel's half",
        [IGNORED_MARKS] = "accessed and dirty bits set by the CPU",
        [IGNORED_TABLES] = "which pages serve as tables; tables of spaces that are not loaded",
        [IGNORED_COPIES] = "flushes that go with copies of shared pages",
        [IGNORED_CALLS] = "calls inside the kernel (--calls compares them)",
        [IGNORED_PORTS] = "port output (what programs wrote was compared)",
    };

    printf("not compared: ticks, process numbers, which frame holds a page, the order in which\n"
           "spaces took turns, who of those that share a page copied it and who kept it;\n"
           "events in A and B:\n");
    for (unsigned i = 0; i < IGNORED_KINDS; i++) {
        if (a->ignored[i] || b->ignored[i])
            printf("  %10" PRIu64 " %10" PRIu64 "  %s\n", a->ignored[i], b->ignored[i], names[i]);
    }
}

static int diff_compare(struct run *a, struct run *b)
{
    struct parting_point point = { 0 };
    size_t steps = 0;
    bool parted, output;

    a->same_kernel = b->same_kernel = parameter_equals(a, b, "kernel_sha256");
    run_find_lanes(a);
    run_find_lanes(b);
    print_parameters(a, b);
    parted = diff_find(a, b, &point);
    if (parted)
        print_point(a, b, &point);
    output = print_output_difference(a, b);
    for (unsigned i = 0; i < a->lane_count; i++)
        steps += a->lane[i].count;
    if (!parted && !output)
        printf("both machines did the same: %zu steps in %u address spaces\n", steps,
               a->lane_count - 1);
    print_ignored(a, b);
    return parted || output ? CLI_FAILED : CLI_DONE;
}

/* Every event with every value. */
static int diff_exact(struct run *a, struct run *b)
{
    uint64_t count_a = trace_events(a->subject.trace), count_b = trace_events(b->subject.trace);
    uint64_t n = 0;

    for (;; n++) {
        const struct trace_event *x = trace_event(a->subject.trace, n);
        const struct trace_event *y = trace_event(b->subject.trace, n);

        if (!x || !y || memcmp(x, y, sizeof(*x)) != 0)
            break;
    }
    if (n >= count_a && n >= count_b) {
        printf("both traces have the same %" PRIu64 " events\n", n);
        return CLI_DONE;
    }
    printf("they part after %" PRIu64 " equal events\n", n);
    for (unsigned i = 0; i < 2; i++) {
        struct run *run = i ? b : a;
        const struct trace_event *event = trace_event(run->subject.trace, n);

        if (event)
            event_print_line(stdout, &run->subject, i ? "B" : "A", event);
        else
            printf("%s ends here\n", i ? "B" : "A");
    }
    return CLI_FAILED;
}

int diff_main(int argc, char **argv)
{
    struct cli_line line = { .command = "diff", .argc = argc, .argv = argv };
    static struct run a, b;
    bool exact = false;
    char **operands;
    int key, status;

    while ((key = cli_next_option(&line, diff_options)) != -1) {
        exact |= key == OPT_EXACT;
        a.all_calls |= key == OPT_CALLS;
        if (key == 'o')
            cli_fail(CLI_USAGE, "diff has no option -o");
    }
    b.all_calls = a.all_calls;
    operands = cli_operands(&line, 2);
    subject_open(&a.subject, operands[0], &line.files);
    subject_open(&b.subject, operands[1], &line.files);
    status = exact ? diff_exact(&a, &b) : diff_compare(&a, &b);
    run_free(&a);
    run_free(&b);
    return status;
}
