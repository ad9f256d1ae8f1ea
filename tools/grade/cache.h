/*
 * Verdicts that were reached before: equal submissions, in the same tree, by the same
 * programs, with the same seed and options, get the same one.
 */
#pragma once

#include "hash.h"

#include <jansson.h>

/* The hash of the instructor's tree and of the programs that judge. */
void cache_environment(const char *root, const char *lab_directory, char out[HASH_TEXT]);

/* The verdict of this key, which the caller owns; NULL if there is none. */
json_t *cache_get(const char *directory, const char *key);

/* Keep a verdict. Nothing is lost but time if that fails. */
void cache_put(const char *directory, const char *key, const json_t *verdict);

/* Write a value by renaming a complete file. False with errno set. */
bool cache_write_file(const char *path, const json_t *value);
