/* What survives execve and what does not: descriptors, signals, memory, pid. */
#include <fcntl.h>

#include "test.h"

static char stale = 'n';

static int after(char **argv)
{
    struct sigaction action;
    sigset_t blocked, pending;
    int kept = atoi(argv[2]), closed = atoi(argv[3]);
    char text[8] = { 0 };

    CHECK(atoi(argv[4]) == getpid() && atoi(argv[5]) == getppid());
    show("kept", read(kept, text, sizeof(text)));
    say("read \"%s\"\n", text);
    show("closed on exec", fcntl(closed, F_GETFD));
    CHECK(sigaction(SIGUSR1, NULL, &action) == 0);
    say("ignored stays ignored: %d\n", action.sa_handler == SIG_IGN);
    CHECK(sigprocmask(SIG_BLOCK, NULL, &blocked) == 0);
    say("blocked stays blocked: %d %d\n", sigismember(&blocked, SIGUSR2),
        sigismember(&blocked, SIGTERM));
    (void)pending;
    kill(getpid(), SIGUSR1);
    say("old data: %c\n", stale);
    return 0;
}

int main(int argc, char **argv)
{
    int keep[2], lose[2];
    char numbers[4][16];
    sigset_t block;

    if (argc > 1) {
        after(argv);
        return test_end();
    }
    CHECK(pipe(keep) == 0 && pipe2(lose, O_CLOEXEC) == 0);
    CHECK(write(keep[1], "kept", 4) == 4);
    signal(SIGUSR1, SIG_IGN);
    sigemptyset(&block);
    sigaddset(&block, SIGUSR2);
    CHECK(sigprocmask(SIG_BLOCK, &block, NULL) == 0);
    stale = 'y';
    snprintf(numbers[0], sizeof(numbers[0]), "%d", keep[0]);
    snprintf(numbers[1], sizeof(numbers[1]), "%d", lose[0]);
    snprintf(numbers[2], sizeof(numbers[2]), "%d", getpid());
    snprintf(numbers[3], sizeof(numbers[3]), "%d", getppid());
    execl(argv[0], argv[0], "after", numbers[0], numbers[1], numbers[2], numbers[3], NULL);
    show("execl", -1);
    return 1;
}
