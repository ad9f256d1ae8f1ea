/*
 * Lab 3: what the rights of a page stop, and what they let pass. Each attempt is a child's.
 *
 *     step 1     a: writable page, b: read-only page; value: what was written
 *     step 2     a: page without rights, b: executable page
 *     step 3     wait statuses: write to the read-only page, run the writable one
 *     step 4     the same: read the page without rights, write to the executable one
 *     step 5     the executable page runs: a number that it returns, plus a challenge
 *     step 6     after fork, parent and child write: the parent's value
 *     step 7     the child's value
 *     step 8     shared memory: the child's value, seen by the parent; a: its address
 *     step 9     the end
 */
#include "lab.h"

#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PAGE = 4096 };

static uint64_t *writable, *readable, *hidden, *code, *shared;

static uint64_t *map(int flags)
{
    void *at = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, flags | MAP_ANONYMOUS, -1, 0);

    return at == MAP_FAILED ? NULL : at;
}

static void write_readable(void)
{
    *(volatile uint64_t *)readable = 1;
}

static void run_writable(void)
{
    ((void (*)(void))writable)();
}

static void read_hidden(void)
{
    (void)*(volatile uint64_t *)hidden;
}

static void write_code(void)
{
    *(volatile uint64_t *)code = 1;
}

static uint64_t status_of(void (*act)(void))
{
    int status = -1;
    pid_t pid = fork();

    if (pid == 0) {
        act();
        _exit(0);
    }
    if (pid < 0 || waitpid(pid, &status, 0) != pid)
        return 255;
    return (uint64_t)(status & 0x7f);
}

/* mov $42, %eax; ret */
static const unsigned char answer[] = { 0xb8, 42, 0, 0, 0, 0xc3 };

static void make_pages(uint64_t value)
{
    writable = map(MAP_PRIVATE);
    readable = map(MAP_PRIVATE);
    hidden = map(MAP_PRIVATE);
    code = map(MAP_PRIVATE);
    shared = map(MAP_SHARED);
    if (!writable || !readable || !hidden || !code || !shared)
        _exit(1);
    memcpy(writable, answer, sizeof(answer));
    memcpy(code, answer, sizeof(answer));
    writable[1] = value;
    readable[1] = value;
    hidden[1] = value;
    mprotect(readable, PAGE, PROT_READ);
    mprotect(hidden, PAGE, PROT_NONE);
    mprotect(code, PAGE, PROT_READ | PROT_EXEC);
}

static void attempts(uint64_t value)
{
    lab_witness(1, writable[1] + readable[1], (uint64_t)writable, (uint64_t)readable);
    lab_witness(2, lab_challenge(2), (uint64_t)hidden, (uint64_t)code);
    lab_witness(3, value + status_of(write_readable) * 256 + status_of(run_writable), 0, 0);
    lab_witness(4, value + status_of(read_hidden) * 256 + status_of(write_code), 0, 0);
    lab_witness(5, value + (uint64_t)((int (*)(void))code)(), 0, 0);
}

static void after_fork(uint64_t value)
{
    pid_t pid = fork();

    if (pid == 0) {
        mprotect(writable, PAGE, PROT_READ); /* and back: it is shared still */
        mprotect(writable, PAGE, PROT_READ | PROT_WRITE);
        *(volatile uint64_t *)&writable[1] = value + 2;
        *(volatile uint64_t *)&shared[1] = value + 3;
        lab_witness(7, *(volatile uint64_t *)&writable[1], (uint64_t)writable, 0);
        _exit(0);
    }
    waitpid(pid, NULL, 0);
    *(volatile uint64_t *)&writable[2] = value + 1;
    lab_witness(6, writable[1] + writable[2], (uint64_t)writable, 0);
    lab_witness(8, *(volatile uint64_t *)&shared[1], (uint64_t)shared, 0);
}

int main(void)
{
    uint64_t value = lab_challenge(1);

    make_pages(value);
    attempts(value);
    after_fork(value);
    lab_witness(9, lab_challenge(9), 0, 0);
    return 0;
}
