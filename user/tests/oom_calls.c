/*
 * System calls that need memory when there is none answer ENOMEM (or EAGAIN)
 * and leave everything as it was. Only on Quire: it takes all of RAM.
 */
#include <sys/sysinfo.h>

#include "test.h"

static long free_frames(void)
{
    struct sysinfo info = { 0 };

    sysinfo(&info);
    return (long)(info.freeram / PAGE * info.mem_unit);
}

/* Hold all but a few frames in shared memory, which is resident from birth. */
static void take_all_but(long frames)
{
    long size = free_frames();

    for (; size > 0; size /= 2) {
        while (free_frames() > frames + size &&
               mmap(NULL, (size_t)size * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS,
                    -1, 0) != MAP_FAILED)
            ;
    }
}

static int try_calls(void *arg)
{
    long left = *(long *)arg;
    char *argv[] = { "bare", NULL };

    take_all_but(left);
    long before = free_frames();

    show("shared memory of 64 MiB",
         mmap(NULL, 64 << 20, PROT_READ, MAP_SHARED | MAP_ANONYMOUS, -1, 0) == MAP_FAILED ? -1 : 0);
    pid_t pid = fork();

    if (pid == 0)
        _exit(0);
    show_ok("fork", pid >= 0);
    if (pid > 0)
        waitpid(pid, NULL, 0);
    int link[2];

    for (int i = 0; i < 20 && pipe(link) == 0; i++)
        ;
    CHECK(before - free_frames() >= 0);
    execv("./bare", argv);
    show_ok("execve", false);
    say("still alive\n");
    return 0;
}

int main(void)
{
    static long left[] = { 2, 8, 1000 };

    for (size_t i = 0; i < sizeof(left) / sizeof(left[0]); i++) {
        in_child(try_calls, &left[i]);
        long before = free_frames();

        show_status("child", in_child(try_calls, &left[i]));
        CHECK(free_frames() == before);
    }
    return test_end();
}
