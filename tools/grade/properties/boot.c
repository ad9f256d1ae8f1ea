/* The way into long mode, and what the control registers must say. */
#include "control_bits.h"
#include "define.h"
#include "world.h"

/* What PG needs, as far as it is missing. */
static const char *long_mode_missing(const struct judgement *j, bool cr3_loaded, char buf[100])
{
    snprintf(buf, 100, "%s%s%s", j->cr4 & CR4_PAE ? "" : " CR4.PAE,", cr3_loaded ? "" : " CR3,",
             j->efer & EFER_LME ? "" : " EFER.LME,");
    if (buf[0])
        buf[strlen(buf) - 1] = '\0';
    return buf;
}

static void long_mode_judge_nx(struct judgement *j)
{
    uint64_t value = j->event.v[j->event.kind == EVENT_ENTRY_SEEN ? 1 : 2];

    if (!(value & ENTRY_P) || !(value & ENTRY_NX) || (j->efer & EFER_NXE))
        return;
    judgement_about_entry(j, j->event.v[0]);
    judgement_fail(j,
                   "The entry at 0x%" PRIx64
                   " has NX set while EFER.NXE is clear (%s, tick %" PRIu64
                   "): bit 63 is reserved then, and the first use of the entry is a page fault.",
                   j->event.v[0], judgement_function(j), j->event.tick);
}

PROPERTY(long_mode_order, "PAE, CR3 and LME come before PG, NXE before the first entry with NX")
{
    bool cr3_loaded = false, paging = false;
    char missing[100];

    while (judgement_next(j)) {
        const struct trace_event *event = &j->event;

        cr3_loaded |= (event->kind == EVENT_CR && event->what == 3) ||
                      (event->kind == EVENT_START && event->v[1] != 0);
        if (event->kind == EVENT_CR && event->what == 0 && (event->v[0] & CR0_PG) && !paging) {
            paging = true;
            if (long_mode_missing(j, cr3_loaded, missing)[0])
                return judgement_fail(j,
                                      "%s sets CR0.PG at tick %" PRIu64
                                      " without%s: the CPU would not enter long mode by that.",
                                      judgement_function(j), event->tick, missing);
        }
        if (event->kind == EVENT_EXCEPTION && !paging)
            return judgement_fail(j,
                                  "Exception %u in %s at tick %" PRIu64
                                  ", before paging was on; still missing:%s. Setting CR0.PG with "
                                  "EFER.LME but without CR4.PAE, for one, is a general protection "
                                  "fault.",
                                  event->what, judgement_function(j), event->tick,
                                  long_mode_missing(j, cr3_loaded, missing));
        if (paging && (event->kind == EVENT_ENTRY_SEEN || event->kind == EVENT_ENTRY_WRITE))
            long_mode_judge_nx(j);
    }
    if (!paging)
        judgement_fail_at(j, NEVER,
                          "Paging was never switched on. When the run ended, these were still "
                          "missing:%s, CR0.PG.",
                          long_mode_missing(j, cr3_loaded, missing));
}

PROPERTY(long_mode_far_jump, "A far jump into 64-bit code follows PG, then the upper half")
{
    bool paging = false, jumped = false;

    while (judgement_next(j)) {
        const struct trace_event *event = &j->event;

        if (event->kind == EVENT_CR && event->what == 0 && (event->v[0] & CR0_PG))
            paging = true;
        if (!paging)
            continue;
        if (!jumped && event->kind == EVENT_EXCEPTION)
            return judgement_fail(j,
                                  "Exception %u in %s at tick %" PRIu64
                                  ", after PG was set and before a far jump loaded a 64-bit code "
                                  "segment: until then the CPU still decodes 32-bit code.",
                                  event->what, judgement_function(j), event->tick);
        /* The loader's selector may have the same number as the kernel's. */
        jumped |= event->kind == EVENT_TRANSFER &&
                  (event->what == TRANSFER_FAR || event->what == TRANSFER_IRET);
        if (jumped && event->ring == 0 && event->rip >= KERNEL_HALF)
            return;
    }
    if (!paging)
        judgement_fail_at(j, NEVER, "Paging was never switched on.");
    else if (!jumped)
        judgement_fail_at(j, NEVER,
                          "After CR0.PG was set, no far jump loaded another code "
                          "segment: the CPU stayed in compatibility mode.");
    else
        judgement_fail_at(j, NEVER,
                          "The kernel reached 64-bit code, but never ran in the upper "
                          "half of the address space, where it is linked.");
}

/* ---- control bits ---- */

static bool judge_bits(struct judgement *j, const char *parameter, const char *reg, uint64_t value)
{
    const char *wanted;

    for (size_t i = 0; (wanted = with_texts(j, parameter, i)); i++) {
        const struct control_bit *bit = control_bits_of(parameter);

        while (bit->name && strcmp(bit->name, wanted) != 0)
            bit++;
        if (!bit->name) {
            judgement_refuse(j, "The rubric asks for a bit of %s that is not known: %.20s.", reg,
                             wanted);
            return false;
        }
        if (value >> bit->bit & 1)
            continue;
        judgement_fail(j,
                       "%s.%s is clear at tick %" PRIu64 "%s; %s is 0x%" PRIx64
                       ". The CPU does not enforce that rule then.",
                       reg, wanted, j->event.tick,
                       event_enters_user(&j->event) ? ", when ring 3 is entered" : "", reg, value);
        return false;
    }
    return true;
}

