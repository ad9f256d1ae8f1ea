/* Running git. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

/*
 * Run a command with nothing on its standard input, in a directory. Its standard output
 * goes to *output (allocated, with a NUL behind it) unless that is NULL; then it is
 * dropped. False if it could not start or its status is not 0, with the last line of its
 * standard error in error. A signal that is caught and breaks off the waiting ends the
 * command, too.
 */
bool command_run(const char *directory, const char *const argv[], char **output, size_t *length,
                 char *error, size_t error_size);
