#include "weak.h"

#include "hooks.h"
#include "machine.h"
#include "out.h"
#include "setup.h"
#include "tables.h"
#include "tlb.h"

#include <stdlib.h>

enum { BUCKET_BITS = 16, ERROR_WRITE = 2, ERROR_USER = 4, ERROR_FETCH = 16 };

/* One of the list, in the chain of its page's bucket. */
struct node {
    struct weak w;
    bool live;
    unsigned next; /* index + 1; 0: last. Of a free node: the next free one */
};

unsigned weak_count;

static struct node *nodes;
static unsigned nodes_room, nodes_used, nodes_free; /* used: never beyond; free: index + 1 */
static unsigned at_level[LEVEL_ROOT + 1], links;
static unsigned buckets[LEVEL_ROOT + 1][1 << BUCKET_BITS];
static uint32_t frames[1 << BUCKET_BITS]; /* how many had a frame of this hash */

static unsigned *bucket_of(uint64_t va, unsigned level)
{
    uint64_t page = va >> level_shift(level);

    return &buckets[level][(page ^ page >> BUCKET_BITS) & ((1 << BUCKET_BITS) - 1)];
}

static uint32_t *frame_of(uint64_t phys)
{
    return &frames[phys >> PAGE_BITS & ((1 << BUCKET_BITS) - 1)];
}

static bool weak_covers(const struct weak *weak, uint64_t va)
{
    return (weak->va ^ va) >> level_shift(weak->level) == 0 &&
           (weak->space == SPACE_GLOBAL || weak->space == tlb_space());
}

/*
 * The next one that covers an address, behind *node (start with 0) and *level
 * (start with 1). Nearly all accesses find none here, at little cost.
 */
static struct weak *weak_next(uint64_t va, unsigned *node, unsigned *level)
{
    unsigned at = *node ? nodes[*node - 1].next : at_level[1] ? *bucket_of(va, 1) : 0;

    for (;;) {
        for (; at; at = nodes[at - 1].next)
            if (weak_covers(&nodes[at - 1].w, va)) {
                *node = at;
                return &nodes[at - 1].w;
            }
        if (++*level > LEVEL_ROOT)
            return NULL;
        at = at_level[*level] ? *bucket_of(va, *level) : 0;
    }
}

static unsigned node_take(void)
{
    unsigned at = nodes_free;

    if (at) {
        nodes_free = nodes[at - 1].next;
        return at;
    }
    if (nodes_used == nodes_room) {
        nodes_room = nodes_room ? nodes_room * 2 : 64;
        nodes = realloc(nodes, nodes_room * sizeof(*nodes));
        if (!nodes)
            setup_refuse("out of memory");
    }
    return ++nodes_used;
}

void weak_add(const struct weak *weak)
{
    unsigned at = node_take(), *bucket = bucket_of(weak->va, weak->level);

    nodes[at - 1] = (struct node){ *weak, true, *bucket };
    *bucket = at;
    at_level[weak->level]++;
    links += weak->link;
    ++*frame_of(weak->link ? weak->entry & PTE_ADDR : weak->old.phys);
    if (++weak_count == 1)
        hooks_watch_fetches(true);
}

static void node_drop(unsigned at)
{
    struct node *node = &nodes[at - 1];
    unsigned *link = bucket_of(node->w.va, node->w.level);

    while (*link != at)
        link = &nodes[*link - 1].next;
    *link = node->next;
    at_level[node->w.level]--;
    links -= node->w.link;
    --*frame_of(node->w.link ? node->w.entry & PTE_ADDR : node->w.old.phys);
    node->live = false;
    node->next = nodes_free;
    nodes_free = at;
    if (--weak_count > 0)
        return;
    nodes_used = nodes_free = 0;
    hooks_watch_fetches(false);
}

void weak_drop(bool (*covers)(const struct weak *weak, const void *arg), const void *arg)
{
    for (unsigned at = 1; at <= nodes_used; at++)
        if (nodes[at - 1].live && covers(&nodes[at - 1].w, arg))
            node_drop(at);
}

