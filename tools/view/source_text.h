/*
 * The source around the lines that a page names, where this tree has it.
 */
#pragma once

#include "cli.h"

#include <jansson.h>

/* {file: {number of line: text}} for an array of "file:number". */
json_t *source_text(const struct subject *subject, const json_t *lines);

/* "src/vm/pt.h:58" of "../../src/vm/pt.h:58". */
const char *source_plain(const char *path);
