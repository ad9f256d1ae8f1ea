/* The archive of the run, as hostile input. */
#include "kern/cpio.h"

#include "check.h"
#include "sim.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ARCHIVE_MAX = 4096 };

static char archive[ARCHIVE_MAX];
static uint64_t size;

static void add(const char *name, unsigned mode, const char *data)
{
    int header = snprintf(
        archive + size, 111, "070701%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x%08x", 7, mode,
        0, 0, 1, 99, (unsigned)strlen(data), 0, 0, 0, 0, (unsigned)strlen(name) + 1, 0);

    size += (uint64_t)header;
    memcpy(archive + size, name, strlen(name) + 1);
    size = align_up(size + strlen(name) + 1, 4);
    memcpy(archive + size, data, strlen(data));
    size = align_up(size + strlen(data), 4);
}

static void make_archive(void)
{
    memset(archive, 0, sizeof(archive));
    size = 0;
    add(".quire/args", 0100644, "a.out");
    add("a.out", 0100755, "contents of the program");
    add("empty", 0100444, "");
    add("TRAILER!!!", 0, "");
}

TEST(cpio_reads_entries)
{
    struct cpio_entry e;
    uint64_t at = 0;

    make_archive();
    CHECK_OK(cpio_next(archive, size, &at, &e));
    CHECK(strcmp(e.name, ".quire/args") == 0 && e.name_len == 11);
    CHECK_OK(cpio_next(archive, size, &at, &e));
    CHECK(strcmp(e.name, "a.out") == 0 && e.size == 23);
    CHECK(memcmp(e.data, "contents of the program", 23) == 0);
    CHECK_EQ(e.mode, 0100755);
    CHECK_EQ(e.mtime, 99);
    CHECK_OK(cpio_next(archive, size, &at, &e));
    CHECK_EQ(e.size, 0);
    CHECK_ERR(cpio_next(archive, size, &at, &e), ERR_NOENT);
}

TEST(cpio_refuses_an_empty_name)
{
    struct cpio_entry e;
    uint64_t at = 0;

    size = 0;
    add("", 0100644, "data");
    CHECK_ERR(cpio_next(archive, size, &at, &e), ERR_INVAL);
    CHECK_EQ(at, 0);
    memset(archive + 6 + 8 * 11, '0', 8); /* not even its NUL */
    CHECK_ERR(cpio_next(archive, size, &at, &e), ERR_INVAL);
}

/* Walk a private copy, exactly as large as it says, touching all that is promised. */
static void walk(uint64_t limit)
{
    char *copy = malloc(limit ? limit : 1);
    struct cpio_entry e;
    uint64_t at = 0, sum = 0;
    err_t err;

    memcpy(copy, archive, limit);
    while ((err = cpio_next(copy, limit, &at, &e)) == ERR_OK) {
        CHECK(e.name_len > 0 && strlen(e.name) == e.name_len);
        CHECK((const char *)e.data >= copy && e.size <= limit);
        CHECK((const char *)e.data + e.size <= copy + limit);
        for (uint64_t i = 0; i < e.size; i++)
            sum += e.data[i];
    }
    CHECK(err == ERR_NOENT || err == ERR_INVAL);
    CHECK(sum < UINT64_MAX);
    free(copy);
}

TEST(cpio_survives_truncation)
{
    make_archive();
    for (uint64_t limit = 0; limit <= size; limit++)
        walk(limit);
}

TEST(cpio_fuzz)
{
    static const char digits[] = "0123456789abcdefABCDEFxyz\0\xff";
    uint64_t rng = 31;

    for (unsigned i = 0; i < 60000; i++) {
        make_archive();
        for (uint64_t n = 1 + rng_below(&rng, 4); n > 0; n--)
            archive[rng_below(&rng, size)] = digits[rng_below(&rng, sizeof(digits))];
        if (rng_below(&rng, 3) == 0)
            memset(archive + 6 + 8 * rng_below(&rng, 13), 'f', 8);
        walk(size);
    }
}
