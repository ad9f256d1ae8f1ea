/*
 * Children without end: some fork fails, with EAGAIN or ENOMEM, and all that
 * ran are collected. Only on Quire: Linux has far more room.
 */
#include <sys/sysinfo.h>

#include "test.h"

static long free_frames(void)
{
    struct sysinfo info = { 0 };

    sysinfo(&info);
    return (long)(info.freeram / PAGE * info.mem_unit);
}

/* Children live until the pipe's write end is gone. Returns whether a fork was refused. */
static bool bomb(void)
{
    int gate[2], born = 0, reaped = 0;
    char byte;
    bool refused = false;

    CHECK(pipe(gate) == 0);
    while (!refused && born < 100000) {
        pid_t pid = fork();

        if (pid == 0) {
            close(gate[1]);
            _exit((int)read(gate[0], &byte, 1));
        }
        refused = pid < 0;
        born += pid > 0;
    }
    CHECK(errno == EAGAIN || errno == ENOMEM);
    close(gate[1]);
    while (wait(NULL) > 0)
        reaped++;
    CHECK(born == reaped && born > 50);
    close(gate[0]);
    return refused;
}

int main(void)
{
    CHECK(bomb());
    long before = free_frames();

    for (int i = 0; i < 3; i++)
        say("refused %d\n", bomb());
    say("frames lost %ld\n", before - free_frames());
    CHECK(free_frames() == before);
    return test_end();
}
