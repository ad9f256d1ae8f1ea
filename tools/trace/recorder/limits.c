/*
 * Bochs' own timers call at exact ticks, also while the CPU sleeps in HLT. One
 * is the tick limit; another looks from time to time whether a signal came:
 * the signal's handler itself could not finish the file.
 */
#include "limits.h"

#include "branches.h"
#include "machine.h"
#include "out.h"
#include "setup.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SIGNAL_TICKS = 1000000, RAM_PIECE = 1 << 20 };

static volatile sig_atomic_t stop_asked;
static uint64_t start_tick;
static bool ending;

static void limits_on_signal(int signal)
{
    (void)signal;
    stop_asked = 1;
}

static void limits_poll(void *arg)
{
    (void)arg;
    if (stop_asked)
        limits_end(TRACE_END_STOPPED);
}

static void limits_on_ticks(void *arg)
{
    (void)arg;
    limits_end(TRACE_END_TICKS);
}

void limits_start(void)
{
    start_tick = machine_tick();
    signal(SIGTERM, limits_on_signal);
    signal(SIGXFSZ, SIG_IGN);
    machine_add_timer(SIGNAL_TICKS, true, limits_poll);
    if (setup.max_ticks) {
        machine_add_timer(setup.max_ticks, false, limits_on_ticks);
        out_set_last_tick(start_tick + setup.max_ticks);
    }
}

void limits_check_events(uint64_t events)
{
    if (setup.max_events && events >= setup.max_events && !ending)
        limits_end(TRACE_END_EVENTS);
}

/* For the test that compares it with what the trace says. Zeros are holes in the file. */
static void limits_dump_ram(void)
{
    static const char zeros[RAM_PIECE];
    static char piece[RAM_PIECE];
    FILE *file = setup.ram_dump ? fopen(setup.ram_dump, "w") : NULL;

    if (!setup.ram_dump)
        return;
    for (uint64_t at = 0; file && at < setup.memory; at += RAM_PIECE) {
        machine_read(at, piece, RAM_PIECE);
        if (memcmp(piece, zeros, RAM_PIECE) == 0)
            fseeko(file, RAM_PIECE, SEEK_CUR);
        else
            fwrite(piece, 1, RAM_PIECE, file);
    }
    if (!file || fflush(file) != 0 || ftruncate(fileno(file), (off_t)setup.memory) != 0 ||
        fclose(file) != 0)
        setup_refuse("cannot write %s: %m", setup.ram_dump);
}

void limits_end(enum trace_end why)
{
    if (!ending) {
        ending = true;
        out_set_last_tick(UINT64_MAX);
        if (why != TRACE_END_SHUTDOWN) {
            branches_write();
            out_event(EVENT_SAMPLE, 0, 0,
                      VALUES(machine_reg(CPU_RIP), machine_reg(CPU_RSP), machine_reg(CPU_EFLAGS)));
        }
        out_event(EVENT_END, why, 0, VALUES(machine_tick() - start_tick));
        out_close();
        limits_dump_ram();
    }
    fflush(NULL);
    _exit(RECORDER_ENDED + (int)why);
}
