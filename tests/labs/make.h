/* For the programs that make submissions: files of the tree, copied, or the end. */
#pragma once

/* Print the text behind the program's name, and exit with 1. */
_Noreturn void make_fail(const char *text);

/* Copy tree/relative to into/relative, making folders. */
void make_copy(const char *tree, const char *into, const char *relative);
