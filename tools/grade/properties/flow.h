/*
 * Ring 3's way through a run: where a process was left, and where it goes on.
 *
 * A program's own code is what makes a report count, so control must have come there
 * by the program's own way: from its entry point, behind each system call, and after
 * each interrupt or fault at the same instruction with the same registers. A child of
 * fork starts behind its parent's call. A kernel that lets a process go on elsewhere
 * has broken its way, and what the process reports from then on is the kernel's word.
 *
 * Registers are known from user-state events; without any, no way counts as broken.
 */
#pragma once

#include "judgement.h"

enum { STATES = 4 };

/* Where ring 3 was left. A space with several threads has several. */
struct left_state {
    bool open, syscall, hashed;
    uint64_t rip, rsp, event, tick;
    uint64_t hash, rax, hash2;
};

struct states {
    struct left_state state[STATES];
    unsigned next;             /* the last one that was left */
    struct left_state pending; /* the user-state event that comes before leaving */
    uint64_t root, broken;     /* of the space, for flow.c */
};

/* The state that the event, which leaves ring 3, leaves. */
struct left_state left_by(const struct trace_event *event, uint64_t n);

void states_leave(struct states *states, struct left_state left);

/* Registers of the state that was left last, or is about to be. */
void states_registers(struct states *states, const struct trace_event *event);

/* The open state with which the event, which enters ring 3, goes on; NULL: none. */
struct left_state *states_match(struct states *states, const struct trace_event *event);

/* What differs between the registers that were left and those of an event, or NULL. */
const char *left_difference(const struct left_state *left, const struct trace_event *event);

bool is_program_entry(const struct run *run, uint64_t rip);

/* ---- the ways of all processes, for survey.c ---- */

struct flow;

/* NULL: memory is out. */
struct flow *flow_new(const struct run *run);
void flow_free(struct flow *flow);

/* Account for an event in a space: space->broken, space->break_is. False: memory is out. */
bool flow_step(struct flow *flow, struct space *space, uint64_t n, const struct trace_event *event);
