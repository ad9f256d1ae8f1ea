/*
 * --keys: the terminal hands out each key at once and does not show it, so that a
 * program can be steered by single keys. To the guest, which knows lines only, each key
 * is a line of its own.
 */
#pragma once

#include <stddef.h>

/* Until this process exits. */
void keys_take_singly(void);

/* out, of 2 * len bytes, gets a newline after each key that is not one itself. */
size_t keys_to_lines(char *out, const char *keys, size_t len);
