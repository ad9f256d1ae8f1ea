/*
 * tree DEPTH: at every level a process forks; the child adds c2 to each of its pages,
 * the parent c3, so that no two of the 2^DEPTH leaves have the same numbers.
 *
 *     step 1   the program runs                       value c1; a, b: its pages
 *     step 2   a leaf has the numbers of its own way  value c1
 *     step 3   all leaves have ended                  value c1; a: leaves
 */
#include <sys/wait.h>

#include "lab.h"
#include "pages.h"

enum { COUNT = 3 };

static volatile uint64_t *pages;
static uint64_t left, right;

static uint64_t leaves(unsigned long depth, uint64_t number)
{
    int status = 0;
    uint64_t here;
    pid_t pid;

    if (depth == 0) {
        lab_witness(2, pages_fold(pages, COUNT, number) - number + lab_challenge(1), 0, 0);
        return 1;
    }
    pid = fork();
    if (pid == 0) {
        pages_fill(pages, COUNT, number + left);
        _exit((int)leaves(depth - 1, number + left));
    }
    pages_fill(pages, COUNT, number + right);
    here = leaves(depth - 1, number + right);
    if (waitpid(pid, &status, 0) == pid && WIFEXITED(status))
        here += (uint64_t)WEXITSTATUS(status);
    return here;
}

int main(int argc, char **argv)
{
    unsigned long depth = argument(argc, argv, 1, 3);
    uint64_t secret = lab_challenge(1), ends;

    left = lab_challenge(2);
    right = lab_challenge(3);
    pages = pages_map(COUNT, MAP_PRIVATE);
    pages_fill(pages, COUNT, secret);
    lab_witness(1, secret, (uint64_t)pages, COUNT * PAGE);
    ends = leaves(depth, secret);
    lab_witness(3, secret + ends - (UINT64_C(1) << depth), ends, 0);
    return 0;
}
