/*
 * Misconception: A page fault in ring 0 that nobody resolves is the kernel's mistake. Not while it
 * copies for a program: the program gave the pointer.
 *
 * Fails: pointer-string, pointer-long, pointer-shared, pointer-bad, pointer-read-only,
 * pointer-last, pointer-kernel, pointer-none, hungry-killed, hungry-call, jitter-pointers
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
    if (user)
        signal_fault(frame, err == ERR_NOMEM ? SIGKILL : SIGSEGV);
    else
        trap_kernel(frame, addr);
    if (err == ERR_NOMEM)
        task_current()->out_of_memory = true;
}
