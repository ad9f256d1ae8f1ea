/* See writer.h. */
#include "writer.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

struct writer {
    FILE *file;
    unsigned block_events;
    struct trace_codec codec;
    struct trace_block block;
    uint8_t packed[TRACE_BLOCK_EVENTS * TRACE_EVENT_BYTES_MAX];
    struct trace_index_entry *index;
    uint64_t offset, blocks, events;
};

static void put(struct writer *writer, const void *data, size_t size)
{
    if (size && fwrite(data, size, 1, writer->file) != 1) {
        perror("writer");
        exit(1);
    }
    writer->offset += size;
}

struct writer *writer_open(const char *path, const char *parameters, unsigned block_events)
{
    struct writer *const writer = calloc(1, sizeof *writer);
    struct trace_header header = { .version = TRACE_VERSION };

    memcpy(header.magic, TRACE_MAGIC, sizeof header.magic);
    header.parameter_bytes = (uint32_t)strlen(parameters);
    writer->block_events = block_events;
    writer->file = fopen(path, "wb");
    if (!writer->file) {
        perror(path);
        exit(1);
    }
    put(writer, &header, sizeof header);
    put(writer, parameters, header.parameter_bytes);
    return writer;
}

static void end_block(struct writer *writer)
{
    struct trace_block *const block = &writer->block;
    if (block->events == 0)
        return;
    writer->index = realloc(writer->index, (writer->blocks + 1) * sizeof *writer->index);
    writer->index[writer->blocks++] =
        (struct trace_index_entry){ writer->offset, writer->events - block->events,
                                    block->first_tick };
    block->crc = (uint32_t)crc32(0, writer->packed, block->bytes);
    put(writer, block, sizeof *block);
    put(writer, writer->packed, block->bytes);
    *block = (struct trace_block){ 0 };
    memset(&writer->codec, 0, sizeof writer->codec);
}

void writer_add(struct writer *writer, const struct trace_event *event)
{
    struct trace_block *const block = &writer->block;
    if (block->events == 0)
        block->first_tick = event->tick;
    block->bytes += (uint32_t)trace_pack(&writer->codec, event, writer->packed + block->bytes);
    writer->events++;
    if (++block->events == writer->block_events)
        end_block(writer);
}

void writer_close(struct writer *writer, bool with_end)
{
    end_block(writer);
    struct trace_trailer trailer = { writer->offset, writer->blocks, writer->events, "" };
    memcpy(trailer.magic, TRACE_TRAILER_MAGIC, sizeof trailer.magic);
    if (with_end) {
        put(writer, writer->index, writer->blocks * sizeof *writer->index);
        put(writer, &trailer, sizeof trailer);
    }
    fclose(writer->file);
    free(writer->index);
    free(writer);
}
