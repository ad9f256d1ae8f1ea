/*
 * Which functions' calls are recorded.
 */
#pragma once

#include "record_options.h"

#include <stdio.h>

/*
 * Write a "symbol ADDRESS" line for each into the recorder's setup. Returns
 * their names with commas between, to be freed; NULL: there are none. A name
 * that the user gave and the kernel lacks ends the run.
 */
char *record_calls_write(FILE *file, const struct record_options *options);
