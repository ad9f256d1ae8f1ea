/*
 * The filter on system calls: a list of those that only reach for more rights
 * or for parts of the kernel that no compiler or emulator needs.
 *
 * ptrace stays: the leak checker of the sanitizers needs it, and reaches only
 * processes of the box. clone3 hides its flags behind a pointer, where a filter
 * cannot look; refused with ENOSYS, the C library falls back to clone.
 */
#include "box_parts.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <stddef.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

static const int refused[] = {
    SYS_mount,
    SYS_umount2,
    SYS_pivot_root,
    SYS_chroot,
    SYS_unshare,
    SYS_setns,
    SYS_bpf,
    SYS_perf_event_open,
    SYS_keyctl,
    SYS_add_key,
    SYS_request_key,
    SYS_io_uring_setup,
    SYS_io_uring_enter,
    SYS_io_uring_register,
    SYS_userfaultfd,
    SYS_open_by_handle_at,
    SYS_kexec_load,
    SYS_kexec_file_load,
    SYS_init_module,
    SYS_finit_module,
    SYS_delete_module,
    SYS_swapon,
    SYS_swapoff,
    SYS_reboot,
    SYS_acct,
    SYS_quotactl,
    SYS_settimeofday,
    SYS_clock_settime,
    SYS_adjtimex,
    SYS_syslog,
    SYS_process_vm_readv,
    SYS_process_vm_writev,
    SYS_fsopen,
    SYS_fsmount,
    SYS_fsconfig,
    SYS_fspick,
    SYS_move_mount,
    SYS_open_tree,
    SYS_mount_setattr,
    SYS_vhangup,
};

enum {
    REFUSED_COUNT = sizeof(refused) / sizeof(refused[0]),
    FILTER_MAX = 16 + 2 * REFUSED_COUNT,
    X32_BIT = 0x40000000,
};

#define AT(field)                     offsetof(struct seccomp_data, field)
#define LOAD(offset)                  BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (offset))
#define SKIP_UNLESS(op, value, count) BPF_JUMP(BPF_JMP | (op) | BPF_K, (value), 0, (count))
#define ANSWER(value)                 BPF_STMT(BPF_RET | BPF_K, (value))
#define REFUSE(number)                ANSWER(SECCOMP_RET_ERRNO | (number))

static size_t filter_head(struct sock_filter *out)
{
    const struct sock_filter head[] = {
        LOAD(AT(arch)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, AUDIT_ARCH_X86_64, 1, 0),
        ANSWER(SECCOMP_RET_KILL_PROCESS),
        LOAD(AT(nr)),
        SKIP_UNLESS(BPF_JGE, X32_BIT, 1),
        ANSWER(SECCOMP_RET_KILL_PROCESS),
        SKIP_UNLESS(BPF_JEQ, SYS_clone3, 1),
        REFUSE(ENOSYS),
        SKIP_UNLESS(BPF_JEQ, SYS_clone, 4),
        LOAD(AT(args[0])),
        SKIP_UNLESS(BPF_JSET, CLONE_NEWUSER, 1),
        REFUSE(EPERM),
        ANSWER(SECCOMP_RET_ALLOW),
    };
    const size_t count = sizeof(head) / sizeof(head[0]);

    for (size_t i = 0; i < count; i++)
        out[i] = head[i];
    return count;
}

int box_filter(void)
{
    struct sock_filter program[FILTER_MAX];
    size_t count = filter_head(program);
    int fd = memfd_create("box-filter", MFD_CLOEXEC);

    for (size_t i = 0; i < REFUSED_COUNT; i++) {
        program[count++] = (struct sock_filter)SKIP_UNLESS(BPF_JEQ, refused[i], 1);
        program[count++] = (struct sock_filter)REFUSE(EPERM);
    }
    program[count++] = (struct sock_filter)ANSWER(SECCOMP_RET_ALLOW);
    const size_t bytes = count * sizeof(program[0]);

    if (fd >= 0 && (write(fd, program, bytes) != (ssize_t)bytes || lseek(fd, 0, SEEK_SET) != 0)) {
        close(fd);
        fd = -1;
    }
    return fd;
}
