/*
 * Different: the run queue grows at its front and is served from its back; the tick
 * always asks for a switch, also where nobody is ready; a waiter stands on the
 * queue before it sleeps; the switch loads the next task before it saves what the
 * last one leaves.
 *
 * Flags: -O0
 */
void rq_push(struct run_queue *rq, struct list_node *node)
{
    list_push_front(&rq->ready, node);
    rq->count++;
}

struct list_node *rq_pop(struct run_queue *rq)
{
    struct list_node *last = rq->ready.prev;

    if (last == &rq->ready)
        return NULL;
    list_remove(last);
    rq->count -= 1;
    return last;
}

void sched_tick(void)
{
    bool interrupts = spin_lock_irq(&sched_lock);
    uint64_t now = clock_ns();

    cpu_this()->need_resched = true;
    for (;;) {
        struct sleeper *due = sleep_queue_pop_due(&sleep_queue, now);

        if (!due)
            break;
        sched_wake_locked(CONTAINER_OF(due, struct task, sleeper), ERR_AGAIN);
    }
    spin_unlock_irq(&sched_lock, interrupts);
}

static struct task *sched_pick_locked(void)
{
    return rq_empty(&run_queue) ? &idle : CONTAINER_OF(rq_pop(&run_queue), struct task, queue_node);
}

static void sched_load(struct task *next)
{
    if (task_is_user(next)) {
        cpu_fxrstor(next->fpu);
        cpu_write_msr(MSR_KERNEL_GS_BASE, next->gs_base);
        cpu_write_msr(MSR_FS_BASE, next->fs_base);
    }
    if (next->kstack)
        cpu_set_kernel_stack(next->kstack);
    as_switch_to(next->as);
}

void sched_switch_unlock(bool interrupts)
{
    struct task *prev = task_current();
    struct task *next = sched_pick_locked();
    uint64_t now = clock_ns();

    if (next != prev) {
        switched_from = prev;
        next->switched_in = now;
        prev->cpu_ns += now - prev->switched_in;
        if (task_is_user(prev))
            cpu_fxsave(prev->fpu);
        sched_load(next);
    }
    next->state = TASK_RUNNING;
    cpu_this()->task = next;
    cpu_this()->need_resched = false;
    if (next == prev) {
        spin_unlock_irq(&sched_lock, interrupts);
        return;
    }
    context_switch(&prev->rsp, next->rsp);
    sched_finish_switch(interrupts);
}

err_t wait_sleep_unlock(struct wait_queue *q, uint64_t deadline, bool interrupts)
{
    struct task *task = task_current();
    err_t err;

    if (!wait_can_start_locked(deadline, &err)) {
        spin_unlock_irq(&sched_lock, interrupts);
        return err;
    }
    list_insert_before(&q->waiters, &task->queue_node);
    sched_sleep_locked(deadline);
    sched_switch_unlock(interrupts);
    return task->wake_reason;
}
