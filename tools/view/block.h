/*
 * What a page holds of one trace, packed: a head, the description as JSON, the
 * events as a trace file packs them (tools/trace/codec.c), all compressed by
 * zlib. tools/view/page/data.js unpacks it.
 *
 *     "QUIREVW1"   bytes of JSON, number of events: 4 bytes each, little-endian
 *     JSON         describe.h
 *     events       from one to the next without blocks
 */
#pragma once

#include "buffer.h"
#include "select.h"

#include <jansson.h>

struct block_wish {
    struct selection_wish selection;
    uint64_t at;          /* tick at which the page opens; UINT64_MAX: it chooses */
    const char *title;    /* NULL: the command that was recorded */
    const json_t *result; /* of the grader, or NULL */
    const char *result_path;
};

/* Append the compressed block of a trace. Ends with a message if it cannot be made. */
void block_write(const struct subject *subject, const struct block_wish *wish, struct buffer *out);
