/* The reader on whole, cut-off and damaged files. */
#include "machine.h"
#include "reader_fixture.h"
#include "writer.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

enum { FIXTURE_BLOCKS = (FIXTURE_EVENTS + FIXTURE_BLOCK - 1) / FIXTURE_BLOCK };

static struct trace *open_bytes(const uint8_t *bytes, size_t size)
{
    char error[256];
    return trace_open(fixture_file(bytes, size), error, sizeof error);
}

static void check_event(struct trace *trace, unsigned n)
{
    const struct trace_event *const event = trace_event(trace, n);
    CHECK(event && memcmp(event, fixture_event(n), sizeof *event) == 0);
}

static void check_events(struct trace *trace, unsigned count)
{
    CHECK_EQ(trace_events(trace), count);
    for (unsigned n = 0; n < count; n++)
        check_event(trace, n);
    for (unsigned n = count; n-- > 0;)
        check_event(trace, n);
    uint64_t rng = 5;
    for (unsigned i = 0; i < 500 && count; i++)
        check_event(trace, (unsigned)rng_below(&rng, count));
    CHECK(!trace_event(trace, count));
}

TEST(reader_reads_every_event)
{
    size_t size;
    uint8_t *const bytes = fixture_trace(true, &size);
    struct trace *const trace = open_bytes(bytes, size);
    CHECK(trace);
    check_events(trace, FIXTURE_EVENTS);
    CHECK(trace_is_complete(trace));
    trace_close(trace);
    free(bytes);
}

TEST(reader_gives_parameters)
{
    size_t size;
    uint8_t *const bytes = fixture_trace(true, &size);
    struct trace *const trace = open_bytes(bytes, size);
    CHECK_EQ(strcmp(trace_parameter(trace, "kernel"), "quire.elf"), 0);
    CHECK_EQ(strcmp(trace_parameter(trace, "cmdline"), "seed=1 a=b"), 0);
    CHECK_EQ(strcmp(trace_parameter(trace, "empty"), ""), 0);
    CHECK(!trace_parameter(trace, "kern") && !trace_parameter(trace, "kernel=quire"));
    CHECK_EQ(strcmp(trace_parameter_line(trace, 2), "seed=1"), 0);
    CHECK(!trace_parameter_line(trace, 4) && !trace_parameter_line(trace, 400));
    trace_close(trace);
    free(bytes);
}

struct expectation {
    uint64_t next, stop;
};

static bool visit(void *arg, uint64_t n, const struct trace_event *event)
{
    struct expectation *const expected = arg;
    CHECK_EQ(n, expected->next);
    CHECK_EQ(memcmp(event, fixture_event((unsigned)n), sizeof *event), 0);
    return ++expected->next != expected->stop;
}

TEST(reader_scans_any_range)
{
    size_t size;
    uint8_t *const bytes = fixture_trace(true, &size);
    struct trace *const trace = open_bytes(bytes, size);
    uint64_t rng = 9;
    for (unsigned i = 0; i < 300; i++) {
        const uint64_t from = rng_below(&rng, FIXTURE_EVENTS + 50);
        const uint64_t to = rng_below(&rng, FIXTURE_EVENTS + 50);
        const uint64_t end = to < FIXTURE_EVENTS ? to : FIXTURE_EVENTS;
        struct expectation expected = { .next = from };
        CHECK(trace_scan(trace, from, to, visit, &expected));
        CHECK_EQ(expected.next, from < end ? end : from);
    }
    struct expectation stopped = { .next = 100, .stop = 107 };
    CHECK(trace_scan(trace, 100, 900, visit, &stopped));
    CHECK_EQ(stopped.next, 107);
    trace_close(trace);
    free(bytes);
}

TEST(reader_finds_ticks)
{
    size_t size;
    uint8_t *const bytes = fixture_trace(true, &size);
    struct trace *const trace = open_bytes(bytes, size);
    const uint64_t last = fixture_event(FIXTURE_EVENTS - 1)->tick;
    for (uint64_t tick = 0, n = 0; tick <= last + 1; tick++) {
        while (n < FIXTURE_EVENTS && fixture_event((unsigned)n)->tick < tick)
            n++;
        CHECK_EQ(trace_find_tick(trace, tick), n);
    }
    CHECK_EQ(trace_find_tick(trace, UINT64_MAX), FIXTURE_EVENTS);
    trace_close(trace);
    free(bytes);
}

/* Wherever the file ends: the whole blocks before are there, and it is not called complete. */
TEST(reader_takes_cut_off_files)
{
    size_t size, whole;
    uint8_t *const bytes = fixture_trace(true, &size);
    free(fixture_trace(false, &whole));
    for (size_t cut = 0; cut < size; cut += cut < 100 || cut > whole - 100 ? 1 : 37) {
        struct trace *const trace = open_bytes(bytes, cut);
        if (cut < sizeof(struct trace_header) + strlen(FIXTURE_TEXT)) {
            CHECK(!trace);
            continue;
        }
        CHECK(trace && !trace_is_complete(trace));
        const uint64_t count = trace_events(trace);
        CHECK(count % FIXTURE_BLOCK == 0 || count == FIXTURE_EVENTS);
        CHECK(cut < whole || count == FIXTURE_EVENTS);
        if (count)
            check_event(trace, (unsigned)count - 1);
        trace_close(trace);
    }
    free(bytes);
}

