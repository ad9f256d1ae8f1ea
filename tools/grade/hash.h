/* SHA-256, as text: of files, and of texts that are fed in one after the other. */
#pragma once

#include <nettle/sha2.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { HASH_TEXT = 2 * SHA256_DIGEST_SIZE + 1 };

/* Of a regular file; false if it cannot be read. */
bool hash_file(const char *path, char out[HASH_TEXT]);

/* Feed a text with its length, so that no two lists of texts give the same bytes. */
void hash_add(struct sha256_ctx *hash, const char *text);

void hash_text(struct sha256_ctx *hash, char out[HASH_TEXT]);

/* The first 64 bits of the hash. */
uint64_t hash_number(struct sha256_ctx *hash);
