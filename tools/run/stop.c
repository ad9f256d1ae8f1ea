#include "stop.h"

#include "report.h"

#include <math.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

enum { STOP_FDS_MAX = 8 };

static sigset_t taken;
static int signal_fd;
static int signal_seen;
static double started;
static double limit = INFINITY; /* in seconds of stop_now() */

static double stop_now(void)
{
    struct timespec ts;

    clock_gettime(CLOCK_MONOTONIC, &ts);
    return (double)ts.tv_sec + (double)ts.tv_nsec / 1e9;
}

/* A run under nohup outlives its terminal; everything else can be interrupted. */
static bool stop_hangup_is_ignored(void)
{
    struct sigaction old;

    sigaction(SIGHUP, NULL, &old);
    return old.sa_handler == SIG_IGN;
}

void stop_init(void)
{
    started = stop_now();
    sigemptyset(&taken);
    sigaddset(&taken, SIGCHLD);
    sigaddset(&taken, SIGTERM);
    sigaddset(&taken, SIGINT);
    sigaddset(&taken, SIGQUIT);
    if (!stop_hangup_is_ignored())
        sigaddset(&taken, SIGHUP);
    sigprocmask(SIG_BLOCK, &taken, NULL);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGCHLD, SIG_DFL);
    signal_fd = signalfd(-1, &taken, SFD_CLOEXEC | SFD_NONBLOCK);
    if (signal_fd < 0)
        report_fail("cannot watch for signals: %m");
}

void stop_reset_in_child(void)
{
    sigset_t none;

    sigemptyset(&none);
    signal(SIGPIPE, SIG_DFL);
    signal(SIGINT, SIG_DFL);
    signal(SIGQUIT, SIG_DFL);
    sigprocmask(SIG_SETMASK, &none, NULL);
}

void stop_ignore_keyboard(void)
{
    sigdelset(&taken, SIGINT);
    sigdelset(&taken, SIGQUIT);
    signal(SIGINT, SIG_IGN);
    signal(SIGQUIT, SIG_IGN);
    signalfd(signal_fd, &taken, 0);
}

void stop_set_limit(double seconds)
{
    limit = started + seconds;
}

double stop_elapsed(void)
{
    return stop_now() - started;
}

static void stop_read_signals(void)
{
    struct signalfd_siginfo info;

    while (read(signal_fd, &info, sizeof(info)) == sizeof(info)) {
        if (info.ssi_signo != SIGCHLD && !signal_seen)
            signal_seen = (int)info.ssi_signo;
    }
}

int stop_signal(void)
{
    return signal_seen;
}

bool stop_timed_out(void)
{
    return stop_now() >= limit;
}

bool stop_wait(struct pollfd *fds, nfds_t count, double seconds)
{
    struct pollfd all[STOP_FDS_MAX + 1];
    double left = limit - stop_now();
    int timeout;

    if (seconds >= 0 && seconds < left)
        left = seconds;
    if (left < 0 || signal_seen)
        left = 0;
    timeout = left > 1e6 ? -1 : (int)ceil(left * 1000);

    if (count > 0)
        memcpy(all, fds, count * sizeof(fds[0]));
    all[count] = (struct pollfd){ .fd = signal_fd, .events = POLLIN };
    if (poll(all, count + 1, timeout) < 0)
        memset(all, 0, sizeof(all));
    for (nfds_t i = 0; i < count; i++)
        fds[i].revents = all[i].revents;
    stop_read_signals();
    return !signal_seen && !stop_timed_out();
}
