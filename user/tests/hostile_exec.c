/*
 * Tries to execute each argument, a file of make_elf. Only "good" may run.
 * A wrong entry point may also be found out by the CPU. Only on Quire: Linux
 * is less strict about some of them.
 */
#include "test.h"

static bool is(const char *path, const char *prefix)
{
    const char *slash = strrchr(path, '/');

    return strncmp(slash ? slash + 1 : path, prefix, strlen(prefix)) == 0;
}

static bool as_it_must(const char *path, int status)
{
    if (is(path, "good"))
        return WIFEXITED(status) && WEXITSTATUS(status) == 7;
    if (is(path, "entry_") && WIFSIGNALED(status))
        return WTERMSIG(status) == SIGSEGV;
    return WIFEXITED(status) && WEXITSTATUS(status) == ENOEXEC;
}

int main(int argc, char **argv)
{
    int refused = 0;

    for (int i = 1; i < argc; i++) {
        char *args[] = { argv[i], NULL };
        pid_t pid = fork();
        int status;

        if (pid == 0) {
            execv(argv[i], args);
            _exit(errno);
        }
        CHECK(waitpid(pid, &status, 0) == pid);
        if (as_it_must(argv[i], status)) {
            refused++;
        } else {
            show_status(argv[i], status);
            test_failures++;
        }
    }
    say("%d files, %d as they must\n", argc - 1, refused);
    return test_end();
}
