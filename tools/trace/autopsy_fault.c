/*
 * What a page fault means. Each rule either recognises the fault and says one
 * thing to look at, or leaves it to the next.
 */
#include "autopsy_cause.h"
#include "event_text.h"
#include "walk_text.h"
#include "words.h"

#include <inttypes.h>
#include <string.h>

enum {
    PAGE_BYTES = 4096,
    STACK_NEAR = 64 << 10, /* a frame may be large: how far below RSP its first access may lie */
    TABLE_RUN = 48,        /* so many entries written in one go are no page-table work */
    TABLE_RUN_EVENTS = 2048,
};

/* Where an entry was written last, as "by f (src/f.c:12) at tick 12". */
static void print_writer(FILE *out, const struct fault *f, const struct walk_step *step)
{
    uint64_t n = replay_last_writer(f->autopsy->replay, step->entry_phys);
    const struct trace_event *event = NULL;

    if (n != UINT64_MAX)
        event = trace_event(f->autopsy->subject->trace, n);
    if (!event || event->kind != EVENT_ENTRY_WRITE) {
        fputs("before the table came into use", out);
        return;
    }
    fputs("by ", out);
    autopsy_place(out, f->autopsy, event_place(event));
    fprintf(out, " at tick %" PRIu64, event->tick);
}

static bool rule_reserved(const struct fault *f, FILE *out)
{
    bool nx = f->autopsy->efer & (1u << 11);

    if (!(f->error & ERROR_RSVD))
        return false;
    for (unsigned i = 0; i < f->walk.steps; i++) {
        const struct walk_step *step = &f->walk.step[i];
        uint64_t bits = walk_reserved_bits(step, nx);

        if (!bits)
            continue;
        fprintf(out, "the %s for 0x%" PRIx64 " has reserved bits set (0x%" PRIx64 "), written ",
                words_entry_name(step->level), f->va, bits);
        print_writer(out, f, step);
        if (!nx && (bits & ENTRY_NX))
            fputs(": NX is reserved until EFER.NXE is set", out);
        else
            fputs(": is it an entry at all, or data in a page that is still a table?", out);
        return true;
    }
    fprintf(out, "an entry that leads to 0x%" PRIx64 " has a reserved bit set; see the walk",
            f->va);
    return true;
}

/* The first instruction after a load of CR3 is not there any more. */
static bool rule_wrong_cr3(const struct fault *f, FILE *out)
{
    const struct trace_event *load = &f->autopsy->cr3_load;

    if (!f->autopsy->has_cr3_load || !(f->error & ERROR_I) || f->event->tick > load->tick + 2 ||
        f->event->tick < load->tick || (f->error & ERROR_P))
        return false;
    fprintf(out, "CR3 was loaded with 0x%" PRIx64 " by ", load->v[0]);
    autopsy_place(out, f->autopsy, event_place(load));
    fprintf(out,
            ", and from there nothing maps the next instruction (%s %u is not present): "
            "is it the physical address of a finished PML4 that maps the kernel too?",
            words_entry_name(f->last->level), (unsigned)(f->va >> (3 + 9 * f->last->level) & 511));
    return true;
}

static const struct move *last_branch(const struct autopsy *a, uint64_t to)
{
    for (unsigned i = a->move_count; i-- > 0;) {
        if (a->move[i].kind != MOVE_EXCEPTION && (a->move[i].to == to))
            return &a->move[i];
    }
    return NULL;
}

/* IRETQ went somewhere that cannot be executed. */
static bool rule_iret(const struct fault *f, FILE *out)
{
    const struct move *move = last_branch(f->autopsy, f->va);

    if (!(f->error & ERROR_I) || !move || move->kind != MOVE_TRANSFER ||
        (move->what != TRANSFER_IRET && move->what != TRANSFER_SYSRET))
        return false;
    fprintf(out, "%s in ", words_transfer(move->what));
    autopsy_place(out, f->autopsy, move->from);
    fprintf(out,
            " returned to 0x%" PRIx64 ", which %s: the frame it popped is not the one that was "
            "pushed (a push too many, or too few?)",
            f->va, f->error & ERROR_P ? "may not be executed" : "is not mapped");
    return true;
}

