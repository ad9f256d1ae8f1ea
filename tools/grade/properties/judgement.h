/*
 * A judgement in progress: one pass over the events of a run, with the state of
 * the CPU and, where a property asks for them, of the page tables.
 *
 *     while (judgement_next(j)) {
 *         if (something is wrong with j->event)
 *             return judgement_fail(j, "what the machine did");
 *     }
 *
 * The state is that before j->event. Start reading with property_judge() in registry.c.
 */
#pragma once

#include "event.h"
#include "property.h"
#include "reader.h"
#include "replay.h"
#include "replay_map.h"
#include "symbols.h"

enum { SPACES_MAX = 65536, LABEL_MAX = 64, NAME_MAX_LEN = 128 };

/* Bits that the rules speak of; ERROR_ ones are of a page fault's error code. */
#define CR0_WP      (UINT64_C(1) << 16)
#define CR0_PG      (UINT64_C(1) << 31)
#define CR4_PAE     (UINT64_C(1) << 5)
#define CR4_PGE     (UINT64_C(1) << 7)
#define EFER_LME    (UINT64_C(1) << 8)
#define EFER_NXE    (UINT64_C(1) << 11)
#define MSR_EFER    0xc0000080u
#define RFLAGS_IF   (UINT64_C(1) << 9)
#define ENTRY_P     (UINT64_C(1) << 0)
#define ENTRY_W     (UINT64_C(1) << 1)
#define ENTRY_U     (UINT64_C(1) << 2)
#define ENTRY_A     (UINT64_C(1) << 5)
#define ENTRY_D     (UINT64_C(1) << 6)
#define ENTRY_PS    (UINT64_C(1) << 7)
#define ENTRY_NX    (UINT64_C(1) << 63)
#define ENTRY_ADDR  UINT64_C(0x000ffffffffff000)
#define ERROR_P     (UINT64_C(1) << 0)
#define ERROR_W     (UINT64_C(1) << 1)
#define ERROR_U     (UINT64_C(1) << 2)
#define ERROR_RSVD  (UINT64_C(1) << 3)
#define ERROR_I     (UINT64_C(1) << 4)
#define PAGE_SIZE   UINT64_C(0x1000)
#define HUGE_SIZE   UINT64_C(0x200000)
#define KERNEL_HALF UINT64_C(0xffff800000000000)
#define NEVER       UINT64_MAX

enum { VECTOR_DF = 8, VECTOR_PF = 14 };

/* How a process was led away from its program's own way: see flow.h. */
enum way_break {
    WAY_KEPT,
    WAY_START,     /* it began elsewhere than at an entry point or behind a fork */
    WAY_PLACE,     /* it goes on where it had not been left */
    WAY_REGISTERS, /* it goes on with registers that it did not have */
    WAY_PARENT,    /* it is the child of such a process */
};

/* An address space: what one root was from its first load on. */
struct space {
    uint64_t root;
    uint64_t first_load, last_left; /* events; NEVER: loaded at the end */
    uint64_t first_user, last_user; /* events by which ring 3 was entered; NEVER: none */
    uint64_t broken;                /* the entry of ring 3 that broke its way; NEVER: none did */
    enum way_break break_is;
    uint64_t pid;     /* what the kernel told it; 0: it did not ask */
    unsigned index;   /* from 0 */
    unsigned process; /* by first_user, from 1; 0: ring 3 never ran in it */
};

/* A witness or a challenge. */
struct report {
    uint64_t event, tick;
    uint64_t id; /* step, or the challenge's */
    uint64_t value, a, b;
    unsigned space; /* index */
    uint8_t kind;   /* EVENT_WITNESS or EVENT_CHALLENGE */
    bool genuine;
};

/* What a first pass finds. */
struct survey {
    struct space *space;
    size_t spaces, spaces_room;
    struct report *report;
    size_t reports, reports_room;
    unsigned processes;
    uint64_t last_tick, end_rip;
    uint32_t end; /* enum trace_end; 0: none */
    bool too_many;
};

/* Who is loaded, while events are read in order. */
struct space_cursor {
    struct replay_map living; /* root to index + 1 */
    size_t next;              /* spaces that have appeared */
    struct space *current;    /* NULL: paging is off */
};

struct world;

struct judgement {
    const struct run *run;
    const json_t *with;
    struct verdict *verdict;
    struct survey survey;
    struct space_cursor cursor;
    struct world *world; /* NULL unless world_start() was called */

