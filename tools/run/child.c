#include "child.h"

#include "report.h"
#include "stop.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

enum { CHILDREN_MAX = 4, EXEC_FAILED = 127, FINISH_SECONDS = 5 };

static struct child *running[CHILDREN_MAX];

static void child_forget(struct child *child)
{
    for (int i = 0; i < CHILDREN_MAX; i++) {
        if (running[i] == child)
            running[i] = NULL;
    }
    child->pid = 0;
}

static void child_kill_all(void)
{
    for (int i = 0; i < CHILDREN_MAX; i++) {
        if (running[i])
            child_kill(running[i]);
    }
}

static void child_remember(struct child *child)
{
    static bool registered;

    if (!registered)
        atexit(child_kill_all);
    registered = true;
    for (int i = 0; i < CHILDREN_MAX; i++) {
        if (!running[i]) {
            running[i] = child;
            return;
        }
    }
    abort();
}

/*
 * Put fds[i] at descriptor i. Sources are first moved above all targets, so
 * that no dup2 overwrites one that is still needed; the copies close on exec.
 */
static void child_place_fds(const int *fds)
{
    int high[CHILD_FDS];

    for (int i = 0; i < CHILD_FDS; i++) {
        int fd = fds[i] >= 0 ? fds[i] : open("/dev/null", O_RDWR | O_CLOEXEC);

        high[i] = fcntl(fd, F_DUPFD_CLOEXEC, 64);
    }
    for (int i = 0; i < CHILD_FDS; i++)
        dup2(high[i], i);
}

static _Noreturn void child_become(const struct child_spec *spec, pid_t parent)
{
    stop_reset_in_child();
    if (!spec->on_terminal)
        setpgid(0, 0);
    if (spec->private_network && unshare(CLONE_NEWNET) != 0)
        unshare(CLONE_NEWUSER | CLONE_NEWNET);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != parent)
        _exit(EXEC_FAILED);
    child_place_fds(spec->fds);
    execvp(spec->argv[0], spec->argv);
    dprintf(STDERR_FILENO, "%s: %m\n", spec->argv[0]);
    _exit(EXEC_FAILED);
}

void child_start(struct child *child, const struct child_spec *spec)
{
    pid_t parent = getpid();
    pid_t pid = fork();

    if (pid < 0)
        report_fail("cannot start %s: %m", spec->argv[0]);
    if (pid == 0)
        child_become(spec, parent);
    /* Both sides do it: neither then depends on who runs first. */
    if (!spec->on_terminal)
        setpgid(pid, pid);
    *child = (struct child){ .pid = pid };
    child_remember(child);
}

bool child_ended(struct child *child)
{
    if (child->pid == 0)
        return true;
    if (waitpid(child->pid, &child->status, WNOHANG) == 0)
        return false;
    child_forget(child);
    return true;
}

/* Ask it to end, and see whether it does. */
static bool child_finished(struct child *child)
{
    kill(child->pid, SIGTERM);
    for (int i = 0; i < FINISH_SECONDS * 100 && !child_ended(child); i++)
        poll(NULL, 0, 10);
    return child->pid == 0;
}

void child_kill(struct child *child)
{
    if (child->pid == 0 || (child->finishes && child_finished(child)))
        return;
    if (kill(-child->pid, SIGKILL) != 0)
        kill(child->pid, SIGKILL);
    while (waitpid(child->pid, &child->status, 0) < 0 && errno == EINTR)
        ;
    child_forget(child);
}

bool child_run(char *const *argv, const char *log)
{
    int out = open(log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    struct child_spec spec = { .argv = argv, .fds = { -1, out, out, -1, -1 } };
    struct child child;

    if (out < 0)
        report_fail("cannot write %s: %m", log);
    child_start(&child, &spec);
    close(out);
    while (!child_ended(&child)) {
        if (!stop_wait(NULL, 0, -1)) {
            child_kill(&child);
            return false;
        }
    }
    return WIFEXITED(child.status) && WEXITSTATUS(child.status) == 0;
}
