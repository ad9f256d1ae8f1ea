/*
 * Tables in CSV files (RFC 4180), read and written with libcsv. Comma or
 * semicolon: whichever the first line has more of.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

struct csv_row {
    char **cell;
    size_t count;
};

struct csv_table {
    struct csv_row *row;
    size_t count;
    bool failed; /* out of memory, or too large */
};

/* Read a file of at most 16 MiB. False with one line in error. */
bool csv_read(const char *path, struct csv_table *out, char *error, size_t error_size);
void csv_table_free(struct csv_table *table);

/* The cell's text, "" where the row is too short. */
const char *csv_cell(const struct csv_row *row, size_t column);

/* Index of the column with this title in the first row (letters' case does not matter), or -1. */
long csv_column(const struct csv_table *table, const char *title);

/* Write one cell, and a comma before it unless it is the row's first. */
void csv_put(FILE *out, const char *text, bool first);

/*
 * The same for text from a submission: a spreadsheet must not take it for a
 * formula, so one that could be begins with an apostrophe.
 */
void csv_put_foreign(FILE *out, const char *text, bool first);
