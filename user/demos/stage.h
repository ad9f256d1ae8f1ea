/*
 * What the demos have in common: pace, keys, and the rule that whatever is said is
 * checked against the machine.
 *
 *     director --- story            the story runs in a process of its own, so that all it
 *                    +-- players    used is gone at the end, and it can be told again
 *
 * A demo runs without pauses, as any program does, unless an option says otherwise: --pace
 * (time to look at each step), --step (a key for each step); --length says on standard
 * error how many seconds --pace takes. With --captions the story goes to standard error, and
 * standard output gets two short lines for each step: what the live map shows (docs/map.md).
 * Keys, if there is a keyboard: Enter goes on at once; space stops, and then goes on like
 * Enter; g goes on by itself again; r tells the story again; q ends it.
 * Exit status: 0; 1 if something that was said does not hold; 3 if it was left by q.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct demo {
    const char *title;
    const char *opening; /* what the demo is about, in lines that end with \n */
    void (*story)(void); /* ends by returning */
};

/* The main function of a demo. */
int stage_main(int argc, char **argv, const struct demo *demo);

/* A step begins: for a screen with large letters, at most two lines of 60 characters. */
void stage_caption(const char *text);

/* The end of a step: show what was printed, and give them time to look at it. */
void stage_pause(unsigned seconds);

/* A claim. Says nothing if it holds; otherwise says it, and the demo fails. */
void stage_claim(bool holds, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* fork(); the child is killed when the story is left before its end. */
pid_t stage_fork(void);

/* Run body(arg) in a child; its wait status. A child that returns exits with 0. */
int stage_in_child(void (*body)(void *), void *arg);

/* Print what went wrong, with errno's text, and end the story. */
_Noreturn void stage_fail(const char *what);

/* "This step took 3 frames of RAM."; returns how many: negative if given back. */
long stage_cost(uint64_t free_before);

/* Is this Quire, where a demo may use up all memory? If not, the story ends here. */
void stage_only_on_quire(void);
