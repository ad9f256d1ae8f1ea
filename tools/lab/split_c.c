/* C: directives, comments, gaps, and between them declarations (split_code.c). */
#include "split_inside.h"

#include <ctype.h>
#include <string.h>

static size_t scan_directive(struct split *split, size_t start)
{
    size_t end = split_directive_end(split, start);
    struct split_item *item = split_add(split, SPLIT_DIRECTIVE, start, end);
    size_t word = split_skip_silent(split, start + strspn(split->text + start, "# \t"));
    size_t word_end = split_token(split, word);

    if (split_word_is(split, word, word_end, "define")) {
        word = word_end + strspn(split->text + word_end, " \t");
        split_set_name(item, split, word, split_token(split, word) - word);
    }
    return end;
}

static size_t scan_comment(struct split *split, size_t start)
{
    size_t end = split_finish_line(split, start);

    if (end == start) /* code follows on its last line */
        end = split_token(split, start);
    split_add(split, SPLIT_COMMENT, start, end);
    return end;
}

static size_t scan_gap(struct split *split, size_t start)
{
    size_t end = start;

    while (end < split->length && isspace((unsigned char)split->text[end]))
        end++;
    while (end < split->length && end > start && split->text[end - 1] != '\n')
        end--; /* the indentation belongs to what follows */
    if (end == start)
        end += strspn(split->text + start, " \t");
    split_add(split, SPLIT_GAP, start, end);
    return end;
}

/* Does a comment that touches this item belong to it? */
static bool owns_comment(const struct split_item *item)
{
    return item->kind != SPLIT_GAP && item->kind != SPLIT_COMMENT &&
           (item->kind != SPLIT_DIRECTIVE || item->name);
}

static void join_comments(struct split *split)
{
    size_t to = 0;

    for (size_t from = 0; from < split->count; from++) {
        struct split_item item = split->items[from];

        while (to > 0 && split->items[to - 1].kind == SPLIT_COMMENT &&
               (owns_comment(&item) || item.kind == SPLIT_COMMENT))
            item.start = split->items[--to].start;
        split->items[to++] = item;
    }
    split->count = to;
}

void split_scan_c(struct split *split)
{
    size_t at = 0;

    while (at < split->length) {
        char c = split->text[at];

        if (isspace((unsigned char)c))
            at = scan_gap(split, at);
        else if (split_is_comment(split, at))
            at = scan_comment(split, at);
        else if (c == '#')
            at = scan_directive(split, at);
        else
            at = split_scan_code(split, at);
    }
    join_comments(split);
}
