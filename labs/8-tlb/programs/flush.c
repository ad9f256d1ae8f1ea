/*
 * What the CPU knows of pages must be forgotten when they lose rights, or go: of
 * one page, of as many as are flushed one by one, and of many. Each access that
 * must fail is made in a child, by an address that the CPU has just used.
 */
#include "pages.h"

enum { RW = PROT_READ | PROT_WRITE };

static char *base = (char *)0x600000000000;

struct range {
    uint64_t pages, victim;
};

static char *touch_all(const struct range *r)
{
    char *area = pages_need(base, r->pages, RW, 0);

    for (uint64_t i = 0; i < r->pages; i++)
        word_set(area + i * PAGE, i);
    return area;
}

static void write_after_protect(void *arg)
{
    const struct range *r = arg;
    char *area = touch_all(r);

    pages_protect(area, r->pages, PROT_READ);
    word_set(area + r->victim * PAGE, 1);
    lab_witness(50, 0, 0, 0); /* not reached */
}

static void read_after_unmap(void *arg)
{
    const struct range *r = arg;
    char *area = touch_all(r);

    pages_unmap(area, r->pages);
    word_get(area + r->victim * PAGE);
    lab_witness(51, 0, 0, 0); /* not reached */
}

static void report(uint64_t step, void (*body)(void *), uint64_t pages, struct dice *dice)
{
    struct range first = { pages, 0 }, last = { pages, pages - 1 };
    struct range any = { pages, dice_roll(dice, pages) };
    uint64_t wrong = child_end(body, &first) ^ SIGSEGV;

    wrong |= child_end(body, &last) ^ SIGSEGV;
    wrong |= child_end(body, &any) ^ SIGSEGV;
    lab_witness(step, lab_challenge(step) ^ wrong, pages, 0);
}

int main(int argc, char **argv)
{
    static const uint64_t pages[] = { 1, 16, 17, 60 };
    struct dice dice = dice_new(argc, argv);

    for (uint64_t i = 0; i < 4; i++) {
        report(1 + 2 * i, write_after_protect, pages[i], &dice);
        report(2 + 2 * i, read_after_unmap, pages[i], &dice);
    }
    return 0;
}
