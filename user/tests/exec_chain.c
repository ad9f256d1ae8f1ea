/* A program that executes itself again and again, with other arguments and environment. */
#include "test.h"

extern char **environ;

static void again(const char *self, int left, int argc, char **argv)
{
    char count[16], note[64];
    char **args = calloc((size_t)argc + 4, sizeof(*args));
    char *environment[] = { note, "EMPTY=", NULL };
    int n = 0;

    snprintf(count, sizeof(count), "%d", left - 1);
    snprintf(note, sizeof(note), "LEFT=%d", left - 1);
    args[n++] = "renamed";
    args[n++] = count;
    for (int i = 2; i < argc; i++)
        args[n++] = argv[i];
    args[n++] = count;
    execve(self, args, environment);
    show("execve", -1);
    _exit(1);
}

int main(int argc, char **argv)
{
    int left = argc > 1 ? atoi(argv[1]) : 0;

    say("%s:", argv[0]);
    for (int i = 1; i < argc; i++)
        say(" %s", argv[i]);
    for (int i = 0; environ[i]; i++)
        say(" [%s]", environ[i]);
    say("\n");
    if (left > 0)
        again("./exec_chain", left, argc, argv);
    return 11;
}
