/*
 * Jitter: the timer's interrupts come at other instructions than they would,
 * by a schedule that is the same whenever it is asked for.
 *
 *     timer's tick     |           |           |           |
 *     interrupt        |---->|     |->|        |--------->||------->
 *
 * Each tick of the PIT is held back for less than its period, so that there
 * are as many interrupts as before and time goes as it did, but the distances
 * between them are anything from nothing to two periods.
 */
#pragma once

/* Start to hold back ticks as the setup says. Once the machine is found. */
void jitter_start(void);