    struct trace_event event; /* what happens next */
    uint64_t n, events;
    uint64_t cr0, cr3, cr4, efer;
    struct space *space; /* loaded; NULL: none known */
    bool user;           /* ring 3 runs */
    bool inside;         /* of the window and the process that the rubric asks for */
    bool started;
    uint64_t from, until;          /* the window's events */
    const char *function_of_event; /* cache of judgement_function */
    char function[NAME_MAX_LEN];
    bool damaged;
};

/* ---- the pass ---- */

/* Go to the next event; false at the end. */
bool judgement_next(struct judgement *j);

/* Start from the first event again. */
void judgement_rewind(struct judgement *j);

/* Does the event enter or leave ring 3? */
bool event_enters_user(const struct trace_event *event);
bool event_leaves_user(const struct trace_event *event);

/* The tables before, or after, the current event; NULL (and an unjudged verdict) if that fails. */
struct replay *judgement_tables(struct judgement *j);
struct replay *judgement_tables_after(struct judgement *j);

/* ---- the verdict ---- */

/* The verdict is: failed, at the current event. */
void judgement_fail(struct judgement *j, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* Failed at another event, NEVER for none. */
void judgement_fail_at(struct judgement *j, uint64_t event, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* Not judged: the rubric or the file is to blame. */
void judgement_refuse(struct judgement *j, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* Passed, and what was seen. */
void judgement_note(struct judgement *j, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

bool judgement_decided(const struct judgement *j);

/* What the verdict is about, for the report's history. */
void judgement_about_va(struct judgement *j, uint64_t va);
void judgement_about_entry(struct judgement *j, uint64_t entry);
void judgement_about_frame(struct judgement *j, uint64_t frame);

/*
 * Fail unless count reaches the parameter min (or fallback): what tells what did not
 * happen often enough. Passes with a note otherwise.
 */
void judgement_need(struct judgement *j, uint64_t count, uint64_t fallback, const char *what);

/* ---- words ---- */

/* "process 2 (pid 3)", "the kernel's space", "space 5". */
const char *space_label(const struct space *space, char buf[LABEL_MAX]);

/* Function of the current event's instruction, as "as_clone_cow". */
const char *judgement_function(struct judgement *j);
const char *judgement_function_at(struct judgement *j, uint64_t rip);

/* "read", "write" or "instruction fetch" by a page fault's error code. */
const char *error_access(uint64_t error);

/* ---- parameters ---- */

bool with_has(const struct judgement *j, const char *name);
long long with_integer(const struct judgement *j, const char *name, long long fallback);
bool with_boolean(const struct judgement *j, const char *name, bool fallback);
const char *with_text(const struct judgement *j, const char *name, const char *fallback);

/* A PARAMETER_VALUE. False, with the verdict refused or failed, if it has no value in this run. */
bool with_value(struct judgement *j, const char *name, uint64_t fallback, uint64_t *out);

/* The range va, bytes (one page if bytes is missing). False as above. */
struct range {
    uint64_t start, end;
};
bool with_range(struct judgement *j, struct range *out);
bool range_has(const struct range *range, uint64_t va);

/* Text or integer number n of a list, or of a single value for n = 0. */
const char *with_texts(const struct judgement *j, const char *name, size_t n);
bool with_integers(const struct judgement *j, const char *name, size_t n, long long *out);

/* Is text among the list's? */
bool with_lists(const struct judgement *j, const char *name, const char *text);

/* ---- reports of programs ---- */

/* The nth genuine witness of a step, from 0; NULL if there are not so many. */
const struct report *witness_find(const struct judgement *j, uint64_t step, uint64_t nth);

/*
 * The value of an expression: see docs/properties.md. False with a reason in error
 * if it is malformed; *missing then tells whether a witness is only not there.
 */
bool expression_value(const struct judgement *j, const char *text, uint64_t *out, bool *missing,
                      char *error, size_t error_size);

/* ---- recorded calls ---- */

/* Name of the function that a call, return or out-value event is about, or NULL. */
const char *call_function(const struct judgement *j, const struct trace_event *event, char *buf);

/* The place in `calls` of a function; -1 if it is not recorded. */
int call_place(const struct judgement *j, const char *name);

/* ---- set up by registry.c ---- */

bool survey_make(struct judgement *j);
void survey_free(struct judgement *j);
void cursor_start(struct space_cursor *cursor);
void cursor_free(struct space_cursor *cursor);
bool cursor_step(struct survey *survey, struct space_cursor *cursor, uint64_t n,
                 const struct trace_event *event, bool growing);
/* The living space with this root, or NULL. */
struct space *cursor_find(const struct judgement *j, uint64_t root);
