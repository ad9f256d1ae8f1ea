/*
 * Misconception: the stack pointer is saved first, since it is what the function is
 * about. What is pushed afterwards lies below it: whoever comes back pops other
 * words.
 *
 * Fails: kernel-registers-kept, children-run, turns-in-order, preempted,
 * sleepers-in-order, numbers-go-round, turns-of-seven, woken-anywhere
 */
    .globl context_switch
    .type context_switch, @function
context_switch:
    movq %rsp, (%rdi)
    .irp r, rbp, rbx, r12, r13, r14, r15
    pushq %\r
    .endr
    movq %rsi, %rsp
    .irp r, r15, r14, r13, r12, rbx, rbp
    popq %\r
    .endr
    ret
