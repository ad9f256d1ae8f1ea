/* System calls that describe the system. */
#include "arch/layout.h"
#include "arch/timer.h"
#include "kern/fd.h"
#include "kern/linux.h"
#include "kern/random.h"
#include "kern/syscall.h"
#include "pmm/pmm.h"
#include "sched/exec.h"
#include "sched/task.h"
#include "vm/user_copy.h"

int64_t sys_uname(struct trap_frame *frame)
{
    static const struct linux_utsname name = {
        .sysname = "Linux",
        .nodename = "quire",
        .release = "6.1.0",
        .version = "Quire",
        .machine = "x86_64",
        .domainname = "(none)",
    };

    return copy_to_user(frame->rdi, &name, sizeof(name));
}

int64_t sys_sysinfo(struct trap_frame *frame)
{
    struct linux_sysinfo info = { .mem_unit = 1 };
    struct pmm_stats stats;

    pmm_stats(&stats);
    info.uptime = (int64_t)(clock_ns() / (uint64_t)NSEC_PER_SEC);
    info.totalram = stats.total * PAGE_SIZE;
    info.freeram = stats.free * PAGE_SIZE;
    info.procs = (uint16_t)task_count();
    return copy_to_user(frame->rdi, &info, sizeof(info));
}

/* Limits are what the kernel is built for; nobody can change them. */
static struct linux_rlimit rlimit_get(unsigned resource)
{
    switch (resource) {
    case RLIMIT_STACK:
        return (struct linux_rlimit){ STACK_SIZE, STACK_SIZE };
    case RLIMIT_CORE:
        return (struct linux_rlimit){ 0, 0 };
    case RLIMIT_NOFILE:
        return (struct linux_rlimit){ FD_MAX, FD_MAX };
    default:
        return (struct linux_rlimit){ RLIM_INFINITY, RLIM_INFINITY };
    }
}

/* Setting a limit to what it is succeeds, since that changes nothing. */
static err_t rlimit_set(unsigned resource, vaddr_t from)
{
    struct linux_rlimit new, old = rlimit_get(resource);
    err_t err = copy_from_user(&new, from, sizeof(new));

    if (err)
        return err;
    if (new.soft > new.hard)
        return ERR_INVAL;
    return new.soft == old.soft &&new.hard == old.hard ? ERR_OK : ERR_PERM;
}

int64_t sys_prlimit64(struct trap_frame *frame)
{
    int pid = (int)frame->rdi;
    unsigned resource = (unsigned)frame->rsi;
    struct linux_rlimit limit;
    err_t err = ERR_OK;

    if (resource >= RLIMIT_COUNT)
        return ERR_INVAL;
    if (pid != 0 && pid != task_current()->pid)
        return ERR_SRCH;
    if (frame->rdx)
        err = rlimit_set(resource, frame->rdx);
    if (err || !frame->r10)
        return err;
    limit = rlimit_get(resource);
    return copy_to_user(frame->r10, &limit, sizeof(limit));
}

int64_t sys_getrandom(struct trap_frame *frame)
{
    enum { GETRANDOM_MAX = 0x1ffffff }; /* Linux's limit (random(7)) */
    const uint64_t known = GRND_NONBLOCK | GRND_RANDOM | GRND_INSECURE;
    uint64_t len = min_u64(frame->rsi, GETRANDOM_MAX), done = 0;
    uint8_t chunk[256];

    if (frame->rdx & ~known)
        return ERR_INVAL;
    while (done < len) {
        size_t part = min_u64(len - done, sizeof(chunk));

        random_fill(chunk, part);
        if (copy_to_user(frame->rdi + done, chunk, part))
            return done ? (int64_t)done : ERR_FAULT;
        done += part;
    }
    return (int64_t)done;
}
