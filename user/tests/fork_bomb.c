/*
 * Children without end, until fork is refused or the bomber is killed for want
 * of memory. Its supervisor goes on, and every frame comes back. Only on
 * Quire: Linux has far more room.
 */
#include <sys/sysinfo.h>

#include "test.h"

static int alive[2]; /* the write end is open as long as any of them lives */

static long free_frames(void)
{
    struct sysinfo info = { 0 };

    sysinfo(&info);
    return (long)(info.freeram / PAGE * info.mem_unit);
}

/* Children live until the bomber's end of the gate is closed. */
static int bomb(void)
{
    int gate[2], born = 0, reaped = 0;
    char byte;

    CHECK(pipe(gate) == 0);
    for (;;) {
        pid_t pid = fork();

        if (pid == 0) {
            close(gate[1]);
            _exit((int)read(gate[0], &byte, 1));
        }
        if (pid < 0)
            break;
        born++;
    }
    CHECK(errno == EAGAIN || errno == ENOMEM);
    close(gate[1]);
    while (wait(NULL) > 0)
        reaped++;
    CHECK(born == reaped && born > 50);
    return test_failures;
}

static void supervise(void)
{
    int start[2], status;
    char byte = 0;

    CHECK(pipe(start) == 0 && pipe(alive) == 0);
    pid_t pid = fork();

    if (pid == 0) {
        CHECK(read(start[0], &byte, 1) == 1);
        _exit(bomb());
    }
    /* What this process shares with the bomber it copies now, while there is memory. */
    close(alive[1]);
    say("bomb\n");
    CHECK(write(start[1], &byte, 1) == 1);
    CHECK(waitpid(pid, &status, 0) == pid);
    CHECK(status == 0 || (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL));
    CHECK(read(alive[0], &byte, 1) == 0);
    close(alive[0]), close(start[0]), close(start[1]);
}

int main(void)
{
    supervise();
    for (int i = 0; i < 3; i++) {
        long before = free_frames();

        supervise();
        /* Orphans that pid 1 has not reaped yet. */
        for (int wait = 0; wait < 100 && free_frames() != before; wait++)
            usleep(10000);
        say("frames lost %ld\n", before - free_frames());
    }
    return test_end();
}
