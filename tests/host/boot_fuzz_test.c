/* The boot readers never read out of bounds and never accept what contradicts itself. */
#include "boot_fixture.h"
#include "check.h"

#include <stdlib.h>
#include <string.h>

/* A truncated file is refused, wherever it ends; nothing behind the end is read. */
TEST(boot_survives_truncation)
{
    uint8_t *whole;
    uint64_t total;

    make_mbi();
    total = at;
    whole = memory;
    for (uint64_t limit = INFO; limit < total; limit++) {
        struct boot_memory mem = view();
        struct boot_info info;
        const char *why;

        memory = malloc(limit);
        memcpy(memory, whole, limit);
        mem.base = memory;
        mem.limit = limit;
        CHECK_ERR(boot_read(&mem, MULTIBOOT2_MAGIC, INFO, &info, &why), ERR_INVAL);
        free(memory);
    }
    memory = whole;
}

/* A few bytes changed at random, some to interesting values: refused, or sound. */
static void fuzz(void (*make)(void), uint32_t magic, uint64_t seed, unsigned rounds)
{
    static const uint64_t values[] = { 0, 1, 7, 8, 0x7fffffff, 0xffffffff, UINT64_MAX, 1 << 20 };
    uint64_t rng = seed, end;
    unsigned accepted = 0;
    struct boot_info info;
    uint8_t *copy = malloc(MEMORY);

    make();
    end = at;
    memcpy(copy, memory, MEMORY);
    for (unsigned i = 0; i < rounds; i++) {
        memcpy(memory, copy, MEMORY);
        for (uint64_t n = 1 + rng_below(&rng, 4); n > 0; n--) {
            at = INFO + rng_below(&rng, end - INFO - 8);
            if (rng_below(&rng, 2))
                at &= ~UINT64_C(3);
            put(rng_below(&rng, 2) ? values[rng_below(&rng, ARRAY_SIZE(values))] : rng_next(&rng),
                1u << rng_below(&rng, 4));
        }
        if (read_info(magic, &info) == ERR_OK) {
            check_promises(&info);
            accepted++;
        }
    }
    CHECK(accepted > rounds / 100 && accepted < rounds);
    free(copy);
}

TEST(boot_fuzz_multiboot2)
{
    fuzz(make_mbi, MULTIBOOT2_MAGIC, 1, 60000);
}

TEST(boot_fuzz_pvh)
{
    fuzz(make_pvh, PVH_MAGIC, 2, 60000);
}
