/* A pipe holds 64 KiB; writes up to PIPE_BUF are whole; O_NONBLOCK says EAGAIN. */
#include <fcntl.h>
#include <limits.h>

#include "test.h"

static void fill(void)
{
    static char block[PIPE_BUF];
    int link[2];
    size_t total = 0;
    ssize_t put;

    CHECK(pipe2(link, O_NONBLOCK) == 0);
    show("empty", read(link[0], block, 1));
    while ((put = write(link[1], block, sizeof(block))) > 0)
        total += (size_t)put;
    say("holds %zu, then: %s\n", total, strerror(errno));
    show("one byte more", write(link[1], block, 1));
    show("read a block", read(link[0], block, sizeof(block)));
    show("write it back", write(link[1], block, sizeof(block)));
    show("nothing more", write(link[1], block, sizeof(block)));
    close(link[0]), close(link[1]);
}

/* Writers of PIPE_BUF blocks side by side: no block is ever mixed with another. */
static void whole_blocks(void)
{
    enum { WRITERS = 5, BLOCKS = 40 };
    static char block[PIPE_BUF];
    int link[2], seen[WRITERS] = { 0 }, mixed = 0;

    CHECK(pipe(link) == 0);
    for (int writer = 0; writer < WRITERS; writer++) {
        if (fork() == 0) {
            memset(block, 'a' + writer, sizeof(block));
            for (int i = 0; i < BLOCKS; i++)
                CHECK(write(link[1], block, sizeof(block)) == sizeof(block));
            _exit(0);
        }
    }
    close(link[1]);
    for (;;) {
        size_t got = 0;
        ssize_t part;

        while (got < sizeof(block) && (part = read(link[0], block + got, sizeof(block) - got)) > 0)
            got += (size_t)part;
        if (got == 0)
            break;
        for (size_t i = 0; i < got; i++)
            mixed += block[i] != block[0];
        seen[block[0] - 'a']++;
    }
    for (int writer = 0; writer < WRITERS; writer++)
        say("writer %d: %d blocks\n", writer, seen[writer]);
    say("mixed: %d\n", mixed);
    while (wait(NULL) > 0)
        ;
    close(link[0]);
}

/* A large write blocks until it is taken in whole, and is cut short when the reader leaves. */
static void large_write(void)
{
    static char block[300000];
    int link[2];
    size_t total = 0;

    CHECK(pipe(link) == 0);
    if (fork() == 0) {
        CHECK(write(link[1], block, sizeof(block)) == sizeof(block));
        _exit(0);
    }
    close(link[1]);
    for (ssize_t got; (got = read(link[0], block, 1000)) > 0;)
        total += (size_t)got;
    say("large write: %zu\n", total);
    wait(NULL);
    close(link[0]);

    CHECK(pipe(link) == 0);
    pid_t pid = fork();
    int status;

    if (pid == 0) {
        signal(SIGPIPE, SIG_IGN);
        close(link[0]);
        ssize_t put = write(link[1], block, sizeof(block));

        _exit(put >= 65536 && put < 200000 ? 21 : 22);
    }
    close(link[1]);
    for (int i = 0; i < 10; i++)
        CHECK(read(link[0], block, 4096) > 0);
    close(link[0]);
    CHECK(waitpid(pid, &status, 0) == pid);
    show_status("writer whose reader left", status);
}

int main(void)
{
    fill();
    whole_blocks();
    large_write();
    return test_end();
}
