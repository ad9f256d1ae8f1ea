/* Cutting sources up: the traps, and all of our own sources. */
#include "split.h"

#include "check.h"
#include "lab_fixture.h"
#include "text.h"

#include <glob.h>
#include <stdlib.h>
#include <string.h>

/* The items follow each other without gaps, and brackets are where they should be. */
static void check_items(const struct split *split)
{
    size_t at = 0;

    for (size_t i = 0; i < split->count; i++) {
        const struct split_item *item = &split->items[i];

        CHECK_EQ(item->start, at);
        CHECK(item->start <= item->code && item->code <= item->body && item->body <= item->end &&
              item->body_end <= item->end && item->end > item->start);
        if (item->kind == SPLIT_FUNCTION && !split->assembly) {
            CHECK_EQ(split->text[item->body], '{');
            CHECK_EQ(split->text[item->body_end - 1], '}');
        }
        at = item->end;
    }
    CHECK_EQ(at, split->length);
}

static struct split *split_copy(const char *text, bool assembly)
{
    return split_text(text_copy(text, strlen(text)), strlen(text), assembly);
}

static void check_kind(const struct split *split, const char *name, enum split_kind kind)
{
    for (size_t i = 0; i < split->count; i++)
        if (split->items[i].name && strcmp(split->items[i].name, name) == 0 &&
            split->items[i].kind == kind)
            return;
    check_failed(__FILE__, __LINE__, "'%s' was not found as a %d", name, kind);
}

TEST(split_sees_through_every_trap)
{
    struct split *split = split_copy(fixture_source, false);
    size_t functions = 0;

    check_items(split);
    for (size_t i = 0; i < split->count; i++)
        functions += split->items[i].kind == SPLIT_FUNCTION;
    CHECK_EQ(functions, 5);
    check_kind(split, "first", SPLIT_FUNCTION);
    check_kind(split, "helper_late", SPLIT_FUNCTION);
    check_kind(split, "helper_late", SPLIT_PROTOTYPE);
    check_kind(split, "words", SPLIT_OBJECT);
    check_kind(split, "hook", SPLIT_OBJECT);
    check_kind(split, "pair", SPLIT_TYPE);
    check_kind(split, "TWICE", SPLIT_DIRECTIVE);
    CHECK(!split_function(split, "fake"));
    CHECK(split_function(split, "first")->is_static && !split_function(split, "second")->is_static);
    CHECK(strncmp(split->text + split_function(split, "first")->start, "/*\n * The contract", 18) ==
          0);
    split_free(split);
}

TEST(split_knows_parameters)
{
    static const char *const wanted[] = { "one", "call", "many" };
    struct split *split = split_copy(fixture_source, false);
    char **names = split_parameters(split, split_function(split, "first"));

    for (size_t i = 0; i < 3; i++)
        CHECK(names[i] && strcmp(names[i], wanted[i]) == 0);
    CHECK(!names[3]);
    names = split_parameters(split, split_function(split, "second"));
    CHECK(!names[0]);
    split_free(split);
}

TEST(split_ignores_names_in_comments_and_strings)
{
    struct split *split =
        split_copy("/* a */ int b = sizeof(\"c\"); // d\nint e = 'f' + gh;\n", false);

    CHECK(!split_mentions(split, 0, split->length, "a") &&
          split_mentions(split, 0, split->length, "b"));
    CHECK(!split_mentions(split, 0, split->length, "c") &&
          !split_mentions(split, 0, split->length, "d"));
    CHECK(!split_mentions(split, 0, split->length, "f") &&
          !split_mentions(split, 0, split->length, "g"));
    CHECK(split_mentions(split, 0, split->length, "gh"));
    split_free(split);
}

TEST(split_finds_labels)
{
    struct split *split = split_copy(fixture_assembly, true);
    const struct split_item *go = split_function(split, "go");

    check_items(split);
    CHECK(go && split_function(split, "helper_go") && split_function(split, "stay"));
    CHECK(strncmp(split->text + go->start, "/* int go", 9) == 0);
    CHECK(strncmp(split->text + go->code, "    .globl go", 13) == 0);
    CHECK(strncmp(split->text + go->end, "    .size go", 12) == 0);
    CHECK(strncmp(split->text + split_function(split, "stay")->code, "    .code32", 11) == 0);
    split_free(split);
}

/* What is cut off anywhere still is items without gaps. */
TEST(split_survives_texts_that_end_early)
{
    for (size_t length = 0; length < strlen(fixture_source); length++) {
        struct split *split = split_text(text_copy(fixture_source, length), length, false);

        CHECK(split->count == 0 || split->items[split->count - 1].end == length);
        split_free(split);
    }
    for (size_t length = 0; length < strlen(fixture_assembly); length++)
        split_free(split_text(text_copy(fixture_assembly, length), length, true));
}

TEST(split_cuts_all_our_sources)
{
    static const char *const patterns[] = { "/src/*/*.[chS]", "/tools/*/*.[ch]", "/user/*/*.[ch]",
                                            "/tests/*/*.[chS]", "/labs/*/*/*.[chS]" };
    size_t files = 0;

    for (size_t p = 0; p < sizeof(patterns) / sizeof(*patterns); p++) {
        char *pattern = text_path(QUIRE_ROOT, patterns[p] + 1), error[300];
        glob_t found = { 0 };

        glob(pattern, 0, NULL, &found);
        for (size_t i = 0; i < found.gl_pathc; i++, files++) {
            struct split *split = split_file(found.gl_pathv[i], error, sizeof(error));

            CHECK(split);
            check_items(split);
            split_free(split);
        }
        globfree(&found);
        free(pattern);
    }
    CHECK(files > 300);
}
