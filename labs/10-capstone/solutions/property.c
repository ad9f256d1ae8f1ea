/*
 * The instructor's own property, which proves that the lab's points can be had. It
 * borrows three rules that the labs have already; students bring one of theirs.
 */
#include "define.h"

PROPERTY(capstone, "What fork shares stays as it was, and nobody uses what is gone")
{
    static const char *const rules[] = { "no_stale_use", "cow_copies_once", "cow_last_owner_keeps",
                                         "fork_shares_frames" };

    for (size_t i = 0; i < sizeof(rules) / sizeof(rules[0]); i++) {
        judgement_rewind(j);
        property_find(rules[i])->judge(j);
        if (judgement_decided(j) && !j->verdict->passed)
            return;
    }
}
