/*
 * The way out to the runner's own standard output and error, byte for byte.
 * A reader that went away ends the run as it would end the program itself.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/*
 * Write all of it, waiting for the reader while there is no reason to stop;
 * after one, only what can be written without waiting. Errors other than a
 * reader that went away end the run with 125.
 */
void output_write(int fd, const char *data, size_t len);

/* Has the reader of standard output or error gone away? */
bool output_is_broken(void);
