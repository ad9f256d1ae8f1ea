/*
 * cli_program fault | spin | fork TEXT: something to record.
 */
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile int table[4];
static volatile int *volatile start = table; /* so that compilers do not see its end */

/* Reads far behind the table. */
__attribute__((noinline)) static int sum_table(int count)
{
    int sum = 0;

    for (int i = 0; i < count; i++)
        sum += start[i * 1000000];
    return sum;
}

__attribute__((noinline)) static void spin(void)
{
    for (;;)
        table[0]++;
}

/* A child writes to what it shares with its parent. */
static int fork_and_write(const char *text)
{
    int status = -1;

    if (fork() == 0) {
        table[1] = 1;
        printf("child: %s\n", text);
        fflush(stdout);
        _exit(0);
    }
    wait(&status);
    table[1] = 2;
    printf("parent: %d\n", status);
    return 0;
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "fault") == 0)
        return sum_table(8);
    if (argc > 1 && strcmp(argv[1], "spin") == 0)
        spin();
    return argc > 2 ? fork_and_write(argv[2]) : 2;
}
