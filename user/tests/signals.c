/* Default actions, ignored signals, blocked ones that wait, and who may inherit what. */
#include "test.h"

static int raise_it(void *arg)
{
    raise(*(int *)arg);
    return 5;
}

static int raise_ignored(void *arg)
{
    signal(*(int *)arg, SIG_IGN);
    raise(*(int *)arg);
    return 6;
}

static int raise_blocked(void *arg)
{
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, *(int *)arg);
    sigprocmask(SIG_BLOCK, &set, NULL);
    raise(*(int *)arg);
    say("  blocked, still running\n");
    sigprocmask(SIG_UNBLOCK, &set, NULL);
    say("  unblocked, still running\n");
    return 7;
}

/* A signal that becomes ignored while it is pending is dropped. */
static int ignore_pending(void *arg)
{
    sigset_t set;

    sigemptyset(&set);
    sigaddset(&set, *(int *)arg);
    sigprocmask(SIG_BLOCK, &set, NULL);
    raise(*(int *)arg);
    signal(*(int *)arg, SIG_IGN);
    signal(*(int *)arg, SIG_DFL);
    sigprocmask(SIG_UNBLOCK, &set, NULL);
    return 8;
}

/* Pending signals are not inherited; masks and ignored signals are. */
static int inherit(void *arg)
{
    sigset_t set, seen;
    int status;

    sigemptyset(&set);
    sigaddset(&set, *(int *)arg);
    sigprocmask(SIG_BLOCK, &set, NULL);
    signal(SIGUSR2, SIG_IGN);
    raise(*(int *)arg);
    pid_t pid = fork();

    if (pid == 0) {
        sigprocmask(SIG_BLOCK, NULL, &seen);
        say("  child: blocked %d\n", sigismember(&seen, *(int *)arg));
        raise(SIGUSR2);
        sigprocmask(SIG_UNBLOCK, &set, NULL);
        _exit(9);
    }
    waitpid(pid, &status, 0);
    show_status("  child", status);
    return 10;
}

static void show_calls(void)
{
    struct sigaction action = { .sa_handler = SIG_IGN }, old;
    sigset_t set;

    show("sigaction SIGKILL", sigaction(SIGKILL, &action, NULL));
    show("sigaction SIGSTOP", sigaction(SIGSTOP, &action, NULL));
    show("sigaction 0", syscall(SYS_rt_sigaction, 0, &action, NULL, 8));
    show("sigaction 65", syscall(SYS_rt_sigaction, 65, &action, NULL, 8));
    show("sigaction, odd size", syscall(SYS_rt_sigaction, SIGUSR1, NULL, NULL, 4));
    show("sigprocmask, odd size", syscall(SYS_rt_sigprocmask, SIG_BLOCK, NULL, NULL, 4));
    sigemptyset(&set);
    show("sigprocmask, odd how", syscall(SYS_rt_sigprocmask, 77, &set, NULL, 8));
    CHECK(sigaction(SIGUSR1, &action, NULL) == 0 && sigaction(SIGUSR1, NULL, &old) == 0);
    CHECK(old.sa_handler == SIG_IGN);
    sigfillset(&set);
    CHECK(syscall(SYS_rt_sigprocmask, SIG_SETMASK, &set, NULL, 8) == 0);
    CHECK(sigprocmask(SIG_SETMASK, NULL, &set) == 0);
    say("SIGKILL cannot be blocked: %d, nor SIGSTOP: %d, SIGTERM can: %d\n",
        sigismember(&set, SIGKILL), sigismember(&set, SIGSTOP), sigismember(&set, SIGTERM));
    sigemptyset(&set);
    CHECK(sigprocmask(SIG_SETMASK, &set, NULL) == 0);
}

int main(void)
{
    static const int deadly[] = { SIGHUP,  SIGINT,  SIGQUIT, SIGILL,  SIGTRAP, SIGABRT,
                                  SIGBUS,  SIGFPE,  SIGKILL, SIGUSR1, SIGSEGV, SIGUSR2,
                                  SIGPIPE, SIGALRM, SIGTERM, SIGXCPU, SIGSYS,  40 };
    static const int harmless[] = { SIGCHLD, SIGURG, SIGWINCH, SIGCONT };

    for (size_t i = 0; i < sizeof(deadly) / sizeof(deadly[0]); i++) {
        int signo = deadly[i];

        say("%d", signo);
        show_status(" by default", in_child(raise_it, &signo));
    }
    for (size_t i = 0; i < sizeof(harmless) / sizeof(harmless[0]); i++) {
        int signo = harmless[i];

        say("%d", signo);
        show_status(" by default", in_child(raise_it, &signo));
    }
    int signo = SIGTERM;

    show_status("ignored", in_child(raise_ignored, &signo));
    show_status("blocked", in_child(raise_blocked, &signo));
    show_status("pending, then ignored", in_child(ignore_pending, &signo));
    show_status("inherited", in_child(inherit, &signo));
    show_calls();
    return test_end();
}
