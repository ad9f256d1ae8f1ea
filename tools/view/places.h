/*
 * The places in code that a page's events name: for each address its function,
 * source line and, where one is asked for, instruction. Each is looked up once.
 */
#pragma once

#include "cli.h"

#include <jansson.h>

struct places;

struct places *places_new(const struct subject *subject);
void places_free(struct places *places);

/* Take in every address that an event names. */
void places_add_event(struct places *places, const struct trace_event *event);

/*
 * {"at": [address...], "name": [index...], "plus": [offset...], "line": [index or -1...],
 *  "code": [text or null...], "names": [text...], "lines": [text...], "source": {line: text}}
 */
json_t *places_json(struct places *places);
