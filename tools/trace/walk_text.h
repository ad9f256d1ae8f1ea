/*
 * A walk through the page tables as text: each level's entry, and who wrote it
 * last.
 */
#pragma once

#include "cli.h"
#include "replay.h"

/* Walk va from a root where the replay stands, and print one or two lines a level. */
void walk_print(FILE *out, const struct subject *subject, struct replay *replay, uint64_t root,
                uint64_t va);

/* A bit set in an entry that must be clear (SDM vol. 3A, "Reserved bits"); 0: there is none. */
uint64_t walk_reserved_bits(const struct walk_step *step, bool nx_enabled);
