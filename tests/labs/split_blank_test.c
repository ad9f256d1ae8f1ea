/* Blanking and putting back, on the fixture. */
#include "blank.h"

#include "check.h"
#include "lab_fixture.h"
#include "text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char error[1000];

static const char blanked[] =
    "[[nodiscard]] static struct pair *first(const struct pair *const one,\n"
    "                                        void (*call)(int from, char to), int many[static 3],\n"
    "                                        ...)\n"
    "{\n"
    "    (void)one;\n"
    "    (void)call;\n"
    "    (void)many;\n"
    "    (void)given;\n"
    "    (void)hook;\n"
    "    (void)words;\n"
    "    panic(\"lab 3: %s() is yours to write (./quire lab hint 3)\", __func__);\n"
    "}\n"
    "\n"
    "int second(void)\n"
    "{\n"
    "    (void)first;\n"
    "    if (0)\n"
    "        return 1;\n"
    "    return 0;\n"
    "} /* second */\n"
    "\n"
    "int other(int panic_count)\n"
    "{\n"
    "    return panic_count;\n"
    "}\n";

static void check_holds(const char *text, const char *part)
{
    if (!strstr(text, part))
        check_failed(__FILE__, __LINE__, "not there:\n%s\nbut:\n%s", part, text);
}

TEST(blank_leaves_stubs_that_compile)
{
    const char *tree = fixture_tree();
    struct lab *lab = fixture_lab(tree);
    char *text;

    CHECK(lab_check(tree, lab, error, sizeof(error)));
    CHECK(lab_blank(tree, lab, NULL, error, sizeof(error)));
    text = fixture_read(tree, "src/kern/thing.c");
    check_holds(text, blanked);
    check_holds(text,
                "#include \"lib/err.h\"\n#include \"lib/panic.h\"\n#include \"vm/space.h\"\n");
    CHECK(!strstr(text, "helper_late"));
    text = fixture_read(tree, "src/kern/go.S");
    check_holds(text, "go:\n    ud2\n    .size go, . - go\n\n    .code32\nstay:\n");
}

TEST(blank_and_restore_are_exact)
{
    const char *tree = fixture_tree();
    struct lab *lab = fixture_lab(tree);
    char *reference = text_path(tree, "reference");

    free(fixture_write(reference, "src/kern/thing.c", fixture_source));
    free(fixture_write(reference, "src/kern/go.S", fixture_assembly));
    CHECK(lab_blank(tree, lab, NULL, error, sizeof(error)));
    CHECK(strcmp(fixture_read(tree, "src/kern/thing.c"), fixture_source) != 0);
    CHECK(labs_restore(tree, reference, (const struct lab *const *)&lab, 1, error, sizeof(error)));
    CHECK(strcmp(fixture_read(tree, "src/kern/thing.c"), fixture_source) == 0);
    CHECK(strcmp(fixture_read(tree, "src/kern/go.S"), fixture_assembly) == 0);
}

TEST(restore_keeps_what_else_differs)
{
    const char *tree = fixture_tree();
    struct lab *lab = fixture_lab(tree);
    char *reference = text_path(tree, "reference"), *text, *word;

    free(fixture_write(reference, "src/kern/thing.c", fixture_source));
    free(fixture_write(reference, "src/kern/go.S", fixture_assembly));
    CHECK(lab_blank(tree, lab, NULL, error, sizeof(error)));
    text = fixture_read(tree, "src/kern/thing.c");
    word = strstr(text, "The contract");
    memcpy(word, "A contradict", 12);
    free(fixture_write(tree, "src/kern/thing.c", text));
    CHECK(labs_restore(tree, reference, (const struct lab *const *)&lab, 1, error, sizeof(error)));
    CHECK(strstr(fixture_read(tree, "src/kern/thing.c"), "A contradict"));
}

/* With one function blanked, what the others use stays. */
TEST(blank_one_keeps_shared_helpers)
{
    const char *tree = fixture_tree();
    struct lab *lab = fixture_lab(tree);
    char *text;

    CHECK(lab_blank(tree, lab, "second", error, sizeof(error)));
    text = fixture_read(tree, "src/kern/thing.c");
    check_holds(text, "static int helper_late(int a)\n{");
    check_holds(text, "    (void)first;\n    if (0)");
    CHECK(!lab_blank(tree, lab, "third", error, sizeof(error)));
    check_holds(error, "lab 3 has no function 'third'");
}

static void check_refused(const char *find, const char *replace, const char *wanted)
{
    const char *tree = fixture_tree();
    char *manifest = fixture_read(tree, "labs/3-thing/lab.toml"), *at = strstr(manifest, find);
    char changed[2000];
    struct lab *lab;

    CHECK(at);
    snprintf(changed, sizeof(changed), "%.*s%s%s", (int)(at - manifest), manifest, replace,
             at + strlen(find));
    free(fixture_write(tree, "labs/3-thing/lab.toml", changed));
    lab = lab_load(tree, "3-thing", error, sizeof(error));
    CHECK(!lab || !lab_check(tree, lab, error, sizeof(error)));
    check_holds(error, wanted);
    CHECK(!strchr(error, '\n'));
}

TEST(manifest_refuses_unknown_keys)
{
    check_refused("hours", "houres", "houres");
}

TEST(manifest_refuses_a_wrong_number)
{
    check_refused("number = 3", "number = 4", "do not fit the folder");
}

TEST(manifest_refuses_a_missing_file)
{
    check_refused("files = [", "files = [\"src/kern/no.c\", ", "there is no file 'src/kern/no.c'");
}

TEST(manifest_refuses_a_file_outside)
{
    check_refused("files = [", "files = [\"../x.c\", ", "there is no file '../x.c'");
}

TEST(manifest_refuses_a_function_that_is_not_there)
{
    check_refused("\"second\"", "\"third\"", "src/kern/thing.c: there is no function 'third'");
}

TEST(manifest_refuses_a_function_in_another_file)
{
    check_refused("file = \"src/kern/go.S\"", "file = \"src/kern/it.c\"",
                  "none of the lab's files");
}

TEST(manifest_refuses_a_helper_that_is_not_there)
{
    check_refused("helper_late", "helper_never", "there is no 'helper_never' to drop");
}

TEST(manifest_refuses_a_helper_that_others_use)
{
    check_refused("\"helper_late\"", "\"helper_late\", \"words\", \"pair\"",
                  "'pair' is to be dropped, but");
}

TEST(manifest_refuses_a_function_named_twice)
{
    check_refused("\"second\"", "\"first\"", "'first' is named twice");
}

TEST(manifest_wants_stubs_for_assembly)
{
    check_refused("stub = \"ud2\"\n", "", "'go' needs a stub, in assembly");
}
