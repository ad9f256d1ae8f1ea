/*
 * --keys and --map: the terminal hands out each key at once and does not show it. The
 * map takes single keys; programs know lines only, so for them each key is a line.
 */
#pragma once

#include <stddef.h>

/* Until this process exits. */
void keys_take_singly(void);

/* out, of 2 * len bytes, gets a newline after each key that is not one itself. */
size_t keys_to_lines(char *out, const char *keys, size_t len);
