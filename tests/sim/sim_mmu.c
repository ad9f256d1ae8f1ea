/*
 * The simulated CPU's way from a virtual address to RAM: the TLB first, then
 * the deepest cached table, then CR3 (SDM vol. 3A, "4-Level Paging and 5-Level
 * Paging", "Caching Translation Information"). Only ring 3 makes accesses.
 */
#include "arch/log.h"
#include "pmm/pmm.h"
#include "sim.h"
#include "sim_tlb.h"
#include "vm/address_space.h"

static paddr_t root;
static uint64_t page_flush_count, root_load_count;

/* A position on the way down: a table, and the rights that the levels above grant. */
struct walk {
    paddr_t table;
    enum pt_level level;
    bool w, x;
};

static unsigned long long ull(uint64_t x)
{
    return x;
}

void sim_mmu_reset(void)
{
    tlb_drop_all();
    root = PADDR(0);
    page_flush_count = root_load_count = 0;
}

paddr_t sim_root(void)
{
    return root;
}

void sim_load_root(paddr_t new_root)
{
    if (!sim_is_ram(new_root.v, PAGE_SIZE) || !is_aligned(new_root.v, PAGE_SIZE))
        sim_die("CR3 is loaded with %#llx, which is no frame", ull(new_root.v));
    root_load_count++;
    tlb_drop_all();
    root = new_root;
}

static pte_t *entry_at(paddr_t table, uint64_t va, enum pt_level level)
{
    return (pte_t *)sim_phys_to_virt(table) + pt_index(va, level);
}

/* What the tables say now, whatever the CPU remembers; false: not present down to `level`. */
static bool walk_fresh(uint64_t va, struct walk *w, pte_t *leaf)
{
    enum pt_level stop = w->level;

    *w = (struct walk){ .table = root, .level = PML4, .w = true, .x = true };
    for (;;) {
        pte_t e = *entry_at(w->table, va, w->level);

        if (!pte_present(e) || !(e.v & PTE_U))
            return false;
        w->w &= !!(e.v & PTE_W);
        w->x &= !(e.v & PTE_NX);
        *leaf = e;
        if (w->level == stop || pte_is_leaf(e, w->level))
            return true;
        w->table = pte_addr(e);
        w->level--;
    }
}

void sim_flush_page(uint64_t va)
{
    page_flush_count++;
    tlb_drop_page(va);
}

/* The deepest table on va's path that the CPU remembers. */
static struct walk walk_begin(uint64_t va)
{
    for (enum pt_level level = PD; level <= PML4; level++) {
        const struct tlb_entry *e = tlb_find(va, level, false);

        if (e)
            return (struct walk){ PADDR(e->pa), level - 1, e->w, e->x };
    }
    return (struct walk){ root, PML4, true, true };
}

/* Bits that must be zero (SDM, "Formats of Paging-Structure Entries"), and what Quire promises. */
static void check_entry(pte_t e, uint64_t va, enum pt_level level)
{
    uint64_t reserved = UINT64_C(0x000f000000000000);
    bool leaf = pte_is_leaf(e, level);

    if (level == PML4)
        reserved |= PTE_PS;
    if (leaf && level == PD)
        reserved |= UINT64_C(0x1fe000);
    if (e.v & reserved)
        sim_die("entry %#llx for %#llx has reserved bits", ull(e.v), ull(va));
    if (leaf && level == PDPT)
        sim_die("a 1 GiB page in the user half at %#llx", ull(va));
    if (leaf && (e.v & PTE_G))
        sim_die("a global page in the user half at %#llx", ull(va));
    if (!sim_is_ram(pte_addr(e).v, leaf && level == PD ? HUGE_SIZE : PAGE_SIZE))
        sim_die("entry %#llx for %#llx leads out of RAM", ull(e.v), ull(va));
}

/* Walk the tables and remember everything on the way; NULL: not present. */
static struct tlb_entry *walk_fill(uint64_t va)
{
    struct walk w = walk_begin(va);

    for (;;) {
        pte_t *entry = entry_at(w.table, va, w.level);
        struct tlb_entry *cached;
        bool leaf;

        if (w.level < PML4 && frame_state(w.table) != FRAME_TABLE)
            sim_die("the CPU walks through %#llx, which is no page table (stale entry?)",
                    ull(w.table.v));
        if (!pte_present(*entry) || !(entry->v & PTE_U))
            return NULL;
        check_entry(*entry, va, w.level);
        leaf = pte_is_leaf(*entry, w.level);
        if (!(entry->v & PTE_A))
            __atomic_or_fetch(&entry->v, PTE_A, __ATOMIC_SEQ_CST);
        cached = tlb_add(va, w.level, leaf, pte_addr(*entry).v);
        w.w = cached->w = w.w && (entry->v & PTE_W);
        w.x = cached->x = w.x && !(entry->v & PTE_NX);
        cached->dirty = entry->v & PTE_D;
        if (leaf)
            return cached;
        w = (struct walk){ pte_addr(*entry), w.level - 1, w.w, w.x };
    }
}

