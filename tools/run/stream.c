#include "stream.h"

#include <stdbool.h>
#include <string.h>

void stream_init(struct stream *stream, stream_frame_t frame, void *context)
{
    stream->frame = frame;
    stream->context = context;
    stream->held = 0;
    stream->skipped = 0;
}

static size_t stream_payload_length(const struct stream *stream)
{
    return stream->buffer[2] | (size_t)stream->buffer[3] << 8;
}

/* Can the bytes held be the beginning of a frame? */
static bool stream_plausible(const struct stream *stream)
{
    const uint8_t *b = stream->buffer;

    if (stream->held >= 1 && !(b[0] && strchr("OELS", b[0])))
        return false;
    if (stream->held >= 2 && b[1] != 0)
        return false;
    return stream->held < STREAM_HEADER || stream_payload_length(stream) <= STREAM_PAYLOAD_MAX;
}

/* Only headers are ever held when this runs, so it moves three bytes at most. */
static void stream_resync(struct stream *stream)
{
    while (stream->held > 0 && !stream_plausible(stream)) {
        memmove(stream->buffer, stream->buffer + 1, --stream->held);
        stream->skipped++;
    }
}

/* How many more bytes the current frame takes, as far as its header tells. */
static size_t stream_wanted(const struct stream *stream)
{
    if (stream->held < STREAM_HEADER)
        return 1;
    return STREAM_HEADER + stream_payload_length(stream) - stream->held;
}

void stream_feed(struct stream *stream, const void *data, size_t len)
{
    const uint8_t *from = data;

    while (len > 0) {
        size_t take = stream_wanted(stream);

        if (take > len)
            take = len;
        memcpy(stream->buffer + stream->held, from, take);
        stream->held += take;
        from += take;
        len -= take;

        stream_resync(stream);
        if (stream->held >= STREAM_HEADER && stream_wanted(stream) == 0) {
            stream->held = 0;
            stream->frame(stream->context, (char)stream->buffer[0],
                          (const char *)stream->buffer + STREAM_HEADER,
                          stream_payload_length(stream));
        }
    }
}
