/*
 * Assembly: a function is a label in column 1 with the lines up to the next one,
 * without what belongs to that (.globl, .type, comments) and without .size.
 */
#include "split_inside.h"

#include "text.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum line_kind {
    LINE_GAP,
    LINE_COMMENT,
    LINE_HEAD,
    LINE_SECTION,
    LINE_LABEL,
    LINE_CUT,
    LINE_MACRO,
    LINE_CODE
};

/* A line, or a comment of several lines. */
struct line {
    enum line_kind kind;
    size_t start, end;
    size_t name, name_end; /* of the label, or of what .size and .macro are about */
};

struct lines {
    struct line *at;
    size_t count;
};

static bool is_one_of(const struct split *split, size_t start, size_t end, const char *words)
{
    char *word = text_copy(split->text + start, end - start);
    char *spaced;
    bool found;

    if (asprintf(&spaced, " %s ", word) < 0)
        abort();
    found = strstr(words, spaced) != NULL;
    free(spaced);
    free(word);
    return found;
}

/* What the directive or instruction that starts at word makes of its line. */
static void judge_word(const struct split *split, struct line *line, size_t word)
{
    size_t end = word + strcspn(split->text + word, " \t\n");

    line->name = end + strspn(split->text + end, " \t");
    line->name_end = line->name < line->end ? split_token(split, line->name) : line->name;
    if (is_one_of(split, word, end,
                  " .globl .global .type .balign .align .p2align .code16 .code32 .code64 .hidden "))
        line->kind = LINE_HEAD;
    else if (is_one_of(split, word, end, " .section .text .data .bss "))
        line->kind = LINE_SECTION;
    else if (is_one_of(split, word, end, " .size "))
        line->kind = LINE_CUT;
    else if (is_one_of(split, word, end, " .macro "))
        line->kind = LINE_MACRO;
    else
        line->kind = LINE_CODE;
}

/* A line ends at its newline, unless a comment reaches over it. */
static size_t line_end(const struct split *split, size_t at)
{
    while (at < split->length && split->text[at] != '\n')
        at = split_token(split, at);
    return at < split->length ? at + 1 : at;
}

static struct line line_read(const struct split *split, size_t start)
{
    struct line line = { .kind = LINE_CODE, .start = start, .end = line_end(split, start) };
    size_t word = start + strspn(split->text + start, " \t");

    if (split_is_blank(split, start, line.end)) {
        line.kind = LINE_GAP;
    } else if (split_is_comment(split, word)) {
        line.kind = LINE_COMMENT;
    } else if (word == start && split_is_name(split->text[start]) &&
               !isdigit((unsigned char)split->text[start]) &&
               split->text[split_token(split, start)] == ':') {
        line.kind = LINE_LABEL;
        line.name = start;
        line.name_end = split_token(split, start);
    } else if (split->text[word] != '#') {
        judge_word(split, &line, word);
    }
    return line;
}

/* A macro is one line, up to its .endm. */
static void macro_read(const struct split *split, struct line *line)
{
    const char *end = strstr(split->text + line->start, ".endm");

    if (end)
        line->end = split_line_end(split, (size_t)(end - split->text));
}

static struct lines lines_read(const struct split *split)
{
    struct lines lines = { .at = text_alloc((split->length + 1) * sizeof(*lines.at)) };

    for (size_t at = 0; at < split->length; at = lines.at[lines.count++].end) {
        lines.at[lines.count] = line_read(split, at);
        if (lines.at[lines.count].kind == LINE_MACRO)
            macro_read(split, &lines.at[lines.count]);
    }
    return lines;
}

/* The first of the lines in front of the label that belong to it. */
static size_t head_start(const struct lines *lines, size_t floor, size_t label, size_t *code)
{
    size_t first = label;

    while (first > floor && lines->at[first - 1].kind == LINE_HEAD)
        first--;
    *code = first;
    while (first > floor && lines->at[first - 1].kind == LINE_COMMENT)
        first--;
    return first;
}

/* Behind the last line of the label's body. */
static size_t body_end(const struct lines *lines, size_t label)
{
    size_t end = label + 1;

    while (end < lines->count && lines->at[end].kind != LINE_LABEL &&
           lines->at[end].kind != LINE_CUT && lines->at[end].kind != LINE_MACRO)
        end++;
    if (end < lines->count && lines->at[end].kind == LINE_CUT)
        return end;
    while (end > label + 1 && lines->at[end - 1].kind <= LINE_SECTION)
        end--;
    return end;
}

static void add_label(struct split *split, const struct lines *lines, size_t head, size_t code,
                      size_t label, size_t end)
{
    const struct line *line = &lines->at[label];
    struct split_item *item =
        split_add(split, SPLIT_FUNCTION, lines->at[head].start, lines->at[end - 1].end);

    item->code = lines->at[code].start;
    item->body = line->end;
    if (!split_is_blank(split, line->name_end + 1, line->end) &&
        !split_is_comment(split,
                          line->name_end + 1 + strspn(split->text + line->name_end + 1, " \t")))
        item->body = line->name_end + 1;
    item->body_end = item->end;
    split_set_name(item, split, line->name, line->name_end - line->name);
}

static void add_line(struct split *split, const struct line *line)
{
    enum split_kind kind = line->kind == LINE_GAP       ? SPLIT_GAP
                           : line->kind == LINE_COMMENT ? SPLIT_COMMENT
                                                        : SPLIT_OTHER;
    struct split_item *item;

    if (split->text[line->start] == '#')
        kind = SPLIT_DIRECTIVE;
    item = split_add(split, kind, line->start, line->end);
    if ((line->kind == LINE_CUT || line->kind == LINE_MACRO) && line->name_end > line->name)
        split_set_name(item, split, line->name, line->name_end - line->name);
}

void split_scan_assembly(struct split *split)
{
    struct lines lines = lines_read(split);
    size_t floor = 0;

    for (size_t i = 0; i < lines.count; i++) {
        size_t head, code, end;

        if (lines.at[i].kind != LINE_LABEL)
            continue;
        head = head_start(&lines, floor, i, &code);
        end = body_end(&lines, i);
        while (floor < head)
            add_line(split, &lines.at[floor++]);
        add_label(split, &lines, head, code, i, end);
        floor = end;
        i = end - 1;
    }
    while (floor < lines.count)
        add_line(split, &lines.at[floor++]);
    free(lines.at);
}
