/*
 * Comparing the real address spaces with the model, through a page walker of
 * our own. Any difference ends the test.
 */
#include "arch/layout.h"
#include "arch/paging.h"
#include "model/model.h"
#include "pmm/pmm.h"
#include "sim.h"

#include <string.h>

/* Leaves and tables found by walking one space's user half. */
struct census {
    uint64_t pages; /* in 4 KiB */
    uint64_t tables;
};

uint64_t m_kernel_tables;

static unsigned long long ull(uint64_t x)
{
    return x;
}

static const pte_t *table_at(paddr_t table)
{
    return sim_phys_to_virt(table);
}

uint64_t m_leaf(const struct m_space *s, uint64_t page, unsigned *level)
{
    uint64_t va = page << PAGE_SHIFT;
    paddr_t table = as_cr3(s->as);

    for (*level = PML4;; --*level) {
        pte_t e = table_at(table)[pt_index(va, *level)];

        if (e.v == 0 || pte_is_leaf(e, *level))
            return e.v;
        if ((e.v & (PTE_P | PTE_W | PTE_U)) != (PTE_P | PTE_W | PTE_U) || (e.v & PTE_NX))
            sim_die("page %#llx: entry %#llx of level %u decides instead of the leaf", ull(page),
                    ull(e.v), *level);
        table = pte_addr(e);
    }
}

uint32_t m_real_frame(const struct m_space *s, uint64_t page)
{
    unsigned level;
    uint64_t leaf = m_leaf(s, page, &level);
    uint64_t frame = (leaf & PTE_ADDR) >> PAGE_SHIFT;

    if (!leaf)
        return 0;
    return (uint32_t)(level == PD ? frame + page % HUGE_PAGES : frame);
}

bool m_is_zero(uint32_t frame)
{
    const char *byte = sim_phys_to_virt(PADDR((uint64_t)frame << PAGE_SHIFT));

    return byte[0] == 0 && memcmp(byte, byte + 1, PAGE_SIZE - 1) == 0;
}

static void check_words(uint32_t frame, uint64_t page)
{
    for (unsigned i = 0; i < M_WORDS; i++) {
        paddr_t pa = PADDR(((uint64_t)frame << PAGE_SHIFT) + m_word_offset[i]);
        uint64_t word = *(const uint64_t *)sim_phys_to_virt(pa);

        if (word != m_frame[frame].word[i])
            sim_die("page %#llx, frame %#x: word %u is %#llx, the model says %#llx", ull(page),
                    frame, i, ull(word), ull(m_frame[frame].word[i]));
    }
}

/* The rights in the tables against those of the VMA and the frame's references. */
static void check_rights(const struct m_space *s, uint64_t page, uint64_t leaf, uint32_t frame)
{
    const struct m_vma *v = m_vma_find(s, page);
    unsigned flags = v ? v->kind.flags : 0;
    bool shared = flags & VMA_SHARED, good = true;

    if (!v)
        sim_die("page %#llx is resident in the model without a VMA", ull(page));
    good &= !!(leaf & PTE_P) == !!(flags & VMA_READ);
    if (leaf & PTE_P) {
        good &= !!(leaf & PTE_U);
        good &= !(leaf & PTE_NX) == !!(flags & VMA_EXEC);
        good &= !(leaf & PTE_G);
    }
    if (leaf & PTE_W)
        good &= (flags & VMA_WRITE) && (shared || m_frame[frame].refs == 1);
    else
        good &= !(shared && (flags & VMA_WRITE));
    if (!good)
        sim_die("page %#llx: entry %#llx, VMA flags %#x, %u references", ull(page), ull(leaf),
                flags, m_frame[frame].refs);
}

static void check_page(struct m_space *s, uint64_t page)
{
    uint32_t frame = m_frame_of(s, page);
    unsigned level;
    uint64_t leaf = m_leaf(s, page, &level);
    paddr_t pa = PADDR(0), want = PADDR((uint64_t)frame << PAGE_SHIFT);
    bool present;

    if (m_real_frame(s, page) != frame)
        sim_die("page %#llx: frame %#x, the model says %#x", ull(page), m_real_frame(s, page),
                frame);
    present = as_translate(s->as, page << PAGE_SHIFT, &pa);
    if (present != !!(leaf & PTE_P) || (present && pa.v != want.v))
        sim_die("page %#llx: as_translate says %#llx, the tables %#llx", ull(page), ull(pa.v),
                ull(leaf));
    if (!frame)
        return;
    check_rights(s, page, leaf, frame);
    if (level == PD && m_vma_find(s, page)->kind.size != VMA_PAGE_2M)
        sim_die("page %#llx: a 2 MiB leaf in a VMA of 4 KiB pages", ull(page));
    if (frame_count(want) != m_frame[frame].refs)
        sim_die("page %#llx, frame %#x: count %u, the model says %u", ull(page), frame,
                frame_count(want), m_frame[frame].refs);
    check_words(frame, page);
}

