/* See snapshot.h. The state is written down as one long sequence of words. */
#include "model/snapshot.h"

#include "arch/paging.h"
#include "pmm/pmm.h"
#include "pmm_inside.h"
#include "sim.h"

#include <stdlib.h>
#include <string.h>

struct record {
    uint64_t *word;
    uint64_t count, capacity;
    uint64_t section[2 * M_SPACES + 3]; /* where each part starts, for messages */
};

static struct record before, after;

static void put(struct record *r, uint64_t word)
{
    if (r->count == r->capacity) {
        r->capacity = r->capacity ? 2 * r->capacity : 65536;
        r->word = realloc(r->word, r->capacity * sizeof(*r->word));
        if (!r->word)
            sim_die("no memory for the snapshot");
    }
    r->word[r->count++] = word;
}

static void record_vmas(struct record *r, struct address_space *as)
{
    struct vma v = { 0 };
    uint64_t unit;

    for (vaddr_t at = 0; as_region_at_or_after(as, at, &v); at = v.start + v.page_count * unit) {
        unit = v.page_size == VMA_PAGE_2M ? HUGE_SIZE : PAGE_SIZE;
        put(r, v.start);
        put(r, v.page_count);
        put(r, (uint64_t)v.flags << 32 | (uint64_t)v.type << 8 | v.page_size);
    }
}

static void record_page(struct record *r, paddr_t pa)
{
    for (unsigned i = 0; i < M_WORDS; i++)
        put(r, *(uint64_t *)sim_phys_to_virt(PADDR(pa.v + m_word_offset[i])));
}

static void record_table(struct record *r, paddr_t table, enum pt_level level)
{
    const pte_t *entry = sim_phys_to_virt(table);

    put(r, table.v);
    for (unsigned i = 0; i < PT_ENTRIES; i++) {
        if (entry[i].v == 0)
            continue;
        put(r, i);
        put(r, entry[i].v & ~(PTE_A | PTE_D));
        if (level == PML4 && i >= PML4_KERNEL)
            continue;
        if (pte_is_leaf(entry[i], level))
            record_page(r, pte_addr(entry[i]));
        else
            record_table(r, pte_addr(entry[i]), level - 1);
    }
}

/* State and count of every frame; whether a block in use is split already does not matter. */
static void record_frames(struct record *r)
{
    uint64_t frames = pmm_limit() >> PAGE_SHIFT, next;

    for (uint64_t i = 0; i < frames; i = next) {
        const struct frame *f = pmm_test_frame(PADDR(i << PAGE_SHIFT));

        next = i + (UINT64_C(1) << f->order);
        for (uint64_t n = i; n < next; n++)
            put(r, (uint64_t)f->state << 32 | f->count);
    }
}

static void record_all(struct record *r)
{
    struct pmm_stats stats;
    unsigned section = 0;

    r->count = 0;
    for (unsigned i = 0; i < M_SPACES; i++) {
        r->section[section++] = r->count;
        if (m_space[i].as)
            record_vmas(r, m_space[i].as);
        r->section[section++] = r->count;
        if (m_space[i].as)
            record_table(r, as_cr3(m_space[i].as), PML4);
    }
    r->section[section++] = r->count;
    record_frames(r);
    r->section[section++] = r->count;
    pmm_stats(&stats);
    for (unsigned i = 0; i < sizeof(stats) / sizeof(uint64_t); i++)
        put(r, ((const uint64_t *)&stats)[i]);
    put(r, sim_root().v);
    r->section[section] = r->count;
}

void snapshot_take(void)
{
    record_all(&before);
}

static const char *name_of_section(unsigned section)
{
    if (section == 2 * M_SPACES)
        return "states and counts of frames";
    if (section > 2 * M_SPACES)
        return "free blocks or CR3";
    return section % 2 ? "the tables or pages of a space" : "the VMAs of a space";
}

void snapshot_compare(void)
{
    unsigned section = 0;
    uint64_t i = 0;

    record_all(&after);
    while (i < before.count && i < after.count && before.word[i] == after.word[i])
        i++;
    if (i == before.count && i == after.count)
        return;
    while (section < 2 * M_SPACES + 1 && before.section[section + 1] <= i)
        section++;
    sim_die("a failed operation changed %s (space %u, word %llu: %#llx is now %#llx)",
            name_of_section(section), section / 2,
            (unsigned long long)(i - before.section[section]),
            (unsigned long long)(i < before.count ? before.word[i] : 0),
            (unsigned long long)(i < after.count ? after.word[i] : 0));
}
