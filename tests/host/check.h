/*
 * The test harness: each TEST runs in a process of its own, so that every one
 * starts with a machine that was never used, and a panic or a sanitizer's
 * report ends that test only.
 *
 *     TEST(pmm_splits_and_merges) { CHECK_EQ(1 + 1, 2); }
 *
 * One program holds many tests: run without arguments it runs all of them,
 * with arguments those whose names contain one of the words; -l lists them.
 * The exit status is the number of failures, at most 100.
 */
#pragma once

#include "lib/err.h"
#include "lib/types.h"

typedef void (*test_fn_t)(void);

void test_register(const char *name, test_fn_t run);

#define TEST(name)                                                                                 \
    static void name(void);                                                                        \
    __attribute__((constructor)) static void register_##name(void)                                 \
    {                                                                                              \
        test_register(#name, name);                                                                \
    }                                                                                              \
    static void name(void)

[[gnu::noreturn]] void check_failed(const char *file, int line, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));
void check_equal(const char *file, int line, const char *what, uint64_t got, uint64_t want);
void check_error(const char *file, int line, const char *what, err_t got, err_t want);

#define CHECK(cond)                                                                                \
    do {                                                                                           \
        if (!(cond))                                                                               \
            check_failed(__FILE__, __LINE__, "%s", #cond);                                         \
    } while (0)
#define CHECK_EQ(a, b)       check_equal(__FILE__, __LINE__, #a, (uint64_t)(a), (uint64_t)(b))
#define CHECK_ERR(got, want) check_error(__FILE__, __LINE__, #got, got, want)
#define CHECK_OK(got)        CHECK_ERR(got, ERR_OK)

/* The statements must end in a panic whose message contains text. They run in a child process. */
#define CHECK_PANICS(text, ...)                                                                    \
    do {                                                                                           \
        if (panic_child()) {                                                                       \
            __VA_ARGS__;                                                                           \
            panic_did_not_happen();                                                                \
        }                                                                                          \
        panic_check(__FILE__, __LINE__, text);                                                     \
    } while (0)

bool panic_child(void);
[[gnu::noreturn]] void panic_did_not_happen(void);
void panic_check(const char *file, int line, const char *text);

/* A panic from now on ends the process with its message; tests have this already. */
void check_catch_panics(void);

/* Reproducible random numbers (xorshift64*; Vigna, 2016). */
uint64_t rng_next(uint64_t *state);
/* In [0, n), n > 0. */
uint64_t rng_below(uint64_t *state, uint64_t n);
