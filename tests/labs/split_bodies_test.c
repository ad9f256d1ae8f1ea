/* Bodies files, on the fixture. */
#include "bodies.h"

#include "check.h"
#include "lab_fixture.h"
#include "text.h"

#include <stdlib.h>
#include <string.h>

static char error[1000];

static const char wrong[] = "/*\n"
                            " * Misconception: second is always\n"
                            " * second to none.\n"
                            " *\n"
                            " * Fails: one-check, two-check\n"
                            " * Flags: -O0\n"
                            " */\n"
                            "#include \"lib/string.h\"\n"
                            "\n"
                            "#define NONE 7 /* { */\n"
                            "\n"
                            "/* A helper's comment. */\n"
                            "static int none(const char *brackets)\n"
                            "{\n"
                            "    return brackets[0] == '{' ? NONE : 0;\n"
                            "}\n"
                            "\n"
                            "static int helper_late(int b)\n"
                            "{\n"
                            "    return -b;\n"
                            "}\n"
                            "\n"
                            "/* This comment is not taken over. */\n"
                            "int second(void)\n"
                            "{\n"
                            "    return none(\"{\");\n"
                            "}\n";

static const char replaced[] = "#include \"lib/string.h\"\n"
                               "\n"
                               "#define NONE 7 /* { */\n"
                               "\n"
                               "/* A helper's comment. */\n"
                               "static int none(const char *brackets)\n"
                               "{\n"
                               "    return brackets[0] == '{' ? NONE : 0;\n"
                               "}\n"
                               "\n"
                               "static int helper_late(int b)\n"
                               "{\n"
                               "    return -b;\n"
                               "}\n"
                               "\n"
                               "int second(void)\n"
                               "{\n"
                               "    return none(\"{\");\n"
                               "} /* second */\n"
                               "\n"
                               "int other(int panic_count)\n";

static bool apply(const char *name, const char *text)
{
    const char *tree = fixture_tree();
    struct lab *lab = fixture_lab(tree);

    return bodies_apply(tree, lab, fixture_write(tree, name, text), error, sizeof(error));
}

TEST(bodies_replace_and_bring_helpers)
{
    const char *tree = fixture_tree();
    struct lab *lab = fixture_lab(tree);
    char *path = fixture_write(tree, "wrong.c", wrong), *text;

    CHECK(bodies_apply(tree, lab, path, error, sizeof(error)));
    text = fixture_read(tree, "src/kern/thing.c");
    CHECK(strstr(text, replaced));
}

TEST(bodies_replace_assembly)
{
    const char *tree = fixture_tree();
    struct lab *lab = fixture_lab(tree);
    char *path = fixture_write(
        tree, "w.S", "/*\n * Different: x\n */\n#define N 3\n\ngo:\n    movl $N, %eax\n    ret\n");

    CHECK(bodies_apply(tree, lab, path, error, sizeof(error)));
    CHECK(strstr(fixture_read(tree, "src/kern/go.S"),
                 "#define N 3\n\n/* int go(void); */\n    .globl go\n    .type go, @function\ngo:\n"
                 "    movl $N, %eax\n    ret\n    .size go, . - go\n"));
    CHECK(strcmp(fixture_read(tree, "src/kern/thing.c"), fixture_source) == 0);
}

static void check_refused(const char *text, const char *wanted)
{
    CHECK(!apply("bad.c", text));
    if (!strstr(error, wanted) || strchr(error, '\n'))
        check_failed(__FILE__, __LINE__, "'%s' was wanted, not '%s'", wanted, error);
}

TEST(bodies_refuse_a_function_of_no_file)
{
    check_refused("int third(void)\n{\n}\nint second(void)\n{\n}\n", "'third' is in none of");
}

TEST(bodies_refuse_to_replace_nothing)
{
    check_refused("static int third(void)\n{\n}\n", "replaces nothing");
}

TEST(bodies_refuse_a_function_twice)
{
    check_refused("int second(void)\n{\n}\nint second(void)\n{\n}\n", "'second' is defined twice");
}

TEST(bodies_of_the_reference_change_nothing)
{
    const char *tree = fixture_tree();
    struct lab *lab = fixture_lab(tree);
    const char *second = strstr(fixture_source, "int second");
    char *part = text_copy(second, (size_t)(strstr(second, " /* second */") - second));

    CHECK(bodies_apply(tree, lab, fixture_write(tree, "same.c", part), error, sizeof(error)));
    CHECK(strcmp(fixture_read(tree, "src/kern/thing.c"), fixture_source) == 0);
}

TEST(bodies_have_a_head)
{
    const char *tree = fixture_tree();
    struct bodies_head head;

    CHECK(bodies_head_read(fixture_write(tree, "w.c", wrong), &head, error, sizeof(error)));
    CHECK(head.is_wrong && strcmp(head.text, "second is always second to none.") == 0);
    CHECK(strcmp(head.fails[0], "one-check") == 0 && strcmp(head.fails[1], "two-check") == 0 &&
          !head.fails[2] && !head.compiler && strcmp(head.flags, "-O0") == 0);
    CHECK(!bodies_head_read(fixture_write(tree, "n.c", "int x;\n"), &head, error, sizeof(error)));
}
