/*
 * Ring 3's registers whenever the CPU leaves it and when it comes back: a
 * kernel must give them back as they were, but for the result of a system call.
 */
#pragma once

#include <stdint.h>

/* Ring 3 is left, by whatever means; it would go on at rip. The registers are still its own. */
void user_state_leaves(uint64_t rip);

/* Ring 3 is entered at rip, and all registers are its own. */
void user_state_enters(uint64_t rip);
