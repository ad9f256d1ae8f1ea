/*
 * quire-trace record: run a program on Quire under Bochs, and record what the
 * CPU does.
 */
#pragma once

int record_main(int argc, char **argv);

/* Exit statuses of its own; the others are run's (report.h). */
enum record_status {
    RECORD_HALTED = 116, /* with interrupts off */
    RECORD_TICKS = 117,
    RECORD_EVENTS = 118,
    RECORD_RESET = 119,
    RECORD_UNSUITABLE = 121, /* Bochs or the host */
};
