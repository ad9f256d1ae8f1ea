/*
 * The end of the kernel: a broken invariant, never exhausted memory or bad
 * input. What a panic prints and how it stops the machine is decided by the
 * hook that the topmost layer registers; it is the only upcall in the kernel.
 */
#pragma once

#include <stdarg.h>

/* Called once, with the message as for vprintf; must not return. */
typedef void (*panic_hook_t)(const char *fmt, va_list args);

/* Register the hook; the first thing that kmain does. */
void panic_set_hook(panic_hook_t hook);

/* Stop the machine with a message (no newline at its end). */
_Noreturn void panic(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* An invariant that holds unless the kernel itself is wrong; checked in every build. */
#define KASSERT(cond)                                                                              \
    do {                                                                                           \
        if (__builtin_expect(!(cond), 0))                                                          \
            panic("%s:%d: assertion failed: %s", __FILE__, __LINE__, #cond);                       \
    } while (0)
