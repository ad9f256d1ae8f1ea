/*
 * Every way into the kernel and back. All of them leave a struct trap_frame
 * (arch/trap_frame.h) at the top of the stack:
 *
 *     176  kernel stack top, or where the interrupted kernel code was
 *     136  rip cs rflags rsp ss       by the CPU, or by the SYSCALL entry
 *     128  error code                 by the CPU, or 0
 *     120  vector
 *       0  r15 ... rax                <- rsp, and the handlers' argument
 *
 * What programs decide about ring 3 does not reach the kernel: the direction
 * flag is cleared, and with SMAP so is AC, which would open user memory.
 */
#include "arch/asm_constants.h"

#define ERROR_CODES  0x60227d00 /* vectors that push one: SDM vol. 3A, "Exceptions" */
#define OWN_STACK    0x00040104 /* vectors with IST stacks: NMI, double fault, machine check */

    .macro clear_flags
    cld
    cmpb $0, cpu_has_smap(%rip)
    je 9f
    clac
9:
    .endm

    .macro save_registers
    .irp r, rax, rbx, rcx, rdx, rsi, rdi, rbp, r8, r9, r10, r11, r12, r13, r14, r15
    pushq %\r
    .endr
    .endm

    .macro restore_registers
    .irp r, r15, r14, r13, r12, r11, r10, r9, r8, rbp, rdi, rsi, rdx, rcx, rbx, rax
    popq %\r
    .endr
    .endm

    .text

/* Entry points of TRAP_STUB_SIZE bytes each, for vectors 0 to 47; trap_init points the IDT at them. */
    .balign TRAP_STUB_SIZE
    .globl trap_stubs
trap_stubs:
    .set vector, 0
    .rept 48
    .balign TRAP_STUB_SIZE
    .if !((ERROR_CODES >> vector) & 1)
    pushq $0
    .endif
    pushq $vector
    .if (OWN_STACK >> vector) & 1
    jmp trap_own_stack
    .else
    jmp trap_common
    .endif
    .set vector, vector + 1
    .endr

trap_common:
    clear_flags
    save_registers
    testb $3, FRAME_CS(%rsp)
    jz 1f
    swapgs
    xorl %ebp, %ebp             /* backtraces end at the border */
1:  movq %rsp, %rdi
    callq *trap_hook(%rip)
    movq %rsp, %rdi
    /* falls through */

/* _Noreturn void trap_return(struct trap_frame *frame); */
    .globl trap_return
    .type trap_return, @function
trap_return:
    cli
    movq %rdi, %rsp
    testb $3, FRAME_CS(%rsp)
    jz 1f
    swapgs
1:  restore_registers
    addq $16, %rsp              /* vector and error code */
    iretq
    .size trap_return, . - trap_return

/*
 * These can arrive anywhere, even between SYSCALL and SWAPGS: only the register
 * itself tells whose GS is loaded. The kernel's lies in the upper half. Nothing
 * returns from them.
 */
trap_own_stack:
    clear_flags
    save_registers
    movl $MSR_GS_BASE, %ecx
    rdmsr
    testl %edx, %edx
    js 1f
    swapgs
1:  movq %rsp, %rdi
    callq trap_handler
    ud2

/*
 * SYSCALL: rcx = rip, r11 = rflags, rsp still the program's; interrupts, DF and
 * AC were cleared by the CPU (features.c, FMASK).
 */
    .globl trap_syscall_entry
    .type trap_syscall_entry, @function
trap_syscall_entry:
    swapgs
    movq %rsp, %gs:CPU_USER_RSP
    movq %gs:CPU_KERNEL_RSP, %rsp
    pushq $SEL_USER_DATA
    pushq %gs:CPU_USER_RSP
    pushq %r11
    pushq $SEL_USER_CODE
    pushq %rcx
    pushq $0
    pushq $TRAP_SYSCALL
    save_registers
    xorl %ebp, %ebp
    sti
    movq %rsp, %rdi
    callq *syscall_hook(%rip)
    cli
    movq %rsp, %rdi
    callq task_return_to_user
    movq %rsp, %rdi

    /* SYSRET to a non-canonical address would fault in ring 0, on the program's stack. */
    movq FRAME_RIP(%rsp), %rcx
    shrq $47, %rcx
    jnz trap_return
    restore_registers
    movq 16(%rsp), %rcx         /* rip */
    movq 32(%rsp), %r11         /* rflags */
    movq 40(%rsp), %rsp
    swapgs
    sysretq
    .size trap_syscall_entry, . - trap_syscall_entry

    .section .note.GNU-stack, "", @progbits
