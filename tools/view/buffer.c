#include "buffer.h"

#include "cli.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>

uint8_t *buffer_room(struct buffer *buffer, size_t bytes)
{
    size_t capacity = buffer->capacity ? buffer->capacity : 4096;

    while (capacity - buffer->used < bytes)
        capacity *= 2;
    if (capacity != buffer->capacity) {
        buffer->data = realloc(buffer->data, capacity);
        if (!buffer->data)
            cli_fail(CLI_ERROR, "not enough memory");
        buffer->capacity = capacity;
    }
    return buffer->data + buffer->used;
}

void buffer_add(struct buffer *buffer, const void *data, size_t bytes)
{
    memcpy(buffer_room(buffer, bytes), data, bytes);
    buffer->used += bytes;
}

void buffer_add_u32(struct buffer *buffer, uint32_t value)
{
    for (unsigned i = 0; i < 4; i++)
        buffer_add(buffer, &(uint8_t){ (uint8_t)(value >> 8 * i) }, 1);
}

void buffer_add_text(struct buffer *buffer, const char *text)
{
    buffer_add(buffer, text, strlen(text));
}

void buffer_deflate(const struct buffer *in, struct buffer *out)
{
    uLongf bytes = compressBound(in->used);

    if (compress2(buffer_room(out, bytes), &bytes, in->data, in->used, 9) != Z_OK)
        cli_fail(CLI_ERROR, "not enough memory");
    out->used += bytes;
}

void buffer_add_base64(struct buffer *buffer, const struct buffer *in)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    uint8_t *out = buffer_room(buffer, in->used / 3 * 4 + 4);

    for (size_t i = 0; i < in->used; i += 3) {
        size_t left = in->used - i;
        uint32_t three = (uint32_t)in->data[i] << 16;

        if (left > 1)
            three |= (uint32_t)in->data[i + 1] << 8;
        if (left > 2)
            three |= in->data[i + 2];
        *out++ = (uint8_t)digits[three >> 18];
        *out++ = (uint8_t)digits[three >> 12 & 63];
        *out++ = left > 1 ? (uint8_t)digits[three >> 6 & 63] : '=';
        *out++ = left > 2 ? (uint8_t)digits[three & 63] : '=';
    }
    buffer->used = (size_t)(out - buffer->data);
}

void buffer_free(struct buffer *buffer)
{
    free(buffer->data);
    *buffer = (struct buffer){ 0 };
}
