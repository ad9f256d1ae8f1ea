/*
 * Where a machine first did something else than the reference's did, in an
 * operating system's words: what quire-trace diff finds. Only where a tree has
 * traces of the reference (labs/N-name/reference/RUN.trace), and the same seed.
 */
#include "judge.h"

#include "process.h"
#include "words_safe.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { DIFF_BYTES = 16384, DIFF_LINES = 6 };

/* What diff calls A and B, as a student sees them. */
static json_t *difference_line(const char *line)
{
    static const struct {
        const char *begin, *instead;
    } words[] = {
        { "they part in address space ", "they part in " },
        { "  both  witness of", "both came to the witness of" },
        { "  A     witness of", "the reference came to the witness of" },
        { "  B     witness of", "this machine came to the witness of" },
        { "  both  ", "both " },
        { "  A     ", "the reference " },
        { "  B     ", "this machine " },
        { "only A had ", "only the reference's machine had " },
        { "only B had ", "only this machine had " },
    };

    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        size_t length = strlen(words[i].begin);

        if (strncmp(line, words[i].begin, length) == 0)
            return json_sprintf("%s%s", words[i].instead, line + length);
    }
    return json_string(line);
}

static bool line_begins(const char *line)
{
    return strncmp(line, "they part in ", 13) == 0 || strncmp(line, "only ", 5) == 0;
}

json_t *difference_find(const struct judge *j)
{
    const struct machine *m = j->machine;
    char reference[PATH_MAX], text[DIFF_BYTES], *safe, *line, *rest;
    const char *argv[] = { QUIRE_TRACE_TOOL, "diff",   "--program", m->program,
                           reference,        m->trace, NULL };
    json_t *lines = json_array();
    bool shown = false;

    snprintf(reference, sizeof(reference), "%.3500s/%.200s/reference/%.80s.trace",
             j->grading->options->root, j->grading->lab->directory, m->name);
    if (!m->program[0] || access(reference, R_OK) != 0 ||
        process_read(argv, text, sizeof(text)) != 1)
        return lines;
    safe = rest = words_safe(text, sizeof(text));
    words_shorten(safe);
    while ((line = strsep(&rest, "\n")) && json_array_size(lines) < DIFF_LINES) {
        shown |= line_begins(line);
        if (shown && (strncmp(line, "their ", 6) == 0 || strncmp(line, "not compared", 12) == 0))
            break;
        if (shown && *line)
            json_array_append_new(lines, difference_line(line));
    }
    free(safe);
    return lines;
}
