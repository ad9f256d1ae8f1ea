/*
 * The frame decoder: whole frames arrive whole whatever the pieces, and
 * garbage costs no more than the frames that it hides.
 */
#include "stream.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char seen[1 << 16];
static size_t seen_len;

static void take(void *context, char type, const char *data, size_t len)
{
    (void)context;
    seen[seen_len++] = type;
    memcpy(seen + seen_len, data, len);
    seen_len += len;
    seen[seen_len] = '\0';
}

static void expect(const char *what, const char *want)
{
    if (strcmp(seen, want) == 0)
        return;
    printf("%s: got '%s', wanted '%s'\n", what, seen, want);
    exit(1);
}

/* Feed bytes in pieces of the given size. */
static void feed(struct stream *stream, const char *bytes, size_t len, size_t piece)
{
    for (size_t at = 0; at < len; at += piece)
        stream_feed(stream, bytes + at, at + piece < len ? piece : len - at);
}

static void start(struct stream *stream)
{
    stream_init(stream, take, NULL);
    seen_len = 0;
    seen[0] = '\0';
}

#define FRAMES "O\0\3\0abcE\0\0\0L\0\1\0xS\0\6\0exit 7"

static void test_pieces(void)
{
    struct stream stream;

    for (size_t piece = 1; piece < sizeof(FRAMES); piece++) {
        start(&stream);
        feed(&stream, FRAMES, sizeof(FRAMES) - 1, piece);
        expect("pieces", "OabcELxSexit 7");
    }
}

static void test_garbage_between(void)
{
    static const char bytes[] = "\0\377OO\377\1OELS\0\377\377O\0\3\0abc\r\nzzO\0\1\0d";
    struct stream stream;

    for (size_t piece = 1; piece < sizeof(bytes); piece++) {
        start(&stream);
        feed(&stream, bytes, sizeof(bytes) - 1, piece);
        expect("garbage", "OabcOd");
    }
}

static void test_largest(void)
{
    static char bytes[STREAM_HEADER + STREAM_PAYLOAD_MAX] = { 'O', 0, 0, 0x10 };
    struct stream stream;

    memset(bytes + STREAM_HEADER, 'x', STREAM_PAYLOAD_MAX);
    start(&stream);
    feed(&stream, bytes, sizeof(bytes), 1000);
    if (seen_len != 1 + STREAM_PAYLOAD_MAX || stream.skipped)
        exit(1);
}

/* Nothing crashes, nothing is lost count of, and the decoder recovers. */
static void test_random(void)
{
    static char bytes[1 << 15];
    struct stream stream;

    srand(1);
    for (int round = 0; round < 2000; round++) {
        size_t len = (size_t)rand() % sizeof(bytes);

        for (size_t i = 0; i < len; i++)
            bytes[i] = rand() % 4 ? (char)rand() : "OELS\0\0\0\0"[rand() % 8];
        start(&stream);
        feed(&stream, bytes, len, 1 + (size_t)rand() % 5000);
        if (stream.held >= STREAM_HEADER + STREAM_PAYLOAD_MAX || stream.skipped > len)
            exit(1);
    }
}

int main(void)
{
    test_pieces();
    test_garbage_between();
    test_largest();
    test_random();
    return 0;
}
