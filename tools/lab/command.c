#include "command.h"

#include "text.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* In the child: never returns. */
static _Noreturn void child(const char *directory, const char *const argv[], int out, int err)
{
    int null = open("/dev/null", O_RDWR);

    dup2(null, 0);
    dup2(out, 1);
    dup2(err, 2);
    if (chdir(directory) != 0) {
        dprintf(2, "%s: %m\n", directory);
        _exit(127);
    }
    execvp(argv[0], (char *const *)argv);
    dprintf(2, "cannot run %s: %m\n", argv[0]);
    _exit(127);
}

static char *read_all(FILE *file, size_t *length)
{
    char *text;
    FILE *out = open_memstream(&text, length);
    char part[4096];
    size_t n;

    if (!out)
        abort();
    rewind(file);
    while ((n = fread(part, 1, sizeof(part), file)) > 0)
        fwrite(part, 1, n, out);
    fclose(out);
    return text;
}

static void last_line(FILE *file, const char *command, char *error, size_t error_size)
{
    size_t length;
    char *text = read_all(file, &length), *line;

    while (length && text[length - 1] == '\n')
        text[--length] = '\0';
    line = strrchr(text, '\n');
    text_fail(error, error_size, "%s failed: %s", command, line ? line + 1 : text);
    free(text);
}

bool command_run(const char *directory, const char *const argv[], char **output, size_t *length,
                 char *error, size_t error_size)
{
    FILE *out = tmpfile(), *err = tmpfile();
    int status = -1;
    pid_t pid;

    if (!out || !err)
        return text_fail(error, error_size, "no temporary file: %m");
    fflush(NULL);
    pid = fork();
    if (pid == 0)
        child(directory, argv, fileno(out), fileno(err));
    while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
        kill(pid, SIGTERM);
    if (pid > 0 && status == 0 && output)
        *output = read_all(out, length);
    if (pid < 0)
        text_fail(error, error_size, "%s: %m", argv[0]);
    else if (status != 0)
        last_line(err, argv[0], error, error_size);
    fclose(out);
    fclose(err);
    return pid > 0 && status == 0;
}