PROPERTY(control_bits, "The control registers have these bits set whenever ring 3 runs",
         TEXTS("cr0", "names of bits of CR0"), TEXTS("cr4", "names of bits of CR4"),
         TEXTS("efer", "names of bits of EFER"))
{
    while (judgement_next(j)) {
        if (!event_enters_user(&j->event) && j->n + 1 < j->events)
            continue;
        if (!judge_bits(j, "cr0", "CR0", j->cr0) || !judge_bits(j, "cr4", "CR4", j->cr4) ||
            !judge_bits(j, "efer", "EFER", j->efer))
            return;
    }
}

/* ---- the lower half ---- */

static bool visit_identity(struct judgement *j, const struct leaf_view *leaf, void *arg)
{
    char who[LABEL_MAX];

    (void)arg;
    if (!leaf->reachable || leaf->user || leaf->va >= KERNEL_HALF || leaf->va != leaf->frame ||
        !space_is_alive(leaf->space, j->n))
        return true;
    judgement_about_va(j, leaf->va);
    judgement_about_entry(j, leaf->entry);
    judgement_fail(j,
                   "At tick %" PRIu64 " the address 0x%" PRIx64
                   " still is mapped to itself for the kernel, in %s: the identity map is for the "
                   "jump into the upper half only, and must be gone.",
                   j->event.tick, leaf->va, space_label(leaf->space, who));
    return false;
}

PROPERTY(no_identity_map, "The identity map is dropped once the kernel runs in the upper half")
{
    bool paging = false;

    if (!world_start(j))
        return;
    while (judgement_next(j)) {
        paging |= (j->cr0 & CR0_PG) != 0;
        if (event_enters_user(&j->event) || j->n + 1 >= j->events)
            world_each_changed(j, visit_identity, NULL);
    }
    if (!paging)
        judgement_fail_at(j, NEVER, "Paging was never switched on.");
}

PROPERTY(no_null_mapping, "Page 0 is not mapped when ring 3 runs")
{
    struct walk walk;
    bool paging = false;

    while (judgement_next(j)) {
        struct replay *replay;

        paging |= (j->cr0 & CR0_PG) != 0;
        if (!paging || (!event_enters_user(&j->event) && j->n + 1 < j->events))
            continue;
        replay = judgement_tables(j);
        if (!replay)
            return;
        replay_walk(replay, j->cr3 & ENTRY_ADDR, 0, &walk);
        if (walk.present) {
            judgement_about_va(j, 0);
            return judgement_fail(j,
                                  "Address 0 is mapped (to frame 0x%" PRIx64 ") at tick %" PRIu64
                                  ": a null pointer would be followed instead of caught.",
                                  walk.phys & ENTRY_ADDR, j->event.tick);
        }
    }
    if (!paging)
        judgement_fail_at(j, NEVER, "Paging was never switched on.");
}

/* ---- exceptions ---- */

PROPERTY(exception_returns, "An exception in ring 0 is handled, and the kernel goes on behind it",
         INTEGER_("vector", "of the exception"))
{
    uint32_t vector = (uint32_t)with_integer(j, "vector", 0);
    uint64_t rip = 0, returned = 0, event = NEVER;

    while (judgement_next(j)) {
        const struct trace_event *e = &j->event;
        bool software = vector == 3 && e->kind == EVENT_TRANSFER && e->what == TRANSFER_INT;

        if (!j->inside || e->ring != 0)
            continue;
        if (software || (e->kind == EVENT_EXCEPTION && e->what == vector)) {
            rip = software ? e->v[0] : e->rip;
            event = j->n;
        } else if (event != NEVER && e->kind == EVENT_TRANSFER && e->what == TRANSFER_IRET &&
                   e->v[1] >= rip && e->v[1] <= rip + 15) {
            returned++;
            event = NEVER;
        }
    }
    if (event != NEVER && returned < (uint64_t)with_integer(j, "min", 1))
        judgement_fail_at(j, event,
                          "Exception %u was raised, but its handler never returned to where it "
                          "was: is the gate in the IDT right, and the stack as the CPU left it?",
                          vector);
    judgement_need(j, returned, 1, "an exception of this vector with a return behind it");
}

PROPERTY(no_double_fault, "No double fault and no triple fault")
{
    while (judgement_next(j)) {
        const struct trace_event *event = &j->event;

        if (event->kind == EVENT_EXCEPTION && event->what == VECTOR_DF)
            return judgement_fail(j,
                                  "Double fault at tick %" PRIu64
                                  " in %s: the CPU could not enter the handler of an exception. "
                                  "The IDT, the handler's page or its stack is not there.",
                                  event->tick, judgement_function(j));
        if (event->kind == EVENT_END && event->what == TRACE_END_TRIPLE_FAULT)
            return judgement_fail(j,
                                  "Triple fault at tick %" PRIu64
                                  ": not even the double fault's handler could be entered. Was the "
                                  "IDT loaded before the first exception?",
                                  event->tick);
    }
}
