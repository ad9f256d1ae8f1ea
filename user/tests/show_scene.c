/*
 * What the map's tests (tests/show) look at: a page of this process alone, one that is
 * copy-on-write, one of shared memory, each with its frame's number on standard output;
 * then a count that goes on for ever, and "gap" if the clock has jumped in between. An
 * argument is the number of other processes, if it is not one.
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

enum { FRAME_SIZE = 4096 };

/* The number of the frame behind a page of this process. */
static unsigned long frame_behind(const volatile void *page)
{
    int fd = open("/proc/self/pagemap", O_RDONLY);
    uint64_t word = 0;

    if (pread(fd, &word, sizeof(word), (off_t)((uintptr_t)page / FRAME_SIZE * sizeof(word))) < 0)
        exit(1);
    close(fd);
    return word & ((UINT64_C(1) << 55) - 1);
}

static volatile char *page_new(int flags)
{
    char *page = mmap(NULL, FRAME_SIZE, PROT_READ | PROT_WRITE, MAP_ANONYMOUS | flags, -1, 0);

    if (page == MAP_FAILED)
        exit(1);
    page[0] = 1;
    return page;
}

static long long now_ms(void)
{
    struct timespec ts;

    clock_gettime(CLOCK_MONOTONIC, &ts);
    return ts.tv_sec * 1000LL + ts.tv_nsec / 1000000;
}

static void show(const char *name, volatile const char *page)
{
    printf("%s %lx %lx\n", name, (unsigned long)page, frame_behind(page));
}

static void count(void)
{
    const struct timespec pause = { .tv_nsec = 20 * 1000 * 1000 };
    long long last = now_ms();

    for (int i = 0;; i++) {
        long long now = now_ms();

        printf(now - last > 700 ? "gap %d\n" : "count %d\n", i);
        last = now;
        munmap((void *)page_new(MAP_PRIVATE), FRAME_SIZE); /* three events */
        nanosleep(&pause, NULL);
    }
}

int main(int argc, char **argv)
{
    volatile char *cow = page_new(MAP_PRIVATE), *shared = page_new(MAP_SHARED), *own;
    int others = argc > 1 ? atoi(argv[1]) : 1;

    setvbuf(stdout, NULL, _IOLBF, 0);
    for (int i = 0; i < others; i++)
        if (fork() == 0)
            for (;;)
                sleep(1000);
    own = page_new(MAP_PRIVATE);
    show("own", own);
    show("cow", cow);
    show("shared", shared);
    count();
}
