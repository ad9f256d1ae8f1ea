/*
 * A model of an allocator of blocks with counted frames, fed by the recorded calls of
 *
 *     err_t pmm_alloc(unsigned order, paddr_t *out)    recorded with its result, NAME@2
 *     void pmm_free(paddr_t block, unsigned order)
 *     void frame_get(paddr_t frame)
 *     void frame_put(paddr_t frame)
 *
 * For each frame it knows how many references there should be, and whether it was
 * ever handed out. Nothing is known of how the kernel keeps its lists.
 */
#include "define.h"

enum { FRAMES_MAX = 1 << 22, ORDER_MAX = 20, NEVER_SEEN = 0 };

/* What is known of a frame: 0 never handed out, else 1 + the references it has. */
struct model {
    uint32_t *frame;
    uint64_t frames, allocs, failures;
    int alloc, free, get, put;   /* places in `calls`; -1: not recorded */
    uint64_t order, out, called; /* of the allocation that is under way */
    bool stored;
};

static bool model_start(struct judgement *j, struct model *m)
{
    *m = (struct model){ .frames = ((uint64_t)j->run->mem_mib << 20) / PAGE_SIZE,
                         .alloc = call_place(j, "pmm_alloc"),
                         .free = call_place(j, "pmm_free"),
                         .get = call_place(j, "frame_get"),
                         .put = call_place(j, "frame_put") };
    if (m->alloc < 0 || m->free < 0 || m->frames > FRAMES_MAX) {
        judgement_refuse(j, "The run must record pmm_alloc@2 and pmm_free.");
        return false;
    }
    m->frame = calloc(m->frames + 1, sizeof(*m->frame));
    if (!m->frame)
        judgement_refuse(j, "Memory is out.");
    return m->frame != NULL;
}

/* Is [pa, pa + 2^order frames) in the machine, so that the model can tell of it? */
static bool model_has(const struct model *m, uint64_t pa, uint64_t order)
{
    return order <= ORDER_MAX && pa % PAGE_SIZE == 0 && pa / PAGE_SIZE < m->frames &&
           m->frames - pa / PAGE_SIZE >= UINT64_C(1) << order;
}

/* A block was handed out. False if a part of it is in use. */
static bool model_take(struct judgement *j, struct model *m)
{
    uint64_t first = m->out / PAGE_SIZE;

    if (!model_has(m, m->out, m->order)) {
        judgement_about_frame(j, m->out);
        judgement_fail(j,
                       "The call pmm_alloc(%" PRIu64 ") hands out 0x%" PRIx64
                       ": that block is not whole frames of this machine's RAM.",
                       m->order, m->out);
        return false;
    }
    for (uint64_t i = first; i < first + (UINT64_C(1) << m->order); i++) {
        if (m->frame[i] > 1) {
            judgement_about_frame(j, i * PAGE_SIZE);
            judgement_fail(j,
                           "The call pmm_alloc(%" PRIu64 ") hands out the block at 0x%" PRIx64
                           ", but the frame 0x%" PRIx64
                           " in it still has %u reference%s: two owners will write to it.",
                           m->order, m->out, i * PAGE_SIZE, m->frame[i] - 1,
                           m->frame[i] == 2 ? "" : "s");
            return false;
        }
        m->frame[i] = 2;
    }
    return true;
}

static void model_drop(struct model *m, uint64_t pa, uint64_t order)
{
    if (!model_has(m, pa, order))
        return;
    for (uint64_t i = 0; i < UINT64_C(1) << order; i++)
        if (m->frame[pa / PAGE_SIZE + i] > 1)
            m->frame[pa / PAGE_SIZE + i]--;
}

/* Apply an event. False if it breaks the model's rule. */
static bool model_step(struct judgement *j, struct model *m)
{
    const struct trace_event *e = &j->event;
    int place = (int)e->what;

    if (e->kind == EVENT_CALL && place == m->alloc) {
        m->order = e->v[0];
        m->stored = false;
    } else if (e->kind == EVENT_OUT_VALUE && place == m->alloc) {
        m->out = e->v[0];
        m->stored = true;
    } else if (e->kind == EVENT_RETURN && place == m->alloc) {
        m->allocs++;
        if ((int32_t)e->v[0] == 0)
            return !m->stored || model_take(j, m);
        m->failures++;
    } else if (e->kind == EVENT_CALL && place == m->free) {
        model_drop(m, e->v[0], e->v[1]);
    } else if (e->kind == EVENT_CALL && place == m->put) {
        model_drop(m, e->v[0], 0);
    } else if (e->kind == EVENT_CALL && place == m->get && model_has(m, e->v[0], 0)) {
        m->frame[e->v[0] / PAGE_SIZE] += m->frame[e->v[0] / PAGE_SIZE] > 1;
    }
    return true;
}

PROPERTY(frames_held_once, "No block is handed out while a frame of it has references",
         INTEGER("min", "so many allocations must have been made; 1 if missing"))
{
    struct model m;

    if (!model_start(j, &m))
        return;
    while (judgement_next(j) && model_step(j, &m))
        ;
    if (!judgement_decided(j))
        judgement_need(j, m.allocs - m.failures, 1, "handing out a block by pmm_alloc");
    free(m.frame);
}

