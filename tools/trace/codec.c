/*
 * Packing events: each number as its difference to the one before, of the same
 * kind, in as few bytes as it needs.
 *
 *     head     1 byte: kind, and which of the next three fields follow
 *     place    cpu * 4 + ring             if not as in the event before
 *     detail   what * 8 + level           if not as in the last event of this kind
 *     rip      difference                 if not as in the event before
 *     tick     difference
 *     values   differences to the last event of this kind
 *
 * All fields but the head are base-128 numbers, seven bits a byte, the lowest
 * first, the top bit telling that more follow. Differences but the tick's are
 * folded, so that small negative ones are short: 0, -1, 1, -2, 2 as 0, 1, 2, 3, 4.
 */
#include "format.h"

#include <string.h>

enum {
    HEAD_KIND = 0x1f,
    HEAD_PLACE = 0x20,
    HEAD_DETAIL = 0x40,
    HEAD_RIP = 0x80,
    NUMBER_BYTES_MAX = 10,
    PLACE_MAX = 255 * 4 + 3,
    LEVEL_MAX = 4,
};

_Static_assert(EVENT_KINDS <= HEAD_KIND + 1, "a kind fits into the head");
_Static_assert(1 + (4 + EVENT_VALUES) * NUMBER_BYTES_MAX <= TRACE_EVENT_BYTES_MAX, "room");

static uint64_t fold(uint64_t difference)
{
    return difference << 1 ^ (0 - (difference >> 63));
}

static uint64_t unfold(uint64_t folded)
{
    return folded >> 1 ^ (0 - (folded & 1));
}

static uint8_t *number_write(uint8_t *out, uint64_t number)
{
    while (number >= 0x80) {
        *out++ = (uint8_t)(number | 0x80);
        number >>= 7;
    }
    *out++ = (uint8_t)number;
    return out;
}

/* Read a number of more than one byte; what has more than 64 bits is none. */
static bool number_read_long(const uint8_t **in, const uint8_t *end, uint64_t *number)
{
    const uint8_t *p = *in;
    uint64_t value = 0;
    for (unsigned shift = 0; shift < 64 && p < end; shift += 7) {
        const uint8_t byte = *p++;
        value |= (uint64_t)(byte & 0x7f) << shift;
        if (byte < 0x80) {
            *number = value;
            *in = p;
            return shift < 63 || byte <= 1;
        }
    }
    return false;
}

static inline bool number_read(const uint8_t **in, const uint8_t *end, uint64_t *number)
{
    if (*in < end && **in < 0x80) {
        *number = *(*in)++;
        return true;
    }
    return number_read_long(in, end, number);
}

static uint64_t place_of(const struct trace_event *event)
{
    return (uint64_t)event->cpu * 4 + (event->ring & 3);
}

size_t trace_pack(struct trace_codec *codec, const struct trace_event *event, uint8_t *out)
{
    const unsigned kind = event->kind;
    const uint64_t place = place_of(event);
    const uint64_t detail = (uint64_t)event->what * 8 + event->level;
    uint8_t *p = out + 1;

    *out = (uint8_t)kind;
    if (place != place_of(&codec->last)) {
        *out |= HEAD_PLACE;
        p = number_write(p, place);
    }
    if (detail != codec->detail[kind]) {
        *out |= HEAD_DETAIL;
        p = number_write(p, detail);
        codec->detail[kind] = detail;
    }
    if (event->rip != codec->last.rip) {
        *out |= HEAD_RIP;
        p = number_write(p, fold(event->rip - codec->last.rip));
    }
    p = number_write(p, event->tick - codec->last.tick);
    for (unsigned i = 0; i < event_value_count(kind); i++) {
        p = number_write(p, fold(event->v[i] - codec->value[kind][i]));
        codec->value[kind][i] = event->v[i];
    }
    codec->last = *event;
    return (size_t)(p - out);
}

/* The fields that follow only where the head says so. */
static bool unpack_optional(struct trace_codec *codec, unsigned head, const uint8_t **in,
                            const uint8_t *end, struct trace_event *out)
{
    uint64_t number;
    if (head & HEAD_PLACE) {
        if (!number_read(in, end, &number) || number > PLACE_MAX)
            return false;
        out->cpu = (uint8_t)(number / 4);
        out->ring = number & 3;
    }
    if (head & HEAD_DETAIL) {
        if (!number_read(in, end, &number) || number / 8 > UINT32_MAX || number % 8 > LEVEL_MAX)
            return false;
        codec->detail[out->kind] = number;
    }
    if (head & HEAD_RIP) {
        if (!number_read(in, end, &number))
            return false;
        out->rip += unfold(number);
    }
    return true;
}

bool trace_unpack(struct trace_codec *codec, const uint8_t **in, const uint8_t *end,
                  struct trace_event *out)
{
    if (*in >= end)
        return false;
    const unsigned head = *(*in)++;
    const unsigned kind = head & HEAD_KIND;
    if (kind == 0 || kind >= EVENT_KINDS)
        return false;

    struct trace_event *const event = &codec->last;
    event->kind = (uint8_t)kind;
    uint64_t number;
    if (!unpack_optional(codec, head, in, end, event) || !number_read(in, end, &number))
        return false;
    event->tick += number;
    event->what = (uint32_t)(codec->detail[kind] / 8);
    event->level = codec->detail[kind] % 8;

    const unsigned values = event_value_count(kind);
    memset(event->v, 0, sizeof event->v);
    for (unsigned i = 0; i < values; i++) {
        if (!number_read(in, end, &number))
            return false;
        codec->value[kind][i] += unfold(number);
        event->v[i] = codec->value[kind][i];
    }
    *out = *event;
    return true;
}
