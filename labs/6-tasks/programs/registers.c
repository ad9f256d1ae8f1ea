/*
 * registers N LOOPS: children that keep a secret in every register they have, and do
 * nothing else until LOOPS have passed. Whenever another one gets the CPU, all of it
 * must be there again afterwards: the general registers, flags, SSE registers, the
 * GS base and the red zone under the stack pointer. Before and after that the kernel
 * writes to a page that was never touched, so that a fault shows its stack.
 *
 *     step 1   the program runs                  value c1
 *     step 2   each child, when it has finished  value c1; a: its place
 *     step 3   the parent has seen all ends      value c1 + c2
 */
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#include "lab.h"

enum { ARCH_SET_GS = 0x1001 };

/* secret, if it was in all the places where it was put, each time xor another number. */
uint64_t keep_in_registers(uint64_t secret, uint64_t loops);

__asm__(".text\n"
        ".macro all_registers what\n"
        "    .set k, 0\n"
        "    .irp r, rax, rbx, rdx, rsi, rdi, rbp, r8, r9, r10, r11, r12, r13, r14, r15\n"
        "    .set k, k + 1\n"
        "    \\what \\r\n"
        "    .endr\n"
        ".endm\n"
        ".macro put r\n"
        "    movq -8(%rsp), %\\r\n"
        "    xorq $k, %\\r\n"
        ".endm\n"
        ".macro take r\n"
        "    xorq %\\r, %rcx\n"
        "    xorq $k, %rcx\n"
        ".endm\n"
        "keep_in_registers:\n"
        "    pushq %rbx; pushq %rbp; pushq %r12; pushq %r13; pushq %r14; pushq %r15\n"
        "    movq %rsi, %rcx\n"
        "    movq %rdi, -8(%rsp)\n"
        "    movq %rdi, -16(%rsp)\n"
        "    movq %rdi, %xmm15\n"
        "    all_registers put\n"
        "    stc\n"
        "1:  loop 1b\n" /* changes rcx and no flag */
        "    sbbq %rcx, %rcx\n"
        "    notq %rcx\n"          /* 0 if the carry is still set */
        "    all_registers take\n" /* 14 of them */
        "    xorq -16(%rsp), %rcx\n"
        "    movq %xmm15, %rax\n"
        "    xorq %rax, %rcx\n"
        "    xorq -8(%rsp), %rcx\n" /* 17: odd */
        "    movq %rcx, %rax\n"
        "    popq %r15; popq %r14; popq %r13; popq %r12; popq %rbp; popq %rbx\n"
        "    ret\n");

static uint64_t places[64];

static void let_the_kernel_write(void)
{
    struct utsname *untouched =
        mmap(NULL, sizeof(*untouched), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    if (untouched == MAP_FAILED || uname(untouched) != 0)
        _exit(1);
}

static void child(unsigned long i, uint64_t secret, uint64_t loops)
{
    uint64_t kept, through_gs;

    let_the_kernel_write();
    places[i] = secret + i;
    syscall(SYS_arch_prctl, ARCH_SET_GS, &places[i]);
    kept = keep_in_registers(secret + i, loops) - i;
    __asm__ volatile("movq %%gs:0, %0" : "=r"(through_gs));
    let_the_kernel_write();
    lab_witness(2, kept ^ (through_gs - i) ^ secret, i, 0);
    _exit(0);
}

int main(int argc, char **argv)
{
    unsigned long count = argc > 1 ? strtoul(argv[1], NULL, 0) : 3;
    uint64_t loops = argc > 2 ? strtoul(argv[2], NULL, 0) : 300000;
    uint64_t secret = lab_challenge(1), ends = 0;

    if (count > sizeof(places) / sizeof(places[0]))
        return 2;
    lab_witness(1, secret, 0, 0);
    for (unsigned long i = 0; i < count; i++)
        if (fork() == 0)
            child(i, secret, loops);
    while (wait(NULL) > 0)
        ends++;
    lab_witness(3, secret + (ends == count ? lab_challenge(2) : 0), ends, 0);
    return ends != count;
}
