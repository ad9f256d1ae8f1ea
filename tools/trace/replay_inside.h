/* What a replay is made of; for its own files and its tests. */
#pragma once

#include "replay.h"
#include "replay_state.h"

struct checkpoint {
    uint64_t position, cr3;
    size_t tables;
    struct table *table; /* copies, which refer to the pages */
};

struct replay {
    struct trace *trace;
    uint64_t position;
    struct replay_state state;

    struct checkpoint *checkpoint; /* by position */
    size_t checkpoints, checkpoint_room;
    uint64_t spacing;    /* events from one checkpoint to the next */
    size_t spare_pages;  /* pages that checkpoints and the undo log may hold */
    size_t copied_bytes; /* of the checkpoints' tables */
};
