/*
 * Packing and unpacking: what goes in comes out, no bytes make it read too far, and
 * docs/trace-format.md describes it.
 */
#include "check.h"
#include "format.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { EVENTS = 20000 };

/* Numbers of every magnitude, near the last one or far from it. */
static uint64_t random_number(uint64_t *rng, uint64_t near)
{
    switch (rng_below(rng, 5)) {
    case 0:
        return near + rng_below(rng, 256) - 128;
    case 1:
        return rng_next(rng) >> rng_below(rng, 64);
    case 2:
        return UINT64_C(1) << rng_below(rng, 64);
    case 3:
        return UINT64_MAX - rng_below(rng, 2);
    default:
        return near;
    }
}

static void random_event(uint64_t *rng, const struct trace_event *last, struct trace_event *event)
{
    *event = (struct trace_event){ 0 };
    event->kind = (uint8_t)(1 + rng_below(rng, EVENT_KINDS - 1));
    event->tick = last->tick + (rng_below(rng, 100) ? rng_below(rng, 300) : rng_next(rng) >> 12);
    event->rip = random_number(rng, last->rip);
    event->cpu = rng_below(rng, 8) ? 0 : (uint8_t)rng_next(rng);
    event->ring = rng_below(rng, 4) ? 0 : 3;
    event->level = (uint8_t)rng_below(rng, 5);
    event->what = (uint32_t)random_number(rng, last->what);
    for (unsigned i = 0; i < event_value_count(event->kind); i++)
        event->v[i] = random_number(rng, last->v[i]);
}

static struct trace_event events[EVENTS];
static uint8_t packed[EVENTS * TRACE_EVENT_BYTES_MAX];

static size_t pack_all(uint64_t seed)
{
    static const struct trace_event none;
    struct trace_codec codec = { 0 };
    uint64_t rng = seed;
    size_t size = 0;
    for (unsigned i = 0; i < EVENTS; i++) {
        random_event(&rng, i ? &events[i - 1] : &none, &events[i]);
        const size_t bytes = trace_pack(&codec, &events[i], packed + size);
        CHECK(bytes > 0 && bytes <= TRACE_EVENT_BYTES_MAX);
        size += bytes;
    }
    return size;
}

TEST(codec_round_trip)
{
    for (uint64_t seed = 1; seed <= 5; seed++) {
        const size_t size = pack_all(seed);
        struct trace_codec codec = { 0 };
        const uint8_t *in = packed;
        for (unsigned i = 0; i < EVENTS; i++) {
            struct trace_event event;
            memset(&event, 0xa5, sizeof event);
            CHECK(trace_unpack(&codec, &in, packed + size, &event));
            CHECK_EQ(memcmp(&event, &events[i], sizeof event), 0);
        }
        CHECK(in == packed + size);
    }
}

TEST(codec_stops_at_the_end)
{
    const size_t size = pack_all(7);
    for (size_t cut = 0; cut < 400 && cut < size; cut++) {
        uint8_t *const copy = malloc(cut + 1); /* never size 0 */
        struct trace_codec codec = { 0 };
        struct trace_event event;
        memcpy(copy, packed, cut);
        const uint8_t *in = copy;
        unsigned n = 0;
        while (trace_unpack(&codec, &in, copy + cut, &event))
            CHECK_EQ(memcmp(&event, &events[n++], sizeof event), 0);
        CHECK(in <= copy + cut);
        free(copy);
    }
}

