/*
 * The way into the file: events become blocks, blocks are written as they
 * fill, so that a recorder that is killed leaves whole blocks behind.
 */
#pragma once

#include "../event.h"

#include <stdbool.h>

/* The six values of an event; what is not given is 0. */
#define VALUES(...) ((const uint64_t[EVENT_VALUES]){ __VA_ARGS__ })

/* Create the file and write header and parameters. */
void out_open(void);

/* An event now, at the CPU's registers as they are. */
void out_event(enum event_kind kind, uint32_t what, unsigned level,
               const uint64_t values[static EVENT_VALUES]);

/* The same of an instruction whose place is known. */
void out_event_at(enum event_kind kind, uint32_t what, unsigned level, uint64_t rip, unsigned ring,
                  const uint64_t values[static EVENT_VALUES]);

/* An exception is held back until its rip is known: until out_release or the next event. */
void out_hold_exception(unsigned vector, uint32_t error);
void out_place_exception(void); /* the CPU has taken the instruction back: registers are its own */
void out_release_exception(void);

/* Nothing with a later tick is recorded any more. */
void out_set_last_tick(uint64_t tick);

uint64_t out_events(void);

/* Write what is left, index and trailer. Errors end the emulator. */
void out_close(void);
