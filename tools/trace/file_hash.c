#include "file_hash.h"

#include <fcntl.h>
#include <spawn.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* sha256sum with the file as its input and our pipe as its output; 0: it could not be started. */
static pid_t hash_start(int file, int out)
{
    char name[] = "sha256sum", *argv[] = { name, NULL };
    posix_spawn_file_actions_t actions;
    pid_t pid = 0;

    if (posix_spawn_file_actions_init(&actions) != 0)
        return 0;
    if (posix_spawn_file_actions_adddup2(&actions, file, STDIN_FILENO) != 0 ||
        posix_spawn_file_actions_adddup2(&actions, out, STDOUT_FILENO) != 0 ||
        posix_spawnp(&pid, name, &actions, NULL, argv, environ) != 0)
        pid = 0;
    posix_spawn_file_actions_destroy(&actions);
    return pid;
}

static bool hash_read(int file, char *hash)
{
    int ends[2], status = -1;
    size_t len = 0;
    ssize_t got;
    pid_t pid;

    if (pipe2(ends, O_CLOEXEC) != 0)
        return false;
    pid = hash_start(file, ends[1]);
    close(ends[1]);
    while (len < FILE_HASH_CHARS && (got = read(ends[0], hash + len, FILE_HASH_CHARS - len)) > 0)
        len += (size_t)got;
    close(ends[0]);
    hash[len] = '\0';
    return pid && waitpid(pid, &status, 0) == pid && len == FILE_HASH_CHARS;
}

bool file_hash(const char *path, char hash[FILE_HASH_CHARS + 1])
{
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    struct stat st;
    bool good;

    if (file < 0)
        return false;
    good = fstat(file, &st) == 0 && S_ISREG(st.st_mode) && hash_read(file, hash);
    close(file);
    return good;
}
