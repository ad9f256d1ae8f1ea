/* How a run ends, and what it was stuck in. */
#include "define.h"

enum { FAULTS_FEW = 100, EXIT_PORT = 0xf4, EXIT_PANIC = 61 };

/* The last fault, and how often it came in a row. */
struct stuck {
    uint64_t rip, va, times, interrupts;
    bool halted;
    bool panicked;    /* the exit code said so */
    long long wanted; /* the exception that is to end in a panic; -1: none is */
    bool came;        /* and it did */
    struct space *space;
};

static void stuck_step(struct stuck *stuck, const struct judgement *j)
{
    const struct trace_event *event = &j->event;

    if (event->kind == EVENT_EXCEPTION && event->what == VECTOR_PF) {
        bool same = event->rip == stuck->rip && event->v[1] == stuck->va;

        stuck->times = same ? stuck->times + 1 : 1;
        stuck->rip = event->rip;
        stuck->va = event->v[1];
        stuck->space = j->space;
    }
    if (event->kind == EVENT_EXCEPTION && event->what == stuck->wanted)
        stuck->came = true;
    if (event->kind == EVENT_OUT && event->what == EXIT_PORT)
        stuck->panicked = event->v[0] == EXIT_PANIC;
    if (event->kind == EVENT_HALT)
        stuck->halted = true;
    else if (event->kind == EVENT_INTERRUPT)
        stuck->interrupts++;
    else if (event_enters_user(event) || event->kind == EVENT_CR)
        stuck->halted = false;
}

static void explain_ticks(struct judgement *j, const struct stuck *stuck)
{
    char who[LABEL_MAX];

    if (stuck->times >= FAULTS_FEW)
        judgement_fail(j,
                       "The run used up its instructions: the same page fault came %" PRIu64
                       " times in a row, at 0x%" PRIx64 " in %s. The handler returns without "
                       "having repaired what the CPU complains about.",
                       stuck->times, stuck->va, space_label(stuck->space, who));
    else if (stuck->halted)
        judgement_fail(j, "The run used up its instructions while the CPU was halted with "
                          "interrupts on: everybody waits for something that does not come.");
    else
        judgement_fail(j,
                       "The run used up its instructions (tick %" PRIu64 ") and was then in %s, "
                       "ring %u of %s: a loop that does not end, or nobody who ends the run.",
                       j->event.tick, judgement_function_at(j, j->event.rip), j->event.ring,
                       space_label(j->space, who));
}

/* The kernel switched the machine off: was that how this run was to end? */
static void explain_shutdown(struct judgement *j, const struct stuck *stuck)
{
    if (stuck->wanted < 0 && stuck->panicked)
        judgement_fail(j,
                       "The kernel panicked, and ended the run at tick %" PRIu64
                       ": one of its own rules was broken. The log has its report.",
                       j->event.tick);
    else if (stuck->wanted >= 0 && !stuck->came)
        judgement_fail(j,
                       "The kernel ended the run at tick %" PRIu64
                       ", but exception %lld never came: nothing was shown.",
                       j->event.tick, stuck->wanted);
    else if (stuck->wanted >= 0 && !stuck->panicked)
        judgement_fail(j,
                       "The kernel ended the run at tick %" PRIu64
                       " as if all were well; after exception %lld only a panic is right.",
                       j->event.tick, stuck->wanted);
}

static void explain_end(struct judgement *j, const struct stuck *stuck)
{
    switch (j->survey.end) {
    case TRACE_END_SHUTDOWN:
        explain_shutdown(j, stuck);
        break;
    case TRACE_END_HALTED:
        judgement_fail(j,
                       "The CPU halted with interrupts off in %s, at tick %" PRIu64
                       ": nothing can ever wake it again. This is also how a panic ends.",
                       judgement_function_at(j, j->event.rip), j->event.tick);
        break;
    case TRACE_END_TICKS:
        explain_ticks(j, stuck);
        break;
    case TRACE_END_EVENTS:
        judgement_fail(j,
                       "The machine did more than can be recorded (%" PRIu64
                       " events by tick %" PRIu64 "): look at what it repeats.",
                       j->events, j->event.tick);
        break;
    case TRACE_END_TRIPLE_FAULT:
        judgement_fail(j,
                       "Triple fault at tick %" PRIu64
                       ": an exception came, and neither its handler nor that of the double fault "
                       "could be entered. ./quire trace autopsy tells the cause.",
                       j->event.tick);
        break;
    case TRACE_END_RESET:
        judgement_fail(j, "The kernel reset the machine at tick %" PRIu64 " instead of ending.",
                       j->event.tick);
        break;
    default:
        judgement_refuse(j, "The recording was stopped from outside.");
        break;
    }
}

PROPERTY(run_finished, "The kernel ends the run by switching the machine off",
         INTEGER("panic", "the exception that is to come and to end in a panic"))
{
    struct stuck stuck = { .wanted = with_integer(j, "panic", -1) };
    bool ended = false;

    while (!ended && judgement_next(j)) {
        stuck_step(&stuck, j);
        ended = j->event.kind == EVENT_END;
        if (ended)
            explain_end(j, &stuck);
    }
    if (!ended && !judgement_decided(j))
        judgement_refuse(j, "The recording has no end.");
}

PROPERTY(no_dead_halt, "The CPU never halts with interrupts off")
{
    while (judgement_next(j)) {
        if (j->inside && j->event.kind == EVENT_HALT && !(j->event.v[0] & RFLAGS_IF))
            return judgement_fail(j,
                                  "%s executes HLT with interrupts off at tick %" PRIu64
                                  ": no interrupt can end this wait, the machine is dead.",
                                  judgement_function(j), j->event.tick);
    }
}
