/*
 * Text that comes from traces and guests, as JSON: whatever its bytes are.
 */
#pragma once

#include <jansson.h>
#include <stddef.h>
#include <stdint.h>

/* A JSON string; bytes that are no UTF-8 become '?'. */
json_t *json_text(const char *text, size_t length);

/* "0x1234", as pages read numbers that do not fit a double. */
json_t *json_hex(uint64_t value);

/* The value, or an end for want of memory. */
json_t *json_need(json_t *value);
