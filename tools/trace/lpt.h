/*
 * The bytes that a guest sends to its parallel port, from the OUT events: data
 * lies on the port, and the strobe's rising edge takes it.
 */
#pragma once

#include "event.h"

#include <stdbool.h>

struct lpt {
    uint8_t data;
    bool strobe;
};

/* Account for an event; true if it made the port take a byte. */
bool lpt_step(struct lpt *lpt, const struct trace_event *event, uint8_t *byte);
