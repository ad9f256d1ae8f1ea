/* The process that becomes the box: descriptors, limits, environment. */
#include "box_child.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

enum { EXEC_FAILED = 127, FREE_FD = 64 };

static void limit(int resource, uint64_t value, uint64_t grace)
{
    const struct rlimit both = { .rlim_cur = value, .rlim_max = value + grace };

    setrlimit((__rlimit_resource_t)resource, &both);
}

/*
 * Processes are counted per uid: the box's own one when root runs it; otherwise
 * bubblewrap's command line sets that limit in the new user namespace.
 */
static void set_limits(const struct box *box)
{
    const struct box_limits limits = box_limits_of(box);

    if (limits.cpu_seconds)
        limit(RLIMIT_CPU, limits.cpu_seconds, 1);
    if (limits.address_bytes)
        limit(RLIMIT_AS, limits.address_bytes, 0);
    if (box_drops_root(box))
        limit(RLIMIT_NPROC, limits.processes, 0);
    limit(RLIMIT_FSIZE, limits.file_bytes, 0);
    limit(RLIMIT_CORE, 0, 0);
    limit(RLIMIT_NOFILE, 1024, 0);
}

/* Sources are first moved above all targets, so that no dup2 overwrites one. */
static void place_fds(const int *fds)
{
    int high[BOX_FDS];

    for (int i = 0; i < BOX_FDS; i++)
        high[i] = fcntl(fds[i], F_DUPFD_CLOEXEC, FREE_FD);
    for (int i = 0; i < BOX_FDS; i++)
        dup2(high[i], i);
    close_range(BOX_FDS, ~0u, 0);
}

_Noreturn void box_become(const struct box_child *child)
{
    sigset_t none;

    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    for (int i = 1; i < NSIG; i++)
        signal(i, SIG_DFL);
    setsid();
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != child->parent)
        _exit(EXEC_FAILED);
    place_fds(child->fds);
    set_limits(child->box);
    if (child->box->open && child->box->directory && chdir(child->box->directory) != 0)
        _exit(EXEC_FAILED);
    execvpe(child->args[0], (char *const *)child->args, (char *const *)child->environment);
    dprintf(STDERR_FILENO, "%s: %m\n", child->args[0]);
    _exit(EXEC_FAILED);
}
