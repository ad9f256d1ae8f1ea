/*
 * A source text cut into its top-level items, without gaps: joined, the items are
 * the text again, byte for byte. Strings, comments, preprocessor lines and brackets
 * are seen as the compiler sees them; nothing depends on the formatting, save in
 * assembly, where a function is a label in column 1.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

enum split_kind {
    SPLIT_GAP,       /* blank lines */
    SPLIT_COMMENT,   /* a comment of its own */
    SPLIT_DIRECTIVE, /* a preprocessor line; one that defines a macro has its name */
    SPLIT_FUNCTION,  /* a definition, or a label of assembly up to the next */
    SPLIT_PROTOTYPE,
    SPLIT_OBJECT, /* a variable */
    SPLIT_TYPE,   /* struct, union, enum or typedef */
    SPLIT_OTHER,
};

/*
 * An item's text is [start, end). A comment that touches the item is part of it:
 *
 *     start  >// The contract.
 *     code   >static bool name(int argument)
 *     body   >{
 *                 ...
 *             }
 *     end    >
 *
 * In assembly code is at .globl or the label, body behind the label's line, and the
 * function ends before .size or before what belongs to the next label.
 */
struct split_item {
    enum split_kind kind;
    char *name; /* NULL: none */
    bool is_static;
    size_t start, code, body, body_end, end;
};

struct split {
    char *text;
    size_t length;
    bool assembly;
    struct split_item *items;
    size_t count;
};

/* Take over the text (from malloc) and cut it up; split_free releases both. */
struct split *split_text(char *text, size_t length, bool assembly);
void split_free(struct split *split);

/* Read a file and cut it up; a name that ends in .S is assembly. NULL with one line in error. */
struct split *split_file(const char *path, char *error, size_t error_size);

/* The function's definition, NULL if there is none. */
const struct split_item *split_function(const struct split *split, const char *name);

/* Does the code in [start, end) use the name, outside comments and strings? */
bool split_mentions(const struct split *split, size_t start, size_t end, const char *name);

/* The names of a function's parameters, NULL-terminated; free the array and the names. */
char **split_parameters(const struct split *split, const struct split_item *function);
