/* The one door to the frame table for tests that damage it on purpose. */
#pragma once

#include "pmm/pmm.h"

struct frame *pmm_test_frame(paddr_t pa);