/* The CPU read a descriptor for a selector that IRETQ had popped. */
static bool rule_iret_selector(const struct fault *f, FILE *out)
{
    if ((f->error & ERROR_I) || !autopsy_code_is(f->autopsy, f->event->rip, "iretq"))
        return false;
    fprintf(out,
            "IRETQ could not use what it popped (it read 0x%" PRIx64 ", on the stack or for a "
            "selector): RSP is not at the frame that was pushed, a push too many or too few",
            f->va);
    return true;
}

static bool rule_null_jump(const struct fault *f, FILE *out)
{
    const struct move *move = last_branch(f->autopsy, f->va);

    if (!(f->error & ERROR_I) || f->va >= PAGE_BYTES)
        return false;
    fprintf(out, "control went to address 0x%" PRIx64, f->va);
    if (move && move->from) {
        fputs(" from ", out);
        autopsy_place(out, f->autopsy, move->from);
    }
    fputs(": a null pointer to a function, or a return address overwritten with 0", out);
    return true;
}

static bool rule_no_execute(const struct fault *f, FILE *out)
{
    if ((f->error & (ERROR_I | ERROR_P)) != (ERROR_I | ERROR_P))
        return false;
    for (unsigned i = 0; i < f->walk.steps; i++) {
        if (!(f->walk.step[i].entry & ENTRY_NX))
            continue;
        fprintf(out, "the code at 0x%" PRIx64 " may not be executed: its %s has NX, written ",
                f->va, words_entry_name(f->walk.step[i].level));
        print_writer(out, f, &f->walk.step[i]);
        fputs("; text needs NX clear, and a jump into data is a wild jump", out);
        return true;
    }
    if (!f->walk.user || (f->error & ERROR_U))
        return false;
    fprintf(out,
            "ring 0 tried to execute a page of ring 3 at 0x%" PRIx64 " (SMEP): "
            "a wild jump, or an entry with U that should not have it",
            f->va);
    return true;
}

/* The page below the stack's is not mapped: RSP, or the access below it, ran into it. */
static bool rule_stack(const struct fault *f, FILE *out)
{
    uint64_t rsp = f->event->v[2];
    char names[512];
    unsigned deep;

    if ((f->error & (ERROR_I | ERROR_P)) || f->va >= rsp + PAGE_BYTES || f->va + STACK_NEAR < rsp)
        return false;
    deep = autopsy_recursion(f->autopsy, names, sizeof(names));
    fprintf(out, "stack overflow: RSP 0x%" PRIx64 " has run into the unmapped page at 0x%" PRIx64,
            rsp, f->va & ~UINT64_C(0xfff));
    if (deep)
        fprintf(out, " by recursion: of the last calls %u had no return, to %s", deep, names);
    else
        fputs(": large local variables, or a stack pointer that was never right", out);
    return true;
}

struct run_count {
    const struct fault *fault;
    uint64_t page;
    char function[256];
    unsigned count;
};

static bool run_visit(void *arg, uint64_t n, const struct trace_event *event)
{
    struct run_count *run = arg;
    char name[256];

    (void)n;
    if (event->kind == EVENT_ENTRY_WRITE && (event->v[0] & ENTRY_ADDR) == run->page &&
        strcmp(
            subject_function(run->fault->autopsy->subject, event_place(event), name, sizeof(name)),
            run->function) == 0)
        run->count++;
    return true;
}

unsigned fault_table_overwritten(const struct fault *f, const struct walk_step *step,
                                 struct trace_event *writer)
{
    struct trace *trace = f->autopsy->subject->trace;
    uint64_t n = replay_last_writer(f->autopsy->replay, step->entry_phys);
    const struct trace_event *event = n == UINT64_MAX ? NULL : trace_event(trace, n);
    struct run_count run = { .fault = f, .page = step->entry_phys & ENTRY_ADDR };
    uint64_t from = n > TABLE_RUN_EVENTS ? n - TABLE_RUN_EVENTS : 0, to;

    if (!event || event->kind != EVENT_ENTRY_WRITE || !(event->v[1] & ENTRY_P))
        return 0;
    *writer = *event;
    subject_function(f->autopsy->subject, event_place(event), run.function, sizeof(run.function));
    to = n + TABLE_RUN_EVENTS < f->number ? n + TABLE_RUN_EVENTS : f->number;
    trace_scan(trace, from, to, run_visit, &run);
    return run.count >= TABLE_RUN ? run.count : 0;
}

