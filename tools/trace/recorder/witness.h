/*
 * Challenges and witnesses: what lab programs (labs/include/lab.h) tell by
 * calling two functions that are known by their addresses.
 *
 * A call is genuine if it was made in ring 3, by a CALL that lies in the code
 * of the program's file, while all of that code that is in memory is the
 * file's, byte for byte: by the tables, and by what the TLB may hold instead.
 * Only to a genuine challenge is the number given.
 */
#pragma once

#include <stdint.h>

/* Open the programs that the setup names. */
void witness_init(void);

/* A CALL at `from` has gone to `to`. */
void witness_called(uint64_t from, uint64_t to);
