/*
 * All randomness that programs see: a sequence that the option seed=N fixes, so
 * that a run can be repeated. Not for secrets.
 */
#pragma once

#include "lib/types.h"

/*
 * The next len bytes: SplitMix64 (Steele, Lea, Flood, "Fast Splittable
 * Pseudorandom Number Generators", OOPSLA 2014) from the seed. No lock.
 */
void random_fill(void *buf, size_t len);
