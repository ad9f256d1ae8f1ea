/*
 * Reading a trace. The file is mapped; what it says about itself is checked
 * before it is used:
 *
 *   - on opening: header, parameters, and an index that must describe blocks
 *     which follow each other without gaps (reader_index.c rebuilds one if not)
 *   - on unpacking a block: that its head agrees with the index, its CRC, each
 *     event, that ticks never go back, and that nothing is left over
 *
 * A few unpacked blocks are kept, so that a reader that jumps to and fro, or
 * two that take turns, do not unpack the same block again and again.
 */
#include "reader.h"

#include "format.h"
#include "reader_index.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

enum { CACHED_BLOCKS = 4, PARAMETER_BYTES_MAX = 1 << 20 };

struct cached_block {
    uint64_t block; /* number of the block plus 1; 0: unused */
    uint64_t used;  /* for finding the one that was not wanted for longest */
    struct trace_event *event;
};

struct trace {
    const uint8_t *map;
    size_t size;
    char *text;  /* the parameters, each line ending in NUL */
    char **line; /* of text */
    unsigned lines;
    struct trace_index index;
    bool damaged; /* a block turned out to be */
    struct cached_block cache[CACHED_BLOCKS];
    uint64_t uses;
};

/* Where unpacking a block has got to. */
struct cursor {
    const uint8_t *in, *end;
    uint64_t last_tick, tick_max; /* the next event's tick lies between these */
    struct trace_codec codec;
};

/* ---- opening ---- */

static bool fail(char *error, size_t error_size, const char *path, const char *why)
{
    snprintf(error, error_size, "%s: %s", path, why);
    return false;
}

static bool map_file(struct trace *trace, const char *path, char *error, size_t error_size)
{
    const int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    struct stat status;
    if (fd < 0 || fstat(fd, &status) != 0) {
        fail(error, error_size, path, strerror(errno));
        if (fd >= 0)
            close(fd);
        return false;
    }
    if (!S_ISREG(status.st_mode) || status.st_size < (off_t)sizeof(struct trace_header)) {
        close(fd);
        return fail(error, error_size, path, "no trace");
    }
    trace->size = (size_t)status.st_size;
    void *const map = mmap(NULL, trace->size, PROT_READ, MAP_PRIVATE, fd, 0);
    close(fd);
    if (map == MAP_FAILED)
        return fail(error, error_size, path, strerror(errno));
    trace->map = map;
    return true;
}

/* Text: lines that all end, without control characters, which a terminal would obey. */
static bool is_text(const uint8_t *text, size_t size)
{
    for (size_t i = 0; i < size; i++)
        if ((text[i] < ' ' && text[i] != '\n') || text[i] == 0x7f)
            return false;
    return size == 0 || text[size - 1] == '\n';
}

static bool split_parameters(struct trace *trace, const uint8_t *text, size_t size)
{
    for (size_t i = 0; i < size; i++)
        trace->lines += text[i] == '\n';
    trace->text = malloc(size + 1);
    trace->line = calloc(trace->lines + 1, sizeof *trace->line);
    if (!trace->text || !trace->line)
        return false;
    memcpy(trace->text, text, size);
    trace->text[size] = '\0';

    char *line = trace->text;
    for (unsigned n = 0; n < trace->lines; n++) {
        trace->line[n] = line;
        line = strchr(line, '\n');
        *line++ = '\0';
    }
    return true;
}

static bool read_head(struct trace *trace, const char *path, char *error, size_t error_size)
{
    struct trace_header header;
    memcpy(&header, trace->map, sizeof header);
    if (memcmp(header.magic, TRACE_MAGIC, sizeof header.magic) != 0)
        return fail(error, error_size, path, "no trace");
    if (header.version != TRACE_VERSION)
        return fail(error, error_size, path, "a trace of another version of the format");
    if (header.parameter_bytes > PARAMETER_BYTES_MAX ||
        header.parameter_bytes > trace->size - sizeof header ||
        !is_text(trace->map + sizeof header, header.parameter_bytes))
        return fail(error, error_size, path, "the parameters are damaged");
    if (!split_parameters(trace, trace->map + sizeof header, header.parameter_bytes))
        return fail(error, error_size, path, "out of memory");
    const size_t blocks = sizeof header + header.parameter_bytes;
    if (!trace_index_load(&trace->index, trace->map, trace->size, blocks))
        return fail(error, error_size, path, "out of memory");
    return true;
}

struct trace *trace_open(const char *path, char *error, size_t error_size)
{
    struct trace *const trace = calloc(1, sizeof *trace);
    if (!trace) {
        fail(error, error_size, path, "out of memory");
        return NULL;
    }
    if (map_file(trace, path, error, error_size) && read_head(trace, path, error, error_size))
        return trace;
    trace_close(trace);
    return NULL;
}

void trace_close(struct trace *trace)
{
    if (!trace)
        return;
    for (unsigned i = 0; i < CACHED_BLOCKS; i++)
        free(trace->cache[i].event);
    trace_index_free(&trace->index);
    free(trace->line);
    free(trace->text);
    if (trace->map)
        munmap((void *)(uintptr_t)trace->map, trace->size);
    free(trace);
}

/* ---- what is said about the trace as a whole ---- */

const char *trace_parameter(const struct trace *trace, const char *key)
{
    const size_t length = strlen(key);
    for (unsigned n = 0; n < trace->lines; n++)
        if (strncmp(trace->line[n], key, length) == 0 && trace->line[n][length] == '=')
            return trace->line[n] + length + 1;
    return NULL;
}