/* A table was filled with something while an entry above it still points there. */
static bool rule_freed_table(const struct fault *f, FILE *out)
{
    for (unsigned i = 1; i < f->walk.steps; i++) {
        const struct walk_step *step = &f->walk.step[i];
        struct trace_event writer;
        unsigned entries = fault_table_overwritten(f, step, &writer);

        if (!entries)
            continue;
        fprintf(out, "the %s at 0x%" PRIx64 " was overwritten as ordinary memory by ",
                words_table_name(step->level), step->entry_phys & ENTRY_ADDR);
        autopsy_place(out, f->autopsy, event_place(&writer));
        fprintf(out,
                " (%u entries, at tick %" PRIu64 "), while the %s at 0x%" PRIx64
                " still points to it: freed too early, or its entry was never cleared",
                entries, writer.tick, words_entry_name(step->level + 1),
                f->walk.step[i - 1].entry_phys);
        return true;
    }
    return false;
}

static bool rule_rights(const struct fault *f, FILE *out)
{
    bool write = f->error & ERROR_W, user = f->error & ERROR_U;
    uint64_t missing = user && !f->walk.user ? ENTRY_U : write && !f->walk.writable ? ENTRY_W : 0;

    if (!(f->error & ERROR_P))
        return false;
    for (unsigned i = 0; missing && i < f->walk.steps; i++) {
        if (f->walk.step[i].entry & missing)
            continue;
        fprintf(out, "%s of 0x%" PRIx64 " from ring %c: its %s has no %c, written ",
                write ? "write" : "read", f->va, user ? '3' : '0',
                words_entry_name(f->walk.step[i].level), missing == ENTRY_U ? 'U' : 'W');
        print_writer(out, f, &f->walk.step[i]);
        return true;
    }
    if (user || !f->walk.user)
        return false;
    fprintf(out,
            "ring 0 touched 0x%" PRIx64 ", a page of ring 3, with SMAP on and AC clear: "
            "user memory is reached through the copy functions only",
            f->va);
    return true;
}

static bool rule_null(const struct fault *f, FILE *out)
{
    if (f->va >= PAGE_BYTES)
        return false;
    fprintf(out, "a null pointer%s was %s: the address is 0x%" PRIx64,
            f->va ? " to a structure or array" : "", f->error & ERROR_W ? "written to" : "read",
            f->va);
    return true;
}

static bool rule_higher_half(const struct fault *f, FILE *out)
{
    if (!(f->error & ERROR_I) || f->va >> 47 == 0)
        return false;
    fprintf(out,
            "nothing maps the code at 0x%" PRIx64 " in the higher half: %s %u is empty; was "
            "the kernel's half built, or copied, into this PML4?",
            f->va, words_entry_name(f->last->level),
            (unsigned)(f->va >> (3 + 9 * f->last->level) & 511));
    return true;
}

static bool rule_not_present(const struct fault *f, FILE *out)
{
    uint64_t n = replay_last_writer(f->autopsy->replay, f->last->entry_phys);
    const struct trace_event *event = NULL;

    if (n != UINT64_MAX)
        event = trace_event(f->autopsy->subject->trace, n);
    fprintf(out, "0x%" PRIx64 " is not mapped: its %s is not present", f->va,
            words_entry_name(f->last->level));
    if (!event || event->kind != EVENT_ENTRY_WRITE) {
        fputs(" and never was: a wild pointer, or a mapping that was forgotten", out);
        return true;
    }
    fputs(", removed ", out);
    print_writer(out, f, f->last);
    fputs(": used after it was unmapped?", out);
    return true;
}

void cause_page_fault(const struct fault *fault, FILE *out)
{
    static bool (*const rules[])(const struct fault *, FILE *) = {
        rule_reserved,  rule_wrong_cr3,  rule_iret,        rule_iret_selector,
        rule_null_jump, rule_no_execute, rule_freed_table, rule_stack,
        rule_rights,    rule_null,       rule_higher_half, rule_not_present,
    };

    for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
        if (rules[i](fault, out))
            return;
    }
}
