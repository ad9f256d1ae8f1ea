/*
 * Lab 1: a program runs, and each way from it into the kernel ends as it should.
 *
 *     step 1     ring 3 is reached: the first challenge
 *     step 2     INT3 is a program's to use: SIGTRAP
 *     step 3, 4  INT 14 and INT 32 are not: SIGSEGV
 *     step 5     a read of the kernel's half: SIGSEGV
 *     step 6     a system call that is given such an address fails, and returns
 *     step 7     the file's memory is there: its sum
 *     step 8     the end
 *
 * Each value is a challenge, xor what the kernel answered.
 */
#include "lab.h"

#include <errno.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PAGES = 300, PAGE = 4096 };

static void breakpoint(void)
{
    __asm__ volatile("int3");
}

static void forge_page_fault(void)
{
    __asm__ volatile("int $14");
}

static void forge_timer(void)
{
    __asm__ volatile("int $32");
}

static void read_kernel(void)
{
    (void)*(volatile char *)0xffffffff80100000;
}

/* How a child ends that does this: its wait status. */
static uint64_t status_of(void (*act)(void))
{
    int status = -1;
    pid_t pid = fork();

    if (pid == 0) {
        act();
        _exit(0);
    }
    if (pid < 0 || waitpid(pid, &status, 0) != pid)
        return ~0ull;
    return (uint64_t)(status & 0x7f);
}

static uint64_t errno_of_bad_pointer(void)
{
    int ends[2];
    ssize_t written;

    if (pipe(ends) != 0)
        return ~0ull;
    written = write(ends[1], (void *)0x12345000, 16);
    return written < 0 ? (uint64_t)errno : 0;
}

/* Touch memory that must come from somewhere. */
static uint64_t sum_of_pages(uint64_t first)
{
    volatile uint64_t *at =
        mmap(NULL, PAGES * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    uint64_t sum = 0;

    if (at == MAP_FAILED)
        return ~0ull;
    for (unsigned i = 0; i < PAGES; i++)
        at[i * PAGE / 8] = first + i;
    for (unsigned i = 0; i < PAGES; i++)
        sum += at[i * PAGE / 8] + at[i * PAGE / 8 + 1];
    return sum;
}

int main(void)
{
    lab_witness(1, lab_challenge(1), 0, 0);
    lab_witness(2, lab_challenge(2) ^ status_of(breakpoint), 0, 0);
    lab_witness(3, lab_challenge(3) ^ status_of(forge_page_fault), 0, 0);
    lab_witness(4, lab_challenge(4) ^ status_of(forge_timer), 0, 0);
    lab_witness(5, lab_challenge(5) ^ status_of(read_kernel), 0, 0);
    lab_witness(6, lab_challenge(6) ^ errno_of_bad_pointer(), 0, 0);
    lab_witness(7, sum_of_pages(lab_challenge(7)), 0, 0);
    lab_witness(8, lab_challenge(8), 0, 0);
    return 0;
}
