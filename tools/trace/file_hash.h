/*
 * Is a file still the one that a trace was made with?
 */
#pragma once

#include <stdbool.h>

enum { FILE_HASH_CHARS = 64 };

/* SHA-256 as sha256sum prints it; false if the file cannot be read, or is no regular one. */
bool file_hash(const char *path, char hash[FILE_HASH_CHARS + 1]);
