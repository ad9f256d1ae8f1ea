/* Numbers for getrandom and AT_RANDOM: see random.h. */
#include "kern/random.h"

#include "kern/options.h"
#include "lib/string.h"

static uint64_t random_next(void)
{
    static uint64_t drawn; /* (a) */
    uint64_t count = __atomic_add_fetch(&drawn, 1, __ATOMIC_RELAXED);
    uint64_t z = kernel_options.seed + count * UINT64_C(0x9e3779b97f4a7c15);

    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

void random_fill(void *buf, size_t len)
{
    uint8_t *out = buf;

    while (len > 0) {
        uint64_t word = random_next();
        size_t part = min_u64(len, sizeof(word));

        memcpy(out, &word, part);
        out += part;
        len -= part;
    }
}
