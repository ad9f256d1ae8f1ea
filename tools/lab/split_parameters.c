/* The names of a function's parameters. */
#include "split_inside.h"

#include "text.h"

#include <stdlib.h>

/* The last name in front of a comma or the end, or the one in (*name). */
static char *parameter_name(const struct split *split, size_t start, size_t end)
{
    size_t word = 0, word_end = 0;

    for (size_t at = start, next; at < end; at = next) {
        char c = split->text[at];

        next = split_token(split, at);
        if (split_is_name(c)) {
            word = at;
            word_end = next;
        } else if (c == '(' && split->text[split_skip_silent(split, next)] == '*') {
            word = split_skip_silent(split, split_skip_silent(split, next) + 1);
            word_end = split_token(split, word);
            break;
        } else if (c == '[' && split->text[next] != '[') {
            break;
        } else if (c == '[') {
            next = split_skip_brackets(split, at);
        }
    }
    if (word_end == word || split_word_is(split, word, word_end, "void"))
        return NULL;
    return text_copy(split->text + word, word_end - word);
}

/* Where the list of parameters opens: behind the function's name. */
static size_t parameters_start(const struct split *split, const struct split_item *function)
{
    for (size_t at = function->code, next; at < function->body; at = next) {
        next = split_token(split, at);
        if (split_word_is(split, at, next, function->name)) {
            at = split_skip_silent(split, next);
            if (split->text[at] == '(')
                return at + 1;
        }
    }
    return function->body;
}

char **split_parameters(const struct split *split, const struct split_item *function)
{
    char **names = text_alloc((function->body - function->code + 1) * sizeof(*names));
    size_t count = 0, start = parameters_start(split, function), at = start;
    int depth = 0;

    while (at < function->body && depth >= 0) {
        char c = split->text[at];

        depth += (c == '(' || c == '[') - (c == ')' || c == ']');
        if (depth < 0 || (depth == 0 && c == ',')) {
            names[count] = parameter_name(split, start, at);
            count += names[count] != NULL;
            start = at + 1;
        }
        at = split_token(split, at);
    }
    return names;
}
