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

/* sys_file.c */
int64_t sys_read(struct trap_frame *frame);
int64_t sys_write(struct trap_frame *frame);
int64_t sys_readv(struct trap_frame *frame);
int64_t sys_writev(struct trap_frame *frame);
int64_t sys_pread64(struct trap_frame *frame);
int64_t sys_close(struct trap_frame *frame);
int64_t sys_lseek(struct trap_frame *frame);
int64_t sys_ioctl(struct trap_frame *frame);

/* sys_fd.c */
int64_t sys_fcntl(struct trap_frame *frame);
int64_t sys_dup(struct trap_frame *frame);
int64_t sys_dup2(struct trap_frame *frame);
int64_t sys_dup3(struct trap_frame *frame);
int64_t sys_pipe(struct trap_frame *frame);
int64_t sys_pipe2(struct trap_frame *frame);

/* sys_path.c */
int64_t sys_open(struct trap_frame *frame);
int64_t sys_openat(struct trap_frame *frame);
int64_t sys_stat(struct trap_frame *frame);
int64_t sys_fstat(struct trap_frame *frame);
int64_t sys_newfstatat(struct trap_frame *frame);
int64_t sys_access(struct trap_frame *frame);
int64_t sys_readlink(struct trap_frame *frame);

/* poll.c */
int64_t sys_poll(struct trap_frame *frame);

/* sys_memory.c */
int64_t sys_brk(struct trap_frame *frame);
int64_t sys_munmap(struct trap_frame *frame);
int64_t sys_mprotect(struct trap_frame *frame);
int64_t sys_mremap(struct trap_frame *frame);
int64_t sys_madvise(struct trap_frame *frame);

/* sys_mmap.c */
int64_t sys_mmap(struct trap_frame *frame);

/* sys_process.c */
int64_t sys_fork(struct trap_frame *frame);
int64_t sys_vfork(struct trap_frame *frame);
int64_t sys_clone(struct trap_frame *frame);
int64_t sys_exit(struct trap_frame *frame);
int64_t sys_wait4(struct trap_frame *frame);
int64_t sys_sched_yield(struct trap_frame *frame);
int64_t sys_getpid(struct trap_frame *frame);
int64_t sys_getppid(struct trap_frame *frame);
int64_t sys_get_zero(struct trap_frame *frame);
int64_t sys_getresid(struct trap_frame *frame);
int64_t sys_getpgrp(struct trap_frame *frame);
int64_t sys_getpgid(struct trap_frame *frame);
int64_t sys_arch_prctl(struct trap_frame *frame);
int64_t sys_set_robust_list(struct trap_frame *frame);

/* sys_exec.c */
int64_t sys_execve(struct trap_frame *frame);

/* sys_signal.c */
int64_t sys_kill(struct trap_frame *frame);
int64_t sys_tkill(struct trap_frame *frame);
int64_t sys_tgkill(struct trap_frame *frame);
int64_t sys_rt_sigaction(struct trap_frame *frame);
int64_t sys_rt_sigprocmask(struct trap_frame *frame);

/* sys_time.c */
int64_t sys_nanosleep(struct trap_frame *frame);
int64_t sys_clock_nanosleep(struct trap_frame *frame);
int64_t sys_clock_gettime(struct trap_frame *frame);
int64_t sys_gettimeofday(struct trap_frame *frame);
int64_t sys_time(struct trap_frame *frame);

/* sys_info.c */
int64_t sys_uname(struct trap_frame *frame);
int64_t sys_sysinfo(struct trap_frame *frame);
int64_t sys_prlimit64(struct trap_frame *frame);
int64_t sys_getrandom(struct trap_frame *frame);
