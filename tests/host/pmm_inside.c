/* The one door to the frame table for tests that damage it on purpose. */
#include "pmm_inside.h"

#include "pmm/frame_table.h"

struct frame *pmm_test_frame(paddr_t pa)
{
    return &pmm.table[frame_number(pa)];
}
