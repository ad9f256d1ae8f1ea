/*
 * Random use of the pmm against a model: each frame's owner, a block that was
 * handed out, and its count. Blocks are allocated, freed,
 * split by counting, and put frame by frame, in any order.
 */
#include "arch/mmu.h"
#include "pmm_fixture.h"

#include <stdio.h>
#include <string.h>

enum { BLOCKS_MAX = 600, STEPS = 60000, FRAMES_MAX = 8192 };

struct block {
    paddr_t pa;
    unsigned order;
    uint32_t id;
    bool counted; /* split: its frames may go one by one, and belong to others then */
};

static struct block blocks[BLOCKS_MAX];
static unsigned block_count;
static uint8_t count_of[FRAMES_MAX]; /* 0: free or not handed out */
static uint32_t owner[FRAMES_MAX];
static uint32_t last_id;
static uint64_t used_frames;
static uint64_t rng;

static unsigned index_of(paddr_t pa)
{
    return (unsigned)(pa.v >> PAGE_SHIFT);
}

/* References that the block holds on one of its frames: none once the frame went. */
static unsigned held(const struct block *b, paddr_t pa)
{
    return owner[index_of(pa)] == b->id ? count_of[index_of(pa)] : 0;
}

static bool has_block(const struct pmm_stats *s, unsigned order)
{
    for (; order < PMM_ORDERS; order++)
        if (s->blocks[order])
            return true;
    return false;
}

static void step_alloc(void)
{
    unsigned order =
        (unsigned)(rng_below(&rng, 4) ? rng_below(&rng, 4) : rng_below(&rng, PMM_ORDERS));
    struct pmm_stats s;
    paddr_t pa;
    err_t err;

    if (block_count == BLOCKS_MAX)
        return;
    pmm_stats(&s);
    err = pmm_alloc(order, &pa);
    CHECK_ERR(err, has_block(&s, order) ? ERR_OK : ERR_NOMEM);
    if (err != ERR_OK)
        return;
    CHECK(is_aligned(pa.v, PAGE_SIZE << order) && sim_is_ram(pa.v, PAGE_SIZE << order));
    for (unsigned i = 0; i < 1u << order; i++) {
        CHECK_EQ(count_of[index_of(pa) + i], 0);
        count_of[index_of(pa) + i] = 1;
        owner[index_of(pa) + i] = last_id + 1;
        *(uint64_t *)phys_to_virt(PADDR(pa.v + i * PAGE_SIZE)) = pa.v + i;
    }
    used_frames += 1u << order;
    blocks[block_count++] = (struct block){ pa, order, ++last_id, false };
}

static void forget(unsigned i)
{
    blocks[i] = blocks[--block_count];
}

/* Free a block as a whole, or drop every reference to each of its frames. */
static void step_free(unsigned i)
{
    struct block b = blocks[i];

    for (unsigned f = 0; f < 1u << b.order; f++) {
        paddr_t pa = PADDR(b.pa.v + f * PAGE_SIZE);

        if (held(&b, pa) == 0)
            continue;
        CHECK_EQ(*(uint64_t *)phys_to_virt(pa), b.pa.v + f);
        for (; b.counted && held(&b, pa); count_of[index_of(pa)]--)
            frame_put(pa);
        count_of[index_of(pa)] = 0;
        used_frames--;
    }
    if (!b.counted)
        pmm_free(b.pa, b.order);
    forget(i);
}

static void step_count(unsigned i)
{
    struct block *b = &blocks[i];
    paddr_t pa = PADDR(b->pa.v + (rng_below(&rng, UINT64_C(1) << b->order) << PAGE_SHIFT));
    uint8_t *count = &count_of[index_of(pa)];

    if (held(b, pa) == 0)
        return;
    b->counted = true;
    if (*count < 5 && rng_below(&rng, 2)) {
        frame_get(pa);
        ++*count;
    } else {
        frame_put(pa);
        used_frames -= --*count == 0;
    }
    CHECK_EQ(frame_count(pa), *count);
}

static void step_count_block(unsigned i)
{
    struct block *b = &blocks[i];
    unsigned first = index_of(b->pa), frames = 1u << b->order;
    bool exclusive = true;

    for (unsigned f = first; f < first + frames; f++) {
        if (owner[f] != b->id || count_of[f] == 0 || count_of[f] > 5)
            return;
        exclusive &= count_of[f] == 1;
    }
    CHECK_EQ(frame_block_exclusive(b->pa, b->order), exclusive);
    if (rng_below(&rng, 2)) {
        frame_get_block(b->pa, b->order);
        for (unsigned f = first; f < first + frames; f++)
            count_of[f]++;
        b->counted = true;
        return;
    }
    frame_put_block(b->pa, b->order);
    for (unsigned f = first; f < first + frames; f++)
        used_frames -= --count_of[f] == 0;
    if (exclusive)
        forget(i);
}

static void step(void)
{
    unsigned i = block_count ? (unsigned)rng_below(&rng, block_count) : 0;

    switch (block_count ? rng_below(&rng, 12) : 0) {
    case 0:
    case 1:
    case 2:
    case 3:
        step_alloc();
        break;
    case 4:
    case 5:
    case 6:
        step_free(i);
        break;
    case 7:
        step_count_block(i);
        break;
    default:
        step_count(i);
    }
}

static void run_seed(uint64_t seed)
{
    struct pmm_stats before, now;

    rng = seed;
    pmm_fixture(&SIM_RAM_PC);
    pmm_stats(&before);
    for (unsigned n = 0; n < STEPS; n++) {
        step();
        pmm_stats(&now);
        CHECK_EQ(now.free, before.free - used_frames);
        if (n % 256 == 0)
            pmm_check();
    }
    while (block_count)
        step_free(block_count - 1);
    pmm_check();
    pmm_stats(&now);
    CHECK(memcmp(&before, &now, sizeof(now)) == 0);
}

TEST(pmm_random_use_seed_1)
{
    run_seed(1);
}

TEST(pmm_random_use_seed_2)
{
    run_seed(0x9e3779b97f4a7c15);
}
