/*
 * Parting a run into lanes. The one difficulty is interrupts: they come when
 * the clock says, in one run here, in the other there. From a device's
 * interrupt to the IRETQ that continues where it struck, a lane's steps are
 * left out, but for what the kernel did to programs' pages.
 */
#include "diff.h"
#include "lpt.h"
#include "stream.h"
#include "words.h"

#include <stdlib.h>
#include <string.h>

enum { STRUCK_MAX = 8 };

/* Where interrupts struck in a space and were not returned from yet. */
struct struck {
    unsigned count;
    uint64_t rip[STRUCK_MAX];
};

struct parting {
    struct run *run;
    struct space_cursor cursor;
    struct struck *struck; /* by number of the space */
    struct lpt lpt;
    struct stream stream;
};

static const uint64_t user_end = UINT64_C(1) << 47;

static void lane_add(struct lane *lane, uint64_t n)
{
    lane->step = cli_grow(lane->step, lane->count, &lane->capacity, sizeof(*lane->step));
    lane->step[lane->count++] = n;
}

static void struck_push(struct struck *struck, uint64_t rip)
{
    if (struck->count < STRUCK_MAX)
        struck->rip[struck->count++] = rip;
}

/* Does this transfer continue what an interrupt broke off? */
static bool struck_pop(struct struck *struck, const struct trace_event *event)
{
    if (event->kind != EVENT_TRANSFER || event->what != TRANSFER_IRET || struck->count == 0)
        return false;
    for (unsigned i = struck->count; i-- > 0;) {
        if (struck->rip[i] == event->v[1]) {
            struck->count = i;
            return true;
        }
    }
    return false;
}

static bool parting_is_system_call(const struct parting *p, const struct trace_event *event)
{
    char name[256];

    return strncmp(subject_call(&p->run->subject, event, name, sizeof(name)), "sys_", 4) == 0;
}

static bool msr_belongs_to_task(uint32_t msr)
{
    return msr >= 0xc0000100 && msr <= 0xc0000102; /* FS, GS, KERNEL_GS base */
}

/* Kernel half: only where both runs have the same kernel. */
static enum ignored parting_judge_address(const struct parting *p, uint64_t va)
{
    return va < user_end || p->run->same_kernel ? IGNORED_KINDS : IGNORED_KERNEL_MAPS;
}

/* Why an event is no step, or IGNORED_KINDS if it is one. */
static enum ignored parting_judge(const struct parting *p, const struct trace_event *event)
{
    switch (event->kind) {
    case EVENT_CR:
        return event->what == 3 && event->v[0] != event->v[1] ? IGNORED_SWITCHES : IGNORED_KINDS;
    case EVENT_WRMSR:
        return msr_belongs_to_task(event->what) ? IGNORED_SWITCHES : IGNORED_KINDS;
    case EVENT_HALT:
        return event->v[0] & RFLAGS_IF ? IGNORED_SWITCHES : IGNORED_KINDS;
    case EVENT_INTERRUPT:
        return IGNORED_INTERRUPTS;
    case EVENT_CALL:
    case EVENT_RETURN:
        return p->run->all_calls || parting_is_system_call(p, event) ? IGNORED_KINDS
                                                                     : IGNORED_CALLS;
    case EVENT_TABLE:
    case EVENT_TABLE_GONE:
    case EVENT_ENTRY_SEEN:
        return IGNORED_TABLES;
    case EVENT_ENTRY_AD:
        return IGNORED_MARKS;
    case EVENT_ENTRY_WRITE:
        return parting_judge_address(p, event->v[3]);
    case EVENT_INVLPG:
        return parting_judge_address(p, event->v[0]);
    case EVENT_OUT:
        return IGNORED_PORTS;
    case EVENT_START:
    case EVENT_SAMPLE:
    case EVENT_BRANCH:
        return IGNORED_TABLES;
    default:
        return IGNORED_KINDS;
    }
}

/* Steps that count wherever they happen: programs see them. */
static bool event_reaches_programs(const struct trace_event *event)
{
    return event->kind == EVENT_ENTRY_WRITE || event->kind == EVENT_STALE_CPU ||
           event->kind == EVENT_STALE_IDEAL || event->kind == EVENT_WINDOW ||
           event->kind == EVENT_END;
}

static void parting_take_output(struct parting *p, const struct trace_event *event)
{
    uint8_t byte;

    if (lpt_step(&p->lpt, event, &byte))
        stream_feed(&p->stream, &byte, 1);
}

static bool parting_visit(void *arg, uint64_t n, const struct trace_event *event)
{
    struct parting *p = arg;
    struct run *run = p->run;
    enum ignored why = parting_judge(p, event);
    struct struck *struck;
    unsigned space;

    space_cursor_step(&p->cursor, n, event);
    space = p->cursor.current;
    struck = &p->struck[space];
    parting_take_output(p, event);
    if (event->kind == EVENT_INTERRUPT && event->what >= VECTOR_FIRST_DEVICE)
        struck_push(struck, event->rip);
    else if (struck_pop(struck, event))
        why = IGNORED_INTERRUPTS;
    else if (struck->count > 0 && !event_reaches_programs(event) && event->ring == 0)
        why = IGNORED_INTERRUPTS;
    if (why == IGNORED_KINDS)
        lane_add(&run->lane[space], n);
    else
        run->ignored[why]++;
    return true;
}

static void parting_take_frame(void *context, char type, const char *data, size_t len)
{
    struct run *run = context;
    unsigned which = type == 'O' ? OUTPUT_STDOUT : type == 'E' ? OUTPUT_STDERR : OUTPUT_STATUS;
    struct output *output = &run->output[which];

    if (type != 'O' && type != 'E' && type != 'S')
        return;
    for (size_t i = 0; i < len; i++) {
        output->text = cli_grow(output->text, output->size, &output->capacity, 1);
        output->text[output->size++] = data[i];
    }
}

void run_find_lanes(struct run *run)
{
    const struct spaces *spaces = run->subject.spaces;
    struct parting *p = cli_alloc(1, sizeof(*p));

    run->lane_count = spaces_count(spaces) + 1;
    run->lane = cli_alloc(run->lane_count, sizeof(*run->lane));
    run->lane[0].name = "the start";
    for (unsigned i = 1; i < run->lane_count; i++)
        run->lane[i].name = spaces_get(spaces, i)->name;
    p->run = run;
    p->cursor.spaces = spaces;
    p->struck = cli_alloc(run->lane_count, sizeof(*p->struck));
    stream_init(&p->stream, parting_take_frame, run);
    trace_scan(run->subject.trace, 0, trace_events(run->subject.trace), parting_visit, p);
    free(p->struck);
    free(p);
}

void run_free(struct run *run)
{
    for (unsigned i = 0; i < run->lane_count; i++)
        free(run->lane[i].step);
    free(run->lane);
    for (unsigned i = 0; i < OUTPUTS; i++)
        free(run->output[i].text);
    subject_close(&run->subject);
}
