#include "debugger.h"

#include "report.h"
#include "stop.h"
#include "workdir.h"

#include <stdlib.h>
#include <unistd.h>

static const char socket_name[] = "gdb.sock";

void debugger_add_stub(struct args *args)
{
    char path[WORKDIR_PATH_MAX];

    args_add_all(args, "-S", "-gdb", NULL);
    args_add(args, "unix:%s,server=on,wait=off", workdir_path(path, socket_name));
}

/* QEMU makes the socket when it starts; gdb must not come first. */
static void debugger_wait_for_stub(const char *path)
{
    while (access(path, F_OK) != 0 && stop_elapsed() < 30) {
        if (!stop_wait(NULL, 0, 0.02))
            return;
    }
}

void debugger_start(struct child *gdb, const struct run_options *options)
{
    char path[WORKDIR_PATH_MAX];
    struct args args = { 0 };
    struct child_spec spec = {
        .fds = { STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO, -1, -1 },
        .on_terminal = true,
    };

    debugger_wait_for_stub(workdir_path(path, socket_name));
    args_add_all(&args, "gdb", "-q", "-nx", "-d", QUIRE_ROOT, NULL);
    args_add_all(&args, "-ex", "set confirm off", "-ex", "set pagination off", NULL);
    if (getenv("NO_COLOR"))
        args_add_all(&args, "-ex", "set style enabled off", NULL);
    args_add_all(&args, "-ex", NULL);
    args_add(&args, "target remote %s", path);
    args_add_all(&args, "-x", QUIRE_ROOT "/tools/gdb/quire.py", options->kernel, NULL);
    args_report(&args);
    report_progress_clear();
    spec.argv = args.item;
    child_start(gdb, &spec);
}
