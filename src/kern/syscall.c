/*
 * The table of system calls, by Linux's numbers
 * (arch/x86/entry/syscalls/syscall_64.tbl).
 */
#include "kern/syscall.h"

#include "arch/log.h"
#include "lib/err.h"
#include "lib/types.h"
#include "sched/task.h"

/* Calls that libraries try first and are prepared to miss: not worth a line on the log. */
static int64_t sys_none(struct trap_frame *frame)
{
    (void)frame;
    return ERR_NOSYS;
}

static const syscall_t syscalls[] = {
    [0] = sys_read,
    [1] = sys_write,
    [2] = sys_open,
    [3] = sys_close,
    [4] = sys_stat,
    [5] = sys_fstat,
    [6] = sys_stat, /* lstat */
    [7] = sys_poll,
    [8] = sys_lseek,
    [9] = sys_mmap,
    [10] = sys_mprotect,
    [11] = sys_munmap,
    [12] = sys_brk,
    [13] = sys_rt_sigaction,
    [14] = sys_rt_sigprocmask,
    [16] = sys_ioctl,
    [17] = sys_pread64,
    [19] = sys_readv,
    [20] = sys_writev,
    [21] = sys_access,
    [22] = sys_pipe,
    [24] = sys_sched_yield,
    [25] = sys_mremap,
    [28] = sys_madvise,
    [32] = sys_dup,
    [33] = sys_dup2,
    [35] = sys_nanosleep,
    [39] = sys_getpid,
    [56] = sys_clone,
    [57] = sys_fork,
    [58] = sys_vfork,
    [59] = sys_execve,
    [60] = sys_exit,
    [61] = sys_wait4,
    [62] = sys_kill,
    [63] = sys_uname,
    [72] = sys_fcntl,
    [89] = sys_readlink,
    [96] = sys_gettimeofday,
    [99] = sys_sysinfo,
    [102] = sys_get_zero, /* getuid */
    [104] = sys_get_zero, /* getgid */
    [107] = sys_get_zero, /* geteuid */
    [108] = sys_get_zero, /* getegid */
    [110] = sys_getppid,
    [111] = sys_getpgrp,
    [118] = sys_getresid, /* getresuid */
    [120] = sys_getresid, /* getresgid */
    [121] = sys_getpgid,
    [124] = sys_getpgid, /* getsid */
    [158] = sys_arch_prctl,
    [186] = sys_getpid, /* gettid */
    [200] = sys_tkill,
    [201] = sys_time,
    [218] = sys_getpid, /* set_tid_address */
    [228] = sys_clock_gettime,
    [230] = sys_clock_nanosleep,
    [231] = sys_exit, /* exit_group */
    [234] = sys_tgkill,
    [257] = sys_openat,
    [262] = sys_newfstatat,
    [273] = sys_set_robust_list,
    [292] = sys_dup3,
    [293] = sys_pipe2,
    [302] = sys_prlimit64,
    [318] = sys_getrandom,
    [334] = sys_none, /* rseq */
    [435] = sys_none, /* clone3 */
};

/* Name a missing call the first time that any program makes it. */
static void syscall_log_missing(uint64_t number)
{
    enum { NUMBERS = 1024 };
    static uint64_t logged[NUMBERS / 64]; /* (a) */
    uint64_t bit = UINT64_C(1) << number % 64;

    if (number >= NUMBERS || (__atomic_fetch_or(&logged[number / 64], bit, __ATOMIC_RELAXED) & bit))
        return;
    klog("system call %u is not there (first used by %s, pid %d): -ENOSYS", (unsigned)number,
         task_current()->name, task_current()->pid);
}

/* Copies say ERR_FAULT whatever went wrong; the trap handler has noted what it was. */
static int64_t syscall_run(syscall_t syscall, struct trap_frame *frame)
{
    struct task *task = task_current();
    int64_t result;

    task->out_of_memory = false;
    result = syscall(frame);
    return result == ERR_FAULT && task->out_of_memory ? ERR_NOMEM : result;
}

void syscall_entry(struct trap_frame *frame)
{
    uint64_t number = frame->rax;

    if (number < ARRAY_SIZE(syscalls) && syscalls[number]) {
        frame->rax = (uint64_t)syscall_run(syscalls[number], frame);
        return;
    }
    syscall_log_missing(number);
    frame->rax = (uint64_t)ERR_NOSYS;
}
