#include "weak.h"

#include "hooks.h"
#include "machine.h"
#include "out.h"
#include "setup.h"
#include "tables.h"
#include "tlb.h"

#include <stdlib.h>

enum { FILTER = 4096, ERROR_WRITE = 2, ERROR_USER = 4, ERROR_FETCH = 16 };

unsigned weak_count;

static struct weak *list;
static unsigned room;
static unsigned at_level[LEVEL_ROOT + 1];
static uint16_t filter[LEVEL_ROOT + 1][FILTER]; /* how many, by page number */

static uint16_t *filter_of(uint64_t va, unsigned level)
{
    return &filter[level][va >> level_shift(level) & (FILTER - 1)];
}

/* Can any cover this address? Most accesses end here. */
static bool weak_may_cover(uint64_t va)
{
    for (unsigned level = 1; level <= LEVEL_ROOT; level++)
        if (at_level[level] && *filter_of(va, level))
            return true;
    return false;
}

static bool weak_covers(const struct weak *weak, uint64_t va)
{
    return (weak->va ^ va) >> level_shift(weak->level) == 0 &&
           (weak->space == SPACE_GLOBAL || weak->space == tlb_space());
}

void weak_add(const struct weak *weak)
{
    if (weak_count == room) {
        room = room ? room * 2 : 64;
        list = realloc(list, room * sizeof(*list));
        if (!list)
            setup_refuse("out of memory");
    }
    list[weak_count++] = *weak;
    at_level[weak->level]++;
    ++*filter_of(weak->va, weak->level);
    if (weak_count == 1)
        hooks_watch_fetches(true);
}

void weak_drop(bool (*covers)(const struct weak *weak, const void *arg), const void *arg)
{
    if (weak_count == 0)
        return;
    for (unsigned i = 0; i < weak_count;) {
        if (!covers(&list[i], arg)) {
            i++;
            continue;
        }
        at_level[list[i].level]--;
        --*filter_of(list[i].va, list[i].level);
        list[i] = list[--weak_count];
    }
    if (weak_count == 0)
        hooks_watch_fetches(false);
}

/* What a CPU that has cached it would use for this address. */
static struct translation weak_translation(const struct weak *weak, uint64_t va)
{
    return weak->link ? translate_from(va, weak->entry, weak->level, &weak->old) : weak->old;
}

/* An entry that is not dirty does not serve writes: the CPU walks to set the bit. */
static bool cached_permits(const struct translation *t, enum access_kind kind, unsigned ring)
{
    return translation_permits(t, kind, ring) && (kind != ACCESS_WRITE || t->dirty);
}

/* The CPU itself reads descriptors and pushes frames as ring 0, whoever runs. */
static unsigned access_ring(const struct translation *a, const struct translation *b)
{
    unsigned ring = machine_ring();

    return ring == 3 && !(a->present && a->user) && !(b->present && b->user) ? 0 : ring;
}

static void weak_say(enum event_kind kind, enum access_kind access, uint64_t va, uint64_t phys,
                     const struct translation *now)
{
    out_event(kind, access, now->level, VALUES(va, phys, now->entry, now->entry_phys));
}

/* Would the ideal TLB have served the access, and otherwise than the tables now? */
static bool weak_use_is_stale(const struct translation *old, const struct translation *now,
                              uint64_t va, enum access_kind kind, unsigned ring)
{
    return cached_permits(old, kind, ring) &&
           (!translation_permits(now, kind, ring) ||
            translation_phys(old, va) != translation_phys(now, va));
}

void weak_check_access(uint64_t va, uint64_t phys, enum access_kind kind)
{
    if (!weak_may_cover(va))
        return;
    for (unsigned i = 0; i < weak_count; i++) {
        struct weak *w = &list[i];
        struct translation old, now;
        unsigned ring;

        if (!weak_covers(w, va))
            continue;
        old = weak_translation(w, va);
        now = translate(machine.cr3, va);
        ring = access_ring(&old, &now);
        if (!(w->ideal & 1 << kind) && weak_use_is_stale(&old, &now, va, kind, ring)) {
            w->ideal |= 1 << kind;
            weak_say(EVENT_STALE_IDEAL, kind, va, translation_phys(&old, va), &now);
        }
        if (!(w->cpu & 1 << kind) && !w->link &&
            (!translation_permits(&now, kind, ring) || translation_phys(&now, va) != phys)) {
            w->cpu |= 1 << kind;
            weak_say(EVENT_STALE_CPU, kind, va, phys, &now);
        }
    }
}

