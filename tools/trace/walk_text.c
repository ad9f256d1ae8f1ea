#include "walk_text.h"

#include "event_text.h"
#include "words.h"

#include <inttypes.h>
#include <string.h>

/* The recorded machine's width; the CPU model's, as its CPUID says. */
enum { PHYSICAL_BITS = 40 };

/* "written at tick 123 by pt_map+0x10 (src/vm/pt.c:88)" */
static void walk_print_writer(FILE *out, const struct subject *subject, struct replay *replay,
                              uint64_t entry_phys)
{
    uint64_t n = replay_last_writer(replay, entry_phys);
    const struct trace_event *event = n == UINT64_MAX ? NULL : trace_event(subject->trace, n);

    fprintf(out, "%12s", "");
    if (!event) {
        fputs("nobody has written it since the table was found\n", out);
    } else if (event->kind == EVENT_ENTRY_WRITE) {
        fprintf(out, "written at tick %" PRIu64 " by ", event->tick);
        subject_print_place(out, subject, event_place(event));
        fputc('\n', out);
    } else {
        fprintf(out, "there since the table came into use, at tick %" PRIu64 " in ", event->tick);
        subject_print_place(out, subject, event_place(event));
        fputc('\n', out);
    }
}

uint64_t walk_reserved_bits(const struct walk_step *step, bool nx_enabled)
{
    uint64_t reserved = ENTRY_ADDR & ~((UINT64_C(1) << PHYSICAL_BITS) - 1);

    if (!(step->entry & ENTRY_P))
        return 0;
    if (!nx_enabled)
        reserved |= ENTRY_NX;
    if (step->level == 4)
        reserved |= ENTRY_PS;
    else if (step->level > 1 && (step->entry & ENTRY_PS))
        reserved |= ((UINT64_C(1) << (3 + 9 * step->level)) - 1) & ~UINT64_C(0x1fff);
    return step->entry & reserved;
}

static void walk_print_step(FILE *out, const struct subject *subject, struct replay *replay,
                            const struct walk_step *step, uint64_t va)
{
    char text[WORDS_MAX];
    uint64_t reserved = walk_reserved_bits(step, true);

    fprintf(out, "  %-5s %3u  at 0x%" PRIx64 ": %s\n", words_entry_name(step->level),
            (unsigned)(va >> (3 + 9 * step->level) & 511), step->entry_phys,
            words_entry(step->level, step->entry, text));
    if (reserved)
        fprintf(out, "%12sreserved bits that are set: 0x%" PRIx64 "\n", "", reserved);
    if (replay_table_level(replay, step->entry_phys & ENTRY_ADDR) == 0)
        fprintf(out, "%12s0x%" PRIx64 " is no live table\n", "", step->entry_phys & ENTRY_ADDR);
    else
        walk_print_writer(out, subject, replay, step->entry_phys);
}

static void walk_print_result(FILE *out, const struct walk *walk)
{
    static const char *const sizes[] = { "4 KiB", "2 MiB", "1 GiB" };
    unsigned size = walk->page_bytes > (2 << 20) ? 2 : walk->page_bytes > 4096 ? 1 : 0;

    if (!walk->present) {
        fputs("  = not mapped\n", out);
        return;
    }
    fprintf(out, "  = 0x%" PRIx64 ", in a %s page: readable%s, %swritable, %sexecutable\n",
            walk->phys, sizes[size], walk->user ? " in ring 3" : " in ring 0 only",
            walk->writable ? "" : "not ", walk->executable ? "" : "not ");
}

void walk_print(FILE *out, const struct subject *subject, struct replay *replay, uint64_t root,
                uint64_t va)
{
    struct walk walk;

    replay_walk(replay, root, va, &walk);
    for (unsigned i = 0; i < walk.steps; i++)
        walk_print_step(out, subject, replay, &walk.step[i], va);
    walk_print_result(out, &walk);
}
