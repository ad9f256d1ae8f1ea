/*
 * PIT, TSC clock and the start time; see timer.h. PIT ports and commands: Intel
 * 8254 data sheet, "Programming the 8254".
 */
#include "arch/timer.h"

#include "arch/cpu.h"
#include "arch/pic.h"
#include "arch/rtc.h"
#include "lib/panic.h"

enum {
    PIT_HZ = 1193182,
    PIT_CHANNEL0 = 0x40,
    PIT_CHANNEL2 = 0x42,
    PIT_COMMAND = 0x43,
    PIT_RATE = 0x34,    /* channel 0, low and high byte, mode 2 */
    PIT_ONESHOT = 0xb0, /* channel 2, low and high byte, mode 0 */
    GATE_PORT = 0x61,   /* bit 0 gates channel 2, bit 1 its speaker, bit 5 reads its output */
    GATE_ON = 0x01,
    GATE_SPEAKER = 0x02,
    GATE_OUTPUT = 0x20,
    MEASURE_MS = 2,
    MEASUREMENTS = 5,
    MEASURE_COUNT = PIT_HZ * MEASURE_MS / 1000,
};

static uint64_t tsc_start;    /* (i) moves when the clock is stopped */
static uint64_t ns_per_tick;  /* (!) nanoseconds for a TSC tick, 32.32 fixed point */
static uint64_t boot_seconds; /* (!) */

static void pit_set(uint16_t channel, uint16_t count)
{
    cpu_out8(channel, count & 0xff);
    cpu_out8(channel, count >> 8);
}

/* TSC ticks, or more, while channel 2 counts down once. Bounded: a PIT may be missing. */
static uint64_t tsc_measure(void)
{
    uint8_t gate = cpu_in8(GATE_PORT) & ~(GATE_SPEAKER | GATE_ON);
    uint64_t start;

    cpu_out8(GATE_PORT, gate | GATE_ON);
    cpu_out8(PIT_COMMAND, PIT_ONESHOT);
    start = cpu_read_tsc();
    pit_set(PIT_CHANNEL2, MEASURE_COUNT);
    for (unsigned i = 0; i < 100000000 && !(cpu_in8(GATE_PORT) & GATE_OUTPUT); i++)
        cpu_pause();
    return cpu_read_tsc() - start;
}

void clock_init(void)
{
    uint64_t ticks = UINT64_MAX;

    /* A host that takes an emulator's CPU away makes a measurement longer, never shorter. */
    for (unsigned i = 0; i < MEASUREMENTS; i++)
        ticks = min_u64(ticks, tsc_measure());
    ns_per_tick = ((uint64_t)MEASURE_MS * 1000000 << 32) / max_u64(ticks, 1);
    tsc_start = cpu_read_tsc();
    boot_seconds = rtc_read_seconds();
}

uint64_t clock_ns(void)
{
    unsigned __int128 ticks = cpu_read_tsc() - tsc_start;

    return (uint64_t)(ticks * ns_per_tick >> 32);
}

uint64_t clock_stop(void)
{
    return cpu_read_tsc();
}

void clock_continue(uint64_t stopped)
{
    tsc_start += cpu_read_tsc() - stopped;
}

uint64_t clock_boot_seconds(void)
{
    return boot_seconds;
}

void timer_start(void)
{
    cpu_out8(PIT_COMMAND, PIT_RATE);
    pit_set(PIT_CHANNEL0, PIT_HZ / TIMER_HZ);
    pic_unmask(TIMER_IRQ);
}
