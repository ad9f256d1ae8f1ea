/*
 * Lab 1: the program that the predictions are about. Its argument is the student's seed.
 *
 *     step 1     ring 3 is reached
 *     step 2     all children are gone
 */
#include "lab.h"

#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int argc, char **argv)
{
    unsigned long seed = argc > 1 ? strtoul(argv[1], NULL, 10) : 1;
    unsigned children = 2 + (unsigned)(seed % 7);

    lab_witness(1, lab_challenge(1), 0, 0);
    for (unsigned i = 0; i < children; i++) {
        pid_t pid = fork();

        if (pid == 0) {
            __asm__ volatile("int $14");
            _exit(0);
        }
        if (pid > 0)
            waitpid(pid, NULL, 0);
    }
    lab_witness(2, lab_challenge(2), children, 0);
    return 0;
}
