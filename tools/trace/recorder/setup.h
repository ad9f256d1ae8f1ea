/*
 * What the launcher asks of the recorder: a text file, named by the
 * environment, one "word value" in each line.
 *
 *     out FILE            the trace                       memory BYTES  RAM of the machine
 *     ram-dump FILE       RAM at the end (optional)       entry HEX     recording starts here
 *     max-ticks N         limits; 0: none                 max-events N
 *     symbol HEX          calls to it are recorded; symbols are numbered in this order
 *     parameter K=V       a line of the trace's parameters
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#define SETUP_VARIABLE "QUIRE_TRACE_SETUP"

/* The recorder ends the emulator with one of these statuses. */
enum {
    RECORDER_UNSUITABLE = 63, /* one line on standard error says what is wrong */
    RECORDER_ENDED = 64,      /* plus enum trace_end */
};

struct setup {
    char *out, *ram_dump;
    uint64_t memory, entry, max_ticks, max_events;
    uint64_t *symbol;
    size_t symbols;
    char *parameters;
    size_t parameter_bytes;
};

extern struct setup setup;

/* Read the file. Ends the emulator with RECORDER_UNSUITABLE on failure. */
void setup_read(const char *path);

/* One line on standard error, then the end with RECORDER_UNSUITABLE. */
_Noreturn void setup_refuse(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
