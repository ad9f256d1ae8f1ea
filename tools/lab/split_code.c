/*
 * One declaration or definition of C. A definition of a function is a bracket { at the top
 * that follows a name with a list of parameters and no =; everything else ends at
 * its semicolon.
 */
#include "split_inside.h"

#include "text.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* What the scanner knows of the item it is in. */
struct scan {
    size_t at;
    int depth;                     /* of all brackets */
    size_t word, word_end;         /* the last name at the top */
    size_t called, called_end;     /* the name in front of the first ( at the top; 0, 0: none yet */
    size_t pointer, pointer_end;   /* the name in (*name) */
    size_t assigned, assigned_end; /* the name in front of the first = or [ */
    bool equals, type, is_typedef, is_static, bracket;
};

/* Words with a list in brackets that is none of parameters. */
static bool is_annotation(const struct split *split, size_t start, size_t end)
{
    static const char *const words[] = { "__attribute__", "__attribute", "_Alignas", "alignas",
                                         "typeof",        "__typeof__",  "__asm__",  "asm",
                                         "_BitInt",       "_Atomic" };

    for (size_t i = 0; i < sizeof(words) / sizeof(*words); i++)
        if (split_word_is(split, start, end, words[i]))
            return true;
    return false;
}

/* A preprocessor line with its continuations and the comments that reach over its end. */
size_t split_directive_end(const struct split *split, size_t at)
{
    while (at < split->length && split->text[at] != '\n') {
        if (split->text[at] == '\\' && split->text[at + 1] == '\n')
            at += 2;
        else
            at = split_token(split, at);
    }
    return at < split->length ? at + 1 : at;
}

static bool at_line_start(const struct split *split, size_t at)
{
    while (at > 0 && (split->text[at - 1] == ' ' || split->text[at - 1] == '\t'))
        at--;
    return at == 0 || split->text[at - 1] == '\n';
}

/* The next place at or behind at that is neither white space nor a comment nor a directive. */
size_t split_skip_silent(const struct split *split, size_t at)
{
    while (at < split->length) {
        if (split->text[at] == '#' && at_line_start(split, at))
            at = split_directive_end(split, at);
        else if (isspace((unsigned char)split->text[at]) || split_is_comment(split, at))
            at = isspace((unsigned char)split->text[at]) ? at + 1 : split_token(split, at);
        else
            break;
    }
    return at;
}

/* Behind the bracket that closes the one at `at`. */
size_t split_skip_brackets(const struct split *split, size_t at)
{
    int depth = 0;

    do {
        char c = split->text[at];

        depth += (c == '{' || c == '(' || c == '[') - (c == '}' || c == ')' || c == ']');
        at = split_skip_silent(split, split_token(split, at));
    } while (depth > 0 && at < split->length);
    return at;
}

static void see_word(const struct split *split, struct scan *scan, size_t end)
{
    scan->word = scan->at;
    scan->word_end = end;
    if (split_word_is(split, scan->at, end, "static"))
        scan->is_static = true;
    else if (split_word_is(split, scan->at, end, "typedef"))
        scan->is_typedef = true;
}

static void see_equals(struct scan *scan)
{
    if (!scan->equals && !scan->bracket) {
        scan->assigned = scan->word;
        scan->assigned_end = scan->word_end;
    }
}

/* An opening bracket at the top. */
static void see_opening(const struct split *split, struct scan *scan, char c)
{
    size_t next = split_skip_silent(split, scan->at + 1);

    if (c == '(' && scan->word_end && !scan->called_end && !scan->equals &&
        !is_annotation(split, scan->word, scan->word_end) && split->text[next] == '*') {
        size_t name = split_skip_silent(split, next + 1);

        scan->pointer = name;
        scan->pointer_end = split_token(split, name);
        scan->called = scan->called_end = 0;
    } else if (c == '(' && scan->word_end && !scan->called_end && !scan->pointer_end &&
               !scan->equals && !is_annotation(split, scan->word, scan->word_end)) {
        scan->called = scan->word;
        scan->called_end = scan->word_end;
    } else if (c == '[' && split->text[next] != '[') {
        see_equals(scan);
        scan->bracket = true;
    } else if (c == '{' && !scan->equals) {
        scan->type = true;
    }
}

