/* The pass over the events, and the verdict: see judgement.h. */
#include "judgement.h"

#include "world.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

bool event_enters_user(const struct trace_event *event)
{
    return event->kind == EVENT_TRANSFER && (event->v[3] & 3) == 3 && (event->v[2] & 3) != 3;
}

bool event_leaves_user(const struct trace_event *event)
{
    if (event->kind == EVENT_TRANSFER)
        return (event->v[2] & 3) == 3 && (event->v[3] & 3) != 3;
    return event->ring == 3 && (event->kind == EVENT_EXCEPTION || event->kind == EVENT_INTERRUPT);
}

void judgement_rewind(struct judgement *j)
{
    cursor_start(&j->cursor);
    j->started = false;
    j->n = 0;
    j->cr0 = j->cr3 = j->cr4 = j->efer = 0;
    j->space = NULL;
    j->user = false;
    if (j->world)
        world_restart(j);
}

/* Account for what the event that lies behind has done. */
static void judgement_apply(struct judgement *j)
{
    const struct trace_event *event = &j->event;

    if (event->kind == EVENT_START) {
        j->cr0 = event->v[0];
        j->cr3 = event->v[1];
        j->cr4 = event->v[2];
        j->efer = event->v[3];
    } else if (event->kind == EVENT_CR && event->what == 0) {
        j->cr0 = event->v[0];
    } else if (event->kind == EVENT_CR && event->what == 3) {
        j->cr3 = event->v[0];
    } else if (event->kind == EVENT_CR && event->what == 4) {
        j->cr4 = event->v[0];
    } else if (event->kind == EVENT_WRMSR && event->what == MSR_EFER) {
        j->efer = event->v[0];
    }
    if (event_enters_user(event))
        j->user = true;
    else if (event_leaves_user(event))
        j->user = false;
    cursor_step(&j->survey, &j->cursor, j->n, event, false);
    j->space = j->cursor.current;
    if (j->world)
        world_apply(j);
}

static bool judgement_is_inside(const struct judgement *j)
{
    long long process = with_integer(j, "process", 0);

    return j->n >= j->from && j->n < j->until &&
           (process == 0 || (j->space && j->space->process == process));
}

bool judgement_next(struct judgement *j)
{
    const struct trace_event *event;

    if (judgement_decided(j))
        return false;
    if (j->started) {
        judgement_apply(j);
        j->n++;
    }
    j->started = true;
    j->function_of_event = NULL;
    event = j->n < j->events ? trace_event(j->run->trace, j->n) : NULL;
    if (!event || judgement_decided(j))
        return false;
    j->event = *event;
    j->inside = judgement_is_inside(j);
    return true;
}

/* The file was read to its end before, so that only the kernel can be the reason for a failure. */
static struct replay *judgement_seek(struct judgement *j, uint64_t n)
{
    if (replay_seek(j->run->replay, n))
        return j->run->replay;
    judgement_fail(j, "The kernel keeps more page tables than can be followed (65536).");
    return NULL;
}

struct replay *judgement_tables(struct judgement *j)
{
    return judgement_seek(j, j->n < j->events ? j->n : j->events);
}

struct replay *judgement_tables_after(struct judgement *j)
{
    return judgement_seek(j, j->n < j->events ? j->n + 1 : j->events);
}

/* ---- the verdict ---- */

bool judgement_decided(const struct judgement *j)
{
    return !j->verdict->passed;
}

/* The first verdict counts: later ones may follow from it. */
static void judgement_decide(struct judgement *j, bool unjudged, uint64_t event, const char *fmt,
                             va_list args)
{
    struct verdict *verdict = j->verdict;

    if (judgement_decided(j))
        return;
    verdict->passed = false;
    verdict->unjudged = unjudged;
    verdict->event = event;
    vsnprintf(verdict->text, sizeof(verdict->text), fmt, args);
    /* A space's label may begin the sentence; a function's name stays as it is. */
    if (strncmp(verdict->text, "process ", 8) == 0 || strncmp(verdict->text, "the ", 4) == 0)
        verdict->text[0] = (char)toupper((unsigned char)verdict->text[0]);
}

void judgement_fail(struct judgement *j, const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    judgement_decide(j, false, j->n < j->events ? j->n : NEVER, fmt, args);
    va_end(args);
}

void judgement_fail_at(struct judgement *j, uint64_t event, const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    judgement_decide(j, false, event, fmt, args);
    va_end(args);
}

void judgement_refuse(struct judgement *j, const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    judgement_decide(j, true, NEVER, fmt, args);
    va_end(args);
}

void judgement_note(struct judgement *j, const char *fmt, ...)
{
    va_list args;

    if (judgement_decided(j))
        return;
    va_start(args, fmt);
    vsnprintf(j->verdict->text, sizeof(j->verdict->text), fmt, args);
    va_end(args);
}

void judgement_about_va(struct judgement *j, uint64_t va)
{
    j->verdict->va = va;
    j->verdict->has_va = true;
}

void judgement_about_entry(struct judgement *j, uint64_t entry)
{
    j->verdict->entry = entry;
    j->verdict->has_entry = true;
}

void judgement_about_frame(struct judgement *j, uint64_t frame)
{
    j->verdict->frame = frame;
    j->verdict->has_frame = true;
}

void judgement_need(struct judgement *j, uint64_t count, uint64_t fallback, const char *what)
{
    uint64_t min = (uint64_t)with_integer(j, "min", (long long)fallback);

    if (judgement_decided(j))
        return;
    if (count < min)
        judgement_fail_at(j, NEVER,
                          "Nothing went wrong, but too little was shown: %s happened %" PRIu64
                          " times, and this check needs %" PRIu64 ".",
                          what, count, min);
    else
        judgement_note(j, "Seen %" PRIu64 " times: %s.", count, what);
}

/* ---- words ---- */

const char *space_label(const struct space *space, char buf[LABEL_MAX])
{
    if (!space)
        snprintf(buf, LABEL_MAX, "no address space");
    else if (space->process && space->pid)
        snprintf(buf, LABEL_MAX, "process %u (pid %" PRIu64 ")", space->process, space->pid);
    else if (space->process)
        snprintf(buf, LABEL_MAX, "process %u", space->process);
    else
        snprintf(buf, LABEL_MAX, "the kernel's space with root 0x%" PRIx64, space->root);
    return buf;
}

const char *judgement_function_at(struct judgement *j, uint64_t rip)
{
    char *plus;

    if (!j->run->symbols)
        snprintf(j->function, sizeof(j->function), "0x%" PRIx64, rip);
    else
        symbols_name(j->run->symbols, rip, j->function, sizeof(j->function));
    plus = strchr(j->function, '+');
    if (plus)
        *plus = '\0';
    return j->function;
}

/* Of most kinds rip is the next instruction's: docs/trace-format.md, "Events". */
const char *judgement_function(struct judgement *j)
{
    bool exact = j->event.kind == EVENT_EXCEPTION || j->event.kind == EVENT_INTERRUPT ||
                 j->event.kind == EVENT_TRANSFER || j->event.kind == EVENT_CALL;

    return judgement_function_at(j, exact ? j->event.rip : j->event.rip - 1);
}

const char *error_access(uint64_t error)
{
    return error & ERROR_I ? "instruction fetch" : error & ERROR_W ? "write" : "read";
}
