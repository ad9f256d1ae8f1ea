/*
 * cli_random FILE SEED [end]: a trace that is well packed and means nothing: kinds,
 * numbers and addresses at random, some of them from a few that collide. With "end" it is
 * whole and ends as a recording does.
 */
#include "check.h"
#include "format.h"
#include "writer.h"

#include <stdlib.h>

enum { EVENTS = 6000, FEW = 12 };

static uint64_t random_value(uint64_t *rng)
{
    static const uint64_t few[FEW] = {
        0,
        1,
        0x1000,
        0x1003,
        0x2007,
        0x3063,
        0x80000083,
        0x8000000000004067,
        UINT64_MAX,
        0x7fffffff,
        0xffff800000001000,
        0xffffffff80100000,
    };

    switch (rng_below(rng, 4)) {
    case 0:
        return few[rng_below(rng, FEW)];
    case 1:
        return rng_below(rng, 64) << 12 | rng_below(rng, 8);
    case 2:
        return rng_below(rng, 256);
    default:
        return rng_next(rng);
    }
}

static void random_event(uint64_t *rng, uint64_t *tick, struct trace_event *event)
{
    *event = (struct trace_event){
        .tick = *tick += rng_below(rng, 3),
        .rip = random_value(rng),
        .what = (uint32_t)(rng_below(rng, 2) ? rng_below(rng, 16) : random_value(rng)),
        .kind = (uint8_t)(1 + rng_below(rng, EVENT_KINDS - 1)),
        .ring = (uint8_t)(rng_below(rng, 2) * 3),
        .level = (uint8_t)rng_below(rng, 5),
    };
    for (unsigned i = 0; i < event_value_count(event->kind); i++)
        event->v[i] = random_value(rng);
}

int main(int argc, char **argv)
{
    uint64_t rng = argc >= 3 ? strtoull(argv[2], NULL, 0) : 0, tick = 0;
    bool ends = argc == 4;
    struct writer *writer;
    struct trace_event event;

    if (argc != 3 && !ends)
        return 2;
    writer =
        writer_open(argv[1], "kernel=/nonexistent\nips=0\ncalls=sys_getpid,,panic,sys_fork\n=\n",
                    1 + (unsigned)rng_below(&rng, TRACE_BLOCK_EVENTS));
    for (unsigned i = 0; i < EVENTS; i++) {
        random_event(&rng, &tick, &event);
        writer_add(writer, &event);
    }
    if (ends) {
        event = (struct trace_event){ .tick = tick, .kind = EVENT_END, .what = TRACE_END_SHUTDOWN };
        writer_add(writer, &event);
    }
    writer_close(writer, ends || rng_below(&rng, 2));
    return 0;
}
