/* The object cache. */
#include "pmm/cache.h"

#include "arch/mmu.h"
#include "pmm_fixture.h"

#include <string.h>

struct small {
    uint64_t word[3];
};

struct large {
    char bytes[2032];
};

static struct obj_cache small_cache = OBJ_CACHE_INIT(small_cache, struct small);
static struct obj_cache large_cache = OBJ_CACHE_INIT(large_cache, struct large);

enum { MANY = 5000 };

TEST(cache_objects_are_zeroed_distinct_and_aligned)
{
    static char *obj[MANY];

    pmm_fixture(&SIM_RAM_PC);
    for (unsigned i = 0; i < MANY; i++) {
        void *p;

        CHECK_OK(cache_alloc(&small_cache, &p));
        CHECK(is_aligned((uintptr_t)p, 16));
        for (unsigned b = 0; b < sizeof(struct small); b++)
            CHECK_EQ(((char *)p)[b], 0);
        memset(p, 0x5a, 32);
        *(unsigned *)p = i;
        obj[i] = p;
    }
    CHECK_EQ(small_cache.in_use, MANY);
    for (unsigned i = 0; i < MANY; i++)
        CHECK_EQ(*(unsigned *)obj[i], i);
}

TEST(cache_returns_empty_frames_at_once)
{
    static void *obj[MANY];
    struct pmm_stats before, after;
    uint64_t rng = 7;

    pmm_fixture(&SIM_RAM_PC);
    pmm_stats(&before);
    for (unsigned i = 0; i < MANY; i++)
        CHECK_OK(cache_alloc(&small_cache, &obj[i]));
    for (unsigned left = MANY; left > 0; left--) {
        uint64_t i = rng_below(&rng, left);

        cache_free(&small_cache, obj[i]);
        obj[i] = obj[left - 1];
    }
    pmm_stats(&after);
    CHECK(memcmp(&before, &after, sizeof(before)) == 0);
    CHECK_EQ(small_cache.in_use, 0);
    CHECK_OK(cache_alloc(&large_cache, &obj[0]));
    pmm_stats(&after);
    CHECK_EQ(after.free, before.free - 1);
    cache_free(&large_cache, obj[0]);
    pmm_stats(&after);
    CHECK(memcmp(&before, &after, sizeof(before)) == 0);
    pmm_check();
}

TEST(cache_holds_the_largest_object)
{
    void *a, *b;

    pmm_fixture(&SIM_RAM_PC);
    CHECK_OK(cache_alloc(&large_cache, &a));
    CHECK_OK(cache_alloc(&large_cache, &b));
    memset(a, 1, sizeof(struct large));
    memset(b, 2, sizeof(struct large));
    CHECK_EQ(((struct large *)a)->bytes[2031], 1);
    cache_free(&large_cache, a);
    CHECK_EQ(((struct large *)b)->bytes[0], 2);
    cache_free(&large_cache, b);
}

TEST(cache_allocations_count_for_fail_after)
{
    struct pmm_stats before, after;
    void *keep, *p = &before;

    pmm_fixture(&SIM_RAM_PC);
    CHECK_OK(cache_alloc(&small_cache, &keep)); /* the slab is there: no frame is needed below */
    pmm_stats(&before);
    pmm_fail_after(2);
    CHECK_OK(cache_alloc(&small_cache, &p));
    cache_free(&small_cache, p);
    p = &before;
    CHECK_ERR(cache_alloc(&small_cache, &p), ERR_NOMEM);
    CHECK(p == &before);
    pmm_stats(&after);
    CHECK(memcmp(&before, &after, sizeof(before)) == 0);
    cache_free(&small_cache, keep);
    for (unsigned n = 1; n <= 2; n++) { /* the object itself, then its slab's frame */
        pmm_fail_after(n);
        CHECK_ERR(cache_alloc(&small_cache, &p), ERR_NOMEM);
    }
    CHECK_OK(cache_alloc(&small_cache, &p));
}

TEST(cache_is_out_of_memory_without_a_trace)
{
    static paddr_t frame[16384];
    struct pmm_stats before, after;
    uint64_t n = 0;
    void *p;

    pmm_fixture(&SIM_RAM_PC);
    while (pmm_alloc(0, &frame[n]) == ERR_OK)
        n++;
    pmm_stats(&before);
    CHECK_ERR(cache_alloc(&small_cache, &p), ERR_NOMEM);
    pmm_stats(&after);
    CHECK(memcmp(&before, &after, sizeof(before)) == 0);
    CHECK_EQ(small_cache.in_use, 0);
    pmm_free(frame[0], 0);
    CHECK_OK(cache_alloc(&small_cache, &p));
}

TEST(cache_misuse_panics)
{
    void *p, *q, *other;
    paddr_t frame;

    pmm_fixture(&SIM_RAM_PC);
    CHECK_OK(cache_alloc(&small_cache, &p));
    CHECK_OK(cache_alloc(&small_cache, &q));
    CHECK_OK(cache_alloc(&large_cache, &other));
    CHECK_OK(pmm_alloc_zeroed(0, &frame));
    cache_free(&small_cache, q);
    CHECK_PANICS("small", cache_free(&small_cache, q));
    CHECK_PANICS("small", cache_free(&small_cache, (char *)p + 8));
    CHECK_PANICS("small", cache_free(&small_cache, other));
    CHECK_PANICS("small", cache_free(&small_cache, phys_to_virt(frame)));
    cache_free(&small_cache, p);
    CHECK_PANICS("", cache_free(&small_cache, p)); /* its frame went back, too */
}
