/* vfork, posix_spawn, posix_spawnp by path, system and popen. /bin/sh is a file of the image. */
#include <spawn.h>

#include "test.h"

extern char **environ;

static void use_vfork(void)
{
    int status;
    pid_t pid = vfork();

    if (pid == 0) {
        execl("./exec_chain", "vforked", "1", "argument", NULL);
        _exit(127);
    }
    CHECK(waitpid(pid, &status, 0) == pid);
    show_status("vfork and exec", status);
    pid = vfork();
    if (pid == 0)
        _exit(9);
    CHECK(waitpid(pid, &status, 0) == pid);
    show_status("vfork and exit", status);
}

static void use_spawn(void)
{
    char *argv[] = { "spawned", "0", "two words", NULL };
    char *environment[] = { "A=1", NULL };
    posix_spawn_file_actions_t actions;
    int link[2], status, error;
    char text[200] = { 0 };
    pid_t pid;

    CHECK(posix_spawn(&pid, "./exec_chain", NULL, NULL, argv, environment) == 0);
    CHECK(waitpid(pid, &status, 0) == pid);
    show_status("posix_spawn", status);
    error = posix_spawn(&pid, "./nowhere", NULL, NULL, argv, environment);
    say("posix_spawn of nothing: %s\n", strerror(error));
    CHECK(pipe(link) == 0);
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, link[1], 1);
    posix_spawn_file_actions_addclose(&actions, link[0]);
    CHECK(posix_spawn(&pid, "./exec_chain", &actions, NULL, argv, environment) == 0);
    close(link[1]);
    for (size_t got = 0; got < sizeof(text) - 1;) {
        ssize_t part = read(link[0], text + got, sizeof(text) - 1 - got);

        if (part <= 0)
            break;
        got += (size_t)part;
    }
    CHECK(waitpid(pid, &status, 0) == pid);
    say("through a pipe: %s", text);
}

static void use_shell(void)
{
    char line[100];
    FILE *from;

    show_status("system", system("exit 3"));
    show_status("system with output", system("echo from the shell; echo again"));
    from = popen("echo one; echo two", "r");
    CHECK(from != NULL);
    while (from && fgets(line, sizeof(line), from))
        say("popen: %s", line);
    if (from)
        show_status("pclose", pclose(from));
    from = popen("while read word; do echo \"<$word>\"; done", "w");
    CHECK(from != NULL);
    if (from) {
        fputs("a\nb\n", from);
        show_status("pclose", pclose(from));
    }
}

int main(void)
{
    use_vfork();
    use_spawn();
    use_shell();
    return test_end();
}
