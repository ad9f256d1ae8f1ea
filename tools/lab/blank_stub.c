/* The bodies that students find. */
#include "blank_plan.h"
#include "text.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Print a line of assembly: a label stays in its column, and what is indented already. */
static void print_assembly_line(FILE *out, const char *line, size_t length)
{
    if (length && !isdigit((unsigned char)*line) && !isspace((unsigned char)*line))
        fputs("    ", out);
    fprintf(out, "%.*s\n", (int)length, line);
}

/* Print a line of C, which has `margin` blanks too many in front. */
static void print_c_line(FILE *out, const char *line, size_t length, size_t margin)
{
    size_t blanks = strspn(line, " ");
    size_t cut = blanks < margin ? blanks : margin;

    if (length > cut)
        fprintf(out, "    %.*s", (int)(length - cut), line + cut);
    fputc('\n', out);
}

static void print_body(FILE *out, const char *text, bool assembly)
{
    size_t margin = strspn(text, " ");

    while (*text) {
        size_t length = strcspn(text, "\n");

        if (assembly)
            print_assembly_line(out, text, length);
        else
            print_c_line(out, text, length, margin);
        text += length;
        text += *text == '\n';
    }
}

static char *body_make(const struct blank_request *request, bool assembly)
{
    size_t size;
    char *body;
    FILE *out = open_memstream(&body, &size);

    if (!out)
        abort();
    if (request->function->stub)
        print_body(out, request->function->stub, assembly);
    else
        fprintf(out,
                "    panic(\"lab %u: %%s() is yours to write (./quire lab hint %u)\", __func__);\n",
                request->lab->number, request->lab->number);
    fclose(out);
    return body;
}

bool blank_stub_uses(const char *text, const char *name)
{
    struct split *split = split_text(text_copy(text, strlen(text)), strlen(text), false);
    bool found = split_mentions(split, 0, split->length, name);

    split_free(split);
    return found;
}

void blank_stub_mention(struct blank_stub *stub, const char *name)
{
    char *longer;

    if (asprintf(&longer, "%s    (void)%s;\n", stub->mentions, name) < 0)
        abort();
    free(stub->mentions);
    stub->mentions = longer;
}

void blank_stub_make(struct blank_stub *stub, const struct split *split,
                     const struct split_item *function, const struct blank_request *request)
{
    char **parameters;

    stub->body = body_make(request, split->assembly);
    stub->mentions = text_copy("", 0);
    if (split->assembly)
        return;
    parameters = split_parameters(split, function);
    for (size_t i = 0; parameters[i]; i++) {
        if (!blank_stub_uses(stub->body, parameters[i]))
            blank_stub_mention(stub, parameters[i]);
        free(parameters[i]);
    }
    free(parameters);
}
