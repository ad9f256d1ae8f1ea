/*
 * Unmapping: exactly the pages named go, with their contents, and at once;
 * their neighbours keep theirs. Where the cuts are comes from the seed.
 */
#include "pages.h"

enum { RW = PROT_READ | PROT_WRITE, PAGES = 24 };

static char *base = (char *)0x600000000000;
static bool gone[PAGES];

static char *page(uint64_t number)
{
    return base + number * PAGE;
}

static void cut(struct tally *t, uint64_t first, uint64_t pages)
{
    tally_equal(t, pages_unmap(page(first), pages), 0);
    for (uint64_t i = first; i < first + pages; i++)
        gone[i] = true;
}

/* Is every page as it should be? Those that are there hold secret + number. */
static void look(struct tally *t, uint64_t secret)
{
    for (uint64_t i = 0; i < PAGES; i++) {
        tally_equal(t, kernel_reads(page(i) + 8), !gone[i]);
        if (!gone[i])
            tally_equal(t, word_get(page(i)), secret + i);
    }
}

/* What the CPU knows of a page must be forgotten with it. */
static void read_after_unmap(void *at)
{
    word_set(at, 1);
    pages_unmap(at, 1);
    lab_witness(20, word_get(at), 0, 0); /* not reached */
}

/* What is unmapped is free memory again. */
static uint64_t round_trip(void)
{
    uint64_t before = frames_free();

    pages_need(base, PAGES, RW, MAP_POPULATE);
    pages_unmap(base + 3 * PAGE, 5);
    pages_unmap(base, PAGES);
    return before ^ frames_free();
}

static void report(uint64_t step, uint64_t wrong)
{
    lab_witness(step, lab_challenge(step) ^ wrong, (uint64_t)base, 0);
}

int main(int argc, char **argv)
{
    struct dice dice = dice_new(argc, argv);
    uint64_t secret = lab_challenge(100), middle = 8 + dice_roll(&dice, 6);
    struct tally t = { 0 };

    pages_need(base, PAGES, RW, 0);
    for (uint64_t i = 0; i < PAGES; i++)
        word_set(page(i), secret + i);
    cut(&t, middle, 1);
    cut(&t, middle - 2, 4 + dice_roll(&dice, 3)); /* over the hole */
    cut(&t, 0, 1);
    cut(&t, PAGES - 1, 1);
    lab_witness(1, lab_challenge(1) ^ t.wrong, (uint64_t)page(middle - 2),
                (uint64_t)page(middle + 2));
    look(&t, secret);
    report(2, t.wrong);

    /* A hole filled again holds zeroes. */
    pages_need(page(middle - 1), 2, RW, 0);
    report(3, word_get(page(middle - 1)) | word_get(page(middle)));
    report(4, child_end(read_after_unmap, page(PAGES - 2)) ^ SIGSEGV);

    /* The cost is that of what is resident: two pages of 2^28. */
    pages_need(page(PAGES), 1UL << 28, RW, MAP_NORESERVE);
    word_set(page(PAGES), 1);
    word_set(page(PAGES + (1UL << 28) - 1), 1);
    lab_witness(5, lab_challenge(5), 0, 0);
    t.wrong = pages_unmap(page(PAGES), 1UL << 28);
    report(6, t.wrong);

    /* All of it goes, tables too. */
    t.wrong = pages_unmap(base, PAGES);
    report(7, t.wrong);
    report(8, round_trip());
    return 0;
}
