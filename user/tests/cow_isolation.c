/* After fork neither side sees what the other writes, whatever the size. */
#include "test.h"

static const size_t sizes[] = { 1, 2, 3, 16, 511, 512, 513, 1024, 3000 };

static void fill(char *pages, size_t count, char tag)
{
    for (size_t i = 0; i < count; i++) {
        pages[i * PAGE] = tag;
        pages[i * PAGE + PAGE - 1] = (char)(tag + i);
    }
}

static size_t count_wrong(const char *pages, size_t count, char tag)
{
    size_t wrong = 0;

    for (size_t i = 0; i < count; i++)
        wrong += pages[i * PAGE] != tag || pages[i * PAGE + PAGE - 1] != (char)(tag + i);
    return wrong;
}

static void try_size(size_t count)
{
    char *pages = map_pages(count * PAGE, PROT_READ | PROT_WRITE, 0);
    int to_child[2], to_parent[2];
    char byte = 0;
    int status;

    fill(pages, count, 'p');
    CHECK(pipe(to_child) == 0 && pipe(to_parent) == 0);
    pid_t pid = fork();

    if (pid == 0) {
        size_t wrong = count_wrong(pages, count, 'p');

        fill(pages, count, 'c');
        CHECK(write(to_parent[1], "", 1) == 1);
        CHECK(read(to_child[0], &byte, 1) == 1);
        wrong += count_wrong(pages, count, 'c'); /* the parent has written by now */
        _exit(wrong != 0);
    }
    CHECK(read(to_parent[0], &byte, 1) == 1);
    CHECK(count_wrong(pages, count, 'p') == 0);
    fill(pages, count, 'q');
    CHECK(write(to_child[1], "", 1) == 1);
    CHECK(waitpid(pid, &status, 0) == pid);
    CHECK(count_wrong(pages, count, 'q') == 0);
    say("%zu pages", count);
    show_status(": child", status);
    munmap(pages, count * PAGE);
    close(to_child[0]), close(to_child[1]), close(to_parent[0]), close(to_parent[1]);
}

int main(void)
{
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
        try_size(sizes[i]);
    return test_end();
}
