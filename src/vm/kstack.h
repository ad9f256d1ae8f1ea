/*
 * Kernel stacks: KSTACK_SIZE bytes each in a PML4 slot of their own, with an
 * unmapped guard page under each, so that an overflow faults instead of
 * eating its neighbour.
 *
 *     | guard | stack 0 (4 pages) | guard | stack 1 | ...
 *     KSTACK_BASE                 top 0
 */
#pragma once

#include "lib/err.h"
#include "lib/types.h"

enum { KSTACK_PAGES = 4 };
#define KSTACK_SIZE (KSTACK_PAGES * PAGE_SIZE)

/*
 * A stack with its guard; *top is where the first push goes below. Errors: ERR_NOMEM.
 * Locks: LOCK_KSTACK.
 */
err_t kstack_alloc(void **top);

/* Not the stack we run on. */
void kstack_free(void *top);

/* Does va lie in the guard page under a stack? For naming an overflow. */
bool kstack_is_guard(uint64_t va);
