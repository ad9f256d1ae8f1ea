/*
 * Programs that the runner starts. Each leads a process group of its own, is
 * killed when the runner dies, however that happens, and is killed with its
 * whole group when the runner exits.
 */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

enum { CHILD_FDS = 5 };

struct child_spec {
    char *const *argv;
    int fds[CHILD_FDS];   /* the child's descriptors 0, 1, ...; -1: /dev/null */
    bool private_network; /* in a network namespace of its own, where that is allowed */
    bool on_terminal;     /* stays in the runner's group: it talks to the terminal */
};

struct child {
    pid_t pid;     /* 0: not running */
    int status;    /* as wait() gives it, once it has ended */
    bool finishes; /* has something to finish: is asked to end before it is killed */
};

/* Start it; argv[0] is looked up in PATH. A program that cannot be run ends with status 127. */
void child_start(struct child *child, const struct child_spec *spec);

/* Has it ended? Never sleeps. */
bool child_ended(struct child *child);

/* Kill it and its group, and wait for its end. */
void child_kill(struct child *child);

/*
 * Run a helper to its end, its output in the file log. True if it exited with
 * 0; false too when the runner shall stop.
 */
bool child_run(char *const *argv, const char *log);