void weak_drop_page(uint64_t va, bool all_links,
                    bool (*covers)(const struct weak *weak, const void *arg), const void *arg)
{
    if (links > 0 && all_links) {
        weak_drop(covers, arg);
        return;
    }
    for (unsigned level = 1; weak_count > 0 && level <= LEVEL_ROOT; level++)
        for (unsigned at = *bucket_of(va, level), next; at; at = next) {
            next = nodes[at - 1].next;
            if (covers(&nodes[at - 1].w, arg))
                node_drop(at);
        }
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
    unsigned node = 0, level = 1;
    bool said = false;
    struct weak *w;

    while ((w = weak_next(va, &node, &level)) != NULL) {
        struct translation old = weak_translation(w, va), now;
        unsigned ring;

        now = translate(machine.cr3, va);
        ring = access_ring(&old, &now);
        if (!(w->ideal & 1 << kind) && weak_use_is_stale(&old, &now, va, kind, ring)) {
            w->ideal |= 1 << kind;
            if (!said)
                weak_say(EVENT_STALE_IDEAL, kind, va, translation_phys(&old, va), &now);
            said = true;
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
    unsigned node = 0, level = 1;
    const struct weak *w = weak_next(rip, &node, &level);
    struct translation t;

    if (!w)
        return;
    t = w->link || w->walked_since ? translate(machine.cr3, rip) : w->old;
    weak_check_access(rip, translation_phys(&t, rip), ACCESS_FETCH);
}

void weak_check_fault(uint64_t va, uint32_t error)
{
    enum access_kind kind = error & ERROR_FETCH   ? ACCESS_FETCH
                            : error & ERROR_WRITE ? ACCESS_WRITE
                                                  : ACCESS_READ;
    unsigned ring = error & ERROR_USER ? 3 : 0, node = 0, level = 1;
    struct weak *w;

    while ((w = weak_next(va, &node, &level)) != NULL) {
        struct translation old, now;

        if (w->ideal & 1 << kind)
            continue;
        old = weak_translation(w, va);
        now = translate(machine.cr3, va);
        if (!weak_use_is_stale(&old, &now, va, kind, ring))
            continue;
        w->ideal |= 1 << kind;
        weak_say(EVENT_STALE_IDEAL, kind, va, translation_phys(&old, va), &now);
    }
}

bool weak_find(uint64_t va, struct translation *cached)
{
    unsigned node = 0, level = 1;
    const struct weak *w;

    while ((w = weak_next(va, &node, &level)) != NULL) {
        *cached = weak_translation(w, va);
        if (!w->walked_since && cached->present)
            return true;
    }
    return false;
}

void weak_note_walk(uint64_t va)
{
    unsigned node = 0, level = 1;
    struct weak *w;

    while ((w = weak_next(va, &node, &level)) != NULL)
        w->walked_since = true;
}

static uint64_t weak_entry_now(const struct weak *w)
{
    const struct table *table = tables_find(w->entry_phys);

    return table ? table->entry[(w->entry_phys & 0xfff) / sizeof(uint64_t)] : 0;
}

static void weak_note(struct weak *w, enum window window, uint64_t rip, unsigned ring)
{
    if (w->noted & 1 << window)
        return;
    w->noted |= 1 << window;
    out_event_at(EVENT_WINDOW, window, w->level, rip, ring,
                 VALUES(w->va, w->entry, weak_entry_now(w), w->entry_phys));
}

void weak_note_return(uint64_t rip, unsigned ring)
{
    for (unsigned i = 0; i < nodes_used; i++) {
        struct weak *w = &nodes[i].w;
        struct translation now;

        if (!nodes[i].live || !weak_covers(w, w->va))
            continue;
        now = translate(machine.cr3, w->va);
        if (w->link)
            weak_note(w, WINDOW_TABLE, rip, ring);
        else if (translation_is_weaker(&now, &w->old, w->va))
            weak_note(w, WINDOW_RETURN, rip, ring);
    }
}

static bool ranges_meet(uint64_t a, uint64_t a_bytes, uint64_t b, uint64_t b_bytes)
{
    return a < b + b_bytes && b < a + a_bytes;
}

/* Does one of 64 frames at most have the hash of one that is waited for? */
static bool frames_may_meet(uint64_t phys, uint64_t bytes)
{
    if (at_level[2] || at_level[3] || bytes > 64ull << PAGE_BITS)
        return true;
    for (uint64_t at = phys; at < phys + bytes; at += 1ull << PAGE_BITS)
        if (*frame_of(at))
            return true;
    return false;
}

/* A page that moves within its address space stays its owner's. */
static bool weak_is_reused(const struct weak *w, uint64_t phys, uint64_t bytes, uint64_t root)
{
    struct translation now;

    if (w->link)
        return ranges_meet(phys, bytes, w->entry & PTE_ADDR, 1ull << PAGE_BITS);
    if (!ranges_meet(phys, bytes, w->old.phys, 1ull << level_shift(w->level)) ||
        root == (w->root & PTE_ADDR))
        return false;
    now = translate(w->root, w->va);
    return !now.present || translation_phys(&now, w->va) != w->old.phys;
}

void weak_note_reuse(uint64_t phys, uint64_t bytes, uint64_t root)
{
    if (!frames_may_meet(phys, bytes))
        return;
    for (unsigned i = 0; i < nodes_used; i++) {
        struct weak *w = &nodes[i].w;

        if (nodes[i].live && weak_is_reused(w, phys, bytes, root))
            weak_note(w, w->link ? WINDOW_TABLE : WINDOW_REUSE, machine_reg(CPU_RIP),
                      machine_ring());
    }
}
