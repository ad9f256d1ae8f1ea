/*
 * Files of the image: read, seek, positions, metadata, refusals. The file ./letters has 37
 * bytes.
 */
#include <fcntl.h>
#include <sys/stat.h>

#include "test.h"

static void show_seeks(int fd)
{
    char text[12] = { 0 };

    show("size by lseek", lseek(fd, 0, SEEK_END));
    show("at the end", read(fd, text, 5));
    show("seek 26", lseek(fd, 26, SEEK_SET));
    show("digits", read(fd, text, 10));
    say("%s\n", text);
    show("back 5", lseek(fd, -5, SEEK_CUR));
    show("before the start", lseek(fd, -100, SEEK_CUR));
    show("beyond the end", lseek(fd, 1000, SEEK_SET));
    show("nothing there", read(fd, text, 5));
    show("unknown whence", lseek(fd, 0, 99));
    lseek(fd, 3, SEEK_SET);
    memset(text, 0, sizeof(text));
    show("pread", pread(fd, text, 3, 10));
    say("%s\n", text);
    show("pread across the end", pread(fd, text, 10, 33));
    show("pread beyond", pread(fd, text, 10, 100));
    show("pread, negative", pread(fd, text, 10, -1));
    show("position kept", lseek(fd, 0, SEEK_CUR));
}

static void show_opens(void)
{
    struct stat st;
    char text[100];

    show("no such file", open("./missing", O_RDONLY));
    show("file as directory", open("./letters/x", O_RDONLY));
    show("empty path", open("", O_RDONLY));
    show("exists", open("./letters", O_RDONLY | O_CREAT | O_EXCL, 0644));
    show_ok("dots in the path", open("././/./letters", O_RDONLY) >= 0);
    show_ok("openat", openat(AT_FDCWD, "letters", O_RDONLY) >= 0);
    show("openat, bad directory", openat(500, "letters", O_RDONLY));
    CHECK(fstatat(AT_FDCWD, "letters", &st, 0) == 0 && st.st_size == 37);
    CHECK(stat("./letters", &st) == 0 && S_ISREG(st.st_mode));
    say("rights %o\n", st.st_mode & 0777);
    show("stat of nothing", stat("./missing", &st));
    show("access, exists", access("./letters", F_OK));
    show("access, read", access("./letters", R_OK));
    show("access, missing", access("./missing", F_OK));
    show("access, bad mode", access("./letters", 64));
    show("readlink", readlink("./letters", text, sizeof(text)));
    show("readlink, missing", readlink("./missing", text, sizeof(text)));
    show("readlink, size 0", readlink("./letters", text, 0));
}

static void use_null(void)
{
    struct stat st;
    char byte;
    int fd = open("/dev/null", O_RDWR);

    show_ok("open null", fd >= 0);
    show("write", write(fd, "gone", 4));
    show("read", read(fd, &byte, 1));
    CHECK(fstat(fd, &st) == 0 && S_ISCHR(st.st_mode));
    close(fd);
    fd = open("/dev/null", O_WRONLY | O_CREAT | O_TRUNC, 0644); /* as shells do */
    show("write", write(fd, "gone", 4));
    show("read", read(fd, &byte, 1));
    close(fd);
}

int main(void)
{
    struct stat st;
    int fd = open("./letters", O_RDONLY), link[2];
    char byte;

    show_ok("open", fd >= 0);
    show_seeks(fd);
    CHECK(fstat(fd, &st) == 0);
    say("size %ld, regular %d\n", (long)st.st_size, S_ISREG(st.st_mode));
    show("write", write(fd, "x", 1));
    show("O_PATH is no reading", fcntl(fd, F_GETFL) & O_ACCMODE);
    show_opens();
    use_null();
    CHECK(pipe(link) == 0);
    show("seek in a pipe", lseek(link[0], 0, SEEK_SET));
    show("pread of a pipe", pread(link[0], &byte, 1, 0));
    CHECK(fstat(link[0], &st) == 0);
    say("pipe: fifo %d\n", S_ISFIFO(st.st_mode));

    char *copy = mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_PRIVATE, fd, 0);

    show_ok("private mapping", copy != MAP_FAILED);
    if (copy != MAP_FAILED) {
        copy[0] = '!';
        say("%.10s, then %d\n", copy, copy[37]);
        lseek(fd, 0, SEEK_SET);
        CHECK(read(fd, &byte, 1) == 1 && byte == 'a');
    }
    show("offset not aligned",
         mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, fd, 5) == MAP_FAILED ? -1 : 0);
    show("not open", mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, 500, 0) == MAP_FAILED ? -1 : 0);
    show("of a pipe", mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE, link[0], 0) == MAP_FAILED ? -1 : 0);
    return test_end();
}