static struct tlb_entry *find_translation(uint64_t va)
{
    struct tlb_entry *small = tlb_find(va, PT, true);

    return small ? small : tlb_find(va, PD, true);
}

/* A write through a clean translation: the CPU walks again, sets D ("Accessed and Dirty Flags"). */
static struct tlb_entry *make_dirty(struct tlb_entry *e, uint64_t va)
{
    struct walk w;

    tlb_drop_translation(va);
    e = walk_fill(va);
    if (!e || !e->w)
        return NULL;
    w = walk_begin(va);
    __atomic_or_fetch(&entry_at(w.table, va, w.level)->v, PTE_D, __ATOMIC_SEQ_CST);
    e->dirty = true;
    return e;
}

static uint64_t *page_word(const struct tlb_entry *e, uint64_t va)
{
    return sim_phys_to_virt(PADDR(e->pa + (va & (pt_span(e->level) - 1))));
}

bool sim_access(vaddr_t va, unsigned access, uint64_t *value)
{
    struct tlb_entry *e;

    if (!is_aligned(va, sizeof(*value)) || va >> 47)
        sim_die("the test itself accesses %#llx", ull(va));
    e = find_translation(va);
    if (!e)
        e = walk_fill(va);
    if (e && (access & AS_WRITE) && e->w && !e->dirty)
        e = make_dirty(e, va);
    if (!e || ((access & AS_WRITE) && !e->w) || ((access & AS_EXEC) && !e->x)) {
        tlb_drop_path(va);
        return false;
    }
    if (access & AS_WRITE)
        *page_word(e, va) = *value;
    else
        *value = *page_word(e, va);
    return true;
}

void sim_speculate(vaddr_t va)
{
    if (!find_translation(va))
        walk_fill(va);
}

/* Does fresh grant what e does? The frame only matters for a page or a table as such. */
static bool grants(const struct tlb_entry *e, const struct walk *fresh, uint64_t cached_pa,
                   uint64_t fresh_pa)
{
    return cached_pa == fresh_pa && (!e->w || fresh->w) && (!e->x || fresh->x);
}

static bool page_agrees(const struct tlb_entry *e, uint64_t va)
{
    struct walk w = { .level = PT };
    uint64_t offset = va & (pt_span(e->level) - 1);
    pte_t leaf;

    if (!walk_fresh(va, &w, &leaf))
        return false;
    return grants(e, &w, e->pa + offset, pte_addr(leaf).v + (va & (pt_span(w.level) - 1)));
}

static bool entry_agrees(const struct tlb_entry *e)
{
    uint64_t va = e->key << pt_shift(e->level);
    struct walk w = { .level = e->level };
    bool same_level, good;
    pte_t entry;

    same_level =
        walk_fresh(va, &w, &entry) && w.level == e->level && pte_is_leaf(entry, w.level) == e->leaf;
    if (same_level || !e->leaf || e->level == PT) {
        good = same_level && grants(e, &w, e->pa, pte_addr(entry).v);
    } else { /* a 2 MiB page that was split, perhaps into the very same frames */
        good = true;
        for (unsigned i = 0; i < PT_ENTRIES && good; i++)
            good = page_agrees(e, va + i * PAGE_SIZE);
    }
    if (!good)
        klog("stale in the TLB: %s of level %d at %#llx, frame %#llx%s%s",
             e->leaf ? "page" : "table", (int)e->level, ull(va), ull(e->pa),
             e->w ? ", writable" : "", e->x ? ", executable" : "");
    return good;
}

bool sim_tlb_agrees(void)
{
    return tlb_for_each(entry_agrees);
}

uint64_t sim_tlb_count(void)
{
    return tlb_leaf_count();
}

uint64_t sim_page_flushes(void)
{
    return page_flush_count;
}

uint64_t sim_root_loads(void)
{
    return root_load_count;
}

void sim_assert_unreachable(paddr_t first, uint64_t frames, const char *who)
{
    for (uint64_t i = 0; i < frames; i++) {
        uint64_t pa = first.v + i * PAGE_SIZE;

        if (pa == root.v)
            sim_die("%s frees the loaded PML4, frame %#llx", who, ull(pa));
        if (tlb_frame_refs(pa >> PAGE_SHIFT))
            sim_die("%s frees frame %#llx while the TLB still reaches it", who, ull(pa));
    }
}
