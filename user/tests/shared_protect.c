/* Rights of shared memory are each process's own; its contents are not. */
#include "test.h"

static char *shared;

static int write_it(void *arg)
{
    (void)arg;
    shared[0] = 'w';
    return 0;
}

static int lock_and_write(void *arg)
{
    (void)arg;
    if (mprotect(shared, PAGE, PROT_READ) != 0)
        return 9;
    return write_it(NULL);
}

static int unlock_and_write(void *arg)
{
    (void)arg;
    if (mprotect(shared, PAGE, PROT_READ | PROT_WRITE) != 0)
        return 9;
    return write_it(NULL);
}

int main(void)
{
    shared = map_pages(2 * PAGE, PROT_READ | PROT_WRITE, MAP_SHARED);
    shared[0] = 'a';
    show_status("child that locks", in_child(lock_and_write, NULL));
    say("page: %c\n", shared[0]);
    show_status("child that writes", in_child(write_it, NULL));
    say("page: %c\n", shared[0]);
    shared[0] = 'b';
    CHECK(mprotect(shared, PAGE, PROT_READ) == 0);
    show_status("child of a locked parent", in_child(write_it, NULL));
    say("page: %c\n", shared[0]);
    show_status("child that unlocks", in_child(unlock_and_write, NULL));
    say("page: %c\n", shared[0]);
    CHECK(mprotect(shared, 2 * PAGE, PROT_NONE) == 0);
    show_status("child of a parent without rights", in_child(unlock_and_write, NULL));
    CHECK(mprotect(shared, 2 * PAGE, PROT_READ | PROT_WRITE) == 0);
    say("page: %c\n", shared[0]);
    return test_end();
}
