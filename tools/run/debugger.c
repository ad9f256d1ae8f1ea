#include "debugger.h"

#include "report.h"
#include "stop.h"
#include "workdir.h"

#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

static const char *server; /* a socket outside of the run's directory */

static void debugger_remove_server(void)
{
    unlink(server);
}

/* A socket that an earlier run left behind is replaced; another file is somebody's. */
static void debugger_check_server(const char *path)
{
    struct sockaddr_un address;
    struct stat st;

    if (strlen(path) >= sizeof(address.sun_path))
        report_fail("--server %s: too long for the name of a socket; %zu characters at most", path,
                    sizeof(address.sun_path) - 1);
    if (strchr(path, ','))
        report_fail("--server %s: QEMU takes no comma in the name of a socket", path);
    if (lstat(path, &st) == 0 && !S_ISSOCK(st.st_mode))
        report_fail("--server %s: there is a file of this name; choose another", path);
    unlink(path);
}

static const char *debugger_socket(char *out, const struct run_options *options)
{
    return options->server ? options->server : workdir_path(out, "gdb.sock");
}

void debugger_add_stub(struct args *args, const struct run_options *options)
{
    char path[WORKDIR_PATH_MAX];

    if (options->server) {
        debugger_check_server(options->server);
        server = options->server;
        atexit(debugger_remove_server);
    }
    args_add_all(args, "-S", "-gdb", NULL);
    args_add(args, "unix:%s,server=on,wait=off", debugger_socket(path, options));
}

/* QEMU makes the socket when it starts; gdb must not come first. */
static void debugger_wait_for_stub(const char *path)
{
    while (access(path, F_OK) != 0 && stop_elapsed() < 30) {
        if (!stop_wait(NULL, 0, 0.02))
            return;
    }
}

void debugger_announce(const struct run_options *options)
{
    debugger_wait_for_stub(options->server);
    report_progress_clear();
    report_line("waiting for a debugger: gdb %s -ex 'target remote %s'", options->kernel,
                options->server);
}

void debugger_start(struct child *gdb, const struct run_options *options)
{
    char path[WORKDIR_PATH_MAX];
    struct args args = { 0 };
    struct child_spec spec = {
        .fds = { STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO, -1, -1 },
        .on_terminal = true,
    };

    debugger_wait_for_stub(debugger_socket(path, options));
    args_add_all(&args, "gdb", "-q", "-nx", "-d", QUIRE_ROOT, NULL);
    args_add_all(&args, "-ex", "set confirm off", "-ex", "set pagination off", NULL);
    if (getenv("NO_COLOR"))
        args_add_all(&args, "-ex", "set style enabled off", NULL);
    args_add_all(&args, "-ex", NULL);
    args_add(&args, "target remote %s", path);
    args_add_all(&args, "-x", QUIRE_ROOT "/tools/gdb/quire.py", NULL);
    /* A hardware breakpoint: the kernel is not in memory yet, so no other can be set. */
    args_add_all(&args, "-ex", "thbreak kmain", "-ex", "continue", options->kernel, NULL);
    args_report(&args);
    report_progress_clear();
    spec.argv = args.item;
    child_start(gdb, &spec);
}
