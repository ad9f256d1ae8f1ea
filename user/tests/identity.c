/* Who and where am I: ids, uname, sysinfo, limits, and small calls with little to say. */
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/sysinfo.h>

#include "test.h"

static void show_limits(void)
{
    struct rlimit limit = { 0 }, other = { 0 };

    CHECK(getrlimit(RLIMIT_STACK, &limit) == 0);
    say("stack %lu\n", (unsigned long)limit.rlim_cur);
    CHECK(limit.rlim_max >= limit.rlim_cur);
    show("unknown resource", getrlimit(99, &limit));
    CHECK(syscall(SYS_prlimit64, 0, RLIMIT_STACK, NULL, &other) == 0);
    CHECK(other.rlim_cur == 8 << 20);
    show("nothing to do", syscall(SYS_prlimit64, 0, RLIMIT_STACK, NULL, NULL));
    show("no such process", syscall(SYS_prlimit64, 4000000, RLIMIT_STACK, NULL, &other));
    CHECK(getrlimit(RLIMIT_NOFILE, &limit) == 0 && limit.rlim_cur >= 32);
}

int main(void)
{
    struct utsname name;
    struct sysinfo info;
    struct winsize size;
    int link[2];

    CHECK(uname(&name) == 0);
    say("%s %s\n", name.sysname, name.machine);
    CHECK(name.release[0] >= '2' && name.version[0] != 0 && name.nodename[0] != 0);
    CHECK(getuid() == geteuid() && getgid() == getegid());
    CHECK(getpid() > 1 && getppid() >= 0 && getpid() != getppid());
    CHECK(syscall(SYS_gettid) == getpid());
    CHECK(syscall(SYS_set_tid_address, NULL) == getpid());
    show("set_robust_list", syscall(SYS_set_robust_list, NULL, 24));
    show("set_robust_list, odd size", syscall(SYS_set_robust_list, NULL, 23));
    show("sched_yield", syscall(SYS_sched_yield));
    CHECK(pipe(link) == 0);
    show("window size of a pipe", ioctl(link[0], TIOCGWINSZ, &size));
    show("window size of nothing", ioctl(99, TIOCGWINSZ, &size));
    show("isatty", isatty(link[1]));
    CHECK(sysinfo(&info) == 0);
    CHECK(info.mem_unit >= 1 && info.totalram > info.freeram && info.freeram > 0 && info.procs > 0);
    show_limits();
    show("unknown call", syscall(999));
    show("unknown call, large", syscall(0x7fffffff));
    show("unknown call, negative", syscall(-5));
    return test_end();
}
