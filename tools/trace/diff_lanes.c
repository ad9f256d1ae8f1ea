/*
 * Parting a run into lanes. The one difficulty is interrupts: they come when
 * the clock says, in one run here, in the other there. From a device's
 * interrupt to the IRETQ that continues where it struck, a lane's steps are
 * left out, but for what the kernel did to programs' pages.
 */
#include "diff.h"
#include "lpt.h"
#include "replay_map.h"
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
    struct struck *struck;   /* by number of the space */
    uint64_t *taken;         /* by number of the space: the page a fault made writable last */
    struct replay_map owner; /* the lane to which a page table belongs, by its address */
    bool programs;           /* ring 3 was seen: what follows depends on who runs when */
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

/*
 * The kernel's half is compared while the kernel starts, and only if both runs
 * have the same one: later it holds what tasks need, as they come and go.
 */
static enum ignored parting_judge_address(const struct parting *p, uint64_t va)
{
    return va < user_end || (p->run->same_kernel && !p->programs) ? IGNORED_KINDS
                                                                  : IGNORED_KERNEL_MAPS;
}

/* Can the value be an entry at all? A page that was a table may hold anything. */
static bool entry_is_plausible(uint64_t value)
{
    return !(value & ENTRY_P) || !(value & UINT64_C(0x7ff0ff0000000000));
}

static enum ignored parting_judge_entry(const struct parting *p, const struct trace_event *event)
{
    bool present = (event->v[1] | event->v[2]) & ENTRY_P;

    if (!present || !entry_is_plausible(event->v[1]) || !entry_is_plausible(event->v[2]))
        return IGNORED_TABLES;
    return parting_judge_address(p, event->v[3]);
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
        return parting_judge_entry(p, event);
    case EVENT_INVLPG:
        return parting_judge_address(p, event->v[0]);
    case EVENT_OUT:
        return IGNORED_PORTS;
    case EVENT_START:
    case EVENT_SAMPLE:
    case EVENT_BRANCH:
    case EVENT_OUT_VALUE:
    case EVENT_USER_STATE:
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

/* A table belongs to the space whose tables first led to it. */
static void parting_take_table(struct parting *p, uint64_t n, const struct trace_event *event)
{
    uint64_t page = event->v[0] & ENTRY_ADDR;
    struct lane *lane;

    if (event->level == 4)
        lane = &p->run->lane[spaces_at(p->run->subject.spaces, page, n)];
    else
        lane = replay_map_get(&p->owner, event->v[2] & ENTRY_ADDR);
    replay_map_remove(&p->owner, page);
    if (lane && !replay_map_add(&p->owner, page, lane))
        cli_fail(CLI_ERROR, "not enough memory");
}

/*
 * Does the store reach the space that is loaded? What is done to another is its
 * making or its end, and the page may be ordinary memory by now.
 */
static bool parting_reaches_loaded(const struct parting *p, const struct trace_event *event)
{
    struct lane *owner = replay_map_get(&p->owner, event->v[0] & ENTRY_ADDR);

    return !owner || owner == &p->run->lane[p->cursor.current] || event->v[3] >= user_end;
}

/*
 * After a copy-on-write fault: a copy needs a flush, keeping the frame does
 * not, and which of them it is depends on who wrote first.
 */
static bool parting_is_copy_flush(struct parting *p, const struct trace_event *event)
{
    uint64_t *taken = &p->taken[p->cursor.current];
    bool flush = event->kind == EVENT_INVLPG && *taken &&
                 (event->v[0] & ENTRY_ADDR) == (*taken & ENTRY_ADDR);

    if (event->kind == EVENT_ENTRY_WRITE)
        *taken = (event->v[1] & ENTRY_P) && !(event->v[1] & ENTRY_W) && (event->v[2] & ENTRY_W)
                     ? event->v[3]
                     : 0;
    return flush;
}

static enum ignored parting_judge_here(struct parting *p, const struct trace_event *event)
{
    enum ignored why = parting_judge(p, event);
    struct struck *struck = &p->struck[p->cursor.current];
    bool copy = parting_is_copy_flush(p, event);

    if (event->kind == EVENT_INTERRUPT && event->what >= VECTOR_FIRST_DEVICE)
        struck_push(struck, event->rip);
    else if (struck_pop(struck, event) ||
             (struck->count > 0 && !event_reaches_programs(event) && event->ring == 0))
        return IGNORED_INTERRUPTS;
    if (event->kind == EVENT_ENTRY_WRITE && !parting_reaches_loaded(p, event))
        return IGNORED_TABLES;
    return copy ? IGNORED_COPIES : why;
}

static bool parting_visit(void *arg, uint64_t n, const struct trace_event *event)
{
    struct parting *p = arg;
    enum ignored why;

    space_cursor_step(&p->cursor, n, event);
    p->programs |= event->ring == 3;
    if (event->kind == EVENT_TABLE)
        parting_take_table(p, n, event);
    parting_take_output(p, event);
    why = parting_judge_here(p, event);
    if (why == IGNORED_KINDS)
        lane_add(&p->run->lane[p->cursor.current], n);
    else
        p->run->ignored[why]++;
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
    replay_map_init(&p->owner);
    p->taken = cli_alloc(run->lane_count, sizeof(*p->taken));
    stream_init(&p->stream, parting_take_frame, run);
    trace_scan(run->subject.trace, 0, trace_events(run->subject.trace), parting_visit, p);
    replay_map_free(&p->owner);
    free(p->taken);
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
