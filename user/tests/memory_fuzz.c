/*
 * Random mmap, munmap, mprotect, mremap, madvise, writes and forks against a
 * model: what each page must hold and permit. Every process checks its own
 * copy, so that a page shared too long or copied too late shows up.
 */
#define _GNU_SOURCE
#include "test.h"

enum { PAGES = 256, STEPS = 1500, DEPTH = 3 };

enum state { HOLE, NONE, READ_ONLY, WRITABLE };

static char *area;
static unsigned char state_of[PAGES];
static uint32_t value_of[PAGES]; /* first word of the page; 0 for a fresh one */

static const int prot_of[] = {
    [NONE] = PROT_NONE, [READ_ONLY] = PROT_READ, [WRITABLE] = PROT_READ | PROT_WRITE
};

static void set_range(unsigned first, unsigned count, enum state state, bool fresh)
{
    for (unsigned page = first; page < first + count; page++) {
        state_of[page] = (unsigned char)state;
        if (fresh)
            value_of[page] = 0;
    }
}

static bool is_mapped(unsigned first, unsigned count)
{
    for (unsigned page = first; page < first + count; page++) {
        if (state_of[page] == HOLE)
            return false;
    }
    return true;
}

static unsigned check_all(void)
{
    unsigned wrong = 0;

    for (unsigned page = 0; page < PAGES; page++) {
        if (state_of[page] >= READ_ONLY)
            wrong += *(uint32_t *)(area + page * PAGE) != value_of[page];
    }
    return wrong;
}

static void step_write(uint64_t *random, unsigned first, unsigned count)
{
    for (unsigned page = first; page < first + count; page++) {
        if (state_of[page] != WRITABLE)
            continue;
        value_of[page] = random_next(random) | 1;
        *(uint32_t *)(area + page * PAGE) = value_of[page];
    }
}

/* mremap wants one area: pages of one state, all of them mapped. */
static void step_move(uint64_t *random, unsigned first, unsigned count)
{
    unsigned to = random_next(random) % (PAGES - count + 1);

    if (state_of[first] == HOLE || (to < first + count && first < to + count))
        return;
    for (unsigned page = first; page < first + count; page++) {
        if (state_of[page] != state_of[first])
            return;
    }
    void *moved = mremap(area + first * PAGE, (size_t)count * PAGE, (size_t)count * PAGE,
                         MREMAP_MAYMOVE | MREMAP_FIXED, area + to * PAGE);

    if (moved == MAP_FAILED) {
        CHECK(errno == EFAULT); /* Linux: not made at one time, so not one area */
        munmap(area + to * PAGE, (size_t)count * PAGE);
        set_range(to, count, HOLE, true);
        return;
    }
    memmove(value_of + to, value_of + first, count * sizeof(value_of[0]));
    set_range(to, count, state_of[first], false);
    set_range(first, count, HOLE, true);
}

static void step(uint64_t *random)
{
    unsigned first = random_next(random) % PAGES;
    unsigned count = random_next(random) % (PAGES - first < 20 ? PAGES - first : 20) + 1;
    enum state state = NONE + random_next(random) % 3;
    char *at = area + first * PAGE;
    size_t size = (size_t)count * PAGE;

    switch (random_next(random) % 8) {
    case 0:
        CHECK(munmap(at, size) == 0);
        set_range(first, count, HOLE, true);
        break;
    case 1:
    case 2:
        CHECK(mmap(at, size, prot_of[state], MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == at);
        set_range(first, count, state, true);
        break;
    case 3:
        if (!is_mapped(first, count))
            break;
        CHECK(mprotect(at, size, prot_of[state]) == 0);
        set_range(first, count, state, false);
        break;
    case 4:
        if (!is_mapped(first, count))
            break;
        CHECK(madvise(at, size, MADV_DONTNEED) == 0);
        memset(value_of + first, 0, count * sizeof(value_of[0]));
        break;
    case 5:
        step_move(random, first, count);
        break;
    default:
        step_write(random, first, count);
        break;
    }
}

/* Returns how much was wrong, here and below. */
static int live(uint64_t random, int depth)
{
    unsigned wrong = 0;
    int status;
    pid_t pid;

    for (int i = 0; i < STEPS; i++) {
        step(&random);
        if (i % 64 == 0)
            wrong += check_all();
        if (depth > 0 && i % (STEPS / 3) == 100) {
            pid = fork();
            if (pid == 0)
                _exit(live(random ^ 0x5555, depth - 1));
            if (i % 2 == 0) /* both at once, or the child first */
                continue;
            CHECK(waitpid(pid, &status, 0) == pid);
            wrong += status != 0;
        }
    }
    while (wait(&status) > 0)
        wrong += status != 0;
    wrong += check_all();
    return wrong || test_failures ? 1 : 0;
}

int main(int argc, char **argv)
{
    area = map_pages((size_t)PAGES * PAGE, PROT_NONE, 0);
    CHECK(munmap(area, (size_t)PAGES * PAGE) == 0);
    say("wrong: %d\n", live(argc > 1 ? strtoull(argv[1], NULL, 0) : 7, DEPTH));
    return test_end();
}
