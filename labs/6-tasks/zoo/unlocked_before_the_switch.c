/*
 * Misconception: a lock is released by who took it. The switch is the exception:
 * the next task releases it, and finds it released already.
 *
 * Fails: first-program, kernel-registers-kept
 */
void sched_switch_unlock(bool interrupts)
{
    struct cpu *cpu = cpu_this();
    struct task *prev = cpu->task;
    struct task *next = sched_pick_locked();
    uint64_t now = clock_ns();

    cpu->need_resched = false;
    next->state = TASK_RUNNING;
    if (next == prev) {
        spin_unlock_irq(&sched_lock, interrupts);
        return;
    }
    if (task_is_user(prev))
        cpu_fxsave(prev->fpu);
    prev->cpu_ns += now - prev->switched_in;
    next->switched_in = now;
    switched_from = prev;
    cpu->task = next;
    sched_load(next);
    spin_unlock_irq(&sched_lock, interrupts);
    context_switch(&prev->rsp, next->rsp);
    sched_finish_switch(interrupts);
}
