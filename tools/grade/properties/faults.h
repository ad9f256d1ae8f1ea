/* The page fault that a space waits for an answer to. */
#pragma once

#include "judgement.h"

struct fault {
    bool open;
    uint64_t rip, va, error, event, tick;
    uint64_t times;         /* in a row; loads of CR3 before it */
    uint64_t frame, others; /* what backed the page, and how many other live leaves did, too */
};

/* One for each space, to be freed by the caller. */
bool faults_start(struct judgement *j, struct fault **out);
void fault_note(struct fault *fault, const struct judgement *j);
bool event_is_user_fault(const struct trace_event *event);
bool walk_grants(const struct walk *walk, uint64_t error);
