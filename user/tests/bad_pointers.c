/*
 * Bad pointers to every system call that takes one. A line is a call, a column
 * a pointer: F is EFAULT, + success, a letter another error. Linux may move
 * the bytes before a bad page and return their number; that counts as F.
 */
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <time.h>

#include "test.h"

#define POINTER   0x5157 /* stands for the pointer under test in a list of arguments */
#define VIA_IOVEC 0x5158 /* a good iovec whose base is the pointer under test */

enum { ARCH_GET_FS_CODE = 0x1003, AT_CWD = -100, LENGTH = 8 };

static char room[200];
static char *no_arguments[] = { "hello", NULL };

static const struct {
    const char *name;
    long number;
    long args[4];
    const char *skip; /* pointers that would do something else */
} calls[] = {
    { "read", SYS_read, { 3, POINTER, LENGTH }, "" },
    { "write", SYS_write, { 4, POINTER, LENGTH }, "" },
    { "readv", SYS_readv, { 3, POINTER, 1 }, "r" },
    { "readv, base", SYS_readv, { 3, VIA_IOVEC, 1 }, "" },
    { "writev", SYS_writev, { 4, POINTER, 1 }, "r" },
    { "writev, base", SYS_writev, { 4, VIA_IOVEC, 1 }, "" },
    { "pread64", SYS_pread64, { 5, POINTER, LENGTH, 0 }, "" },
    { "open", SYS_open, { POINTER, O_RDONLY }, "" },
    { "openat", SYS_openat, { AT_CWD, POINTER, O_RDONLY }, "" },
    { "fstat", SYS_fstat, { 5, POINTER }, "" },
    { "newfstatat, path", SYS_newfstatat, { AT_CWD, POINTER, (long)room }, "" },
    { "newfstatat, result", SYS_newfstatat, { AT_CWD, (long)"./letters", POINTER, 0 }, "" },
    { "access", SYS_access, { POINTER, F_OK }, "" },
    { "readlink", SYS_readlink, { POINTER, POINTER, 100 }, "" },
    { "execve, path", SYS_execve, { POINTER, 0, 0 }, "" },
    { "execve, arguments", SYS_execve, { (long)"./hello", POINTER, 0 }, "0r" },
    { "execve, environment", SYS_execve, { (long)"./hello", (long)no_arguments, POINTER }, "0r" },
    { "wait4, status", SYS_wait4, { -1, POINTER, 0, 0 }, "" },
    { "wait4, usage", SYS_wait4, { -1, 0, 0, POINTER }, "" },
    { "nanosleep", SYS_nanosleep, { POINTER, 0 }, "" },
    { "clock_nanosleep", SYS_clock_nanosleep, { CLOCK_MONOTONIC, 0, POINTER, 0 }, "" },
    { "clock_gettime", SYS_clock_gettime, { CLOCK_MONOTONIC, POINTER }, "" },
    { "gettimeofday", SYS_gettimeofday, { POINTER, 0 }, "" },
    { "time", SYS_time, { POINTER }, "" },
    { "pipe", SYS_pipe, { POINTER }, "" },
    { "pipe2", SYS_pipe2, { POINTER, O_CLOEXEC }, "" },
    { "poll", SYS_poll, { POINTER, 1, 0 }, "" },
    { "arch_prctl", SYS_arch_prctl, { ARCH_GET_FS_CODE, POINTER }, "" },
    { "prlimit64, new", SYS_prlimit64, { 0, 3, POINTER, 0 }, "r" },
    { "prlimit64, old", SYS_prlimit64, { 0, 3, 0, POINTER }, "" },
    { "rt_sigaction, new", SYS_rt_sigaction, { SIGUSR1, POINTER, 0, 8 }, "" },
    { "rt_sigaction, old", SYS_rt_sigaction, { SIGUSR1, 0, POINTER, 8 }, "" },
    { "rt_sigprocmask, new", SYS_rt_sigprocmask, { SIG_BLOCK, POINTER, 0, 8 }, "" },
    { "rt_sigprocmask, old", SYS_rt_sigprocmask, { SIG_BLOCK, 0, POINTER, 8 }, "" },
    { "uname", SYS_uname, { POINTER }, "" },
    { "sysinfo", SYS_sysinfo, { POINTER }, "" },
    { "getrandom", SYS_getrandom, { POINTER, LENGTH, 0 }, "" },
};

