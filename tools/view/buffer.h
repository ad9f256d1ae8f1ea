/*
 * Bytes that grow at their end.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct buffer {
    uint8_t *data;
    size_t used, capacity;
};

/* Room for more bytes at data + used; the caller adds what it filled to used. Memory or an end. */
uint8_t *buffer_room(struct buffer *buffer, size_t bytes);

void buffer_add(struct buffer *buffer, const void *data, size_t bytes);
void buffer_add_u32(struct buffer *buffer, uint32_t value); /* little-endian */
void buffer_add_text(struct buffer *buffer, const char *text);

/* Compress everything by zlib into an empty buffer. */
void buffer_deflate(const struct buffer *in, struct buffer *out);

/* Append the base64 of what is in another buffer. */
void buffer_add_base64(struct buffer *buffer, const struct buffer *in);

void buffer_free(struct buffer *buffer);
