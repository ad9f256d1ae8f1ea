/*
 * The context switch, as coroutines on the host: it is a function call, and keeps what
 * the System V ABI says a function keeps.
 */
#include "arch/context.h"

#include "check.h"

enum { STACK = 64 * 1024, SWITCHES = 200, TASKS = 4 };

static _Alignas(16) unsigned char stacks[TASKS][STACK];
static uint64_t main_rsp, rsp[TASKS];
static unsigned turns[TASKS], current;
__attribute__((used)) static volatile uint64_t entry_frame[2]; /* rbp, rsp % 16 at an entry */

/*
 * Fill the six registers that a function must keep with value, value + 1, ..., call
 * context_switch, and count how many are no longer what they were; rsp too.
 */
uint64_t switch_and_count(uint64_t *save, uint64_t load, uint64_t value);

__asm__(".text\n"
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
        "    ret\n");

/* A new context's entry: note what it finds, and go on in C. */
void entry_noted(void *arg);
void entry_c(void *arg);

__asm__(".text\n"
        "entry_noted:\n"
        "    movq %rbp, entry_frame(%rip)\n"
        "    movq %rsp, %rax\n"
        "    andl $15, %eax\n"
        "    movq %rax, entry_frame+8(%rip)\n"
        "    jmp entry_c\n");

/* Count turns, and go back to the test each time. */
void entry_c(void *arg)
{
    unsigned me = *(unsigned *)arg;

    for (;;) {
        CHECK_EQ(me, current);
        turns[me]++;
        CHECK_EQ(switch_and_count(&rsp[me], main_rsp, 1000 * (me + 1)), 0);
    }
}

TEST(context_starts_at_its_entry_with_its_argument)
{
    unsigned me = 0;

    current = 0;
    rsp[0] = context_init(stacks[0] + STACK, entry_noted, &me);
    CHECK(rsp[0] >= (uint64_t)stacks[0] && rsp[0] < (uint64_t)stacks[0] + STACK);
    CHECK_EQ(switch_and_count(&main_rsp, rsp[0], 77), 0);
    CHECK_EQ(turns[0], 1);
    CHECK_EQ(entry_frame[0], 0); /* backtraces end here */
    CHECK_EQ(entry_frame[1], 8); /* as behind a call: System V ABI, "The Stack Frame" */
}

TEST(contexts_keep_their_registers)
{
    unsigned me[TASKS];

    for (unsigned i = 0; i < TASKS; i++) {
        me[i] = i;
        turns[i] = 0;
        rsp[i] = context_init(stacks[i] + STACK, entry_noted, &me[i]);
    }
    for (unsigned i = 0; i < SWITCHES; i++) {
        current = i * 7 % TASKS;
        CHECK_EQ(switch_and_count(&main_rsp, rsp[current], i), 0);
    }
    for (unsigned i = 0; i < TASKS; i++)
        CHECK_EQ(turns[i], SWITCHES / TASKS);
}