/* One letter a pointer, as in the table's head. */
static const char columns[] = "0lukdntrxc";
static uintptr_t pointers[sizeof(columns) - 1];

static void make_pointers(void)
{
    char *read_only = map_pages(PAGE, PROT_READ, 0), *no_rights = map_pages(PAGE, PROT_NONE, 0);
    char *page = map_pages(2 * PAGE, PROT_READ | PROT_WRITE, 0);

    memset(page, 'x', PAGE);
    munmap(page + PAGE, PAGE);
    const uintptr_t values[] = {
        0,
        0x10,
        0x200000000000,
        0xffffffff80100000,
        0xffff800000100000,
        0x8000000000000000,
        (uintptr_t)-4,
        (uintptr_t)read_only,
        (uintptr_t)no_rights,
        (uintptr_t)page + PAGE - 2,
    };

    memcpy(pointers, values, sizeof(values));
}

static char result_letter(long result, long number)
{
    bool moves_bytes = number == SYS_pread64 || number == SYS_getrandom || number == SYS_read ||
                       number == SYS_write || number == SYS_readv || number == SYS_writev;

    if (result >= 0)
        return moves_bytes && result > 0 && result < LENGTH ? 'F' : '+';
    switch (errno) {
    case EFAULT:
        return 'F';
    case ENOENT:
        return 'N';
    case ENOEXEC:
        return 'X';
    case EINVAL:
        return 'I';
    case EBADF:
        return 'B';
    default:
        return '?';
    }
}

static long make_call(size_t call, uintptr_t pointer)
{
    struct iovec vector = { (void *)pointer, LENGTH };
    long args[4];

    for (int i = 0; i < 4; i++) {
        args[i] = calls[call].args[i];
        if (args[i] == POINTER)
            args[i] = (long)pointer;
        else if (args[i] == VIA_IOVEC)
            args[i] = (long)&vector;
    }
    if (calls[call].number == SYS_wait4 && fork() == 0)
        _exit(0);
    return syscall(calls[call].number, args[0], args[1], args[2], args[3]);
}

/* Descriptors: 3 and 4 a pipe with data in it, 5 a file; 6 must still be free afterwards. */
static char try_call(size_t call, size_t column)
{
    int next_free;

    if (strchr(calls[call].skip, columns[column]))
        return ' ';
    char letter = result_letter(make_call(call, pointers[column]), calls[call].number);

    next_free = dup(0);
    CHECK(letter == '+' || next_free == 6);
    return letter;
}

int main(void)
{
    int link[2];

    CHECK(pipe(link) == 0 && open("./letters", O_RDONLY) == 5);
    CHECK(write(link[1], "data for read, more than eight bytes", 36) == 36);
    make_pointers();
    say("%-22s %s\n", "", columns);
    for (size_t call = 0; call < sizeof(calls) / sizeof(calls[0]); call++) {
        pid_t pid = fork();
        int status;

        if (pid == 0) {
            char line[sizeof(columns)] = { 0 };

            for (size_t column = 0; column < sizeof(columns) - 1; column++) {
                line[column] = try_call(call, column);
                close(6), close(7), close(8);
            }
            say("%-22s %s\n", calls[call].name, line);
            _exit(test_failures);
        }
        CHECK(waitpid(pid, &status, 0) == pid);
        if (status != 0)
            show_status(calls[call].name, status);
    }
    return test_end();
}