/* The first aligned block of frames that were handed out before and are free; NEVER: none. */
static uint64_t model_find(const struct model *m, uint64_t order)
{
    uint64_t size, run = 0;

    if (order > ORDER_MAX)
        return NEVER;
    size = UINT64_C(1) << order;
    for (uint64_t i = 0; i < m->frames; i++) {
        if (i % size == 0)
            run = 0;
        run += m->frame[i] == 1;
        if (run == size)
            return (i + 1 - size) * PAGE_SIZE;
    }
    return NEVER;
}

PROPERTY(frames_found_again, "A request fails only when no block of its size is free",
         INTEGER("min", "so many requests must have failed; 1 if missing"))
{
    struct model m;

    if (!model_start(j, &m))
        return;
    while (judgement_next(j)) {
        uint64_t failures = m.failures, at;

        if (!model_step(j, &m))
            break;
        if (m.failures == failures)
            continue;
        at = model_find(&m, m.order);
        if (at == NEVER)
            continue;
        judgement_about_frame(j, at);
        judgement_fail(j,
                       "The call pmm_alloc(%" PRIu64 ") finds no memory, but all %" PRIu64
                       " frames from 0x%" PRIx64
                       " on were given back: they are lost, or were not merged to a block again.",
                       m.order, UINT64_C(1) << m.order, at);
        break;
    }
    if (!judgement_decided(j))
        judgement_need(j, m.failures, 1, "a request that pmm_alloc refused for want of memory");
    free(m.frame);
}

/* RAM from 1 MiB on by the machine's own map, without the holes, in frames. */
static uint64_t ram_frames(const struct judgement *j, const struct model *m)
{
    uint64_t first = 0x100000 / PAGE_SIZE, frames = m->frames - first - 16;
    const char *line;

    for (unsigned n = 0; (line = trace_parameter_line(j->run->trace, n)) != NULL; n++) {
        unsigned long long start, len;

        if (sscanf(line, "hole=0x%llx:0x%llx", &start, &len) == 2)
            frames -= len / PAGE_SIZE < frames ? len / PAGE_SIZE : frames;
    }
    return frames;
}

PROPERTY(frames_all_used, "Every frame of RAM is handed out when memory is used up",
         INTEGER("slack", "frames that the kernel may keep for itself; 512 if missing"))
{
    uint64_t slack = (uint64_t)with_integer(j, "slack", 512), seen = 0, ram;
    struct model m;

    if (!model_start(j, &m))
        return;
    while (judgement_next(j) && model_step(j, &m))
        ;
    ram = ram_frames(j, &m);
    for (uint64_t i = 0x100000 / PAGE_SIZE; i < m.frames; i++)
        seen += m.frame[i] != NEVER_SEEN;
    if (!judgement_decided(j) && m.failures == 0)
        judgement_fail_at(j, NEVER, "Memory was never used up: no call of pmm_alloc failed.");
    else if (!judgement_decided(j) && seen + slack < ram)
        judgement_fail_at(j, NEVER,
                          "Of %" PRIu64 " frames of RAM above 1 MiB only %" PRIu64
                          " were ever handed out, though requests failed for want of memory: "
                          "the others never reached the free lists.",
                          ram, seen);
    free(m.frame);
}

/* Calls that are under way, by their place in `calls`. */
enum { PLACES_MAX = 64 };

PROPERTY(calls_return, "Each call of these functions returns: none ends in a panic or a loop",
         TEXTS_("functions", "their names"),
         INTEGER("min", "so many calls must have been made; 1 if missing"))
{
    uint64_t open[PLACES_MAX] = { 0 }, first[PLACES_MAX], calls = 0;
    const char *name;

    while (judgement_next(j)) {
        const struct trace_event *e = &j->event;

        if ((e->kind != EVENT_CALL && e->kind != EVENT_RETURN) || e->what >= PLACES_MAX)
            continue;
        if (e->kind == EVENT_CALL) {
            first[e->what] = open[e->what]++ ? first[e->what] : j->n;
        } else if (open[e->what] > 0) {
            open[e->what]--;
        }
        for (size_t n = 0; e->kind == EVENT_CALL && (name = with_texts(j, "functions", n)); n++)
            calls += call_place(j, name) == (int)e->what;
    }
    for (size_t n = 0; (name = with_texts(j, "functions", n)) != NULL; n++) {
        int place = call_place(j, name);

        if (place < 0 || place >= PLACES_MAX)
            return judgement_refuse(j, "The run does not record calls of %s.", name);
        if (open[place] > 0)
            return judgement_fail_at(j, first[place],
                                     "A call of %s never returns: the kernel stops in it, or "
                                     "loops there until the end of the run.",
                                     name);
    }
    judgement_need(j, calls, 1, "a call of one of the functions");
}

PROPERTY(last_call_refused, "The last call of a function does not return: the kernel stops there",
         TEXT_("function", "its name"))
{
    const char *name = with_text(j, "function", "");
    int place = call_place(j, name);
    uint64_t calls = 0, call = NEVER;

    if (place < 0)
        return judgement_refuse(j, "The run does not record calls of %s.", name);
    while (judgement_next(j)) {
        if (j->event.kind == EVENT_CALL && (int)j->event.what == place) {
            calls++;
            call = j->n;
        } else if (j->event.kind == EVENT_RETURN && (int)j->event.what == place && call != NEVER) {
            call = NEVER;
        }
    }
    if (calls == 0)
        judgement_fail_at(j, NEVER, "%s was never called.", name);
    else if (call == NEVER)
        judgement_fail_at(j, NEVER,
                          "The last of %" PRIu64
                          " calls of %s returned as if it were right. It was "
                          "not: a kernel that goes on from here hands out the same memory twice.",
                          calls, name);
}
