/*
 * System calls: Linux's numbers, registers, structures and error numbers
 * (x86-64). docs/linux-differences.md says where Quire differs and why.
 *
 * A call takes the trap frame: arguments in rdi, rsi, rdx, r10, r8, r9. It
 * returns what the program finds in rax: a result, or an err_t. Nothing that a
 * program passes is trusted: memory only through vm/user_copy.h.
 */
#pragma once

#include "arch/trap_frame.h"

/* From the SYSCALL entry, interrupts on: do the call that frame->rax names, result in rax. */
void syscall_entry(struct trap_frame *frame);

typedef int64_t (*syscall_t)(struct trap_frame *frame);

/*
 * All calls: number (arch/x86/entry/syscalls/syscall_64.tbl) and function; the
 * functions are in kern/sys_*.c and poll.c.
 */
/* clang-format off */
#define SYSCALLS(CALL) \
    CALL(0, sys_read)                                      \
    CALL(1, sys_write)                                     \
    CALL(2, sys_open)                                      \
    CALL(3, sys_close)                                     \
    CALL(4, sys_stat)                                      \
    CALL(5, sys_fstat)                                     \
    CALL(6, sys_stat)               /* lstat */            \
    CALL(7, sys_poll)                                      \
    CALL(8, sys_lseek)                                     \
    CALL(9, sys_mmap)                                      \
    CALL(10, sys_mprotect)                                 \
    CALL(11, sys_munmap)                                   \
    CALL(12, sys_brk)                                      \
    CALL(13, sys_rt_sigaction)                             \
    CALL(14, sys_rt_sigprocmask)                           \
    CALL(16, sys_ioctl)                                    \
    CALL(17, sys_pread64)                                  \
    CALL(19, sys_readv)                                    \
    CALL(20, sys_writev)                                   \
    CALL(21, sys_access)                                   \
    CALL(22, sys_pipe)                                     \
    CALL(24, sys_sched_yield)                              \
    CALL(25, sys_mremap)                                   \
    CALL(28, sys_madvise)                                  \
    CALL(32, sys_dup)                                      \
    CALL(33, sys_dup2)                                     \
    CALL(35, sys_nanosleep)                                \
    CALL(39, sys_getpid)                                   \
    CALL(56, sys_clone)                                    \
    CALL(57, sys_fork)                                     \
    CALL(58, sys_vfork)                                    \
    CALL(59, sys_execve)                                   \
    CALL(60, sys_exit)                                     \
    CALL(61, sys_wait4)                                    \
    CALL(62, sys_kill)                                     \
    CALL(63, sys_uname)                                    \
    CALL(72, sys_fcntl)                                    \
    CALL(79, sys_getcwd)                                   \
    CALL(89, sys_readlink)                                 \
    CALL(96, sys_gettimeofday)                             \
    CALL(99, sys_sysinfo)                                  \
    CALL(102, sys_get_zero)         /* getuid */           \
    CALL(104, sys_get_zero)         /* getgid */           \
    CALL(107, sys_get_zero)         /* geteuid */          \
    CALL(108, sys_get_zero)         /* getegid */          \
    CALL(110, sys_getppid)                                 \
    CALL(111, sys_getpgrp)                                 \
    CALL(118, sys_getresid)         /* getresuid */        \
    CALL(120, sys_getresid)         /* getresgid */        \
    CALL(121, sys_getpgid)                                 \
    CALL(124, sys_getpgid)          /* getsid */           \
    CALL(158, sys_arch_prctl)                              \
    CALL(186, sys_getpid)           /* gettid */           \
    CALL(200, sys_tkill)                                   \
    CALL(201, sys_time)                                    \
    CALL(202, sys_futex)                                   \
    CALL(218, sys_getpid)           /* set_tid_address */  \
    CALL(228, sys_clock_gettime)                           \
    CALL(230, sys_clock_nanosleep)                         \
    CALL(231, sys_exit)             /* exit_group */       \
    CALL(234, sys_tgkill)                                  \
    CALL(257, sys_openat)                                  \
    CALL(262, sys_newfstatat)                              \
    CALL(273, sys_set_robust_list)                         \
    CALL(292, sys_dup3)                                    \
    CALL(293, sys_pipe2)                                   \
    CALL(302, sys_prlimit64)                               \
    CALL(318, sys_getrandom)                               \
    CALL(334, sys_none)             /* rseq */             \
    CALL(435, sys_none)             /* clone3 */
/* clang-format on */

#define SYSCALL_DECLARE(number, function) int64_t function(struct trap_frame *frame);
SYSCALLS(SYSCALL_DECLARE)
#undef SYSCALL_DECLARE
