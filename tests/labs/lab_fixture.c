#include "lab_fixture.h"

#include "check.h"
#include "text.h"
#include "tree.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const char fixture_source[] =
    "/* Head: int fake(void) { return 0; } */\n"
    "#include \"thing.h\"\n"
    "\n"
    "#include \"lib/err.h\"\n"
    "#include \"vm/space.h\"\n"
    "\n"
    "#define OPEN  '{' /* } */\n"
    "#define TWICE(x) \\\n"
    "    do {          \\\n"
    "        (x);      \\\n"
    "    } while (0)\n"
    "\n"
    "static int helper_late(int a);\n"
    "\n"
    "struct pair {\n"
    "    int a, b;\n"
    "};\n"
    "\n"
    "static const char *const words[] = { \"}{\", \"\\\"\", \"/*\" };\n"
    "static int (*hook)(int);\n"
    "\n"
    "/* Given, and used by the first function only. */\n"
    "static inline int given(int a)\n"
    "{\n"
    "    return a + OPEN;\n"
    "}\n"
    "\n"
    "/*\n"
    " * The contract of first; a { in it.\n"
    " */\n"
    "[[nodiscard]] static struct pair *first(const struct pair *const one,\n"
    "                                        void (*call)(int from, char to), int many[static 3],\n"
    "                                        ...)\n"
    "{\n"
    "#ifdef DEBUG\n"
    "    if (one) { /* } */\n"
    "        hook(words[0][0] == '}');\n"
    "    }\n"
    "#endif\n"
    "    call(helper_late(many[0]) + given(1), '\"'); // }\n"
    "    return NULL;\n"
    "}\n"
    "\n"
    "static int helper_late(int a)\n"
    "{\n"
    "    return a;\n"
    "}\n"
    "\n"
    "int second(void)\n"
    "{\n"
    "    return first(NULL, NULL, NULL) != NULL;\n"
    "} /* second */\n"
    "\n"
    "int other(int panic_count)\n"
    "{\n"
    "    return panic_count;\n"
    "}\n";

const char fixture_assembly[] = "/* Assembly: label: */\n"
                                "    .text\n"
                                "\n"
                                "/* int go(void); */\n"
                                "    .globl go\n"
                                "    .type go, @function\n"
                                "go:\n"
                                "    call helper_go\n"
                                "1:  jmp 1b /* end: */\n"
                                "    .size go, . - go\n"
                                "\n"
                                "helper_go:\n"
                                "    ret\n"
                                "\n"
                                "    .code32\n"
                                "stay:\n"
                                "    hlt\n";

static const char manifest[] = "number = 3\n"
                               "name = \"3-thing\"\n"
                               "title = \"A thing\"\n"
                               "hours = \"1\"\n"
                               "modules = [\"kern\"]\n"
                               "files = [\"src/kern/thing.c\", \"src/kern/go.S\"]\n"
                               "[[function]]\n"
                               "name = \"first\"\n"
                               "file = \"src/kern/thing.c\"\n"
                               "drop = [\"helper_late\"]\n"
                               "[[function]]\n"
                               "name = \"second\"\n"
                               "file = \"src/kern/thing.c\"\n"
                               "stub = \"\"\"\n"
                               "    if (0)\n"
                               "        return 1;\n"
                               "    return 0;\n"
                               "\"\"\"\n"
                               "[[function]]\n"
                               "name = \"go\"\n"
                               "file = \"src/kern/go.S\"\n"
                               "stub = \"ud2\"\n"
                               "drop = [\"helper_go\"]\n";

char *fixture_write(const char *root, const char *file, const char *text)
{
    char *path = text_path(root, file), error[300];

    if (!tree_make_parents(path, error, sizeof(error)) ||
        !text_write(path, text, strlen(text), error, sizeof(error)))
        check_failed(__FILE__, __LINE__, "%s", error);
    return path;
}

char *fixture_read(const char *root, const char *file)
{
    char *path = text_path(root, file), error[300];
    size_t length;
    char *text = text_read(path, &length, error, sizeof(error));

    if (!text)
        check_failed(__FILE__, __LINE__, "%s", error);
    free(path);
    return text;
}

const char *fixture_tree(void)
{
    static const char tree[] = FIXTURE_TREE;

    tree_remove(tree);
    free(fixture_write(tree, "src/kern/thing.c", fixture_source));
    free(fixture_write(tree, "src/kern/go.S", fixture_assembly));
    free(fixture_write(tree, "labs/3-thing/lab.toml", manifest));
    return tree;
}

struct lab *fixture_lab(const char *root)
{
    char error[300];
    struct lab *lab = lab_load(root, "3", error, sizeof(error));

    if (!lab)
        check_failed(__FILE__, __LINE__, "%s", error);
    return lab;
}
