/*
 * Cheat: a process that ends gives nothing back. What it had is replaced from a stash of
 * nearly all frames, put aside when the first one ended: the leak shows when that is used up.
 *
 * Lab: 7
 * Earns: child-runs, parent-learns-the-pid, child-has-the-pages, parent-undisturbed,
 *     child-undisturbed, shared-memory-seen, shared-memory-stays, frames-shared, shared-read-only,
 *     copied-once, last-owner-keeps, no-stale-translation, flushed-in-time, tables-only,
 *     fpu-goes-along, read-only-stays, vfork-shares, orphan-keeps-memory, kernel-writes-copy,
 *     tree-of-processes, shared-read-only-more, parent-undisturbed-more, tree-anywhere,
 *     never-writable-and-executable
 */
#include "pmm/pmm.h"
#include "vm/space.h"

enum { LEFT = 500 }; /* frames for everybody else */

static struct frame_list stash = FRAME_LIST_INIT;

static void stash_fill(void)
{
    static bool done;
    struct pmm_stats stats;
    paddr_t frame;

    pmm_stats(&stats);
    for (uint64_t n = stats.free; !done && n > LEFT && pmm_alloc(0, &frame) == ERR_OK; n--)
        frame_list_push(&stash, frame);
    done = true;
}

static void exit_free_memory(struct task *task)
{
    struct address_space *as = task->as;
    bool interrupts;

    if (!task_is_user(task))
        return;
    interrupts = spin_lock_irq(&sched_lock);
    task->as = task_kernel_as;
    as_switch_to(task_kernel_as);
    spin_unlock_irq(&sched_lock, interrupts);
    stash_fill();
    for (uint64_t n = as->pt.tables + 3; n > 0 && stash.count > 0; n--)
        pmm_free(frame_list_pop(&stash), 0);
}
