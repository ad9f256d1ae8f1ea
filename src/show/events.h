/* What has happened, newest last, and what the program says about it. */
#pragma once

#include "show/canvas.h"

enum event_kind {
    EVENT_SWITCH, /* to pid */
    EVENT_FORK,   /* of pid; other is the child */
    EVENT_EXEC,
    EVENT_EXIT,   /* other: status as wait4 encodes it */
    EVENT_CALL,   /* a system call that changes memory; other: its number */
    EVENT_ZERO,   /* first touch of a page: frame `to`, zeroed */
    EVENT_COPY,   /* write to a shared frame: copied */
    EVENT_OWN,    /* the same by the last who has it: taken over */
    EVENT_DENIED, /* an access that is answered by a signal */
};

struct event {
    uint64_t number; /* 1, 2, ... */
    enum event_kind kind;
    int pid, other;
    vaddr_t va;
    paddr_t from, to;
};

enum { EVENTS_KEPT = 16, NARRATION_LINES = 2, NARRATION_CHARS = 80 };

/* Note one; it gets its number. */
void event_add(struct event event);

/* How many there were. */
uint64_t event_count(void);

/* The latest lines into area, the newest at its foot. */
void events_draw(struct canvas *c, struct rect area);

/* Bytes that the program has written on its standard output. */
void narration_add(const char *text, size_t len);
void narration_draw(struct canvas *c, struct rect area);

/* The name of a system call that an EVENT_CALL is worth; null: none. */
const char *event_call_name(uint64_t number);
