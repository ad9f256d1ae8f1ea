/*
 * poll(2). A counter tells pollers that something changed while they looked:
 *
 *     poller                                changer
 *     seen = poll_changes                   change the file
 *     look at each file                     poll_changes++, wake all pollers
 *     sleep unless poll_changes != seen
 */
#include "kern/poll.h"

#include "arch/spinlock.h"
#include "arch/timer.h"
#include "kern/console.h"
#include "kern/fd.h"
#include "kern/file.h"
#include "kern/linux.h"
#include "kern/syscall.h"
#include "sched/wait_queue.h"
#include "vm/user_copy.h"

static struct spinlock poll_lock = SPINLOCK_INIT(LOCK_PIPE);
static uint64_t poll_changes; /* (l) */
static struct wait_queue pollers = WAIT_QUEUE_INIT(pollers);

void poll_notify(void)
{
    spin_lock(&poll_lock);
    poll_changes++;
    wait_wake_all(&pollers);
    spin_unlock(&poll_lock);
}

static uint64_t poll_changes_now(void)
{
    uint64_t now;

    spin_lock(&poll_lock);
    now = poll_changes;
    spin_unlock(&poll_lock);
    return now;
}

static unsigned poll_ready(struct file *file)
{
    if (file->ops->poll)
        return file->ops->poll(file);
    return (file->ops->read ? POLLIN : 0) | (file->ops->write ? POLLOUT : 0);
}

/* What poll reports for one entry; *interactive is set if it must be looked at again. */
static unsigned poll_entry(const struct linux_pollfd *entry, bool *interactive)
{
    const unsigned always = POLLERR | POLLHUP | POLLNVAL;
    struct file *file;

    if (entry->fd < 0)
        return 0;
    if (fd_find(entry->fd, &file))
        return POLLNVAL;
    if (console_is_interactive(file))
        *interactive = true;
    return poll_ready(file) & ((unsigned)entry->events | always);
}

/* Fill in all revents; *count gets how many are not zero. */
static err_t poll_scan(vaddr_t fds, unsigned n, unsigned *count, bool *interactive)
{
    struct linux_pollfd entry;

    *count = 0;
    for (unsigned i = 0; i < n; i++) {
        vaddr_t at = fds + i * sizeof(entry);
        err_t err = copy_from_user(&entry, at, sizeof(entry));

        if (err)
            return err;
        entry.revents = (int16_t)poll_entry(&entry, interactive);
        *count += entry.revents != 0;
        err = copy_to_user(at, &entry, sizeof(entry));
        if (err)
            return err;
    }
    return ERR_OK;
}

/* Sleep until something changed since `seen`: ERR_OK; ERR_AGAIN at the deadline; ERR_INTR. */
static err_t poll_sleep(uint64_t seen, uint64_t deadline)
{
    err_t err = ERR_OK;

    spin_lock(&poll_lock);
    if (poll_changes == seen)
        err = wait_sleep(&pollers, &poll_lock, deadline);
    spin_unlock(&poll_lock);
    return err;
}

int64_t sys_poll(struct trap_frame *frame)
{
    unsigned n = (unsigned)frame->rsi, count;
    int timeout = (int)frame->rdx; /* milliseconds; negative: none */
    uint64_t end = timeout < 0 ? WAIT_FOREVER : clock_ns() + (uint64_t)timeout * 1000000;

    if (n > FD_MAX)
        return ERR_INVAL;
    for (;;) {
        uint64_t seen = poll_changes_now();
        bool interactive = false;
        err_t err = poll_scan(frame->rdi, n, &count, &interactive);

        if (err || count)
            return err ? err : (int64_t)count;
        if (end <= clock_ns())
            return 0;
        err = poll_sleep(seen, interactive ? min_u64(end, clock_ns() + CONSOLE_POLL_NS) : end);
        if (err == ERR_INTR)
            return err;
    }
}
