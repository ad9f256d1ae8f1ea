#include "process.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* 0: it could not be started. */
static pid_t process_start(const char *const *argv, int out)
{
    posix_spawn_file_actions_t actions;
    pid_t pid = 0;

    if (posix_spawn_file_actions_init(&actions) != 0)
        return 0;
    if (posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0) != 0 ||
        (out < 0 && posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY,
                                                     0) != 0) ||
        (out >= 0 && posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO) != 0) ||
        posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0) != 0 ||
        posix_spawnp(&pid, argv[0], &actions, NULL, (char *const *)argv, environ) != 0)
        pid = 0;
    posix_spawn_file_actions_destroy(&actions);
    return pid;
}

static int process_wait(pid_t pid)
{
    int status;

    if (pid == 0)
        return -1;
    while (waitpid(pid, &status, 0) != pid) {
        if (errno != EINTR)
            return -1;
    }
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

bool process_run(const char *const *argv)
{
    return process_wait(process_start(argv, -1)) == 0;
}

int process_read(const char *const *argv, char *out, size_t size)
{
    char rest[4096];
    size_t used = 0;
    int ends[2];
    ssize_t got;
    pid_t pid;

    out[0] = '\0';
    if (pipe2(ends, O_CLOEXEC) != 0)
        return -1;
    pid = process_start(argv, ends[1]);
    close(ends[1]);
    while ((got = used + 1 < size ? read(ends[0], out + used, size - 1 - used)
                                  : read(ends[0], rest, sizeof(rest))) > 0) {
        if (used + 1 < size)
            used += (size_t)got;
    }
    close(ends[0]);
    out[used] = '\0';
    return process_wait(pid);
}

bool process_make_directory(const char *path)
{
    char part[PATH_MAX];

    if ((size_t)snprintf(part, sizeof(part), "%s", path) >= sizeof(part)) {
        errno = ENAMETOOLONG;
        return false;
    }
    for (char *slash = strchr(part + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        if (mkdir(part, 0755) != 0 && errno != EEXIST)
            return false;
        *slash = '/';
    }
    return mkdir(part, 0755) == 0 || errno == EEXIST;
}
