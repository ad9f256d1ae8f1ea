/*
 * Holes that the memory map of the direct boot does not offer: the kernel finds
 * them reserved, though RAM is there.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

enum { HOLES_MAX = 32 };

struct hole {
    uint64_t start, end;
};

struct hole_list {
    size_t count;
    struct hole hole[HOLES_MAX]; /* by address, without overlaps, once sorted */
};

/* Add "START:LEN", each a number of bytes, with K, M or G. Mistakes end the run with 125. */
void holes_add(struct hole_list *holes, const char *text);

/* Sort, and check that they lie in [low, high) and do not overlap. */
void holes_sort(struct hole_list *holes, uint64_t low, uint64_t high);

/* The first address from `base` on where `size` bytes touch no hole. */
uint64_t holes_avoid(const struct hole_list *holes, uint64_t base, uint64_t size);

/* The hole that touches [start, end); NULL: none. */
const struct hole *holes_find(const struct hole_list *holes, uint64_t start, uint64_t end);
