/* Facts about tables and turns. */
#include "define.h"
#include "faults.h"
#include "moment.h"
#include "turns.h"

/* The walk of the parameter va at the moment that is asked for. */
static bool walk_find(struct judgement *j, struct walk *walk)
{
    struct moment moment;
    uint64_t va;

    if (!with_value(j, "va", 0, &va) || !moment_find(j, &moment))
        return false;
    moment_walk(&moment, va, walk);
    return true;
}

FACT(frame_of, "The frame that backs an address", MOMENT, VALUE_("va", "the address"))
{
    struct walk walk;

    if (!walk_find(j, &walk))
        return false;
    *out = walk.phys & ENTRY_ADDR;
    return walk.present;
}

FACT(page_bytes, "Size of the page that maps an address", MOMENT, VALUE_("va", "the address"))
{
    struct walk walk;

    if (!walk_find(j, &walk))
        return false;
    *out = walk.page_bytes;
    return walk.present;
}

FACT(paging_levels, "Entries that the CPU reads to translate an address", MOMENT,
     VALUE_("va", "the address"))
{
    struct walk walk;

    if (!walk_find(j, &walk))
        return false;
    *out = walk.steps;
    return walk.steps > 0;
}

FACT(resident, "Pages of a range that are backed", MOMENT, RANGE)
{
    struct moment moment;
    struct range range;

    if (!with_range(j, &range) || !moment_find(j, &moment))
        return false;
    *out = moment_resident(&moment, &range);
    return true;
}

FACT(process_tables, "Tables of a process, its PML4 included", MOMENT)
{
    struct moment moment;

    if (!moment_find(j, &moment))
        return false;
    *out = moment_tables(j, &moment);
    return true;
}

FACT(tables_alive, "Page tables in the whole machine", MOMENT)
{
    struct moment moment;

    if (!moment_find(j, &moment))
        return false;
    *out = replay_tables(moment.replay, NULL, 0);
    return true;
}

/* Write faults in ring 3 that were answered by another frame, and by the same one. */
static bool count_answers(struct judgement *j, uint64_t *copied, uint64_t *kept)
{
    struct fault *faults;

    *copied = *kept = 0;
    if (!faults_start(j, &faults))
        return false;
    while (judgement_next(j)) {
        struct fault *fault = j->space ? &faults[j->space->index] : NULL;
        struct walk walk;

        if (!fault || !(event_is_user_fault(&j->event) || event_enters_user(&j->event)) ||
            !judgement_tables(j))
            continue;
        if (event_is_user_fault(&j->event)) {
            fault_note(fault, j);
            replay_walk(j->run->replay, j->cr3 & ENTRY_ADDR, fault->va, &walk);
            fault->frame = walk.phys & ENTRY_ADDR;
            fault->open = j->inside && walk.present && (fault->error & ERROR_W);
        } else if (fault->open) {
            fault->open = false;
            replay_walk(j->run->replay, j->cr3 & ENTRY_ADDR, fault->va, &walk);
            if (walk.present && walk.writable && j->event.v[1] == fault->rip)
                ++*((walk.phys & ENTRY_ADDR) == fault->frame ? kept : copied);
        }
    }
    free(faults);
    return !judgement_decided(j);
}

FACT(frames_copied, "Write faults that were answered by a copy")
{
    uint64_t kept;

    return count_answers(j, out, &kept);
}

FACT(frames_kept, "Write faults that were answered by giving rights to the same frame")
{
    uint64_t copied;

    return count_answers(j, &copied, out);
}

FACT(largest_resident, "The most user pages of a process at any return to ring 3", RANGE)
{
    struct moment moment = { .replay = j->run->replay };
    struct range range;

    *out = 0;
    if (!with_range(j, &range))
        return false;
    while (judgement_next(j)) {
        uint64_t pages;

        if (!j->inside || !j->space || !event_enters_user(&j->event) || !judgement_tables(j))
            continue;
        moment.space = j->space;
        pages = moment_resident(&moment, &range);
        *out = pages > *out ? pages : *out;
    }
    return true;
}

static bool of_process(const struct judgement *j, const struct turn *turn)
{
    long long process = with_integer(j, "process", 0);

    return turn->event >= j->from && turn->event < j->until &&
           (!process || turn->space->process == process);
}

FACT(turns, "Times that a process got the CPU")
{
    struct turns turns = { 0 };
    bool good = turns_collect(j, &turns);

    *out = 0;
    for (size_t i = 0; good && i < turns.count; i++)
        *out += of_process(j, &turns.turn[i]);
    free(turns.turn);
    return good;
}

FACT(longest_turn, "Ticks of the longest stay of a process in ring 3")
{
    struct turns turns = { 0 };
    bool good = turns_collect(j, &turns);

    *out = 0;
    for (size_t i = 0; good && i < turns.count; i++) {
        if (of_process(j, &turns.turn[i]) && turns.turn[i].user_ticks > *out)
            *out = turns.turn[i].user_ticks;
    }
    free(turns.turn);
    return good;
}