static void check_vmas(struct m_space *s)
{
    uint64_t at = 0;
    struct vma got;

    for (unsigned i = 0; i < s->vma_count; i++) {
        const struct m_vma *v = &s->vma[i];
        uint64_t unit = v->kind.size == VMA_PAGE_2M ? HUGE_PAGES : 1;

        if (!as_region_at_or_after(s->as, at, &got) || got.start != v->start << PAGE_SHIFT ||
            got.page_count * unit != v->end - v->start || got.flags != v->kind.flags ||
            got.type != v->kind.type || got.page_size != v->kind.size)
            sim_die("VMA %u: from %#llx, %llu pages of kind %#x/%d/%d; the model says page %#llx "
                    "to %#llx, kind %#x/%d/%d",
                    i, ull(got.start), ull(got.page_count), got.flags, (int)got.type,
                    (int)got.page_size, ull(v->start), ull(v->end), v->kind.flags,
                    (int)v->kind.type, (int)v->kind.size);
        at = v->end << PAGE_SHIFT;
    }
    if (as_region_at_or_after(s->as, at, &got))
        sim_die("a VMA at %#llx that the model does not have", ull(got.start));
    if (as_has_user_mappings(s->as) != (s->vma_count > 0))
        sim_die("as_has_user_mappings is wrong");
}

void m_check_space(struct m_space *s, uint64_t start, uint64_t end)
{
    uint64_t page, last = (USER_MAX >> PAGE_SHIFT) - 1;

    check_vmas(s);
    /* The edges, some pages inside, and some resident ones anywhere. */
    start = min_u64(start, last);
    end = min_u64(end, last);
    for (page = start > 2 ? start - 2 : 0; page < start + 2; page++)
        check_page(s, page);
    for (page = end > 2 ? end - 2 : 0; page < end + 2; page++)
        check_page(s, page);
    for (unsigned i = 0; i < 8 && end > start; i++)
        check_page(s, start + m_random(end - start));
    for (unsigned i = 0; i < 8; i++) {
        page = m_window[m_random(M_WINDOWS)] + m_random(M_WINDOW_PAGES);
        if (m_next_resident(s, &page, USER_MAX >> PAGE_SHIFT))
            check_page(s, page);
    }
}

static void take_census(const struct m_space *s, paddr_t table, enum pt_level level,
                        struct census *c)
{
    unsigned used = 0, last = level == PML4 ? PML4_KERNEL : PT_ENTRIES;

    c->tables++;
    if (frame_state(table) != FRAME_TABLE || frame_count(table) != 1)
        sim_die("table %#llx has the wrong state or count", ull(table.v));
    for (unsigned i = 0; i < last; i++) {
        pte_t e = table_at(table)[i];

        used += e.v != 0;
        if (e.v && pte_is_leaf(e, level))
            c->pages += pt_span(level) >> PAGE_SHIFT;
        else if (e.v)
            take_census(s, pte_addr(e), level - 1, c);
    }
    if (used == 0 && level < PML4)
        sim_die("table %#llx of level %d is empty", ull(table.v), (int)level);
}

void m_check_contents(struct m_space *s, uint64_t page)
{
    uint32_t frame = m_frame_of(s, page);
    const char *byte = sim_phys_to_virt(PADDR((uint64_t)frame << PAGE_SHIFT));

    check_words(frame, page);
    if (byte[16] || memcmp(byte + 16, byte + 17, 2040 - 17) || byte[2048] ||
        memcmp(byte + 2048, byte + 2049, 4088 - 2049))
        sim_die("page %#llx: garbage between the words", ull(page));
}

static void check_all_pages(struct m_space *s)
{
    for (uint64_t page = 0; m_next_resident(s, &page, USER_MAX >> PAGE_SHIFT); page++) {
        check_page(s, page);
        m_check_contents(s, page);
    }
}

uint32_t m_kernel_refs(paddr_t frame)
{
    uint32_t refs = 0;

    for (unsigned i = 0; i < M_POOL; i++)
        refs += m_pool[i] == frame.v >> PAGE_SHIFT;
    for (unsigned i = 0; i < m_hog_count; i++)
        refs += frame.v >= m_hog[i].v && frame.v - m_hog[i].v < HUGE_SIZE;
    return refs;
}

void m_check_all(void)
{
    struct census total = { 0, 0 };
    struct pmm_stats stats;

    for (unsigned i = 0; i < M_SPACES; i++) {
        struct m_space *s = &m_space[i];
        struct census c = { 0, 0 };

        if (!s->as)
            continue;
        check_vmas(s);
        check_all_pages(s);
        take_census(s, as_cr3(s->as), PML4, &c);
        if (c.pages != s->resident)
            sim_die("space %u: %llu pages in the tables, %llu in the model", i, ull(c.pages),
                    ull(s->resident));
        total.tables += c.tables;
    }
    pmm_stats(&stats);
    if (stats.tables != total.tables + m_kernel_tables)
        sim_die("%llu tables counted, %llu found", ull(stats.tables), ull(total.tables));
    pmm_check();
    if (as_verify_all(m_kernel_refs) != ERR_OK)
        sim_die("as_verify_all fails");
}
