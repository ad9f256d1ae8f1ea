/*
 * Time: a tick from the PIT, 100 times a second, and a clock from the TSC,
 * which is measured once against the PIT. Under Bochs both derive from executed
 * instructions, so that every run sees the same times.
 */
#pragma once

#include "lib/types.h"

enum { TIMER_HZ = 100, TIMER_IRQ = 0 };

/* Measure the TSC and read the real-time clock: about 10 ms. */
void clock_init(void);

/* Nanoseconds since clock_init; never goes back. */
uint64_t clock_ns(void);

/* Stop the clock, and let it go on as if no time had passed: what stopped returned. */
uint64_t clock_stop(void);
void clock_continue(uint64_t stopped);

/* Wall-clock time at clock_init, seconds since 1970-01-01 UTC. */
uint64_t clock_boot_seconds(void);

/* Start the ticks: TIMER_IRQ, as soon as interrupts are on. */
void timer_start(void);
