/* What execve refuses, and that the program goes on unharmed then. Files: text, empty, ./hello. */
#include "test.h"

static void try(const char *what, const char *path, char **argv)
{
    char *environment[] = { NULL };

    execve(path, argv, environment);
    show(what, -1);
}

/* Arguments beyond the limit of Linux (a quarter of the stack limit, and 128 KiB for one). */
static void too_big(void)
{
    char *one = malloc(200000);
    char *many[400];
    char *argv[] = { "hello", one, NULL };

    memset(one, 'x', 199999);
    one[199999] = 0;
    try("one argument of 200000 bytes", "./hello", argv);
    one[100000] = 0;
    for (int i = 0; i < 399; i++)
        many[i] = one;
    many[399] = NULL;
    try("arguments of 40 MB", "./hello", many);
    free(one);
}

int main(void)
{
    char *argv[] = { "x", NULL };
    char *bad[] = { "x", (char *)0x10, NULL };
    char *kernel[] = { (char *)0xffff800000000000, NULL };
    char *path = malloc(6000);

    try("no such file", "./nowhere", argv);
    try("empty path", "", argv);
    try("a text file", "./exec_text", argv);
    try("an empty file", "./exec_empty", argv);
    try("a directory", "/", argv);
    try("a file as directory", "./exec_text/more", argv);
    try("bad path", (char *)0x10, argv);
    try("kernel path", (char *)0xffffffff80000000, argv);
    try("bad argv", "./hello", (char **)0x10);
    try("bad argument", "./hello", bad);
    try("argument in the kernel", "./hello", kernel);
    memset(path, 'a', 5999);
    path[5999] = 0;
    try("path too long", path, argv);
    too_big();
    say("still here\n");
    pid_t pid = fork();
    int status;

    if (pid == 0) {
        try("a good one", "./hello", argv);
        _exit(1);
    }
    CHECK(waitpid(pid, &status, 0) == pid);
    show_status("\nhello", status);
    return test_end();
}
