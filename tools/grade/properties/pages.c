/* What pages are like at a moment: at a witness, or where a process last ran. */
#include "define.h"
#include "moment.h"

enum { PAGES_MAX = 1 << 20 };

bool moment_find(struct judgement *j, struct moment *out)
{
    long long step = with_integer(j, "step", -1), nth = with_integer(j, "nth", 1);
    long long process = with_integer(j, "process", 0);
    const struct report *report = NULL;

    *out = (struct moment){ 0 };
    if (step >= 0)
        report = witness_find(j, (uint64_t)step, nth > 0 ? (uint64_t)nth - 1 : 0);
    if (step >= 0 && !report) {
        judgement_fail_at(j, NEVER,
                          "The program never came to its step %lld (occurrence %lld), where this "
                          "check looks at the tables.",
                          step, nth);
        return false;
    }
    for (size_t i = 0; i < j->survey.spaces; i++) {
        struct space *space = &j->survey.space[i];

        if (process  ? space->process == process
            : report ? space->index == report->space
                     : space->process == 1)
            out->space = space;
    }
    if (!out->space) {
        judgement_fail_at(j, NEVER, "There was no process %lld in this run.",
                          process ? process : 1LL);
        return false;
    }
    out->event = report ? report->event : out->space->last_user;
    if (out->event == NEVER)
        out->event = j->events;
    out->replay = j->run->replay;
    if (replay_seek(out->replay, out->event))
        return true;
    judgement_refuse(j, "The page tables cannot be followed to event %" PRIu64 ".", out->event);
    return false;
}

void moment_walk(const struct moment *moment, uint64_t va, struct walk *out)
{
    replay_walk(moment->replay, moment->space->root, va, out);
}

/* From one page to the next: a step that no made-up size makes 0. */
static uint64_t page_step(const struct walk *walk, uint64_t va)
{
    uint64_t bytes = walk->present && walk->page_bytes ? walk->page_bytes : PAGE_SIZE;

    return bytes - (va & (bytes - 1));
}

struct wanted {
    const char *name, *is, *is_not;
};

static bool page_right(struct judgement *j, const struct moment *moment, uint64_t va,
                       const struct walk *walk, const struct wanted *wanted, bool is)
{
    char who[LABEL_MAX];

    if (!with_has(j, wanted->name) || with_boolean(j, wanted->name, is) == is)
        return true;
    judgement_about_va(j, va);
    if (walk->steps)
        judgement_about_entry(j, walk->step[walk->steps - 1].entry_phys);
    judgement_fail_at(j, moment->event,
                      "The page at 0x%" PRIx64 " of %s is %s, all levels together; here it must be "
                      "%s.",
                      va & ~(PAGE_SIZE - 1), space_label(moment->space, who),
                      is ? wanted->is : wanted->is_not, is ? wanted->is_not : wanted->is);
    return false;
}

static bool page_judge(struct judgement *j, const struct moment *moment, uint64_t va,
                       const struct walk *walk)
{
    static const struct wanted present = { "present", "mapped", "not mapped" };
    static const struct wanted user = { "user", "open to ring 3", "closed to ring 3" };
    static const struct wanted writable = { "writable", "writable", "not writable" };
    static const struct wanted exec = { "executable", "executable", "not executable" };
    uint64_t bytes = (uint64_t)with_integer(j, "page_bytes", 0);

    if (!page_right(j, moment, va, walk, &present, walk->present))
        return false;
    if (walk->present && (!page_right(j, moment, va, walk, &user, walk->user) ||
                          !page_right(j, moment, va, walk, &writable, walk->writable) ||
                          !page_right(j, moment, va, walk, &exec, walk->executable)))
        return false;
    if (!bytes || !walk->present || walk->page_bytes == bytes)
        return true;
    judgement_about_va(j, va);
    judgement_fail_at(j, moment->event,
                      "0x%" PRIx64 " is mapped by a page of %" PRIu64 " bytes; here it must be "
                      "%" PRIu64 ".",
                      va, walk->page_bytes, bytes);
    return false;
}

PROPERTY(page_is, "Every page of the range is as described", MOMENT, RANGE,
         BOOLEAN("present", "mapped"), BOOLEAN("writable", "through all levels"),
         BOOLEAN("executable", "through all levels"), BOOLEAN("user", "through all levels"),
         INTEGER("page_bytes", "4096, 2097152"))
{
    struct moment moment;
    struct range range;
    struct walk walk;

    if (!with_range(j, &range) || !moment_find(j, &moment))
        return;
    for (uint64_t va = range.start, n = 0; va < range.end && n < PAGES_MAX; n++) {
        uint64_t step;

        moment_walk(&moment, va, &walk);
        if (!page_judge(j, &moment, va, &walk))
            return;
        step = page_step(&walk, va);
        va = va + step < va ? range.end : va + step;
    }
}

