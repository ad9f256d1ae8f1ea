/*
 * What a command makes must not replace what it makes it of.
 */
#pragma once

#include <stdbool.h>

/* Do both paths lead to one regular file? False where either leads to none, or is null. */
bool same_file(const char *a, const char *b);
