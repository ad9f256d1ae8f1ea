/*
 * The only instructions of the kernel that touch user memory by its user
 * address. A fault that cannot be resolved ends the copy instead of the kernel:
 * each such instruction has an entry in the exception table, which the trap
 * handler searches.
 */
#pragma once

#include "lib/types.h"

struct ex_entry {
    uint64_t fault_rip; /* an instruction that may fault */
    uint64_t fixup_rip; /* where to continue if it did */
};

extern const struct ex_entry __ex_table_start[], __ex_table_end[];

/*
 * Copy between kernel and user memory, 8 bytes at a time, with AC set where the
 * CPU has SMAP. The caller has checked that the user side lies below USER_MAX.
 * Returns the number of bytes not copied: 0 if all were.
 */
size_t user_copy(void *dst, const void *src, size_t len);

/* Where to continue after an unresolved fault at rip; 0 if rip is not in the table. */
uint64_t ex_table_find(uint64_t rip);
