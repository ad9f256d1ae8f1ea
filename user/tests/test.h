/*
 * What the test programs share. A test prints what it saw; the same program
 * runs on Linux, and both outputs must be equal. What Linux itself promises is
 * also checked on the spot, so that a failure names its line.
 */
#pragma once

#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PAGE = 4096, HUGE = 2 << 20 };

static int test_failures;

/* printf, out at once: a fork must not duplicate what is buffered. */
__attribute__((format(printf, 1, 2), unused)) static void say(const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    vprintf(fmt, args);
    va_end(args);
    fflush(stdout);
}

#define CHECK(cond)                                                                                \
    do {                                                                                           \
        if (!(cond)) {                                                                             \
            say("FAILED %s:%d: %s\n", __FILE__, __LINE__, #cond);                                  \
            test_failures++;                                                                       \
        }                                                                                          \
    } while (0)

/* The exit status of the test. */
__attribute__((unused)) static int test_end(void)
{
    say("%s\n", test_failures ? "FAILED" : "done");
    return test_failures != 0;
}

/* Print what a call returned: its value, or the error. */
__attribute__((unused)) static long show(const char *what, long result)
{
    if (result < 0)
        say("%s: %s\n", what, strerror(errno));
    else
        say("%s: %ld\n", what, result);
    return result;
}

/* The same where only success matters, since the value differs from run to run. */
__attribute__((unused)) static void show_ok(const char *what, bool ok)
{
    say("%s: %s\n", what, ok ? "ok" : strerror(errno));
}

/* Print how a process ended. */
__attribute__((unused)) static void show_status(const char *what, int status)
{
    if (WIFEXITED(status))
        say("%s: exit %d\n", what, WEXITSTATUS(status));
    else if (WIFSIGNALED(status))
        say("%s: signal %d\n", what, WTERMSIG(status));
    else
        say("%s: status %#x\n", what, status);
}

/* Run body(arg) in a child and return its wait status. A body that returns exits with its value. */
__attribute__((unused)) static int in_child(int (*body)(void *), void *arg)
{
    int status = -1;
    pid_t pid = fork();

    if (pid == 0)
        _exit(body(arg));
    if (pid < 0 || waitpid(pid, &status, 0) != pid) {
        perror("in_child");
        exit(99);
    }
    return status;
}

/* Private anonymous memory, or the end of the test. */
__attribute__((unused)) static char *map_pages(size_t bytes, int prot, int more_flags)
{
    int sharing = more_flags & MAP_SHARED ? 0 : MAP_PRIVATE;
    void *at = mmap(NULL, bytes, prot, MAP_ANONYMOUS | sharing | more_flags, -1, 0);

    if (at == MAP_FAILED) {
        perror("mmap");
        exit(99);
    }
    return at;
}

/* For the few places where Linux lacks what Quire has, or needs more to show it. */
__attribute__((unused)) static bool on_quire(void)
{
    struct utsname name;

    return uname(&name) == 0 && strcmp(name.nodename, "quire") == 0;
}

/* The same address, of which the compiler no longer knows what it is. */
__attribute__((unused)) static void *opaque(uintptr_t at)
{
    __asm__("" : "+r"(at));
    return (void *)at;
}

/* FNV-1a: a short stand-in for much data. */
__attribute__((unused)) static uint64_t hash_bytes(uint64_t hash, const void *data, size_t size)
{
    const unsigned char *bytes = data;

    for (size_t i = 0; i < size; i++)
        hash = (hash ^ bytes[i]) * 0x100000001b3;
    return hash;
}

#define HASH_START 0xcbf29ce484222325ULL

/* A small deterministic generator. */
__attribute__((unused)) static uint32_t random_next(uint64_t *state)
{
    *state = *state * 6364136223846793005ULL + 1442695040888963407ULL;
    return (uint32_t)(*state >> 33);
}
