/*
 * A command line under construction.
 */
#pragma once

enum { ARGS_MAX = 80 };

struct args {
    int count;
    char *item[ARGS_MAX + 1]; /* NULL-terminated */
};

/* Append one argument. */
void args_add(struct args *args, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Append several, as they are; the last one is followed by NULL. */
void args_add_all(struct args *args, ...) __attribute__((sentinel));

/* Say the whole command, under --verbose. */
void args_report(const struct args *args);
