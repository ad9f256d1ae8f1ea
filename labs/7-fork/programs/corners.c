/*
 * corners: what is easily forgotten about fork.
 *
 *     step 1   the program runs                                      value c1
 *     step 2   a child has the SSE registers of its parent           value c1
 *     step 3   before the child that writes to a read-only page      a, b: that page
 *     step 4   that child is still there after writing               (never)
 *     step 5   the parent: that child died of SIGSEGV                value c1; the page as before
 *     step 6   what a vfork child wrote                              value c2
 *     step 7   a child whose parent is gone keeps its memory         value c1
 *     step 8   the kernel wrote into a page that was shared: parent  value c1
 *     step 9   ... and child                                         value c3
 */
#include <signal.h>
#include <sys/wait.h>

#include "lab.h"
#include "pages.h"

/* fork, with a number in xmm7 before and after. */
static pid_t fork_with_xmm(uint64_t number, uint64_t *after)
{
    long result = 57;

    __asm__ volatile("movq %2, %%xmm7\n syscall\n movq %%xmm7, %1"
                     : "+a"(result), "=&r"(*after)
                     : "r"(number)
                     : "rcx", "r11", "xmm7", "memory");
    return (pid_t)result;
}

static void test_registers(uint64_t secret)
{
    uint64_t after;
    pid_t pid = fork_with_xmm(secret, &after);

    if (pid == 0) {
        lab_witness(2, after, 0, 0);
        _exit(0);
    }
    wait(NULL);
}

static void test_read_only(uint64_t secret)
{
    volatile uint64_t *page = pages_map(1, MAP_PRIVATE);
    int status = 0;

    pages_fill(page, 1, secret);
    mprotect((void *)page, PAGE, PROT_READ);
    lab_witness(3, secret, (uint64_t)page, PAGE);
    if (fork() == 0) {
        page[0] = 0;
        lab_witness(4, secret, 0, 0);
        _exit(0);
    }
    if (wait(&status) < 0 || !WIFSIGNALED(status) || WTERMSIG(status) != SIGSEGV)
        secret++;
    lab_witness(5, pages_fold(page, 1, secret), 0, 0);
}

static void test_vfork(void)
{
    volatile uint64_t *page = pages_map(1, MAP_PRIVATE);
    pid_t pid = vfork();

    if (pid == 0) {
        *page = lab_challenge(2);
        _exit(0);
    }
    waitpid(pid, NULL, 0);
    lab_witness(6, *page, 0, 0);
}

/* A child's child, which goes on alone; the grandparent hears of it through a pipe. */
static void test_orphan(uint64_t secret)
{
    volatile uint64_t *pages = pages_map(3, MAP_PRIVATE);
    int link[2];
    char byte;

    pages_fill(pages, 3, secret);
    if (pipe(link) != 0)
        _exit(2);
    if (fork() == 0) {
        if (fork() == 0) {
            usleep(30000);
            pages[1] = pages[PAGE / 8] + 0; /* the page of its own: its first word is page 0's */
            lab_witness(7, pages_fold(pages + PAGE / 8, 2, pages[PAGE / 8]) - 1, 0, 0);
            _exit(0);
        }
        _exit(0);
    }
    wait(NULL);
    pages_fill(pages, 3, secret + 5);
    close(link[1]);
    while (read(link[0], &byte, 1) > 0)
        ;
}

/* The kernel's own store, by read, into a page that both sides have. */
static void test_kernel_writes(uint64_t secret)
{
    volatile uint64_t *page = pages_map(1, MAP_PRIVATE);
    uint64_t other = lab_challenge(3);
    int link[2];

    pages_fill(page, 1, secret);
    if (pipe(link) != 0 || write(link[1], &other, sizeof(other)) != sizeof(other))
        _exit(2);
    if (fork() == 0) {
        if (read(link[0], (void *)page, sizeof(other)) == sizeof(other))
            lab_witness(9, *page, 0, 0);
        _exit(0);
    }
    wait(NULL);
    lab_witness(8, pages_fold(page, 1, secret), 0, 0);
}

int main(void)
{
    uint64_t secret = lab_challenge(1);

    lab_witness(1, secret, 0, 0);
    test_registers(secret);
    test_read_only(secret);
    test_vfork();
    test_orphan(secret);
    test_kernel_writes(secret);
    return 0;
}
