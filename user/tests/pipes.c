/* Pipes: data in order, end of file, broken pipes, what is left when all writers are gone. */
#include "test.h"

static int write_broken(void *arg)
{
    int *link = arg;

    close(link[0]);
    return write(link[1], "x", 1) != 1;
}

static int write_broken_ignored(void *arg)
{
    int *link = arg;

    signal(SIGPIPE, SIG_IGN);
    close(link[0]);
    show("write, SIGPIPE ignored", write(link[1], "x", 1));
    return 7;
}

static void end_of_file(void)
{
    int link[2];
    char buffer[64];

    CHECK(pipe(link) == 0);
    pid_t pid = fork();

    if (pid == 0) {
        CHECK(write(link[1], "left behind", 11) == 11);
        _exit(0);
    }
    CHECK(waitpid(pid, NULL, 0) == pid);
    close(link[1]);
    show("part", read(link[0], buffer, 4));
    show("rest", read(link[0], buffer, sizeof(buffer)));
    show("end", read(link[0], buffer, sizeof(buffer)));
    show("end again", read(link[0], buffer, sizeof(buffer)));
    show("read end is not for writing", write(link[0], "x", 1));
    close(link[0]);
    show("closed", read(link[0], buffer, 1));
    CHECK(pipe(link) == 0);
    show("write end is not for reading", read(link[1], buffer, 1));
    close(link[0]), close(link[1]);
}

static void much_data(void)
{
    enum { TOTAL = 1 << 20 };
    static unsigned char buffer[9973];
    int link[2];
    uint64_t hash = HASH_START, state = 3;
    size_t total = 0;
    ssize_t got;

    CHECK(pipe(link) == 0);
    if (fork() == 0) {
        close(link[0]);
        for (size_t done = 0; done < TOTAL;) {
            size_t size = random_next(&state) % sizeof(buffer) + 1;

            for (size_t i = 0; i < size; i++)
                buffer[i] = (unsigned char)((done + i) * 7 >> 3);
            CHECK(write(link[1], buffer, size) == (ssize_t)size);
            done += size;
        }
        _exit(test_failures);
    }
    close(link[1]);
    while ((got = read(link[0], buffer, random_next(&state) % sizeof(buffer) + 1)) > 0) {
        hash = hash_bytes(hash, buffer, (size_t)got);
        total += (size_t)got;
    }
    say("%zu bytes, hash %016llx\n", total, (unsigned long long)hash);
    wait(NULL);
    close(link[0]);
}

int main(void)
{
    int link[2];

    CHECK(pipe(link) == 0);
    CHECK(link[0] == 3 && link[1] == 4); /* the lowest free numbers */
    close(link[0]), close(link[1]);
    end_of_file();
    CHECK(pipe(link) == 0);
    close(link[0]);
    show_status("no reader", in_child(write_broken, link));
    show_status("no reader, ignored", in_child(write_broken_ignored, link));
    close(link[1]);
    much_data();
    return test_end();
}
