/*
 * What an autopsy knows about the end of a run, and how it judges it.
 *
 *     autopsy_facts.c   one pass over the trace: what was still open at its end
 *     autopsy_cause.c   the sentences about the exception that began it
 *     autopsy_judge.c   the sentences about delivery, hangs and other ends
 *     autopsy.c         the command: prints facts and sentences
 */
#pragma once

#include "cli.h"
#include "replay.h"

enum {
    CHAIN_MAX = 16,
    RING_MAX = 1 << 16, /* control transfers that are remembered */
    BRANCHES_MAX = 64,  /* branches that the recorder writes down at the end */
    CALLS_MAX = 1024,   /* open calls that are remembered */
    CALLS_SHOWN = 8,
    MOVES_MAX = 64,    /* control transfers that are looked at */
    LOOP_REPEATS = 32, /* the same fault so often in a row: its handler does not mend it */
    CALLS_DEEP = 12,   /* calls without return among them: recursion */
};

/* An exception that nobody had returned from. */
struct open_exception {
    uint64_t number; /* of the event */
    struct trace_event event;
    unsigned space;
    uint64_t moves; /* control transfers before it */
    /* Recorded calls that were open, the innermost first. */
    unsigned call_count;
    uint64_t call[CALLS_SHOWN];
};

enum move_kind { MOVE_JUMP, MOVE_CALL, MOVE_RETURN, MOVE_TRANSFER, MOVE_EXCEPTION, MOVE_INTERRUPT };

/* A control transfer. */
struct move {
    enum move_kind kind;
    uint64_t tick, from, to; /* from or to is 0 where the event does not tell */
    uint32_t what;           /* transfer, vector; of a return that is an event, its function */
};

/* How the run ended, from the user's point of view. */
enum verdict {
    VERDICT_FINE,
    VERDICT_TRIPLE_FAULT,
    VERDICT_PANIC,  /* the kernel ended the run because of an exception */
    VERDICT_KILLED, /* a program was ended because of one */
    VERDICT_HANG,   /* a limit ended it */
    VERDICT_HALTED, /* halted with interrupts off, without an exception */
    VERDICT_RESET,
    VERDICT_UNKNOWN, /* the trace has no end */
};

struct autopsy {
    struct subject *subject;
    FILE *out;
    struct replay *replay;
    struct space_cursor cursor;

    /* The end. */
    uint32_t end; /* enum trace_end; 0: the trace has none */
    uint64_t end_tick, first_tick;
    bool has_sample;
    struct trace_event sample;
    char status[64];     /* last words of the guest to its host: "exit 3", "panic"; or empty */
    char last_line[160]; /* the first line that it logged after a panic; or empty */

    /* Exceptions without return, oldest first; of more than fit, the youngest. */
    unsigned open_count, open_dropped;
    struct open_exception open[CHAIN_MAX];
    /* By space: the exception in ring 3 that it has not returned from (number 0: none). */
    struct open_exception *user_open;

    /* The same exception at the same place again and again. */
    struct trace_event repeated;
    uint64_t repeats;

    /* Recorded calls without return; of more than fit, the outermost. */
    unsigned call_depth;
    struct open_call {
        uint32_t what;
        uint64_t addr;
    } call[CALLS_MAX];

    /* Control transfers: all that are events, as a ring, and the recorder's last branches. */
    uint64_t ring_count;
    struct move *ring;
    unsigned branch_count;
    struct move branch[BRANCHES_MAX];
    /* The last ones of both before it went wrong, oldest first. */
    unsigned move_count;
    struct move move[MOVES_MAX];

    bool has_cr3_load;
    struct trace_event cr3_load; /* the last */
    uint64_t stale_uses;         /* of translations that the tables no longer held */
    struct trace_event stale;    /* the first of them */
    bool has_interrupt;
    struct trace_event interrupt; /* the last of a device */
    uint64_t interrupts;
    uint64_t efer;

    /* What they amount to. */
    enum verdict verdict;
    unsigned chain_count;
    struct open_exception chain[CHAIN_MAX];
};

/* Print the autopsy of a recorded trace on standard error, unless its end was as it should be. */
void autopsy_report(const char *path);

/* Read the trace. */
void autopsy_find_facts(struct autopsy *autopsy);

/* Fill in move: what led to the first exception of the chain, or else to the end. */
void autopsy_find_moves(struct autopsy *autopsy);

/* Was this exception raised while the one before it was being delivered? */
bool chain_is_delivery(const struct autopsy *autopsy, unsigned i);

/* The instruction at rip, or "" where its file is not known. */
const char *autopsy_code(const struct autopsy *autopsy, uint64_t rip, char *buf, size_t size);

/* Does the instruction at rip begin with this mnemonic? */
bool autopsy_code_is(const struct autopsy *autopsy, uint64_t rip, const char *mnemonic);

/* "f (src/f.c:12)" */
void autopsy_place(FILE *out, const struct autopsy *autopsy, uint64_t addr);

/* What to look at: sentences, one a line. */
void autopsy_judge(const struct autopsy *autopsy, FILE *out);

/* The sentence about one exception of the chain. */
void autopsy_judge_cause(const struct autopsy *autopsy, unsigned i, FILE *out);

/* Functions that the last calls went round in, as "f, g"; how many calls had no return. */
unsigned autopsy_recursion(const struct autopsy *autopsy, char *buf, size_t size);
