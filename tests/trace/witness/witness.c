/*
 * witness MODE: a program that reports honestly, or that forges in one way that
 * only the bytes of its code, or who calls, give away.
 */
#include "lab.h"

#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PAGE = 4096 };

/* A page of code of its own: nothing in it is needed. */
__asm__(".pushsection .text; .balign 4096; spare: ret; .balign 4096; .popsection");
extern uint8_t spare[PAGE];

static void report(uint64_t step)
{
    uint64_t secret = lab_challenge(step);

    lab_witness(step, secret ^ lab_challenge(2), getpid() > 0, step);
}

/* The value goes through a page that is copied on a write. */
static void honest(void)
{
    static uint64_t shared;
    int status;

    shared = lab_challenge(1);
    if (fork() == 0) {
        shared = lab_challenge(2);
        lab_witness(1, shared, 0, 0);
        _exit(0);
    }
    wait(&status);
    lab_witness(2, shared, (uint64_t)status, 0);
}

/* One byte of code changes that is never executed; then it is as before. */
static void patched(void)
{
    mprotect(spare, PAGE, PROT_READ | PROT_WRITE);
    report(1);
    spare[77] ^= 1;
    report(2);
    mprotect(spare, PAGE, PROT_READ | PROT_EXEC);
    report(3);
    mprotect(spare, PAGE, PROT_READ | PROT_WRITE);
    spare[77] ^= 1;
    report(4);
}

/* Code that lies elsewhere calls: mov $step, %edi; mov $lab_witness, %eax; call *%rax; ret. */
static void copied(void)
{
    uint8_t code[] = { 0xbf, 7, 0, 0, 0, 0xb8, 0, 0, 0, 0, 0xff, 0xd0, 0xc3 };
    uint32_t target = (uint32_t)(uintptr_t)lab_witness;
    uint8_t *page = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    memcpy(code + 6, &target, sizeof(target));
    memcpy(page, code, sizeof(code));
    mprotect(page, PAGE, PROT_READ | PROT_EXEC);
    __asm__ volatile("sub $136, %%rsp; call *%0; add $136, %%rsp"
                     :
                     : "r"(page)
                     : "rax", "rcx", "rdx", "rsi", "rdi", "r8", "r9", "r10", "r11", "memory");
}

/* A page of its code is another frame now, with the same bytes; then with others. */
static void remapped(void)
{
    static uint8_t copy[PAGE];

    memcpy(copy, spare, PAGE);
    mmap(spare, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    memcpy(spare, copy, PAGE);
    report(1);
    spare[0] = 0;
    report(2);
    munmap(spare, PAGE);
    report(3);
}

/* A jump is no call. */
static void jumped(void)
{
    __asm__ volatile("sub $136, %%rsp; lea 1f(%%rip), %%rax; push %%rax; mov $9, %%edi;"
                     "jmp lab_witness; 1: add $136, %%rsp"
                     :
                     :
                     : "rax", "rcx", "rdx", "rsi", "rdi", "memory");
}

int main(int argc, char **argv)
{
    static const struct {
        const char *name;
        void (*run)(void);
    } modes[] = { { "honest", honest },
                  { "patched", patched },
                  { "copied", copied },
                  { "remapped", remapped },
                  { "jumped", jumped } };

    for (size_t i = 0; argc > 1 && i < sizeof(modes) / sizeof(modes[0]); i++)
        if (strcmp(argv[1], modes[i].name) == 0)
            modes[i].run();
    puts("done");
    return 0;
}
