/*
 * Misconception: the current task changes when the switch is done. Behind
 * context_switch it is another task's call that goes on, with its own idea of next;
 * and a new task does not come by there at all.
 *
 * Fails: first-program
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
    sched_load(next);
    context_switch(&prev->rsp, next->rsp);
    cpu->task = next;
    sched_finish_switch(interrupts);
}
