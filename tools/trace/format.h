/*
 * How events lie in a file; docs/trace-format.md is the specification.
 *
 *     +--------+------------+---------+---------+ ... +-------+---------+
 *     | header | parameters | block 0 | block 1 |     | index | trailer |
 *     +--------+------------+---------+---------+ ... +-------+---------+
 *
 * All numbers are little-endian. The parameters are text, "key=value" lines.
 * A block holds up to TRACE_BLOCK_EVENTS events, packed by differences to the
 * one before, and can be unpacked by itself. The index has an entry for each
 * block. A file without trailer was cut off: its whole blocks are still good.
 */
#pragma once

#include "event.h"

#include <stdbool.h>
#include <stddef.h>

#define TRACE_MAGIC         "QUIRETR1" /* header, 8 bytes */
#define TRACE_TRAILER_MAGIC "QUIREEND" /* trailer, 8 bytes */

enum { TRACE_VERSION = 1, TRACE_BLOCK_EVENTS = 4096, TRACE_EVENT_BYTES_MAX = 112 };

struct trace_header {
    char magic[8];
    uint32_t version;
    uint32_t parameter_bytes; /* of text behind the header */
};

struct trace_block {
    uint32_t bytes; /* packed, behind this */
    uint32_t events;
    uint64_t first_tick;
    uint32_t crc; /* CRC-32 (zlib) of the packed bytes */
    uint32_t unused;
};

struct trace_index_entry {
    uint64_t offset;      /* of the struct trace_block in the file */
    uint64_t first_event; /* number of its first event */
    uint64_t first_tick;
};

struct trace_trailer {
    uint64_t index_offset;
    uint64_t blocks;
    uint64_t events;
    char magic[8];
};

/* What packing and unpacking remember from event to event; all zero at a block's start. */
struct trace_codec {
    struct trace_event last;                   /* tick, rip, cpu, ring */
    uint64_t detail[EVENT_KINDS];              /* last what * 8 + level of each kind */
    uint64_t value[EVENT_KINDS][EVENT_VALUES]; /* last values of each kind */
};

/*
 * Pack one event behind the ones before. out has room for TRACE_EVENT_BYTES_MAX.
 * Returns the number of bytes.
 */
size_t trace_pack(struct trace_codec *codec, const struct trace_event *event, uint8_t *out);

/*
 * Unpack one event from [*in, end) and move *in behind it. False if the bytes
 * are no event; nothing is read beyond end.
 */
bool trace_unpack(struct trace_codec *codec, const uint8_t **in, const uint8_t *end,
                  struct trace_event *out);
