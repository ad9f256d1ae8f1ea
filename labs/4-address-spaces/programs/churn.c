/*
 * Random operations on an area of 40 pages, against a model that knows what each page
 * should hold and allow. The seed chooses.
 */
#include "pages.h"

enum { RW = PROT_READ | PROT_WRITE, PAGES = 40, STEPS = 300 };

struct model {
    bool mapped;
    int prot;
    uint64_t value; /* 0: never written */
};

static struct model model[PAGES + 8];
static char *base;
static uint64_t secret;

static char *page(uint64_t number)
{
    return base + number * PAGE;
}

static bool all_mapped(uint64_t first, uint64_t pages, bool wanted)
{
    for (uint64_t i = first; i < first + pages; i++)
        if (model[i].mapped != wanted)
            return false;
    return true;
}

static void model_set(uint64_t first, uint64_t pages, bool mapped, int prot)
{
    for (uint64_t i = first; i < first + pages; i++)
        model[i] = (struct model){ .mapped = mapped, .prot = prot };
}

static void do_map(struct tally *t, uint64_t first, uint64_t pages, int prot)
{
    bool room = all_mapped(first, pages, false);
    uint64_t got = pages_map(page(first), pages, prot, 0);

    tally_equal(t, got, room ? (uint64_t)page(first) : (uint64_t)-1);
    if (room)
        model_set(first, pages, true, prot);
}

static void do_unmap(struct tally *t, uint64_t first, uint64_t pages)
{
    tally_equal(t, pages_unmap(page(first), pages), 0);
    model_set(first, pages, false, 0);
}

static void do_protect(struct tally *t, uint64_t first, uint64_t pages, int prot)
{
    bool mapped = all_mapped(first, pages, true);

    tally_equal(t, pages_protect(page(first), pages, prot), mapped ? 0 : ENOMEM);
    for (uint64_t i = first; mapped && i < first + pages; i++)
        model[i].prot = prot;
}

/* The lowest run of free pages. The area's end is free. */
static void do_find(struct tally *t, uint64_t pages)
{
    uint64_t first = 0, got;

    while (!all_mapped(first, pages, false))
        first++;
    got = pages_map(NULL, pages, RW, 0);
    tally_equal(t, got, (uint64_t)page(first));
    if (first + pages <= PAGES)
        model_set(first, pages, true, RW);
    else
        munmap((void *)got, pages * PAGE);
}

static void do_write(uint64_t at, uint64_t step)
{
    if (!model[at].mapped || !(model[at].prot & PROT_WRITE))
        return;
    model[at].value = secret + step;
    word_set(page(at), secret + step);
}

static void look(struct tally *t, uint64_t at)
{
    struct model *m = &model[at];

    tally_equal(t, kernel_reads(page(at) + 8), m->mapped && m->prot);
    tally_equal(t, kernel_writes(page(at) + 8), m->mapped && (m->prot & PROT_WRITE));
    if (m->mapped && m->prot)
        tally_equal(t, word_get(page(at)), m->value);
}

static void step(struct tally *t, struct dice *dice, uint64_t number)
{
    static const int prots[] = { RW, RW, PROT_READ, PROT_NONE };
    uint64_t first = dice_roll(dice, PAGES), pages = 1 + dice_roll(dice, 6);
    int prot = prots[dice_roll(dice, 4)];

    if (pages > PAGES - first)
        pages = PAGES - first;
    switch (dice_roll(dice, 6)) {
    case 0:
        do_map(t, first, pages, prot);
        break;
    case 1:
        do_unmap(t, first, pages);
        break;
    case 2:
        do_protect(t, first, pages, prot);
        break;
    case 3:
        do_find(t, pages);
        break;
    default:
        do_write(first, number);
    }
    look(t, dice_roll(dice, PAGES));
    look(t, first);
}

int main(int argc, char **argv)
{
    struct dice dice = dice_new(argc, argv);
    struct tally t = { 0 };

    secret = lab_challenge(100);
    base = pages_need(NULL, 1, RW, 0);
    pages_unmap(base, 1);
    for (uint64_t i = 0; i < STEPS; i++)
        step(&t, &dice, i + 1);
    for (uint64_t i = 0; i < PAGES; i++)
        look(&t, i);
    lab_witness(1, lab_challenge(1) ^ t.wrong, (uint64_t)base, 0);
    t.wrong = pages_unmap(base, PAGES);
    lab_witness(2, lab_challenge(2) ^ t.wrong, 0, 0);
    return 0;
}
