/* The reader and the replay on traces with random damage; see exercise_file. */
#include "reader_fixture.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

static void damage(uint8_t *bytes, size_t size, uint64_t *rng)
{
    static const uint64_t values[] = { 0, 1, 0x7f, 0x80, 0xff, UINT32_MAX, UINT64_MAX, 1 << 12 };
    for (uint64_t n = 1 + rng_below(rng, 4); n > 0; n--) {
        const size_t length = (size_t)1 << rng_below(rng, 4);
        const size_t at = (size_t)rng_below(rng, size - length);
        const uint64_t value = rng_below(rng, 2) ? values[rng_below(rng, 8)] : rng_next(rng);
        memcpy(bytes + at, &value, length);
    }
}

/* Mend the blocks' checksums, so that the damage gets past them. */
static void mend(uint8_t *bytes, size_t size)
{
    size_t at = sizeof(struct trace_header) + strlen(FIXTURE_TEXT);
    struct trace_block block;
    while (size - at > sizeof block) {
        memcpy(&block, bytes + at, sizeof block);
        if (block.bytes > size - at - sizeof block)
            return;
        block.crc = (uint32_t)crc32(0, bytes + at + sizeof block, block.bytes);
        memcpy(bytes + at, &block, sizeof block);
        at += sizeof block + block.bytes;
    }
}

static void fuzz(bool mended, uint64_t seed, unsigned rounds)
{
    size_t size;
    uint8_t *const whole = fixture_trace(true, &size);
    uint8_t *const bytes = malloc(size);
    uint64_t rng = seed;
    for (unsigned i = 0; i < rounds; i++) {
        memcpy(bytes, whole, size);
        damage(bytes, size, &rng);
        if (mended)
            mend(bytes, size);
        const size_t rest = rng_below(&rng, 8) ? size : (size_t)rng_below(&rng, size);
        exercise_file(fixture_file(bytes, rest));
    }
    free(bytes);
    free(whole);
}

TEST(fuzz_damaged_traces)
{
    fuzz(false, 1, 3000);
}

TEST(fuzz_damaged_events)
{
    fuzz(true, 2, 3000);
}
