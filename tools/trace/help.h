/*
 * What `./quire trace COMMAND --help` prints.
 */
#pragma once

#include <stdio.h>

/* The help of a command. */
void help_print(const char *command);

/* The list of commands. */
void help_print_all(FILE *out);
