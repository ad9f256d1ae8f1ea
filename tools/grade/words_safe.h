/* Text that somebody else made, for people and for JSON. */
#pragma once

#include <stddef.h>

/*
 * A copy with at most max bytes, from the beginning: lines stay lines, everything
 * else that is no printable ASCII becomes '?'. Allocated.
 */
char *words_safe(const char *text, size_t max);

/* Shorten the names of files in this tree, in place. */
void words_shorten(char *text);
