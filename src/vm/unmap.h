/* Taking pages and VMAs away, for the files of this folder. The space's lock is held. */
#pragma once

#include "vm/space.h"

/*
 * Take the frames out of [start, end): clear every leaf, kept ones too, give up
 * what it held, and free tables that became empty; the TLB forgets all of it
 * before anything is free (tlb.h). Cost follows what is resident. VMAs are left
 * alone; edges are cut already.
 */
void as_drop_pages(struct address_space *as, vaddr_t start, vaddr_t end);

/* Cut the edges of a range and remove its pages and VMAs; as_reserve_cuts has reserved for it. */
void as_remove_range(struct address_space *as, vaddr_t start, vaddr_t end,
                     struct as_reserve *reserve);
