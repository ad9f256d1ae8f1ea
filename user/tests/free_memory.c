/* On Quire, sysinfo tells free RAM to the frame: whatever a child did, it is back when it ended. */
#include <fcntl.h>
#include <sys/sysinfo.h>

#include "test.h"

static long free_frames(void)
{
    struct sysinfo info = { 0 };

    sysinfo(&info);
    return (long)(info.freeram / PAGE * info.mem_unit);
}

static int touch_memory(void *arg)
{
    char *at = map_pages(1000 * PAGE, PROT_READ | PROT_WRITE, 0);

    (void)arg;
    memset(at, 1, 700 * PAGE);
    return 0;
}

static int fork_deep(void *arg)
{
    int *depth = arg;

    if ((*depth)-- > 0)
        in_child(fork_deep, depth);
    return touch_memory(NULL);
}

static int crash(void *arg)
{
    touch_memory(arg);
    *(volatile int *)opaque(0) = 1;
    return 0;
}

static int map_odd(void *arg)
{
    char *shared = map_pages(100 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED);

    (void)arg;
    mprotect(shared + 10 * PAGE, 10 * PAGE, PROT_NONE);
    mmap(NULL, 1UL << 40, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1,
         0);
    return in_child(touch_memory, NULL);
}

static int leave_pipes(void *arg)
{
    static char data[60000];
    int link[2];

    (void)arg;
    for (int i = 0; i < 5; i++) {
        if (pipe(link) != 0 || write(link[1], data, sizeof(data)) != sizeof(data))
            return 1;
    }
    return 0;
}

static int fail_exec(void *arg)
{
    char *argv[] = { "x", NULL };

    (void)arg;
    execv("./missing", argv);
    return 0;
}

static int leave_orphans(void *arg)
{
    int *link = arg;

    for (int i = 0; i < 3; i++) {
        if (fork() == 0) {
            touch_memory(NULL);
            close(link[1]);
            _exit(0);
        }
    }
    close(link[1]);
    return 0;
}

static void measure(const char *what, int (*body)(void *), void *arg)
{
    in_child(body, arg); /* what this process itself must touch is touched now */
    long before = free_frames();
    int status = in_child(body, arg);
    long lost = before - free_frames();

    show_status(what, status);
    if (on_quire() && lost != 0) {
        say("%s: %ld frames lost\n", what, lost);
        test_failures++;
    }
}

int main(void)
{
    int depth = 5, link[2];

    measure("memory", touch_memory, NULL);
    measure("forks", fork_deep, &depth);
    measure("crash", crash, NULL);
    measure("odd maps", map_odd, NULL);
    measure("pipes", leave_pipes, NULL);
    measure("failed exec", fail_exec, NULL);
    CHECK(pipe(link) == 0);
    in_child(leave_orphans, link);
    close(link[1]);
    char byte;

    CHECK(read(link[0], &byte, 1) == 0); /* until the orphans are gone too */
    return test_end();
}
