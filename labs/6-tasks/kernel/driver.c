/*
 * Switches between two contexts with a known value in each register that a function
 * must keep. What counts is what switch_and_count returns, each time, in the recording.
 */
#include "arch/context.h"
#include "arch/cpu.h"
#include "arch/hoststream.h"
#include "kern/kmain.h"

enum { STACK = 8192, SWITCHES = 40 };

static _Alignas(16) unsigned char stack[STACK];
static uint64_t here_rsp, there_rsp;

/*
 * Fill the six registers with value, value + 1, ..., call context_switch, and count
 * how many are no longer what they were.
 */
uint64_t switch_and_count(uint64_t *save, uint64_t load, uint64_t value);

__asm__(".text\n"
        ".globl switch_and_count\n"
        ".type switch_and_count, @function\n"
        "switch_and_count:\n"
        "    pushq %rbx; pushq %rbp; pushq %r12; pushq %r13; pushq %r14; pushq %r15\n"
        "    pushq %rdx\n"
        "    movq %rdx, %rbx\n"
        "    leaq 1(%rdx), %rbp; leaq 2(%rdx), %r12; leaq 3(%rdx), %r13\n"
        "    leaq 4(%rdx), %r14; leaq 5(%rdx), %r15\n"
        "    callq context_switch\n"
        "    popq %rdx\n"
        "    xorl %eax, %eax\n"
        "    .set k, 0\n"
        "    .irp r, rbx, rbp, r12, r13, r14, r15\n"
        "    leaq k(%rdx), %rcx\n"
        "    cmpq %rcx, %\\r\n"
        "    setne %cl\n"
        "    movzbl %cl, %ecx\n"
        "    addq %rcx, %rax\n"
        "    .set k, k + 1\n"
        "    .endr\n"
        "    popq %r15; popq %r14; popq %r13; popq %r12; popq %rbp; popq %rbx\n"
        "    ret\n"
        ".size switch_and_count, . - switch_and_count\n");

static void there(void *unused)
{
    (void)unused;
    for (uint64_t i = 0;; i++)
        switch_and_count(&there_rsp, here_rsp, 1000000 + 10 * i);
}

void kernel_tests_run(void *unused)
{
    (void)unused;
    cpu_disable_interrupts();
    there_rsp = context_init(stack + STACK, there, NULL);
    for (uint64_t i = 0; i < SWITCHES; i++)
        switch_and_count(&here_rsp, there_rsp, 1000 + 10 * i);
    host_stream_send('S', "exit 0", 6);
    host_shutdown(HOST_EXIT_DONE);
}
