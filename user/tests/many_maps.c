/* Thousands of areas, made, protected and removed in random order. */
#include "test.h"

enum { SLOTS = 4000, STEPS = 20000 };

static unsigned char state_of[SLOTS]; /* 0 hole, 1 read-only, 2 writable */
static unsigned char value_of[SLOTS];

static void step(char *area, uint64_t *random)
{
    unsigned slot = random_next(random) % SLOTS;
    char *page = area + (size_t)slot * PAGE;

    switch (random_next(random) % 4) {
    case 0:
        CHECK(munmap(page, PAGE) == 0);
        state_of[slot] = value_of[slot] = 0;
        break;
    case 1:
        CHECK(mmap(page, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1,
                   0) == page);
        state_of[slot] = 2;
        value_of[slot] = 0;
        break;
    case 2:
        if (state_of[slot] == 0)
            break;
        state_of[slot] = (unsigned char)(3 - state_of[slot]);
        CHECK(mprotect(page, PAGE, state_of[slot] == 2 ? PROT_READ | PROT_WRITE : PROT_READ) == 0);
        break;
    default:
        if (state_of[slot] == 2)
            page[slot % PAGE] = (char)(value_of[slot] = (unsigned char)(slot + 1));
        break;
    }
}

static int count_wrong(const char *area)
{
    int wrong = 0;

    for (unsigned slot = 0; slot < SLOTS; slot++)
        wrong += state_of[slot] &&
                 (unsigned char)area[(size_t)slot * PAGE + slot % PAGE] != value_of[slot];
    return wrong;
}

int main(void)
{
    char *area = map_pages((size_t)SLOTS * PAGE, PROT_NONE, 0);
    uint64_t random = 42;
    int status;

    CHECK(munmap(area, (size_t)SLOTS * PAGE) == 0);
    for (int i = 0; i < STEPS; i++)
        step(area, &random);
    say("wrong: %d\n", count_wrong(area));
    pid_t pid = fork();

    if (pid == 0) {
        int wrong = count_wrong(area);

        for (int i = 0; i < STEPS / 4; i++)
            step(area, &random);
        _exit(wrong + count_wrong(area) + test_failures);
    }
    for (int i = 0; i < STEPS / 4; i++)
        step(area, &random);
    CHECK(waitpid(pid, &status, 0) == pid);
    show_status("child", status);
    say("wrong: %d\n", count_wrong(area));
    CHECK(munmap(area, (size_t)SLOTS * PAGE) == 0);
    return test_end();
}
