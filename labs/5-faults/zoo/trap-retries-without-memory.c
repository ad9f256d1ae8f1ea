/*
 * Misconception: Without memory one waits until there is some. Nobody is going to free any: the
 * same fault comes for ever.
 *
 * Fails: hungry-killed, hungry-call
 */
static void trap_page_fault(struct trap_frame *frame)
{
    uint64_t addr = cpu_read_cr2(); /* before interrupts may bring another fault */
    bool user = trap_from_user(frame);
    uint64_t fixup = user ? 0 : ex_table_find(frame->rip);
    err_t err;

    if ((!user && (fixup == 0 || addr >= USER_MAX)) || (frame->error & PF_RESERVED)) {
        trap_kernel(frame, addr);
        return;
    }
    if (frame->rflags & RFLAGS_IF)
        cpu_enable_interrupts();
    err = as_handle_fault(task_current()->as, addr, fault_access(frame->error));
    cpu_disable_interrupts();
    if (err == ERR_OK)
        return;
    if (err == ERR_NOMEM && user)
        return;
    if (user)
        signal_fault(frame, err == ERR_NOMEM ? SIGKILL : SIGSEGV);
    else
        frame->rip = fixup;
    if (err == ERR_NOMEM)
        task_current()->out_of_memory = true;
}
