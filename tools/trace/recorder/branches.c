#include "branches.h"

#include "machine.h"
#include "out.h"

struct branch branches[BRANCHES_KEPT];
uint64_t branches_seen;

void branches_write(void)
{
    uint64_t first = branches_seen > BRANCHES_KEPT ? branches_seen - BRANCHES_KEPT : 0;

    for (uint64_t i = first; i < branches_seen; i++) {
        const struct branch *b = &branches[i % BRANCHES_KEPT];

        out_event_at(EVENT_BRANCH, b->what, 0, b->from, machine_ring(), VALUES(b->from, b->to));
    }
}
