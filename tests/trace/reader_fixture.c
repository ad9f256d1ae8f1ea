/* See reader_fixture.h. */
#include "reader_fixture.h"

#include "machine.h"
#include "replay.h"
#include "writer.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static struct trace_event events[FIXTURE_EVENTS];

/* One file at a time: the next call replaces what was in it. */
const char *fixture_file(const void *bytes, size_t size)
{
    static char path[64];
    static int fd = -1;
    if (fd < 0) {
        fd = memfd_create("trace", MFD_CLOEXEC);
        CHECK(fd >= 0);
        snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    }
    CHECK_EQ(ftruncate(fd, 0), 0);
    CHECK_EQ(pwrite(fd, bytes, size, 0), size);
    return path;
}

static void make_events(void)
{
    struct machine *const machine = malloc(sizeof *machine);
    machine_init(machine, 4);
    for (unsigned n = 0; n < FIXTURE_EVENTS; n++)
        machine_next(machine, &events[n]);
    free(machine);
}

uint8_t *fixture_trace(bool with_end, size_t *size)
{
    if (events[0].kind == 0)
        make_events();
    const char *const path = fixture_file("", 0);
    struct writer *const writer = writer_open(path, FIXTURE_TEXT, FIXTURE_BLOCK);
    for (unsigned n = 0; n < FIXTURE_EVENTS; n++)
        writer_add(writer, &events[n]);
    writer_close(writer, with_end);

    FILE *const file = fopen(path, "rb");
    CHECK(file && fseek(file, 0, SEEK_END) == 0);
    *size = (size_t)ftell(file);
    uint8_t *const bytes = malloc(*size);
    rewind(file);
    CHECK_EQ(fread(bytes, *size, 1, file), 1);
    fclose(file);
    return bytes;
}

const struct trace_event *fixture_event(unsigned n)
{
    return &events[n];
}

/* ---- any file ---- */

struct seen {
    uint64_t next, last_tick;
};

static bool see(void *arg, uint64_t n, const struct trace_event *event)
{
    struct seen *const seen = arg;
    CHECK_EQ(n, seen->next);
    CHECK(event->tick >= seen->last_tick);
    CHECK(event->kind > 0 && event->kind < EVENT_KINDS);
    seen->next++;
    seen->last_tick = event->tick;
    return true;
}

static bool count_leaf(void *arg, const struct leaf *leaf)
{
    unsigned *const leaves = arg;
    CHECK(leaf->bytes >= 4096 && leaf->phys % leaf->bytes == 0);
    return ++*leaves < 1000;
}

static void question(struct replay *replay, uint64_t n)
{
    uint64_t roots[4];
    struct table_info tables[8];
    struct walk walk;
    struct frame_info frame;
    unsigned leaves = 0;

    replay_seek(replay, n);
    CHECK(replay_position(replay) <= UINT64_C(1) << 32);
    replay_roots(replay, roots, 4);
    replay_tables(replay, tables, 8);
    replay_walk(replay, replay_cr3(replay), n * 4096, &walk);
    replay_last_writer(replay, walk.step[walk.steps - 1].entry_phys);
    replay_each_leaf(replay, replay_cr3(replay), count_leaf, &leaves);
    replay_frame(replay, walk.phys, &frame);
    replay_ring(replay);
}

static void exercise_replay(struct trace *trace)
{
    static const unsigned sixteenths[] = { 4, 15, 2, 16, 0, 9, 8 };
    const uint64_t events_there = trace_events(trace);
    struct replay *const replay = replay_new(trace);
    CHECK(replay);
    for (unsigned i = 0; i < sizeof sixteenths / sizeof *sixteenths; i++)
        question(replay, events_there * sixteenths[i] / 16);
    replay_free(replay);
}

void exercise_file(const char *path)
{
    char error[256] = "";
    struct trace *const trace = trace_open(path, error, sizeof error);
    if (!trace) {
        CHECK(*error && !strchr(error, '\n'));
        return;
    }
    const uint64_t count = trace_events(trace);
    struct seen seen = { 0 };
    const bool scanned = trace_scan(trace, 0, UINT64_MAX, see, &seen);
    CHECK(scanned ? seen.next == count : !trace_is_complete(trace));
    for (uint64_t n = count; n > 0; n -= n < 97 ? n : 97) {
        const struct trace_event *const event = trace_event(trace, n - 1);
        CHECK(event || !trace_is_complete(trace));
    }
    CHECK(trace_find_tick(trace, 20000) <= count);
    CHECK(trace_find_tick(trace, UINT64_MAX) <= count);
    CHECK(!trace_event(trace, count) && !trace_event(trace, UINT64_MAX));
    trace_parameter(trace, "seed");
    for (unsigned i = 0; trace_parameter_line(trace, i); i++)
        CHECK(!strchr(trace_parameter_line(trace, i), '\n'));
    exercise_replay(trace);
    trace_close(trace);
}
