/* What the two scanners of split.c share. */
#pragma once

#include "split.h"

/* Append an item [start, end); its other offsets are start and end, too. */
struct split_item *split_add(struct split *split, enum split_kind kind, size_t start, size_t end);

void split_set_name(struct split_item *item, const struct split *split, size_t at, size_t length);

/* The end of the token at `at`: a comment, string, character, name or number, or one character. */
size_t split_token(const struct split *split, size_t at);

/* The end of the line that at lies in, behind its newline. */
size_t split_line_end(const struct split *split, size_t at);

bool split_is_comment(const struct split *split, size_t at);
bool split_is_name(char c);
bool split_is_blank(const struct split *split, size_t start, size_t end);
bool split_word_is(const struct split *split, size_t start, size_t end, const char *word);

/* The next place at or behind at that is neither white space nor a comment nor a directive. */
size_t split_skip_silent(const struct split *split, size_t at);

/* Behind the bracket that closes the one at `at`, and what is silent there. */
size_t split_skip_brackets(const struct split *split, size_t at);

/* The end of a preprocessor line with its continuations. */
size_t split_directive_end(const struct split *split, size_t at);

/* One declaration or definition of C that begins at start: added; its end. */
size_t split_scan_code(struct split *split, size_t start);

/* Behind the line if only comments are left on it, else at. */
size_t split_finish_line(const struct split *split, size_t at);

void split_scan_c(struct split *split);
void split_scan_assembly(struct split *split);
