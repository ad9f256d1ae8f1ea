/*
 * Large pages cut in parts: by changing rights, by unmapping, by forgetting.
 * Whatever is not meant keeps its contents and rights.
 */
#include "pages.h"

enum { RW = PROT_READ | PROT_WRITE, LARGE = 3, PAGES = LARGE * (HUGE / PAGE) };

static char *base = (char *)0x600000000000;
static uint64_t secret;

static char *page(uint64_t number)
{
    return base + number * PAGE;
}

static void fill(void)
{
    pages_need(base, PAGES, RW, MAP_HUGETLB);
    for (uint64_t i = 0; i < PAGES; i++)
        word_set(page(i), secret + i);
}

/* Do the pages from first on hold what they should? */
static uint64_t look(uint64_t first, uint64_t pages)
{
    uint64_t wrong = 0;

    for (uint64_t i = first; i < first + pages; i++)
        wrong |= word_get(page(i)) ^ (secret + i);
    return wrong;
}

static void write_it(void *at)
{
    word_set(at, 1);
}

static void report(uint64_t step, uint64_t wrong, uint64_t at)
{
    lab_witness(step, lab_challenge(step) ^ wrong, (uint64_t)page(at), 0);
}

/* A range inside one large page; then one that begins in one and ends in the next. */
static void cut_rights(uint64_t at)
{
    uint64_t wrong = pages_protect(page(at), 2, PROT_READ);

    wrong |= look(0, PAGES);
    report(2, wrong, at);
    wrong = child_end(write_it, page(at)) ^ SIGSEGV;
    wrong |= child_end(write_it, page(at + 1)) ^ SIGSEGV;
    wrong |= child_end(write_it, page(at - 1)) ^ 1000;
    wrong |= child_end(write_it, page(at + 2)) ^ 1000;
    report(3, wrong, at + 2);
    wrong = pages_protect(page(at), 2, RW);
    word_set(page(at), secret + at);
    report(4, wrong | look(0, PAGES), at);
}

static void cut_out(uint64_t at)
{
    uint64_t wrong = pages_unmap(page(1024 - at), 2 * at);

    wrong |= look(0, 1024 - at) | look(1024 + at, PAGES - 1024 - at);
    wrong |= (uint64_t)kernel_reads(page(1024 - at)) | (uint64_t)kernel_reads(page(1023 + at));
    report(5, wrong, 1024 - at);
}

/* A page without rights keeps its contents, cut or whole. */
static void cut_hidden(uint64_t at)
{
    uint64_t wrong = pages_protect(page(0), HUGE / PAGE, PROT_NONE);

    wrong |= (uint64_t)kernel_reads(page(at));
    wrong |= pages_protect(page(at), 1, RW);
    wrong |= look(at, 1);
    wrong |= (uint64_t)kernel_reads(page(at + 1));
    wrong |= pages_protect(page(0), HUGE / PAGE, RW);
    report(6, wrong | look(0, HUGE / PAGE), at);
}

/* The child's large page is the parent's, until one of them writes or cuts it. */
static void child_cuts(void *arg)
{
    uint64_t at = *(uint64_t *)arg, wrong = pages_unmap(page(at), 3);

    word_set(page(at + 3), 5);
    _exit((wrong | look(at - 9, 9) | (word_get(page(at + 3)) ^ 5)) == 0 ? 0 : 1);
}

int main(int argc, char **argv)
{
    struct dice dice = dice_new(argc, argv);
    uint64_t at = 20 + dice_roll(&dice, 400), before, wrong;

    secret = lab_challenge(100);
    fill();
    pages_unmap(base, PAGES);
    before = frames_free();
    fill();
    lab_witness(1, lab_challenge(1) ^ look(0, PAGES), (uint64_t)base, LARGE * (uint64_t)HUGE);
    cut_rights(at);
    cut_out(1 + dice_roll(&dice, 50));
    cut_hidden(at);
    wrong = pages_unmap(base, PAGES);
    fill();
    wrong |= child_end(child_cuts, &at) ^ 1000;
    report(7, wrong | look(0, PAGES), 0);
    wrong = pages_unmap(base, PAGES);
    fill(); /* large pages that nobody cut or shared */
    wrong |= pages_unmap(base, PAGES);
    report(8, wrong | (before ^ frames_free()), 0);
    return 0;
}
