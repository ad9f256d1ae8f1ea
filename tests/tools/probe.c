/*
 * A program with many small behaviours, by its first argument: what the runner's
 * tests run on Quire, and on the host to compare.
 */
#define _GNU_SOURCE /* environ */
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/wait.h>
#include <unistd.h>

static int *volatile nowhere; /* volatile: the compiler must not know where it points */

static int probe_copy(int fd)
{
    static char buffer[64 << 10];
    ssize_t got;

    while ((got = read(fd, buffer, sizeof(buffer))) > 0) {
        for (ssize_t put = 0; put < got;) {
            ssize_t n = write(STDOUT_FILENO, buffer + put, (size_t)(got - put));

            if (n < 0)
                return 1;
            put += n;
        }
    }
    return got < 0;
}

static int probe_file(const char *path)
{
    int fd = open(path, O_RDONLY);

    if (fd < 0) {
        perror(path);
        return 1;
    }
    return probe_copy(fd);
}

static int probe_streams(void)
{
    for (int i = 0; i < 100; i++) {
        dprintf(STDOUT_FILENO, "out %d\n", i);
        dprintf(STDERR_FILENO, "err %d\n", i);
    }
    return 0;
}

/* Every byte value, in all sizes around a frame's. */
static int probe_bytes(void)
{
    static unsigned char block[3 * 4096];

    for (size_t i = 0; i < sizeof(block); i++)
        block[i] = (unsigned char)(i * 7 + i / 256);
    for (size_t size = 4090; size < 4100; size++)
        write(STDOUT_FILENO, block, size);
    write(STDOUT_FILENO, block, sizeof(block));
    return 0;
}

static int probe_random(void)
{
    uint64_t word[2];

    if (getrandom(word, sizeof(word), 0) != sizeof(word))
        return 1;
    printf("%016jx%016jx\n", (uintmax_t)word[0], (uintmax_t)word[1]);
    return 0;
}

/* Sum of standard input: for data that would take long to come back. */
static int probe_sum(void)
{
    static unsigned char buffer[64 << 10];
    unsigned long long sum = 0, bytes = 0;
    ssize_t got;

    while ((got = read(STDIN_FILENO, buffer, sizeof(buffer))) > 0) {
        bytes += (unsigned long long)got;
        for (ssize_t i = 0; i < got; i++)
            sum = sum * 31 + buffer[i];
    }
    printf("%llu bytes, sum %llx\n", bytes, sum);
    return 0;
}

static void probe_print(char **strings)
{
    for (; *strings; strings++)
        printf("[%s]\n", *strings);
}

static _Noreturn void probe_spin(void)
{
    dprintf(STDOUT_FILENO, "spinning\n");
    for (volatile unsigned long i = 0;; i++)
        ;
}

static _Noreturn void probe_write_for_ever(void)
{
    for (;;)
        write(STDOUT_FILENO, "one line of many\n", 17);
}

/* A page that fork shares, and that the child then writes. */
static int probe_fork(void)
{
    static volatile int shared = 1;
    int status = 0;

    if (fork() == 0)
        _exit(shared + 1);
    shared = 5;
    return wait(&status) > 0 && WEXITSTATUS(status) == 2 && shared == 5 ? 0 : 1;
}

int main(int argc, char **argv)
{
    const char *what = argc > 1 ? argv[1] : "";

    if (strcmp(what, "cat") == 0)
        return probe_copy(STDIN_FILENO);
    if (strcmp(what, "fork") == 0)
        return probe_fork();
    if (strcmp(what, "sum") == 0)
        return probe_sum();
    if (strcmp(what, "file") == 0)
        return probe_file(argv[2]);
    if (strcmp(what, "streams") == 0)
        return probe_streams();
    if (strcmp(what, "bytes") == 0)
        return probe_bytes();
    if (strcmp(what, "random") == 0)
        return probe_random();
    if (strcmp(what, "env") == 0)
        probe_print(environ);
    if (strcmp(what, "args") == 0)
        probe_print(argv);
    if (strcmp(what, "exit") == 0)
        return atoi(argv[2]);
    if (strcmp(what, "signal") == 0)
        kill(getpid(), atoi(argv[2]));
    if (strcmp(what, "crash") == 0)
        return *nowhere;
    if (strcmp(what, "exec") == 0)
        execve(argv[2], argv + 2, environ);
    if (strcmp(what, "spin") == 0)
        probe_spin();
    if (strcmp(what, "lines") == 0)
        probe_write_for_ever();
    return 0;
}
