/* Checks, expected panics and random numbers: see check.h. */
#include "check.h"

#include "lib/panic.h"
#include "sim.h"

#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PANIC_STATUS = 77, NO_PANIC_STATUS = 78, MESSAGE_MAX = 512 };

static pid_t panic_pid;
static int panic_pipe[2];

void check_failed(const char *file, int line, const char *fmt, ...)
{
    char text[MESSAGE_MAX];
    va_list args;

    va_start(args, fmt);
    vsnprintf(text, sizeof(text), fmt, args);
    va_end(args);
    sim_die("%s:%d: %s", file, line, text);
}

void check_equal(const char *file, int line, const char *what, uint64_t got, uint64_t want)
{
    if (got != want)
        check_failed(file, line, "%s is %llu (%#llx), not %llu (%#llx)", what,
                     (unsigned long long)got, (unsigned long long)got, (unsigned long long)want,
                     (unsigned long long)want);
}

void check_error(const char *file, int line, const char *what, err_t got, err_t want)
{
    if (got != want)
        check_failed(file, line, "%s returns %d, not %d", what, (int)got, (int)want);
}

static void panic_ends_test(const char *fmt, va_list args)
{
    char text[MESSAGE_MAX];

    vsnprintf(text, sizeof(text), fmt, args);
    sim_die("panic: %s", text);
}

static void panic_is_expected(const char *fmt, va_list args)
{
    char text[MESSAGE_MAX];
    int len = vsnprintf(text, sizeof(text), fmt, args);

    if (write(panic_pipe[1], text, (size_t)len) != len)
        _exit(NO_PANIC_STATUS);
    _exit(PANIC_STATUS);
}

void check_catch_panics(void)
{
    panic_set_hook(panic_ends_test);
}

bool panic_child(void)
{
    fflush(NULL);
    if (pipe(panic_pipe) != 0)
        sim_die("pipe failed");
    panic_pid = fork();
    if (panic_pid != 0)
        return false;
    panic_set_hook(panic_is_expected);
    return true;
}

void panic_did_not_happen(void)
{
    _exit(NO_PANIC_STATUS);
}

void panic_check(const char *file, int line, const char *text)
{
    char message[MESSAGE_MAX] = "";
    int status;

    close(panic_pipe[1]);
    if (read(panic_pipe[0], message, sizeof(message) - 1) < 0)
        message[0] = '\0';
    close(panic_pipe[0]);
    waitpid(panic_pid, &status, 0);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != PANIC_STATUS)
        check_failed(file, line, "no panic naming \"%s\" (wait status %#x)", text, status);
    if (!strstr(message, text))
        check_failed(file, line, "the panic says \"%s\", not \"%s\"", message, text);
}

uint64_t rng_next(uint64_t *state)
{
    uint64_t x = *state;

    x ^= x >> 12;
    x ^= x << 25;
    x ^= x >> 27;
    *state = x;
    return x * UINT64_C(0x2545f4914f6cdd1d);
}

uint64_t rng_below(uint64_t *state, uint64_t n)
{
    return (rng_next(state) >> 11) % n;
}