/* One token of an item; true if the item ends behind it. */
static bool scan_step(const struct split *split, struct scan *scan)
{
    char c = split->text[scan->at];
    size_t end = split_token(split, scan->at);

    if (c == ';') {
        scan->at = end;
        return true;
    }
    if (c == '[' && split->text[scan->at + 1] == '[') { /* an attribute */
        scan->at = split_skip_brackets(split, scan->at);
        return false;
    }
    if (c == '=') {
        see_equals(scan);
        scan->equals = true;
    } else if (c == '(' || c == '[' || c == '{') {
        see_opening(split, scan, c);
        scan->at = split_skip_brackets(split, scan->at);
        return false;
    } else if (split_is_name(c)) {
        see_word(split, scan, end);
    }
    scan->at = split_skip_silent(split, end);
    return false;
}

/* A line's rest after the item: a comment that begins there is still its own. */
size_t split_finish_line(const struct split *split, size_t at)
{
    size_t end = at;

    while (end < split->length && split->text[end] != '\n') {
        if (!isspace((unsigned char)split->text[end]) && !split_is_comment(split, end))
            return at;
        end = split_token(split, end);
    }
    return end < split->length ? end + 1 : end;
}

static void name_item(const struct split *split, struct split_item *item, const struct scan *scan)
{
    size_t start = 0, end = 0;

    if (scan->is_typedef) {
        item->kind = SPLIT_TYPE;
        start = scan->pointer_end ? scan->pointer : scan->word;
        end = scan->pointer_end ? scan->pointer_end : scan->word_end;
    } else if (scan->pointer_end || scan->assigned_end) {
        item->kind = SPLIT_OBJECT;
        start = scan->pointer_end ? scan->pointer : scan->assigned;
        end = scan->pointer_end ? scan->pointer_end : scan->assigned_end;
    } else if (scan->called_end) {
        item->kind = SPLIT_PROTOTYPE;
        start = scan->called;
        end = scan->called_end;
    } else if (scan->word_end) {
        item->kind = scan->type ? SPLIT_TYPE : SPLIT_OBJECT;
        start = scan->word;
        end = scan->word_end;
    }
    if (split_word_is(split, start, end, "enum") || split_word_is(split, start, end, "struct") ||
        split_word_is(split, start, end, "union") ||
        split_word_is(split, start, end, "_Static_assert") ||
        split_word_is(split, start, end, "static_assert"))
        item->kind =
            split->text[start] == '_' || split->text[start] == 's' ? SPLIT_OTHER : SPLIT_TYPE;
    else if (end > start)
        split_set_name(item, split, start, end - start);
    item->is_static = scan->is_static;
}

/* One declaration or definition that begins at start. */
size_t split_scan_code(struct split *split, size_t start)
{
    struct scan scan = { .at = start };
    struct split_item *item;
    size_t body = 0;
    bool done = false;

    while (scan.at < split->length && !done) {
        body = split->text[scan.at] == '{' && scan.called_end && !scan.equals ? scan.at : 0;
        if (body) {
            int depth = 0;

            do {
                char c = split->text[scan.at];

                depth += (c == '{') - (c == '}');
                scan.at = split_token(split, scan.at);
                if (depth)
                    scan.at = split_skip_silent(split, scan.at);
            } while (depth > 0 && scan.at < split->length);
            break;
        }
        done = scan_step(split, &scan);
    }
    item = split_add(split, SPLIT_OTHER, start, 0);
    name_item(split, item, &scan);
    item->body_end = scan.at;
    item->end = split_finish_line(split, scan.at);
    item->body = body ? body : item->end;
    if (body)
        item->kind = SPLIT_FUNCTION;
    return item->end;
}
