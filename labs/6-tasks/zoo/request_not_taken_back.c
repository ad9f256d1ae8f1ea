/*
 * Misconception: the tick asks for a switch, and will see to its request itself. It
 * never does: on its way back to ring 3 each task finds that it must switch once
 * more, and nobody arrives there.
 *
 * Fails: first-program
 */
void sched_switch_unlock(bool interrupts)
{
    struct cpu *cpu = cpu_this();
    struct task *prev = cpu->task;
    struct task *next = sched_pick_locked();
    uint64_t now = clock_ns();

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
    context_switch(&prev->rsp, next->rsp);
    sched_finish_switch(interrupts);
}