/* Whatever the bytes: what is unpacked keeps the promises of format.h. */
TEST(codec_takes_any_bytes)
{
    enum { SIZE = 64 };
    uint64_t rng = 3, unpacked = 0;
    for (unsigned round = 0; round < 50000; round++) {
        uint8_t *const bytes = malloc(SIZE);
        struct trace_codec codec = { 0 };
        struct trace_event event;
        for (unsigned i = 0; i < SIZE; i++)
            bytes[i] = (uint8_t)(rng_below(&rng, 3) ? rng_below(&rng, 0x80) : rng_next(&rng));
        const uint8_t *in = bytes, *last = in;
        for (; trace_unpack(&codec, &in, bytes + SIZE, &event); last = in) {
            CHECK(in > last && in <= bytes + SIZE);
            CHECK(event.kind > 0 && event.kind < EVENT_KINDS);
            CHECK(event.ring <= 3 && event.level <= 4);
            for (unsigned i = event_value_count(event.kind); i < EVENT_VALUES; i++)
                CHECK_EQ(event.v[i], 0);
            unpacked++;
        }
        free(bytes);
    }
    CHECK(unpacked > 10000);
}

TEST(codec_every_kind_has_a_name)
{
    for (unsigned kind = 1; kind < EVENT_KINDS; kind++) {
        CHECK(event_kind_name(kind) && *event_kind_name(kind));
        CHECK(event_value_count(kind) <= EVENT_VALUES);
        for (unsigned other = 1; other < kind; other++)
            CHECK(strcmp(event_kind_name(kind), event_kind_name(other)) != 0);
    }
    CHECK(!event_kind_name(0) && !event_kind_name(EVENT_KINDS));
    CHECK_EQ(event_value_count(0), 0);
    CHECK_EQ(event_value_count(EVENT_KINDS + 1000), 0);
}

/* ---- the specification ---- */

static uint64_t spec_number(const uint8_t **in)
{
    uint64_t number = 0;
    for (unsigned shift = 0;; shift += 7) {
        const uint8_t byte = *(*in)++;
        number |= (uint64_t)(byte & 0x7f) << shift;
        if (byte < 0x80)
            return number;
    }
}

static uint64_t spec_difference(const uint8_t **in)
{
    const uint64_t folded = spec_number(in);
    return folded % 2 ? -(folded / 2) - 1 : folded / 2;
}

/* By the letter of docs/trace-format.md, "Blocks". */
static void spec_unpack(const uint8_t **in, struct trace_event *event)
{
    static uint64_t place, detail[32], rip, tick, value[32][EVENT_VALUES];
    const uint8_t head = *(*in)++;
    const unsigned kind = head & 31;
    if (head & 1 << 5)
        place = spec_number(in);
    if (head & 1 << 6)
        detail[kind] = spec_number(in);
    if (head & 1 << 7)
        rip += spec_difference(in);
    tick += spec_number(in);
    *event = (struct trace_event){ .tick = tick, .rip = rip, .kind = (uint8_t)kind };
    event->cpu = (uint8_t)(place / 4);
    event->ring = place % 4;
    event->what = (uint32_t)(detail[kind] / 8);
    event->level = detail[kind] % 8;
    for (unsigned i = 0; i < event_value_count(kind); i++)
        event->v[i] = value[kind][i] += spec_difference(in);
}

TEST(codec_is_what_the_specification_says)
{
    const size_t size = pack_all(9);
    const uint8_t *in = packed;
    for (unsigned i = 0; i < EVENTS; i++) {
        struct trace_event event;
        spec_unpack(&in, &event);
        CHECK_EQ(memcmp(&event, &events[i], sizeof event), 0);
    }
    CHECK(in == packed + size);
}

TEST(codec_kinds_are_in_the_specification)
{
    static char text[1 << 16];
    FILE *const file = fopen(TRACE_FORMAT_PAGE, "r");
    CHECK(file && fread(text, 1, sizeof text - 1, file) > 1000);
    fclose(file);
    for (unsigned kind = 1; kind < EVENT_KINDS; kind++) {
        char row[64];
        snprintf(row, sizeof row, "\n| %u | `%s` | %u |", kind, event_kind_name(kind),
                 event_value_count(kind));
        if (!strstr(text, row))
            check_failed(__FILE__, __LINE__, "no row \"%s\"", row + 1);
    }
}
