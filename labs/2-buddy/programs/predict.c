/*
 * Lab 2: the program that the predictions are about. Its argument is the student's seed.
 *
 *     step 1     a: the pages, b: their bytes
 *     step 2     all children are gone
 */
#include "lab.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PAGE = 4096, MAPPED = 100 };

int main(int argc, char **argv)
{
    unsigned long seed = argc > 1 ? strtoul(argv[1], NULL, 10) : 1;
    unsigned touched = 20 + (unsigned)(seed % 37), children = 2 + (unsigned)(seed % 5);
    volatile char *at =
        mmap(NULL, MAPPED * PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

    for (unsigned i = 0; i < touched; i++)
        at[i * PAGE] = 1;
    lab_witness(1, lab_challenge(1), (uint64_t)at, MAPPED * PAGE);
    for (unsigned i = 0; i < children; i++) {
        pid_t pid = fork();

        if (pid == 0) {
            for (unsigned page = 0; page <= i; page++)
                at[page * PAGE] = 2;
            _exit(0);
        }
        if (pid > 0)
            waitpid(pid, NULL, 0);
    }
    lab_witness(2, lab_challenge(2), children, 0);
    return 0;
}
