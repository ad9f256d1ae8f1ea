/*
 * The guest's side of the conversation: frames on the parallel port, as
 * src/arch/hoststream.h defines them. The decoder takes any bytes in any
 * pieces; what is not a frame is skipped byte by byte until one begins.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

enum { STREAM_HEADER = 4, STREAM_PAYLOAD_MAX = 4096 };

/* Called for each whole frame; data is not terminated. */
typedef void (*stream_frame_t)(void *context, char type, const char *data, size_t len);

struct stream {
    stream_frame_t frame; /* (!) */
    void *context;        /* (!) */
    size_t held;          /* bytes in buffer, always less than a whole frame */
    size_t skipped;       /* bytes that belonged to no frame */
    uint8_t buffer[STREAM_HEADER + STREAM_PAYLOAD_MAX];
};

void stream_init(struct stream *stream, stream_frame_t frame, void *context);

/* Take the next bytes; calls frame for each frame that they complete. */
void stream_feed(struct stream *stream, const void *data, size_t len);
