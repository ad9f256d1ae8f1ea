/* The kernel's half is everybody's, and page tables are nobody's but the kernel's. */
#include "define.h"
#include "words.h"
#include "world.h"

enum { SLOTS = 256, FRESH_MAX = 65536 };

/* The upper half's entries as the first process had them, and whose they are. */
struct halves {
    uint64_t entry[SLOTS];
    uint64_t root;
    bool known, lazy;
};

static bool judge_slot(struct judgement *j, struct halves *halves, unsigned slot, uint64_t entry)
{
    const uint64_t matters = ENTRY_ADDR | ENTRY_P | ENTRY_W | ENTRY_U | ENTRY_NX;
    uint64_t root = j->cr3 & ENTRY_ADDR, known = halves->entry[slot] & matters;
    char who[LABEL_MAX];

    entry = entry & ENTRY_P ? entry & matters : 0;
    if (entry == known || (entry & ENTRY_ADDR) == root)
        return true; /* a slot that refers to its own root is a window, each root has its own */
    if (known == 0 || (entry == 0 && halves->lazy)) {
        halves->entry[slot] |= entry;
        return true;
    }
    judgement_about_entry(j, root + 0x800 + slot * 8);
    judgement_about_va(j, KERNEL_HALF + ((uint64_t)slot << 39));
    judgement_fail(j,
                   "PML4 entry %u (addresses from 0x%" PRIx64 ") is 0x%" PRIx64
                   " in %s, but 0x%" PRIx64 " in the space with root 0x%" PRIx64
                   ": the kernel's half must be the same tables in every root.",
                   slot + SLOTS, KERNEL_HALF + ((uint64_t)slot << 39), entry,
                   space_label(j->space, who), known, halves->root);
    return false;
}

PROPERTY(kernel_half_shared, "The kernel's half is the same tables in every root",
         BOOLEAN("lazy", "a root may lack an entry until it needs it"))
{
    struct halves halves = { .lazy = with_boolean(j, "lazy", false) };
    uint64_t roots = 0, last = 0;

    while (judgement_next(j)) {
        struct replay *replay;
        const uint64_t *root;

        if (!event_enters_user(&j->event))
            continue;
        replay = judgement_tables(j);
        root = replay ? replay_table(replay, j->cr3 & ENTRY_ADDR) : NULL;
        if (!root)
            continue;
        if (!halves.known)
            halves.root = j->cr3 & ENTRY_ADDR;
        halves.known = true;
        for (unsigned slot = 0; slot < SLOTS; slot++) {
            if (!judge_slot(j, &halves, slot, root[SLOTS + slot]))
                return;
        }
        roots += j->cr3 != last;
        last = j->cr3;
    }
    judgement_need(j, roots, 1, "a root with which ring 3 was entered");
}

/* ---- tables out of reach ---- */

struct fresh {
    uint64_t *table; /* that became tables since the last settling */
    size_t count;
};

static bool table_reached(struct judgement *j, const struct leaf_view *leaf, uint64_t table)
{
    char who[LABEL_MAX], since[LABEL_MAX * 2];

    judgement_about_va(j, leaf->va);
    judgement_about_entry(j, leaf->entry);
    judgement_about_frame(j, table);
    judgement_fail(j,
                   "Ring 3 of %s can reach a page table: frame 0x%" PRIx64
                   " is one, and is mapped for users at 0x%" PRIx64 ", %s.",
                   space_label(leaf->space, who), table, leaf->va,
                   judgement_since(j, leaf->entry, since));
    return false;
}

static bool visit_table_not_user(struct judgement *j, const struct leaf_view *leaf, void *arg)
{
    uint64_t pages = leaf->bytes / PAGE_SIZE;

    (void)arg;
    if (!leaf->reachable || !leaf->user || !space_is_alive(leaf->space, j->n))
        return true;
    for (uint64_t i = 0; i < pages && i < 512; i++) {
        if (!world_charge(j, 1))
            return false;
        if (world_is_used_table(j, leaf->frame + i * PAGE_SIZE))
            return table_reached(j, leaf, leaf->frame + i * PAGE_SIZE);
    }
    return true;
}

static void judge_fresh_table(struct judgement *j, uint64_t phys)
{
    for (unsigned level = 1; level <= 2; level++) {
        const struct world_leaf *leaf = world_leaves(j, phys, level);

        for (unsigned i = 0; leaf && i < 64; leaf = leaf->next, i++) {
            struct leaf_view view;

            if (world_is_used_table(j, phys) &&
                world_view(j, leaf->table, (unsigned)(leaf->entry & 0xfff) / 8, &view) &&
                view.reachable && view.user && space_is_alive(view.space, j->n)) {
                table_reached(j, &view, phys);
                return;
            }
        }
    }
}

PROPERTY(table_not_user, "No page table lies in a page that ring 3 can reach")
{
    struct fresh fresh = { .table = malloc(FRESH_MAX * sizeof(uint64_t)) };

    if (!fresh.table || !world_start(j)) {
        free(fresh.table);
        return;
    }
    while (judgement_next(j)) {
        if (j->event.kind == EVENT_TABLE && fresh.count < FRESH_MAX)
            fresh.table[fresh.count++] = j->event.v[0] & ENTRY_ADDR;
        if (!world_settled(j))
            continue;
        world_each_changed(j, visit_table_not_user, NULL);
        for (size_t i = 0; i < fresh.count && !judgement_decided(j); i++)
            judge_fresh_table(j, fresh.table[i]);
        fresh.count = 0;
    }
    free(fresh.table);
}

/* ---- what users may be given ---- */

static bool visit_large(struct judgement *j, const struct leaf_view *leaf, void *arg)
{
    uint64_t low = leaf->value & (leaf->bytes - 1) & ~UINT64_C(0x1fff);

    if (leaf->bytes == PAGE_SIZE || !leaf->reachable || !space_is_alive(leaf->space, j->n))
        return true;
    (*(uint64_t *)arg)++;
    if (low == 0)
        return true;
    judgement_about_va(j, leaf->va);
    judgement_about_entry(j, leaf->entry);
    judgement_fail(j,
                   "The large page at 0x%" PRIx64 " has the entry 0x%" PRIx64
                   ", whose frame is not a multiple of its size: those bits are reserved, and the "
                   "CPU answers with a page fault.",
                   leaf->va, leaf->value);
    return false;
}

PROPERTY(huge_pages_aligned, "The frame of each large page is a multiple of its size")
{
    uint64_t seen = 0;

    if (!world_start(j))
        return;
    while (judgement_next(j)) {
        if (world_settled(j))
            world_each_changed(j, visit_large, &seen);
    }
    judgement_need(j, seen, 0, "a large page that could be judged");
}

PROPERTY(loaded_root_lives, "The PML4 that CR3 holds is never given away")
{
    char who[LABEL_MAX];

    while (judgement_next(j)) {
        /* Level 4 only: the frame may have been a lower table of a dead tree until CR3 got it. */
        if (j->event.kind != EVENT_TABLE_GONE || j->event.level != 4 || !(j->cr0 & CR0_PG) ||
            (j->event.v[0] & ENTRY_ADDR) != (j->cr3 & ENTRY_ADDR))
            continue;
        judgement_about_frame(j, j->event.v[0]);
        return judgement_fail(j,
                              "The PML4 at 0x%" PRIx64 " of %s was freed at tick %" PRIu64
                              " (%s) while CR3 still held it: the CPU walks a page that is "
                              "somebody else's now. Load another CR3 first.",
                              j->event.v[0], space_label(j->space, who), j->event.tick,
                              judgement_function(j));
    }
}
