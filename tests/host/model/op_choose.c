/* Random arguments for operations, biased towards edges. */
#include "arch/layout.h"
#include "model/op.h"
#include "sim.h"

enum { USER_PAGES_MIN = USER_MIN >> PAGE_SHIFT };

struct m_space *choose_space(void)
{
    for (unsigned tries = 0; tries < 4 * M_SPACES; tries++) {
        struct m_space *s = &m_space[m_random(M_SPACES)];

        if (s->as)
            return s;
    }
    return NULL;
}

struct m_kind choose_kind(void)
{
    static const unsigned rights[] = {
        VMA_READ | VMA_WRITE,
        VMA_READ | VMA_WRITE,
        VMA_WRITE,
        VMA_READ,
        VMA_READ | VMA_EXEC,
        VMA_EXEC,
        0,
    };

    return (struct m_kind){
        .flags =
            rights[m_random(sizeof(rights) / sizeof(rights[0]))] | (m_random(8) ? 0 : VMA_USER),
        .type = m_random(5) ? VMA_ANONYMOUS : (enum vma_type)m_random(4),
        .size = m_random(4) ? VMA_PAGE_4K : VMA_PAGE_2M,
    };
}

struct m_kind completed(struct m_kind kind)
{
    if (kind.flags & (VMA_WRITE | VMA_EXEC))
        kind.flags |= VMA_READ;
    kind.flags |= VMA_USER;
    return kind;
}

err_t range_error(uint64_t start, uint64_t pages)
{
    if (start < USER_PAGES_MIN || start + pages > USER_MAX >> PAGE_SHIFT)
        return ERR_FAULT;
    return ERR_OK;
}

/* A page number near something interesting. */
static uint64_t choose_edge(const struct m_space *s)
{
    uint64_t at = m_window[m_random(M_WINDOWS)] + m_random(M_WINDOW_PAGES);

    if (s->vma_count && m_random(3)) {
        const struct m_vma *v = &s->vma[m_random(s->vma_count)];

        at = m_random(2) ? v->start : v->end;
        if (m_random(2))
            at += m_random(9) - 4;
    }
    if (m_random(8) == 0)
        at = (at & ~UINT64_C(511)) + 512 * m_random(2);
    return at;
}

static uint64_t choose_length(void)
{
    switch (m_random(12)) {
    case 0:
        return 1 + m_random(2000);
    case 1:
        return 512 + m_random(3) - 1;
    case 2:
        return 1 + m_random(600);
    default:
        return 1 + m_random(24);
    }
}

void choose_range(struct op *op, bool huge)
{
    uint64_t other;

    op->start = choose_edge(op->space);
    op->pages = choose_length();
    if (op->space->vma_count && m_random(3) == 0) {
        other = choose_edge(op->space);
        if (other > op->start && other - op->start < 6000)
            op->pages = other - op->start;
    }
    if (huge) {
        op->start &= ~UINT64_C(511);
        op->pages = 512 * (1 + m_random(3));
    }
}

void choose_free_range(struct op *op, bool huge)
{
    choose_range(op, huge);
    if (m_overlaps(op->space, op->start, op->start + op->pages) && m_random(8)) {
        uint64_t gap = m_find_gap(op->space, op->start, op->pages, huge ? 512 : 1);

        if (gap)
            op->start = gap;
    }
}

bool choose_page(struct m_space *s, uint64_t *page)
{
    for (unsigned tries = 0; tries < 20; tries++) {
        const struct m_vma *v;

        if (s->vma_count == 0)
            return false;
        v = &s->vma[m_random(s->vma_count)];
        *page = v->start + m_random(min_u64(v->end - v->start, 4096));
        if (m_random(3) == 0)
            *page = m_random(2) ? v->start : v->end - 1;
        /* The whole 2 MiB page must lie in a window. */
        if (m_slot(s, *page) && (v->kind.size == VMA_PAGE_4K || m_slot(s, *page | 511)))
            return true;
    }
    return false;
}

void adopt_fresh(struct m_space *s, uint64_t start, uint64_t end, uint64_t written)
{
    for (uint64_t page = start; page < end; page++) {
        uint32_t frame = m_real_frame(s, page);

        if (frame == 0 || frame >= M_FRAMES || m_frame[frame].refs)
            sim_die("page %#llx gets frame %#x, which has %u references already",
                    (unsigned long long)page, frame, frame < M_FRAMES ? m_frame[frame].refs : 0);
        if (page != written && !m_is_zero(frame))
            sim_die("page %#llx gets frame %#x, which is not zeroed", (unsigned long long)page,
                    frame);
        m_page_add(s, page, frame);
    }
}
