/* The bodies that students find. */
#include "blank_plan.h"
#include "text.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Print a text with its lines indented, the last one without a newline. */
static void print_indented(FILE *out, const char *text, bool assembly)
{
    while (*text) {
        size_t length = strcspn(text, "\n");
        bool label = isdigit((unsigned char)*text) && assembly;

        if (length && !label && !(assembly && isspace((unsigned char)*text)))
            fputs("    ", out);
        fwrite(text, 1, length, out);
        text += length;
        if (*text == '\n' && text[1])
            fputc('\n', out);
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
        print_indented(out, request->function->stub, assembly);
    else
        fprintf(out,
                "    panic(\"lab %u: %%s() is yours to write (./quire lab hint %u)\", __func__);",
                request->lab->number, request->lab->number);
    fputc('\n', out);
    fclose(out);
    return body;
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
        if (!text_has_word(stub->body, parameters[i]))
            blank_stub_mention(stub, parameters[i]);
        free(parameters[i]);
    }
    free(parameters);
}
