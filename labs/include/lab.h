/*
 * How a lab program tells the grader what it has seen: through the CPU alone.
 *
 * A recorder that watches the CPU (./quire trace record --challenge KEY) sees
 * these calls where they are made by the program's own code in ring 3, and
 * compares that code with the program's file. Nothing that is printed counts.
 *
 *     uint64_t secret = lab_challenge(1);      nobody else knows this number
 *     ... let it pass through what the lab is about ...
 *     lab_witness(1, copy, 0, 0);              control came here, and copy was this
 *
 * Both are calls of real functions (lab.S): programs are compiled so that none
 * becomes a jump. Elsewhere, on Linux too, lab_challenge gives back its id.
 */
#pragma once

#include <stdint.h>

/* A number that only the recorder knows; the same for the same id in one run. */
uint64_t lab_challenge(uint64_t id);

/* Control came to this step with this value, and whatever else the step is about. */
void lab_witness(uint64_t step, uint64_t value, uint64_t a, uint64_t b);