/* Fetches are not told with an address: the CPU used what it had, or what it walked for since. */
void weak_check_fetch(uint64_t rip)
{
    if (!weak_may_cover(rip))
        return;
    for (unsigned i = 0; i < weak_count; i++) {
        struct weak *w = &list[i];

        if (!weak_covers(w, rip))
            continue;
        if (w->link || w->walked_since) {
            struct translation now = translate(machine.cr3, rip);

            weak_check_access(rip, translation_phys(&now, rip), ACCESS_FETCH);
        } else {
            weak_check_access(rip, translation_phys(&w->old, rip), ACCESS_FETCH);
        }
        return;
    }
}

void weak_check_fault(uint64_t va, uint32_t error)
{
    enum access_kind kind = error & ERROR_FETCH   ? ACCESS_FETCH
                            : error & ERROR_WRITE ? ACCESS_WRITE
                                                  : ACCESS_READ;
    unsigned ring = error & ERROR_USER ? 3 : 0;

    if (!weak_may_cover(va))
        return;
    for (unsigned i = 0; i < weak_count; i++) {
        struct weak *w = &list[i];
        struct translation old, now;

        if (!weak_covers(w, va) || (w->ideal & 1 << kind))
            continue;
        old = weak_translation(w, va);
        now = translate(machine.cr3, va);
        if (!weak_use_is_stale(&old, &now, va, kind, ring))
            continue;
        w->ideal |= 1 << kind;
        weak_say(EVENT_STALE_IDEAL, kind, va, translation_phys(&old, va), &now);
    }
}

void weak_note_walk(uint64_t va)
{
    for (unsigned i = 0; weak_may_cover(va) && i < weak_count; i++)
        if (weak_covers(&list[i], va))
            list[i].walked_since = true;
}

static void weak_note(struct weak *w, enum window window, uint64_t entry)
{
    if (w->noted & 1 << window)
        return;
    w->noted |= 1 << window;
    out_event(EVENT_WINDOW, window, w->level, VALUES(w->va, w->entry, entry, w->entry_phys));
}

static uint64_t weak_entry_now(const struct weak *w)
{
    const struct table *table = tables_find(w->entry_phys);

    return table ? table->entry[(w->entry_phys & 0xfff) / sizeof(uint64_t)] : 0;
}

void weak_note_return(void)
{
    for (unsigned i = 0; i < weak_count; i++) {
        struct weak *w = &list[i];
        struct translation now = translate(machine.cr3, w->va);

        if (!weak_covers(w, w->va))
            continue;
        if (w->link)
            weak_note(w, WINDOW_TABLE, weak_entry_now(w));
        else if (translation_is_weaker(&now, &w->old, w->va))
            weak_note(w, WINDOW_RETURN, weak_entry_now(w));
    }
}

static bool ranges_meet(uint64_t a, uint64_t a_bytes, uint64_t b, uint64_t b_bytes)
{
    return a < b + b_bytes && b < a + a_bytes;
}

void weak_note_reuse(uint64_t phys, uint64_t bytes, uint64_t va)
{
    for (unsigned i = 0; i < weak_count; i++) {
        struct weak *w = &list[i];
        struct translation now;

        if (w->link) {
            if (ranges_meet(phys, bytes, w->entry & PTE_ADDR, 1ull << PAGE_BITS))
                weak_note(w, WINDOW_TABLE, weak_entry_now(w));
            continue;
        }
        if (!ranges_meet(phys, bytes, w->old.phys, 1ull << level_shift(w->level)) || va == w->va)
            continue;
        now = translate(w->root, w->va);
        if (!now.present || translation_phys(&now, w->va) != w->old.phys)
            weak_note(w, WINDOW_REUSE, weak_entry_now(w));
    }
}
