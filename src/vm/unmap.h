/* Taking pages and VMAs away, for the files of this folder. The space's lock is held. */
#pragma once

#include "vm/space.h"

/* Take the frames out of [start, end); VMAs are left alone. Edges are cut already. */
void as_drop_pages(struct address_space *as, vaddr_t start, vaddr_t end);

/* Cut the edges of a range and remove its pages and VMAs; as_reserve_cuts has reserved for it. */
void as_remove_range(struct address_space *as, vaddr_t start, vaddr_t end,
                     struct as_reserve *reserve);
