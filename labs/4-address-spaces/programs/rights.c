/*
 * Changing rights: of pages that are resident and of pages that are not, at
 * once, without a change of contents; and all or nothing.
 */
#include "pages.h"

enum { RW = PROT_READ | PROT_WRITE, PAGES = 16 };

static char *base = (char *)0x600000000000;
static int rights[PAGES];

static char *page(uint64_t number)
{
    return base + number * PAGE;
}

static void protect(struct tally *t, uint64_t first, uint64_t pages, int prot)
{
    tally_equal(t, pages_protect(page(first), pages, prot), 0);
    for (uint64_t i = first; i < first + pages; i++)
        rights[i] = prot;
}

static void look(struct tally *t)
{
    for (uint64_t i = 0; i < PAGES; i++) {
        tally_equal(t, kernel_reads(page(i) + 8), rights[i] != PROT_NONE);
        tally_equal(t, kernel_writes(page(i) + 8), !!(rights[i] & PROT_WRITE));
    }
}

static void write_it(void *at)
{
    word_set(at, 1);
}

/* The CPU has seen that the page is writable, and must forget it. */
static void write_after_protect(void *at)
{
    word_set(at, 1);
    pages_protect(at, 1, PROT_READ);
    word_set(at, 2);
    lab_witness(20, word_get(at), 0, 0); /* not reached */
}

static void run_it(void *at)
{
    ((void (*)(void))at)();
}

static void run_after_protect(void *at)
{
    run_it(at);
    pages_protect(at, 1, RW);
    run_it(at);
    lab_witness(21, 0, 0, 0); /* not reached */
}

static void report(uint64_t step, uint64_t wrong)
{
    lab_witness(step, lab_challenge(step) ^ wrong, (uint64_t)base, 0);
}

/* A page that a child shares stays the child's, whatever rights its parent gives itself. */
static void share(uint64_t secret)
{
    int link[2];
    char byte;

    word_set(page(0), secret);
    if (pipe(link) != 0)
        _exit(99);
    if (fork() == 0) {
        close(link[1]);
        read(link[0], &byte, 1); /* until the parent is done */
        lab_witness(10, word_get(page(0)), 0, 0);
        _exit(0);
    }
    pages_protect(page(0), 1, PROT_READ);
    pages_protect(page(0), 1, RW);
    lab_witness(11, lab_challenge(11), (uint64_t)page(0), 0);
    word_set(page(0), 5);
    close(link[0]);
    close(link[1]);
    wait(NULL);
}

int main(int argc, char **argv)
{
    struct dice dice = dice_new(argc, argv);
    uint64_t secret = lab_challenge(100), at = 2 + dice_roll(&dice, 4);
    struct tally t = { 0 };

    pages_need(base, PAGES, RW, 0);
    for (uint64_t i = 0; i < PAGES; i++)
        rights[i] = RW;
    for (uint64_t i = 0; i < PAGES; i += 2) /* every other page is resident */
        word_set(page(i), secret + i);
    protect(&t, at, 4, PROT_READ);
    protect(&t, at + 2, 4, PROT_NONE);
    protect(&t, at + 4, 1, PROT_READ);
    lab_witness(1, lab_challenge(1), (uint64_t)page(at & ~1UL), (uint64_t)page((at + 2) & ~1UL));
    look(&t);
    report(2, t.wrong);
    report(3, child_end(write_it, page(at)) ^ SIGSEGV);
    report(4, child_end(write_it, page(at + 1)) ^ SIGSEGV);

    /* All or nothing. */
    t.wrong = pages_protect(page(PAGES - 1), 2, PROT_READ) ^ ENOMEM;
    look(&t);
    report(5, t.wrong);

    protect(&t, 0, PAGES, RW);
    look(&t);
    for (uint64_t i = 0; i < PAGES; i++)
        tally_equal(&t, word_get(page(i)), i % 2 ? 0 : secret + i);
    report(6, t.wrong);
    report(7, child_end(write_after_protect, page(1)) ^ SIGSEGV);

    word_set(page(2), 0xc3); /* ret */
    pages_protect(page(2), 1, PROT_READ | PROT_EXEC);
    run_it(page(2));
    report(8, 0);
    report(9, child_end(run_after_protect, page(2)) ^ SIGSEGV);
    share(secret);
    return 0;
}
