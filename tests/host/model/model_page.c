/* The model's pages and frames: see model.h. */
#include "arch/layout.h"
#include "check.h"
#include "model/model.h"
#include "sim.h"

#include <string.h>

struct m_space m_space[M_SPACES];
struct m_frame m_frame[M_FRAMES];
uint32_t m_pool[M_POOL];
paddr_t m_hog[M_HOG];
unsigned m_hog_count;

static uint64_t rng_state;

/* The lowest pages; across 1 GiB and PML4 boundaries; the highest pages. */
const uint64_t m_window[M_WINDOWS] = { 0, 0x3f800, 0x7fff800, 0x7fffff000 };
const uint64_t m_word_offset[M_WORDS] = { 0, 8, 2040, 4088 };

void m_seed(uint64_t seed)
{
    rng_state = (seed + 1) * UINT64_C(0x9e3779b97f4a7c15);
    rng_next(&rng_state);
}

uint64_t m_random(uint64_t n)
{
    return rng_below(&rng_state, n);
}

uint32_t *m_slot(struct m_space *s, uint64_t page)
{
    for (unsigned w = 0; w < M_WINDOWS; w++)
        if (page >= m_window[w] && page - m_window[w] < M_WINDOW_PAGES)
            return &s->frame[w][page - m_window[w]];
    return NULL;
}

uint32_t m_frame_of(struct m_space *s, uint64_t page)
{
    const uint32_t *slot = m_slot(s, page);

    return slot ? *slot : 0;
}

bool m_next_resident(struct m_space *s, uint64_t *page, uint64_t end)
{
    for (unsigned w = 0; w < M_WINDOWS && s->resident; w++) {
        uint64_t first = m_window[w], last = min_u64(first + M_WINDOW_PAGES, end);

        for (uint64_t p = max_u64(*page, first); p < last; p++)
            if (s->frame[w][p - first]) {
                *page = p;
                return true;
            }
    }
    return false;
}

void m_page_add(struct m_space *s, uint64_t page, uint32_t frame)
{
    uint32_t *slot = m_slot(s, page);

    if (!slot || *slot || frame == 0 || frame >= M_FRAMES)
        sim_die("model: page %#llx appears with frame %#x", (unsigned long long)page, frame);
    *slot = frame;
    m_frame[frame].refs++;
    s->resident++;
}

void m_frame_unref(uint32_t frame)
{
    if (m_frame[frame].refs == 0)
        sim_die("model: frame %#x has no references to give up", frame);
    if (--m_frame[frame].refs == 0)
        memset(m_frame[frame].word, 0, sizeof(m_frame[frame].word));
}

void m_page_remove(struct m_space *s, uint64_t page)
{
    uint32_t *slot = m_slot(s, page);

    m_frame_unref(*slot);
    *slot = 0;
    s->resident--;
}

void m_drop_pages(struct m_space *s, uint64_t start, uint64_t end)
{
    for (uint64_t p = start; m_next_resident(s, &p, end); p++)
        m_page_remove(s, p);
}
