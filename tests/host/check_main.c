/* The registry of tests and the program that runs them: see check.h. */
#include "check.h"

#include "sim.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

enum { TESTS_MAX = 512, CPU_SECONDS = 5 /* all of them together take less than one */ };

static struct {
    const char *name;
    test_fn_t run;
} tests[TESTS_MAX];
static unsigned test_count;

void test_register(const char *name, test_fn_t run)
{
    if (test_count == TESTS_MAX)
        sim_die("too many tests");
    tests[test_count].name = name;
    tests[test_count++].run = run;
}

/* After a loop without end the others are not tried: they may hang, too. */
static void report_hang(unsigned i)
{
    printf("FAILED: no end after %d s of CPU time: a loop that does not end\n"
           "FAIL %s\nthe tests after it were not run\n",
           CPU_SECONDS, tests[i].name);
    exit(1);
}

static bool run_test(unsigned i)
{
    const struct rlimit limit = { CPU_SECONDS, CPU_SECONDS + 1 };
    pid_t pid;
    int status;

    fflush(NULL);
    pid = fork();
    if (pid == 0) {
        setrlimit(RLIMIT_CPU, &limit);
        check_catch_panics();
        tests[i].run();
        if (sim_locks_held())
            sim_die("a lock is still held");
        fflush(NULL);
        _exit(0);
    }
    waitpid(pid, &status, 0);
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGXCPU)
        report_hang(i);
    printf("%s %s\n", status == 0 ? "ok  " : "FAIL", tests[i].name);
    return status == 0;
}

static bool is_wanted(const char *name, int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        if (strstr(name, argv[i]))
            return true;
    return argc == 1;
}

int main(int argc, char **argv)
{
    unsigned run = 0, failed = 0;
    bool list = argc == 2 && strcmp(argv[1], "-l") == 0;

    for (unsigned i = 0; i < test_count; i++) {
        if (list)
            puts(tests[i].name);
        else if (is_wanted(tests[i].name, argc, argv)) {
            run++;
            failed += !run_test(i);
        }
    }
    if (!list)
        printf("%u tests, %u failed\n", run, failed);
    if (!list && run == 0) {
        printf("no test's name contains what was asked for; -l lists them\n");
        failed = 1;
    }
    return failed > 100 ? 100 : (int)failed;
}
