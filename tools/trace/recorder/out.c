#include "out.h"

#include "../format.h"
#include "limits.h"
#include "machine.h"
#include "setup.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

enum { PAGE_FAULT = 14 };

static struct {
    int fd;
    uint64_t offset; /* bytes written */
    uint64_t events;
    uint64_t last_tick; /* of the last event: ticks never go back */
    uint64_t tick_end;  /* none later than this */
    struct trace_codec codec;
    struct trace_block block;
    struct trace_index_entry *index;
    size_t blocks, index_room;
    uint8_t packed[TRACE_BLOCK_EVENTS * TRACE_EVENT_BYTES_MAX];
} out = { .fd = -1, .tick_end = UINT64_MAX };

static struct trace_event held;
static bool holding;

static void out_write(const void *data, size_t len)
{
    const char *from = data;

    out.offset += len;
    while (len > 0) {
        ssize_t put = write(out.fd, from, len);

        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            setup_refuse("cannot write %s: %m", setup.out);
        from += put;
        len -= (size_t)put;
    }
}

void out_open(void)
{
    struct trace_header header = {
        .magic = TRACE_MAGIC,
        .version = TRACE_VERSION,
        .parameter_bytes = (uint32_t)setup.parameter_bytes,
    };

    out.fd = open(setup.out, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (out.fd < 0)
        setup_refuse("cannot write %s: %m", setup.out);
    out_write(&header, sizeof(header));
    out_write(setup.parameters, setup.parameter_bytes);
}

static void out_write_block(void)
{
    struct trace_index_entry entry = { out.offset, out.events - out.block.events,
                                       out.block.first_tick };

    if (out.block.events == 0)
        return;
    if (out.blocks == out.index_room) {
        out.index_room = out.index_room ? out.index_room * 2 : 1024;
        out.index = realloc(out.index, out.index_room * sizeof(*out.index));
        if (!out.index)
            setup_refuse("out of memory");
    }
    out.index[out.blocks++] = entry;
    out.block.crc = (uint32_t)crc32(0, out.packed, out.block.bytes);
    out_write(&out.block, sizeof(out.block));
    out_write(out.packed, out.block.bytes);
    memset(&out.block, 0, sizeof(out.block));
    memset(&out.codec, 0, sizeof(out.codec));
}

static void out_put(struct trace_event *event)
{
    if (out.fd < 0)
        return;
    if (event->tick > out.tick_end)
        limits_end(TRACE_END_TICKS);
    if (event->tick < out.last_tick)
        event->tick = out.last_tick;
    out.last_tick = event->tick;
    if (out.block.events == 0)
        out.block.first_tick = event->tick;
    out.block.bytes += (uint32_t)trace_pack(&out.codec, event, out.packed + out.block.bytes);
    out.block.events++;
    out.events++;
    if (out.block.events == TRACE_BLOCK_EVENTS)
        out_write_block();
    if (event->kind != EVENT_END)
        limits_check_events(out.events);
}

void out_release_exception(void)
{
    if (!holding)
        return;
    holding = false;
    out_put(&held);
}

/*
 * Bochs tells of an exception before it takes the instruction back, so rip and
 * rsp are the next instruction's; it does so before it enters the handler.
 */
void out_hold_exception(unsigned vector, uint32_t error)
{
    out_release_exception();
    held = (struct trace_event){
        .tick = machine_tick(),
        .rip = machine_reg(CPU_RIP),
        .v = { error, vector == PAGE_FAULT ? machine_reg(CPU_CR2) : 0, machine_reg(CPU_RSP) },
        .what = vector,
        .kind = EVENT_EXCEPTION,
        .ring = (uint8_t)machine_ring(),
    };
    holding = true;
}

void out_place_exception(void)
{
    if (!holding)
        return;
    held.rip = machine_reg(CPU_RIP);
    held.v[2] = machine_reg(CPU_RSP);
    out_release_exception();
}

static void out_make(struct trace_event event, const uint64_t values[static EVENT_VALUES])
{
    out_release_exception();
    memcpy(event.v, values, event_value_count(event.kind) * sizeof(*values));
    out_put(&event);
}

void out_event(enum event_kind kind, uint32_t what, unsigned level,
               const uint64_t values[static EVENT_VALUES])
{
    out_make((struct trace_event){ .tick = machine_tick(),
                                   .rip = machine_reg(CPU_RIP),
                                   .what = what,
                                   .kind = (uint8_t)kind,
                                   .ring = (uint8_t)machine_ring(),
                                   .level = (uint8_t)level },
             values);
}

void out_event_at(enum event_kind kind, uint32_t what, unsigned level, uint64_t rip, unsigned ring,
                  const uint64_t values[static EVENT_VALUES])
{
    out_make((struct trace_event){ .tick = machine_tick(),
                                   .rip = rip,
                                   .what = what,
                                   .kind = (uint8_t)kind,
                                   .ring = (uint8_t)ring,
                                   .level = (uint8_t)level },
             values);
}

void out_set_last_tick(uint64_t tick)
{
    out.tick_end = tick;
}

uint64_t out_events(void)
{
    return out.events;
}

void out_close(void)
{
    struct trace_trailer trailer = { .magic = TRACE_TRAILER_MAGIC };

    if (out.fd < 0)
        return;
    out_write_block();
    trailer.index_offset = out.offset;
    trailer.blocks = out.blocks;
    trailer.events = out.events;
    out_write(out.index, out.blocks * sizeof(*out.index));
    out_write(&trailer, sizeof(trailer));
    if (close(out.fd) != 0)
        setup_refuse("cannot write %s: %m", setup.out);
    out.fd = -1;
}
