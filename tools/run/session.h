/*
 * One run, from the emulator's start to its end: passes everything on, and
 * finds out how it ended.
 */
#pragma once

#include "emulator.h"
#include "options.h"

enum outcome_kind {
    OUTCOME_NONE, /* no status arrived */
    OUTCOME_EXIT,
    OUTCOME_SIGNAL,
    OUTCOME_PANIC,
};

enum { TAIL_MAX = 16 << 10 };

/* The last bytes of something long. */
struct tail {
    size_t len;
    char text[TAIL_MAX + 1];
};

struct session {
    const struct run_options *options;
    struct emulator *emu;
    const char *archive; /* what the machine was given */
    struct child *gdb;   /* NULL unless debugging */
    enum outcome_kind outcome;
    int number;         /* exit status or signal */
    bool kernel_spoke;  /* a frame has arrived */
    bool panic_shown;   /* log lines after the panic have */
    double status_time; /* when the outcome arrived; the emulator ends soon after */
    struct tail console, messages;
};

/* Run until the emulator has ended, or there is a reason to end it. */
void session_run(struct session *session);
