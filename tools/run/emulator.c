#include "emulator.h"

#include "report.h"
#include "workdir.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { PIPE_BYTES = 256 << 10 /* fewer switches between the emulator and us */ };

struct pipe_ends {
    int read, write;
};

static struct pipe_ends emulator_pipe(void)
{
    int fds[2];

    if (pipe2(fds, O_CLOEXEC) != 0)
        report_fail("cannot make a pipe: %m");
    fcntl(fds[0], F_SETPIPE_SZ, PIPE_BYTES);
    return (struct pipe_ends){ fds[0], fds[1] };
}

void emulator_start(struct emulator *emu, const struct args *args, bool console_on_stdout,
                    bool keyboard)
{
    struct pipe_ends frames = emulator_pipe(), console = emulator_pipe();
    struct pipe_ends messages = emulator_pipe(), keys = { -1, -1 };
    struct child_spec spec = { .argv = args->item, .private_network = !console_on_stdout };

    if (keyboard)
        keys = emulator_pipe();
    spec.fds[0] = keys.read;
    spec.fds[1] = console_on_stdout ? console.write : messages.write;
    spec.fds[2] = messages.write;
    spec.fds[3] = frames.write;
    spec.fds[4] = console_on_stdout ? -1 : console.write;
    args_report(args);
    child_start(&emu->child, &spec);

    close(frames.write);
    close(console.write);
    close(messages.write);
    if (keyboard)
        close(keys.read);
    emu->frames = frames.read;
    emu->console = console.read;
    emu->messages = messages.read;
    emu->keyboard = keys.write;
}

bool emulator_log_contains(const char *name, const char *text)
{
    char path[WORKDIR_PATH_MAX];
    FILE *file = fopen(workdir_path(path, name), "r");
    char *line = NULL;
    size_t size = 0;
    bool found = false;

    while (file && !found && getline(&line, &size, file) > 0)
        found = strstr(line, text) != NULL;
    free(line);
    if (file)
        fclose(file);
    return found;
}