uint64_t moment_resident(const struct moment *moment, const struct range *range)
{
    uint64_t pages = 0;
    struct walk walk;

    for (uint64_t va = range->start, n = 0; va < range->end && n < PAGES_MAX; n++) {
        uint64_t step, end;

        moment_walk(moment, va, &walk);
        step = page_step(&walk, va);
        end = va + step < va || va + step > range->end ? range->end : va + step;
        if (walk.present && walk.user)
            pages += (end - va + PAGE_SIZE - 1) / PAGE_SIZE;
        va = end;
    }
    return pages;
}

PROPERTY(pages_resident, "So many pages of the range are backed", MOMENT, RANGE,
         INTEGER("max", "pages at most"))
{
    uint64_t min = (uint64_t)with_integer(j, "min", 0), pages;
    long long max = with_integer(j, "max", -1);
    struct moment moment;
    struct range range;
    char who[LABEL_MAX];

    if (!with_range(j, &range) || !moment_find(j, &moment))
        return;
    pages = moment_resident(&moment, &range);
    if (pages >= min && (max < 0 || pages <= (uint64_t)max))
        return judgement_note(j, "%" PRIu64 " pages of the range are backed.", pages);
    judgement_about_va(j, range.start);
    judgement_fail_at(j, moment.event,
                      "%" PRIu64 " pages from 0x%" PRIx64 " to 0x%" PRIx64
                      " of %s are backed by frames, %s %" PRIu64 " %s.",
                      pages, range.start, range.end, space_label(moment.space, who),
                      pages < min ? "but at least" : "but only", pages < min ? min : (uint64_t)max,
                      pages < min ? "are in use" : "were ever touched or asked for");
}

/* Is the table at the end of a walk empty? */
static bool table_is_empty(const struct moment *moment, const struct walk *walk)
{
    uint64_t table = walk->steps ? walk->step[walk->steps - 1].entry_phys & ENTRY_ADDR : 0;
    const uint64_t *entries = replay_table(moment->replay, table);

    if (!entries || walk->steps < 2)
        return false;
    for (unsigned i = 0; i < 512; i++) {
        if (entries[i] & ENTRY_P)
            return false;
    }
    return true;
}

PROPERTY(unmapped_is_gone, "No page of the range is mapped any more", MOMENT, RANGE,
         BOOLEAN("tables", "nor is there an empty table left on the way to it"))
{
    bool tables = with_boolean(j, "tables", false);
    struct moment moment;
    struct range range;
    struct walk walk;
    char who[LABEL_MAX];

    if (!with_range(j, &range) || !moment_find(j, &moment))
        return;
    for (uint64_t va = range.start, n = 0; va < range.end && n < PAGES_MAX; va += PAGE_SIZE, n++) {
        moment_walk(&moment, va, &walk);
        judgement_about_va(j, va);
        if (walk.present)
            return judgement_fail_at(j, moment.event,
                                     "0x%" PRIx64 " of %s is still mapped to frame 0x%" PRIx64
                                     " though it was unmapped before.",
                                     va, space_label(moment.space, who), walk.phys & ENTRY_ADDR);
        if (tables && table_is_empty(&moment, &walk))
            return judgement_fail_at(
                j, moment.event,
                "The page at 0x%" PRIx64 " of %s is gone, but an empty table of level %u (at "
                "0x%" PRIx64 ") is still there for it: its frame is lost.",
                va, space_label(moment.space, who), walk.step[walk.steps - 1].level,
                walk.step[walk.steps - 1].entry_phys & ENTRY_ADDR);
    }
    j->verdict->has_va = false;
}

PROPERTY(huge_pages_used, "The range is mapped by large pages", MOMENT, RANGE)
{
    struct moment moment;
    struct range range;
    struct walk walk;
    uint64_t count = 0, wanted;
    char who[LABEL_MAX];

    if (!with_range(j, &range) || !moment_find(j, &moment))
        return;
    wanted = (uint64_t)with_integer(j, "min", (long long)((range.end - range.start) / HUGE_SIZE));
    for (uint64_t va = range.start, n = 0; va < range.end && n < PAGES_MAX; va += HUGE_SIZE, n++) {
        moment_walk(&moment, va, &walk);
        count += walk.present && walk.page_bytes >= HUGE_SIZE;
        if (va + HUGE_SIZE < va)
            break;
    }
    if (count >= wanted)
        return judgement_note(j, "%" PRIu64 " large pages.", count);
    judgement_about_va(j, range.start);
    judgement_fail_at(j, moment.event,
                      "%" PRIu64 " of the 2 MiB blocks from 0x%" PRIx64
                      " of %s are mapped by a large page; %" PRIu64 " were asked for.",
                      count, range.start, space_label(moment.space, who), wanted);
}

PROPERTY(table_pages_at_most, "A process has no more tables than it needs", MOMENT,
         INTEGER_("max", "tables of its own, the PML4 included"))
{
    uint64_t max = (uint64_t)with_integer(j, "max", 0), own;
    struct moment moment;
    char who[LABEL_MAX];

    if (!moment_find(j, &moment))
        return;
    own = moment_tables(j, &moment);
    if (own > max)
        judgement_fail_at(j, moment.event,
                          "%s has %" PRIu64 " tables of its own; %" PRIu64
                          " are enough for what it maps.",
                          space_label(moment.space, who), own, max);
}
