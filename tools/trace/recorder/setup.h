/*
 * What the launcher asks of the recorder: a text file, named by the
 * environment, one "word value" in each line.
 *
 *     out FILE            the trace                       memory BYTES  RAM of the machine
 *     ram-dump FILE       RAM at the end (optional)       entry HEX     recording starts here
 *     max-ticks N         limits; 0: none                 max-events N
 *     symbol HEX [N]      calls to it are recorded; symbols are numbered in this order. Its
 *                         N-th argument (1 to 6) points to a 64-bit result
 *     jitter N            the timer's interrupts are held back by schedule N
 *     jitter-at TICK      the timer's interrupt before this tick is held back until then
 *     user-state 1        ring 3's registers are recorded at its border
 *     challenge KEY       challenges and witnesses are recorded; the programs that make them:
 *     program FILE        an ELF file; about it are the lines that follow
 *     lab HEX HEX         lab_challenge and lab_witness in it; 0: it has none
 *     code HEX HEX HEX    an executable segment: address, offset in the file, bytes
 *     parameter K=V       a line of the trace's parameters
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SETUP_VARIABLE "QUIRE_TRACE_SETUP"

/* The recorder ends the emulator with one of these statuses. */
enum {
    RECORDER_UNSUITABLE = 63, /* one line on standard error says what is wrong */
    RECORDER_ENDED = 64,      /* plus enum trace_end */
};

enum { SETUP_SEGMENTS_MAX = 8 };

struct setup_symbol {
    uint64_t address;
    unsigned out_argument; /* 1 to 6; 0: none */
};

struct setup_program {
    char *path;
    uint64_t challenge, witness;
    struct setup_code {
        uint64_t address, offset, bytes;
    } code[SETUP_SEGMENTS_MAX];
    unsigned segments;
};

struct setup {
    char *out, *ram_dump;
    uint64_t memory, entry, max_ticks, max_events;
    struct setup_symbol *symbol;
    size_t symbols;
    bool user_state, has_key;
    uint64_t key;
    uint64_t jitter; /* the schedule's number; 0: none */
    uint64_t *jitter_tick;
    size_t jitter_ticks;
    struct setup_program *program;
    size_t programs;
    char *parameters;
    size_t parameter_bytes;
};

extern struct setup setup;

/* Read the file. Ends the emulator with RECORDER_UNSUITABLE on failure. */
void setup_read(const char *path);

/* One line on standard error, then the end with RECORDER_UNSUITABLE. */
_Noreturn void setup_refuse(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
