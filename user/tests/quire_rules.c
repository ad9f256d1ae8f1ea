/*
 * Where Quire differs from Linux on purpose (docs/linux-differences.md): what
 * it refuses, and what it says about itself. Only on Quire.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <sched.h>

#include "test.h"

enum { SYS_RSEQ = 334, SYS_CLONE3 = 435 };

static void show_map(const char *what, size_t size, int prot, int flags, int fd)
{
    show(what, mmap(NULL, size, prot, flags, fd, 0) == MAP_FAILED ? -1 : 0);
}

static void show_memory(void)
{
    int private = MAP_PRIVATE | MAP_ANONYMOUS, all = PROT_READ | PROT_WRITE | PROT_EXEC;
    int file = open("./letters", O_RDONLY);
    char *page = map_pages(PAGE, PROT_READ | PROT_WRITE, 0);

    show_map("writable and executable", PAGE, all, private, -1);
    show("made writable and executable", mprotect(page, PAGE, all));
    show("made executable", mprotect(page, PAGE, PROT_READ | PROT_EXEC));
    show_map("growing down", PAGE, PROT_READ, private | MAP_GROWSDOWN, -1);
    show_map("shared from a file", PAGE, PROT_READ, MAP_SHARED, file);
    show_map("2 MiB page", HUGE, PROT_READ, private | MAP_HUGETLB, -1);
    show_map("half a 2 MiB page", HUGE / 2, PROT_READ, private | MAP_HUGETLB, -1);
}

static void show_processes(void)
{
    static char stack[4096];
    int status;

    show("clone with shared memory", syscall(SYS_clone, CLONE_VM | SIGCHLD, stack + 4096, 0, 0, 0));
    show("clone of a thread",
         syscall(SYS_clone, CLONE_VM | CLONE_SIGHAND | CLONE_THREAD, stack + 4096, 0, 0, 0));
    show("clone3", syscall(SYS_CLONE3, NULL, 0));
    show("rseq", syscall(SYS_RSEQ, NULL, 0, 0, 0));
    show("open for writing", open("./letters", O_WRONLY));
    show("open for appending", open("./letters", O_RDWR | O_APPEND));
    show("create", open("./new", O_WRONLY | O_CREAT, 0644));
    show("access for writing", access("./letters", W_OK));

    /* A handler is recorded but never called: the default action is taken. */
    pid_t pid = fork();

    if (pid == 0) {
        signal(SIGTERM, (void (*)(int))(uintptr_t)0x400000);
        raise(SIGTERM);
        _exit(0);
    }
    waitpid(pid, &status, 0);
    show_status("a signal with a handler", status);
}

/* The number that follows `key` in a file, in kB; with an empty key, all blocks of buddyinfo. */
static long kb_in(const char *path, const char *key)
{
    char text[256] = { 0 }, *at;
    int fd = open(path, O_RDONLY);
    long sum = 0;

    CHECK(fd >= 0 && read(fd, text, sizeof(text) - 1) > 0);
    close(fd);
    if (*key) {
        at = strstr(text, key);
        return at ? strtol(at + strlen(key), NULL, 10) : -1;
    }
    CHECK(strncmp(text, "Node 0, zone   Normal ", 22) == 0);
    at = text + 22;
    for (long size = 4; *at && *at != '\n'; size *= 2, at += strspn(at, " "))
        sum += size * strtol(at, &at, 10);
    return sum;
}

/* A page far from all others costs itself and three tables. */
static void show_books(void)
{
    const char *meminfo = "/proc/meminfo";
    char *page = mmap((void *)0x200000000000, PAGE, PROT_READ | PROT_WRITE,
                      MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
    long tables = kb_in(meminfo, "PageTables:"), free_before = kb_in(meminfo, "MemFree:");

    show_ok("free blocks add up", kb_in("/proc/buddyinfo", "") == free_before);
    *page = 1;
    show("kB of tables more", kb_in(meminfo, "PageTables:") - tables);
    show("kB free less", free_before - kb_in(meminfo, "MemFree:"));
    show_ok("free blocks still do", kb_in("/proc/buddyinfo", "") == free_before - 16);
}

int main(void)
{
    struct utsname name;

    CHECK(uname(&name) == 0);
    say("%s %s %s %s\n", name.sysname, name.nodename, name.release, name.machine);
    say("pid %d, parent %d, user %d\n", getpid(), getppid(), getuid());
    show_memory();
    show_books();
    show_processes();
    char directory[10];

    show_ok("working directory", getcwd(directory, sizeof(directory)) != NULL);
    say("%s\n", directory);
    show_ok("too little room", getcwd(directory, 1) != NULL);
    return test_end();
}
