/*
 * cow PAGES [SEED]: one fork, step by step, with a few pages more by the seed. Pipes make both sides take turns.
 *
 *     step 1   parent, before the fork              value c1; a, b: its PAGES, start and bytes
 *     step 2   parent, before the fork              a, b: the shared page; value c1
 *     step 3   child: the fork's result             value c1 + result
 *     step 4   child reads its pages                value c1
 *     step 5   child has written and reads again    value c2
 *     step 6   parent reads its pages               value c1
 *     step 7   parent reads the shared page         value c2
 *     step 8   parent has written and reads again   value c3
 *     step 9   child reads again                    value c2
 *     step 10  parent: wait gave the fork's pid     value c1
 */
#include <sys/wait.h>

#include "lab.h"
#include "pages.h"

static volatile uint64_t *pages, *shared;
static unsigned long count;
static int to_child[2], to_parent[2];
static char byte;

static void child(uint64_t result, uint64_t secret)
{
    uint64_t mine = lab_challenge(2);

    lab_witness(3, secret + result, 0, 0);
    lab_witness(4, pages_fold(pages, count, secret), 0, 0);
    pages_fill(pages, count, mine);
    *shared = mine;
    lab_witness(5, pages_fold(pages, count, mine), 0, 0);
    if (write(to_parent[1], &byte, 1) != 1 || read(to_child[0], &byte, 1) != 1)
        _exit(1);
    lab_witness(9, pages_fold(pages, count, mine), 0, 0);
    _exit(7);
}

static void parent(pid_t pid, uint64_t secret)
{
    uint64_t other = lab_challenge(3);
    int status = 0;

    if (read(to_parent[0], &byte, 1) != 1)
        _exit(1);
    lab_witness(6, pages_fold(pages, count, secret), 0, 0);
    lab_witness(7, *shared, 0, 0);
    pages_fill(pages, count, other);
    lab_witness(8, pages_fold(pages, count, other), 0, 0);
    if (write(to_child[1], &byte, 1) != 1)
        _exit(1);
    secret += (uint64_t)(wait(&status) - pid);
    lab_witness(10, secret + (uint64_t)(status - (7 << 8)), 0, 0);
}

int main(int argc, char **argv)
{
    uint64_t secret = lab_challenge(1);
    pid_t pid;

    count = argument(argc, argv, 1, 4) + argument(argc, argv, 2, 0) % 6;
    pages = pages_map(count, MAP_PRIVATE);
    shared = pages_map(1, MAP_SHARED);
    pages_fill(pages, count, secret);
    *shared = secret;
    if (pipe(to_child) != 0 || pipe(to_parent) != 0)
        return 2;
    lab_witness(1, secret, (uint64_t)pages, count * PAGE);
    lab_witness(2, secret, (uint64_t)shared, PAGE);
    pid = fork();
    if (pid == 0)
        child((uint64_t)pid, secret);
    else if (pid > 0)
        parent(pid, secret);
    return pid < 0;
}
