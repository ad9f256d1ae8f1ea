/* Futexes in shared memory: wait, wake, time out, refuse; and semaphores made of them. */
#include <semaphore.h>
#include <time.h>

#include "test.h"

enum { WAIT = 0, WAKE = 1, WAIT_BITSET = 9, PRIVATE = 128 };

static long futex(uint32_t *word, int op, uint32_t value, const struct timespec *timeout)
{
    return syscall(SYS_futex, word, op, value, timeout, NULL, -1);
}

static void show_refusals(uint32_t *word)
{
    struct timespec soon = { 0, 20000000 }, odd = { 0, -1 };
    struct timespec past = { 1, 0 };

    *word = 5;
    show("another value", futex(word, WAIT, 6, NULL));
    show("time-out", futex(word, WAIT, 5, &soon));
    show("time-out, private", futex(word, WAIT | PRIVATE, 5, &soon));
    show("time in the past", futex(word, WAIT_BITSET, 5, &past));
    show("odd time", futex(word, WAIT, 5, &odd));
    show("bad pointer", futex((uint32_t *)0x10, WAIT, 5, NULL));
    show("bad time", futex(word, WAIT, 5, (struct timespec *)0x10));
    show("not aligned", futex((uint32_t *)((char *)word + 1), WAIT, 5, NULL));
    show("nobody to wake", futex(word, WAKE, 1, NULL));
    show("unknown operation", futex(word, 77, 1, NULL));
}

/* Three children wait; two are woken, then the rest. */
static void wake_some(uint32_t *word)
{
    uint32_t *started = word + 1;
    int woken = 0, status;

    *word = 1;
    for (int i = 0; i < 3; i++) {
        if (fork() == 0) {
            __atomic_add_fetch(started, 1, __ATOMIC_SEQ_CST);
            _exit(futex(word, WAIT, 1, NULL) == 0 ? 3 : 4);
        }
    }
    while (woken < 2) { /* some may not be asleep yet */
        long more = futex(word, WAKE, (uint32_t)(2 - woken), NULL);

        CHECK(more >= 0 && more <= 2 - woken);
        woken += (int)more;
        usleep(1000);
    }
    for (int i = 0; i < 2; i++) {
        CHECK(wait(&status) > 0);
        show_status("woken", status);
    }
    CHECK(waitpid(-1, &status, WNOHANG) == 0);
    while (futex(word, WAKE, 100, NULL) == 0)
        usleep(1000);
    CHECK(wait(&status) > 0);
    show_status("the last", status);
    CHECK(*started == 3);
}

static void use_semaphores(char *shared)
{
    sem_t *empty = (sem_t *)shared, *full = empty + 1;
    volatile int *slot = (int *)(full + 1);
    long sum = 0;

    CHECK(sem_init(empty, 1, 1) == 0 && sem_init(full, 1, 0) == 0);
    if (fork() == 0) {
        for (int i = 1; i <= 200; i++) {
            sem_wait(empty);
            *slot = i;
            sem_post(full);
        }
        _exit(0);
    }
    for (int i = 1; i <= 200; i++) {
        sem_wait(full);
        sum += *slot;
        sem_post(empty);
    }
    wait(NULL);
    say("sum %ld\n", sum);
}

int main(void)
{
    char *shared = map_pages(2 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED);

    show_refusals((uint32_t *)shared);
    wake_some((uint32_t *)shared + 4);
    use_semaphores(shared + PAGE);
    return test_end();
}