const char *trace_parameter_line(const struct trace *trace, unsigned n)
{
    return n < trace->lines ? trace->line[n] : NULL;
}

uint64_t trace_events(const struct trace *trace)
{
    return trace->index.events;
}

bool trace_is_complete(const struct trace *trace)
{
    return trace->index.whole && !trace->damaged;
}

/* ---- unpacking ---- */

/* Number of events in a block, by the index. */
static uint64_t block_events(const struct trace *trace, uint64_t block)
{
    return trace->index.entry[block + 1].first_event - trace->index.entry[block].first_event;
}

static bool cursor_open(const struct trace *trace, uint64_t block, struct cursor *cursor)
{
    const struct trace_index_entry *const entry = &trace->index.entry[block];
    struct trace_block head;
    memcpy(&head, trace->map + entry->offset, sizeof head);
    const uint8_t *const packed = trace->map + entry->offset + sizeof head;

    if (head.bytes != entry[1].offset - entry->offset - sizeof head ||
        head.events != block_events(trace, block) || head.first_tick != entry->first_tick ||
        crc32_z(0, packed, head.bytes) != head.crc)
        return false;
    cursor->in = packed;
    cursor->end = packed + head.bytes;
    cursor->last_tick = entry->first_tick;
    cursor->tick_max = entry[1].first_tick;
    memset(&cursor->codec, 0, sizeof cursor->codec);
    return true;
}

static inline bool cursor_next(struct cursor *cursor, struct trace_event *event)
{
    if (!trace_unpack(&cursor->codec, &cursor->in, cursor->end, event) ||
        event->tick < cursor->last_tick || event->tick > cursor->tick_max)
        return false;
    cursor->last_tick = event->tick;
    return true;
}

static bool unpack_block(const struct trace *trace, uint64_t block, struct trace_event *event)
{
    struct cursor cursor;
    if (!cursor_open(trace, block, &cursor))
        return false;
    const uint64_t events = block_events(trace, block);
    for (uint64_t i = 0; i < events; i++)
        if (!cursor_next(&cursor, &event[i]))
            return false;
    return cursor.in == cursor.end;
}

/* The events of a block, from the cache or into it; NULL if it is damaged or memory is out. */
static const struct trace_event *get_block(struct trace *trace, uint64_t block)
{
    struct cached_block *oldest = trace->cache;
    for (unsigned i = 0; i < CACHED_BLOCKS; i++) {
        struct cached_block *const cached = &trace->cache[i];
        if (cached->block == block + 1) {
            cached->used = ++trace->uses;
            return cached->event;
        }
        if (cached->used < oldest->used)
            oldest = cached;
    }
    if (!oldest->event)
        oldest->event = calloc(TRACE_BLOCK_EVENTS, sizeof *oldest->event);
    oldest->block = 0;
    if (!oldest->event)
        return NULL;
    if (!unpack_block(trace, block, oldest->event)) {
        trace->damaged = true;
        return NULL;
    }
    oldest->block = block + 1;
    oldest->used = ++trace->uses;
    return oldest->event;
}

const struct trace_event *trace_event(struct trace *trace, uint64_t n)
{
    if (n >= trace->index.events)
        return NULL;
    const uint64_t block = trace_index_find_event(&trace->index, n);
    const struct trace_event *const event = get_block(trace, block);
    return event ? &event[n - trace->index.entry[block].first_event] : NULL;
}

uint64_t trace_find_tick(struct trace *trace, uint64_t tick)
{
    /* Of the blocks that begin before the tick, only the last can hold the event. */
    const uint64_t after = trace_index_find_tick(&trace->index, tick);
    if (after == 0)
        return 0;
    const struct trace_event *const event = get_block(trace, after - 1);
    uint64_t low = 0, high = block_events(trace, after - 1);
    while (event && low < high) {
        const uint64_t middle = (low + high) / 2;
        if (event[middle].tick < tick)
            low = middle + 1;
        else
            high = middle;
    }
    return trace->index.entry[after - 1].first_event + low;
}

/* ---- scanning ---- */

enum scan { SCAN_ON, SCAN_STOPPED, SCAN_DAMAGED };

static enum scan scan_block(const struct trace *trace, uint64_t block, uint64_t from, uint64_t to,
                            bool (*visit)(void *arg, uint64_t n, const struct trace_event *event),
                            void *arg)
{
    const struct trace_index_entry *const entry = &trace->index.entry[block];
    struct cursor cursor;
    struct trace_event event;

    if (!cursor_open(trace, block, &cursor))
        return SCAN_DAMAGED;
    const uint64_t end = to < entry[1].first_event ? to : entry[1].first_event;
    for (uint64_t n = entry->first_event; n < end; n++) {
        if (!cursor_next(&cursor, &event))
            return SCAN_DAMAGED;
        if (n >= from && !visit(arg, n, &event))
            return SCAN_STOPPED;
    }
    return end == entry[1].first_event && cursor.in != cursor.end ? SCAN_DAMAGED : SCAN_ON;
}

bool trace_scan(struct trace *trace, uint64_t from, uint64_t to,
                bool (*visit)(void *arg, uint64_t n, const struct trace_event *event), void *arg)
{
    if (to > trace->index.events)
        to = trace->index.events;
    if (from >= to)
        return true;
    enum scan state = SCAN_ON;
    uint64_t block = trace_index_find_event(&trace->index, from);
    while (state == SCAN_ON && trace->index.entry[block].first_event < to)
        state = scan_block(trace, block++, from, to, visit, arg);
    if (state == SCAN_DAMAGED)
        trace->damaged = true;
    return state != SCAN_DAMAGED;
}
