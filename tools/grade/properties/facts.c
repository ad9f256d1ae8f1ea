/* Facts: numbers that students predict, counted over a run. */
#include "define.h"

static uint64_t count_kind(struct judgement *j, unsigned kind)
{
    uint64_t count = 0;

    while (judgement_next(j))
        count += j->inside && j->event.kind == kind;
    return count;
}

FACT(halts, "HLT instructions")
{
    *out = count_kind(j, EVENT_HALT);
    return true;
}

FACT(invlpg, "INVLPG instructions")
{
    *out = count_kind(j, EVENT_INVLPG);
    return true;
}

FACT(entries_written, "Stores into page tables")
{
    *out = count_kind(j, EVENT_ENTRY_WRITE);
    return true;
}

FACT(system_calls, "System calls by SYSCALL")
{
    *out = 0;
    while (judgement_next(j))
        *out += j->inside && j->event.kind == EVENT_TRANSFER && j->event.what == TRANSFER_SYSCALL;
    return true;
}

FACT(cr3_loads, "Loads of CR3")
{
    *out = 0;
    while (judgement_next(j))
        *out += j->inside && j->event.kind == EVENT_CR && j->event.what == 3;
    return true;
}

FACT(exceptions, "Exceptions of a vector", INTEGER_("vector", "0 to 31"))
{
    uint32_t vector = (uint32_t)with_integer(j, "vector", 0);

    *out = 0;
    while (judgement_next(j))
        *out += j->inside && j->event.kind == EVENT_EXCEPTION && j->event.what == vector;
    return true;
}

FACT(interrupts, "Interrupts by devices", INTEGER("vector", "32 to 255; missing: all"))
{
    long long vector = with_integer(j, "vector", -1);

    *out = 0;
    while (judgement_next(j))
        *out += j->inside && j->event.kind == EVENT_INTERRUPT &&
                (vector < 0 || j->event.what == vector);
    return true;
}

static bool fault_is_of_kind(const struct trace_event *event, const char *kind)
{
    if (event->kind != EVENT_EXCEPTION || event->what != VECTOR_PF)
        return false;
    if (strcmp(kind, "kernel") == 0)
        return event->ring != 3;
    if (strcmp(kind, "absent") == 0)
        return event->ring == 3 && !(event->v[0] & ERROR_P);
    if (strcmp(kind, "protection") == 0)
        return event->ring == 3 && (event->v[0] & ERROR_P);
    return true;
}

FACT(faults, "Page faults",
     TEXT("kind", "\"any\" (default), \"absent\" or \"protection\" in ring 3, \"kernel\""))
{
    const char *kind = with_text(j, "kind", "any");

    *out = 0;
    while (judgement_next(j))
        *out += j->inside && fault_is_of_kind(&j->event, kind);
    return true;
}

FACT(faults_before, "Page faults of ring 3 before the first output behind the first ring 3",
     INTEGER("port", "of the output; missing: any"))
{
    long long port = with_integer(j, "port", -1);
    bool user = false;

    *out = 0;
    while (judgement_next(j)) {
        user |= event_enters_user(&j->event);
        *out += fault_is_of_kind(&j->event, "any") && j->event.ring == 3;
        if (user && j->event.kind == EVENT_OUT && (port < 0 || j->event.what == port) &&
            j->event.what != 0x20 && j->event.what != 0xa0)
            return true;
    }
    return false;
}

FACT(first_cr3, "The first root with paging on")
{
    while (judgement_next(j)) {
        if ((j->cr0 & CR0_PG) ||
            (j->event.kind == EVENT_CR && j->event.what == 0 && (j->event.v[0] & CR0_PG))) {
            *out = j->cr3 & ENTRY_ADDR;
            return true;
        }
    }
    return false;
}

FACT(first_ring3_tick, "Instructions until ring 3 ran first")
{
    while (judgement_next(j)) {
        if (event_enters_user(&j->event)) {
            *out = j->event.tick;
            return true;
        }
    }
    return false;
}

FACT(processes, "Address spaces in which ring 3 ran")
{
    *out = j->survey.processes;
    return true;
}

static const struct space *fact_process(const struct judgement *j)
{
    long long process = with_integer(j, "process", 1);

    for (size_t i = 0; i < j->survey.spaces; i++) {
        if (j->survey.space[i].process == process)
            return &j->survey.space[i];
    }
    return NULL;
}

FACT(root, "Physical address of a process's PML4")
{
    const struct space *space = fact_process(j);

    *out = space ? space->root : 0;
    return space;
}

FACT(context_switches, "Times that ring 3 went on in another process than before")
{
    struct space *last = NULL;

    *out = 0;
    while (judgement_next(j)) {
        if (!j->space || !event_enters_user(&j->event))
            continue;
        *out += last && last != j->space && j->n >= j->from && j->n < j->until;
        last = j->space;
    }
    return true;
}

FACT(calls, "Calls of a kernel function", TEXT_("function", "that is recorded"))
{
    int place = call_place(j, with_text(j, "function", ""));

    *out = 0;
    while (place >= 0 && judgement_next(j))
        *out += j->inside && j->event.kind == EVENT_CALL && (int)j->event.what == place;
    return place >= 0;
}

FACT(witness_value, "Value of a witness", INTEGER_("step", "of the program"),
     INTEGER("nth", "of its occurrences, from 1"))
{
    long long nth = with_integer(j, "nth", 1);
    const struct report *report =
        witness_find(j, (uint64_t)with_integer(j, "step", 0), nth > 0 ? (uint64_t)nth - 1 : 0);

    *out = report ? report->value : 0;
    return report;
}
