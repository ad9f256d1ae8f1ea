/* The model's VMAs: a sorted array, changed by cutting and merging. See model.h. */
#include "arch/layout.h"
#include "model/model.h"
#include "sim.h"

#include <string.h>

enum { HUGE_FRAMES = 512 };

static bool kind_equal(struct m_kind a, struct m_kind b)
{
    return a.flags == b.flags && a.type == b.type && a.size == b.size;
}

const struct m_vma *m_vma_after(const struct m_space *s, uint64_t page)
{
    for (unsigned i = 0; i < s->vma_count; i++)
        if (s->vma[i].end > page)
            return &s->vma[i];
    return NULL;
}

const struct m_vma *m_vma_find(const struct m_space *s, uint64_t page)
{
    const struct m_vma *v = m_vma_after(s, page);

    return v && v->start <= page ? v : NULL;
}

bool m_overlaps(const struct m_space *s, uint64_t start, uint64_t end)
{
    const struct m_vma *v = m_vma_after(s, start);

    return v && v->start < end;
}

bool m_covers(const struct m_space *s, uint64_t start, uint64_t end)
{
    const struct m_vma *v;

    for (; start < end; start = v->end)
        if (!(v = m_vma_find(s, start)))
            return false;
    return true;
}

static void insert_at(struct m_space *s, unsigned i, struct m_vma v)
{
    if (s->vma_count == M_VMAS)
        sim_die("model: too many VMAs");
    memmove(&s->vma[i + 1], &s->vma[i], (s->vma_count - i) * sizeof(v));
    s->vma[i] = v;
    s->vma_count++;
}

static void remove_at(struct m_space *s, unsigned i)
{
    s->vma_count--;
    memmove(&s->vma[i], &s->vma[i + 1], (s->vma_count - i) * sizeof(s->vma[0]));
}

/* Split so that no VMA has `at` inside, whatever its page size; the index of the one from `at`. */
static unsigned split(struct m_space *s, uint64_t at)
{
    unsigned i = 0;

    while (i < s->vma_count && s->vma[i].end <= at)
        i++;
    if (i < s->vma_count && s->vma[i].start < at) {
        insert_at(s, i, s->vma[i]);
        s->vma[i].end = s->vma[i + 1].start = at;
        i++;
    }
    return i;
}

static void cut(struct m_space *s, uint64_t at)
{
    const struct m_vma *v = m_vma_find(s, at);

    if (!v || v->start == at)
        return;
    if (v->kind.size == VMA_PAGE_2M && at % HUGE_FRAMES) {
        uint64_t page = at - at % HUGE_FRAMES;

        split(s, page + HUGE_FRAMES);
        s->vma[split(s, page)].kind.size = VMA_PAGE_4K;
    }
    split(s, at);
}

static void merge(struct m_space *s)
{
    for (unsigned i = 0; i + 1 < s->vma_count;)
        if (s->vma[i].end == s->vma[i + 1].start &&
            kind_equal(s->vma[i].kind, s->vma[i + 1].kind)) {
            s->vma[i].end = s->vma[i + 1].end;
            remove_at(s, i + 1);
        } else {
            i++;
        }
}

void m_vma_cut(struct m_space *s, uint64_t start, uint64_t end)
{
    cut(s, start);
    cut(s, end);
    merge(s);
}

void m_vma_remove(struct m_space *s, uint64_t start, uint64_t end)
{
    cut(s, start);
    cut(s, end);
    for (unsigned i = 0; i < s->vma_count;)
        if (s->vma[i].start >= start && s->vma[i].end <= end)
            remove_at(s, i);
        else
            i++;
    merge(s);
}

void m_vma_add(struct m_space *s, uint64_t start, uint64_t end, struct m_kind kind)
{
    unsigned i = 0;

    while (i < s->vma_count && s->vma[i].start < start)
        i++;
    insert_at(s, i, (struct m_vma){ start, end, kind });
    merge(s);
}

void m_vma_protect(struct m_space *s, uint64_t start, uint64_t end, unsigned rights)
{
    cut(s, start);
    cut(s, end);
    for (unsigned i = 0; i < s->vma_count; i++)
        if (s->vma[i].start >= start && s->vma[i].end <= end)
            s->vma[i].kind.flags = (s->vma[i].kind.flags & VMA_SHARED) | rights | VMA_USER;
    merge(s);
}

static uint64_t gap_from(const struct m_space *s, uint64_t low, uint64_t pages, uint64_t align)
{
    uint64_t at = align_up(low, align);

    while (at + pages <= USER_MAX >> PAGE_SHIFT) {
        const struct m_vma *v = m_vma_after(s, at);

        if (!v || v->start >= at + pages)
            return at;
        at = align_up(v->end, align);
    }
    return 0;
}

uint64_t m_find_gap(const struct m_space *s, uint64_t hint, uint64_t pages, uint64_t align)
{
    uint64_t low = USER_MIN >> PAGE_SHIFT, at = 0;

    if (pages > USER_MAX >> PAGE_SHIFT)
        return 0;
    if (hint < USER_MAX >> PAGE_SHIFT)
        at = gap_from(s, max_u64(hint, low), pages, align);
    return at ? at : gap_from(s, low, pages, align);
}
