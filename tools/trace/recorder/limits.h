/*
 * How a recording ends: by the guest, at a limit, or when asked from outside.
 * Limits by ticks and events are exact, so the same run ends with the same bytes.
 */
#pragma once

#include "../event.h"

/* Arm the limits; recording begins now. */
void limits_start(void);

/* End the recording, and the emulator with it. */
_Noreturn void limits_end(enum trace_end why);

/* After each event; ends at the event limit. */
void limits_check_events(uint64_t events);
