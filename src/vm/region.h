/* Making regions, for the files of this folder. */
#pragma once

#include "vm/space.h"

/*
 * Check what a region is asked for, and complete it: its flags (of those
 * allowed) and its end. Errors as address_space.h says, up to ERR_FAULT.
 */
err_t region_check(const struct address_space *as, uint64_t page_count, unsigned allowed,
                   struct region *r);

/* Map every page of a region: fresh ones, or the frames that it names. ERR_EXIST, ERR_NOMEM. */
as_worker_t region_map_locked;