TEST(reader_rebuilds_a_damaged_index)
{
    size_t size, whole;
    uint8_t *const bytes = fixture_trace(true, &size);
    free(fixture_trace(false, &whole));
    uint64_t rng = 1;
    for (size_t at = whole; at < size; at++) {
        const uint8_t old = bytes[at];
        bytes[at] ^= (uint8_t)(1 + rng_below(&rng, 255));
        struct trace *const trace = open_bytes(bytes, size);
        CHECK(trace);
        /* An index that is wrong but sound, of ticks say, shows when a block is read. */
        if (trace_event(trace, FIXTURE_EVENTS / 2) && trace_events(trace) == FIXTURE_EVENTS)
            check_event(trace, FIXTURE_EVENTS / 2);
        for (unsigned n = 0; n < FIXTURE_EVENTS; n += FIXTURE_BLOCK)
            trace_event(trace, n);
        CHECK(!trace_is_complete(trace));
        trace_close(trace);
        bytes[at] = old;
    }
    free(bytes);
}

TEST(reader_stops_at_a_damaged_block)
{
    size_t size, whole;
    uint8_t *const bytes = fixture_trace(true, &size);
    free(fixture_trace(false, &whole));
    bytes[whole - 5] ^= 0x10; /* in the last block */
    struct trace *const trace = open_bytes(bytes, size);
    const unsigned good = (FIXTURE_BLOCKS - 1) * FIXTURE_BLOCK;
    struct expectation expected = { 0 };
    CHECK(trace_is_complete(trace));
    CHECK(!trace_scan(trace, 0, FIXTURE_EVENTS, visit, &expected));
    CHECK_EQ(expected.next, good);
    CHECK(!trace_is_complete(trace));
    check_event(trace, good - 1);
    CHECK(!trace_event(trace, good));
    trace_close(trace);
    free(bytes);
}

/* Its sum is right, but it holds more bytes than its events need, or other events than it says. */
TEST(reader_finds_blocks_that_contradict_themselves)
{
    enum { HEAD = sizeof(struct trace_header) };
    size_t size;
    const char *const path = fixture_file("", 0);
    free(fixture_trace(true, &size));
    for (int more = -1; more <= 1; more++) {
        uint8_t bytes[HEAD + sizeof(struct trace_block) + 10 * TRACE_EVENT_BYTES_MAX + 1] = { 0 };
        struct writer *const writer = writer_open(path, "", 10);
        struct trace_block block;
        for (unsigned n = 0; n < 10; n++)
            writer_add(writer, fixture_event(n));
        writer_close(writer, false);
        FILE *const file = fopen(path, "rb");
        CHECK(fread(bytes, 1, sizeof bytes, file) > HEAD + sizeof block);
        fclose(file);
        memcpy(&block, bytes + HEAD, sizeof block);
        block.events += (uint32_t)(more < 0 ? -1 : 0);
        block.bytes += (uint32_t)(more > 0 ? 1 : 0);
        block.crc = (uint32_t)crc32(0, bytes + HEAD + sizeof block, block.bytes);
        memcpy(bytes + HEAD, &block, sizeof block);
        struct trace *const trace = open_bytes(bytes, HEAD + sizeof block + block.bytes);
        CHECK_EQ(trace_events(trace), block.events);
        CHECK_EQ(trace_event(trace, 0) != NULL, more == 0);
        trace_close(trace);
    }
}

static void refused(const uint8_t *bytes, size_t size, const char *why)
{
    char error[256] = "";
    CHECK(!trace_open(fixture_file(bytes, size), error, sizeof error));
    if (!strstr(error, why))
        check_failed(__FILE__, __LINE__, "\"%s\" is not in \"%s\"", why, error);
}

TEST(reader_refuses_what_is_no_trace)
{
    size_t size;
    char error[256];
    uint8_t *const bytes = fixture_trace(true, &size);
    struct trace_header *const header = (struct trace_header *)bytes;

    CHECK(!trace_open("/nonexistent/trace", error, sizeof error));
    CHECK(!trace_open("/", error, sizeof error));
    CHECK(!trace_open("/dev/zero", error, sizeof error));
    refused(bytes, 0, "no trace");
    bytes[3] ^= 1;
    refused(bytes, size, "no trace");
    bytes[3] ^= 1;
    header->version++;
    refused(bytes, size, "version");
    header->version--;
    header->parameter_bytes = UINT32_MAX;
    refused(bytes, size, "parameters");
    header->parameter_bytes = (uint32_t)strlen(FIXTURE_TEXT) - 1; /* the last line does not end */
    refused(bytes, size, "parameters");
    header->parameter_bytes = (uint32_t)strlen(FIXTURE_TEXT);
    bytes[sizeof *header + 2] = 0x1b;
    refused(bytes, size, "parameters");
    free(bytes);
}

TEST(reader_takes_a_trace_without_events)
{
    const char *const path = fixture_file("", 0);
    char error[256];
    writer_close(writer_open(path, "", 1), true);
    struct trace *const trace = trace_open(path, error, sizeof error);
    CHECK(trace && trace_is_complete(trace));
    CHECK_EQ(trace_events(trace), 0);
    CHECK(!trace_event(trace, 0) && !trace_parameter_line(trace, 0));
    CHECK_EQ(trace_find_tick(trace, 0), 0);
    trace_close(trace);
    exercise_file(path);
}
