/* Clones of clones: each generation changes one more page and sees all earlier changes. */
#include "test.h"

enum { GENERATIONS = 20 };

static int live(char *pages, int generation)
{
    int status;

    for (int i = 0; i < GENERATIONS; i++) {
        char expected = i < generation ? (char)('a' + i) : '-';

        if (pages[i * PAGE + i] != expected)
            return 100 + i;
    }
    if (generation == GENERATIONS)
        return GENERATIONS;
    pages[generation * PAGE + generation] = (char)('a' + generation);
    pid_t pid = fork();

    if (pid == 0)
        _exit(live(pages, generation + 1));
    pages[generation * PAGE + generation] = 'X'; /* the child keeps its own */
    waitpid(pid, &status, 0);
    if (pages[generation * PAGE + generation] != 'X')
        return 200 + generation;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 99;
}

int main(void)
{
    char *pages = map_pages(GENERATIONS * PAGE, PROT_READ | PROT_WRITE, 0);

    for (int i = 0; i < GENERATIONS; i++)
        pages[i * PAGE + i] = '-';
    say("result %d\n", live(pages, 0));
    for (int i = 0; i < GENERATIONS; i++)
        say("%c", pages[i * PAGE + i]);
    say("\n");
    return test_end();
}
