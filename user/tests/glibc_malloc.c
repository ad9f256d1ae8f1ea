/*
 * glibc's malloc under load: small and large blocks, realloc, memalign, threads' arena of a
 * child.
 */
#include "test.h"

enum { SLOTS = 500, STEPS = 60000 };

static unsigned char *blocks[SLOTS];
static size_t sizes[SLOTS];

static bool block_ok(int slot)
{
    for (size_t i = 0; i < sizes[slot]; i += 97) {
        if (blocks[slot][i] != (unsigned char)(slot + i))
            return false;
    }
    return true;
}

static void block_fill(int slot)
{
    for (size_t i = 0; i < sizes[slot]; i++)
        blocks[slot][i] = (unsigned char)(slot + i);
}

static int churn(uint64_t seed)
{
    int wrong = 0;

    for (int step = 0; step < STEPS; step++) {
        int slot = (int)(random_next(&seed) % SLOTS);
        uint32_t kind = random_next(&seed) % 100;
        size_t size = kind < 90   ? random_next(&seed) % 600 + 1
                      : kind < 99 ? random_next(&seed) % 40000 + 1
                                  : random_next(&seed) % 300000 + 1;

        wrong += !block_ok(slot);
        if (kind % 3 == 0 && blocks[slot]) {
            blocks[slot] = realloc(blocks[slot], size);
        } else {
            free(blocks[slot]);
            blocks[slot] = kind % 7 == 0 ? aligned_alloc(64, (size + 63) & ~63UL) : malloc(size);
        }
        sizes[slot] = size;
        block_fill(slot);
    }
    for (int slot = 0; slot < SLOTS; slot++)
        wrong += !block_ok(slot);
    return wrong;
}

int main(void)
{
    int status;
    pid_t pid;

    say("wrong: %d\n", churn(1));
    pid = fork();
    if (pid == 0)
        _exit(churn(2) != 0);
    say("wrong: %d\n", churn(3));
    CHECK(waitpid(pid, &status, 0) == pid);
    show_status("child", status);
    return test_end();
}
