/*
 * What the guest said, as text with the event at which it was said.
 */
#pragma once

#include "select.h"
#include "stream.h"

#include "lpt.h"
#include <jansson.h>

struct output {
    struct stream stream; /* frames of the parallel port */
    struct lpt lpt;
    json_t *lines;       /* [event of the page, type, text] each: O, E, L, S as in the frames */
    uint64_t page_event; /* the number that the page's next event will have */
};

void output_init(struct output *output);

/* Account for an event; page_event is the number of the page's next one. */
void output_step(struct output *output, const struct trace_event *event, uint64_t page_event);
