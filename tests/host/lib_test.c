/* The kernel's strings and formatting against the C library's. */
#include "check.h"
#include "lib/print.h"
#include "lib_renamed.h"
#include "sim.h"

#include <stdio.h>
#include <string.h>

enum { TEXT_MAX = 12 };

/* A short string of few letters, so that equal ones and prefixes are frequent. */
static void random_text(uint64_t *rng, char *text)
{
    size_t len = rng_below(rng, TEXT_MAX);

    for (size_t i = 0; i < len; i++)
        text[i] = "ab\xff"[rng_below(rng, 3)];
    memset(text + len, 0, TEXT_MAX - len);
}

static int sign(int x)
{
    return (x > 0) - (x < 0);
}

TEST(lib_strings_equal_the_c_library)
{
    uint64_t rng = 41;

    for (unsigned i = 0; i < 50000; i++) {
        char a[TEXT_MAX], b[TEXT_MAX];
        size_t n = rng_below(&rng, TEXT_MAX);
        int c = (unsigned char)"ab\xffz"[rng_below(&rng, 5)]; /* the NUL, too */

        random_text(&rng, a);
        random_text(&rng, b);
        CHECK_EQ(sign(quire_memcmp(a, b, n)), sign(memcmp(a, b, n)));
        CHECK_EQ(sign(quire_strcmp(a, b)), sign(strcmp(a, b)));
        CHECK_EQ(sign(quire_strncmp(a, b, n)), sign(strncmp(a, b, n)));
        CHECK_EQ(quire_strlen(a), strlen(a));
        CHECK_EQ(quire_strnlen(a, n), strnlen(a, n));
        CHECK(quire_memchr(a, c, n) == memchr(a, c, n));
        CHECK(quire_strchr(a, c) == strchr(a, c));
        CHECK(quire_strrchr(a, c) == strrchr(a, c));
    }
}

/* Format by both; texts and lengths must be equal, whatever the buffer's size. */
#define SAME(fmt, ...)                                                                             \
    do {                                                                                           \
        for (size_t size_ = 0; size_ < 40; size_ += 13) {                                          \
            char got_[40] = "untouched", want_[40] = "untouched";                                  \
            int got_len_ = fmt_snprintf(got_, size_, fmt, __VA_ARGS__);                            \
            int want_len_ = snprintf(want_, size_, fmt, __VA_ARGS__);                              \
                                                                                                   \
            if (got_len_ != want_len_ || strcmp(got_, want_) != 0)                                 \
                sim_die("\"%s\" gives \"%s\" (%d), not \"%s\" (%d)", fmt, got_, got_len_, want_,   \
                        want_len_);                                                                \
        }                                                                                          \
    } while (0)

#pragma GCC diagnostic ignored "-Wformat-truncation"
#pragma GCC diagnostic ignored "-Wformat"

static void compare_numbers(uint64_t value)
{
    SAME("%d|%i|%u", (int)value, (int)value, (unsigned)value);
    SAME("%x %X", (unsigned)value, (unsigned)value);
    SAME("%#x", (unsigned)value | 1);
    SAME("%lu %ld", value, (int64_t)value);
    SAME("%llx", (unsigned long long)value);
    SAME("%zu", (size_t)value);
    SAME("%hd %hhu", (short)value, (unsigned char)value);
    SAME("%8d|%-8d|%08d", (int)value, (int)value, (int)value);
    SAME("%016lx|%.3u", value, (unsigned)value % 100);
    SAME("%*d|%-*d", 9, (int)value, 9, (int)value);
    SAME("%p", (void *)(value | 1));
}

TEST(lib_prints_numbers_as_the_c_library)
{
    static const uint64_t values[] = {
        0, 1, 9, 10, 255, 256, INT32_MAX, UINT32_MAX, (uint64_t)INT64_MIN, INT64_MAX, UINT64_MAX
    };
    uint64_t rng = 43;

    for (unsigned i = 0; i < ARRAY_SIZE(values); i++)
        compare_numbers(values[i]);
    for (unsigned i = 0; i < 3000; i++)
        compare_numbers(rng_next(&rng) >> rng_below(&rng, 64));
}

TEST(lib_prints_strings_as_the_c_library)
{
    static const char *const texts[] = { "", "a", "hello, world", "a string longer than any size" };

    for (unsigned i = 0; i < ARRAY_SIZE(texts); i++) {
        SAME("%s", texts[i]);
        SAME("[%10s|%-10s]", texts[i], texts[i]);
        SAME("%.3s|%.*s", texts[i], 2, texts[i]);
        SAME("%c%%%s", 'x', texts[i]);
    }
}
