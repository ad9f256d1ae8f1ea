/* The exception table; see user_access.h. */
#include "arch/user_access.h"

uint64_t ex_table_find(uint64_t rip)
{
    for (const struct ex_entry *e = __ex_table_start; e < __ex_table_end; e++) {
        if (e->fault_rip == rip)
            return e->fixup_rip;
    }
    return 0;
}
