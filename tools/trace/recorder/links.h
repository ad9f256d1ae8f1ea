/*
 * Which entries refer to a table.
 */
#pragma once

#include "tables.h"

void links_add(struct table *table, uint64_t parent);

/* False if it was none of its parents. *first is who was the first until now. */
bool links_remove(struct table *table, uint64_t parent, uint64_t *first);
