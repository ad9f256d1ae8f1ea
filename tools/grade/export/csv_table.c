#include "csv_table.h"

#include <csv.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum { BYTES_MAX = 16 << 20 };

/* The row that is being read is the last one, table->row[table->count]. */
static void take_cell(void *text, size_t len, void *arg)
{
    struct csv_table *table = arg;
    struct csv_row *row;
    char **cells, *copy;

    if (table->failed)
        return;
    row = &table->row[table->count];
    cells = realloc(row->cell, (row->count + 1) * sizeof(*cells));
    if (cells)
        row->cell = cells;
    copy = cells ? strndup(text, len) : NULL;
    if (copy)
        cells[row->count++] = copy;
    else
        table->failed = true;
}

static void take_row(int end, void *arg)
{
    struct csv_table *table = arg;
    struct csv_row *rows;

    (void)end;
    if (table->failed)
        return;
    rows = realloc(table->row, (table->count + 2) * sizeof(*rows));
    if (!rows) {
        table->failed = true;
        return;
    }
    table->row = rows;
    rows[++table->count] = (struct csv_row){ 0 };
}

static unsigned char delimiter_of(const char *text, size_t len)
{
    const char *end = memchr(text, '\n', len);
    size_t commas = 0, semicolons = 0, n = end ? (size_t)(end - text) : len;

    for (size_t i = 0; i < n; i++) {
        commas += text[i] == ',';
        semicolons += text[i] == ';';
    }
    return semicolons > commas ? ';' : ',';
}

static bool parse(const char *text, size_t len, struct csv_table *out)
{
    static const char mark[] = "\xef\xbb\xbf"; /* that spreadsheets write at the start */
    struct csv_parser parser;

    if (len >= 3 && memcmp(text, mark, 3) == 0) {
        text += 3;
        len -= 3;
    }
    out->row = calloc(1, sizeof(*out->row));
    if (!out->row || csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI | CSV_APPEND_NULL) != 0)
        return false;
    csv_set_delim(&parser, delimiter_of(text, len));
    if (csv_parse(&parser, text, len, take_cell, take_row, out) != len ||
        csv_fini(&parser, take_cell, take_row, out) != 0)
        out->failed = true;
    csv_free(&parser);
    return !out->failed;
}

bool csv_read(const char *path, struct csv_table *out, char *error, size_t error_size)
{
    FILE *file = fopen(path, "r");
    char *text = malloc(BYTES_MAX + 1);
    size_t len;
    bool ok;

    *out = (struct csv_table){ 0 };
    if (!file || !text) {
        snprintf(error, error_size, "%s: %s", path, strerror(errno));
        free(text);
        if (file)
            fclose(file);
        return false;
    }
    len = fread(text, 1, BYTES_MAX + 1, file);
    ok = !ferror(file) && len <= BYTES_MAX && parse(text, len, out) && out->count > 0;
    if (!ok) {
        snprintf(error, error_size, "%s: no table in CSV (line %zu)", path, out->count + 1);
        csv_table_free(out);
    }
    free(text);
    fclose(file);
    return ok;
}

void csv_table_free(struct csv_table *table)
{
    if (table->row)
        for (size_t i = 0; i <= table->count; i++) {
            for (size_t j = 0; j < table->row[i].count; j++)
                free(table->row[i].cell[j]);
            free(table->row[i].cell);
        }
    free(table->row);
    *table = (struct csv_table){ 0 };
}

const char *csv_cell(const struct csv_row *row, size_t column)
{
    return column < row->count ? row->cell[column] : "";
}

long csv_column(const struct csv_table *table, const char *title)
{
    for (size_t i = 0; i < table->row[0].count; i++)
        if (strcasecmp(table->row[0].cell[i], title) == 0)
            return (long)i;
    return -1;
}

void csv_put(FILE *out, const char *text, bool first)
{
    if (!first)
        fputc(',', out);
    if (strpbrk(text, ",\"\r\n") || *text == ' ')
        csv_fwrite(out, text, strlen(text));
    else
        fputs(text, out);
}

void csv_put_foreign(FILE *out, const char *text, bool first)
{
    char *quoted = NULL;

    if (*text && strchr("=+-@\t\r", *text) && asprintf(&quoted, "'%s", text) < 0)
        quoted = NULL;
    csv_put(out, quoted ? quoted : text, first);
    free(quoted);
}
