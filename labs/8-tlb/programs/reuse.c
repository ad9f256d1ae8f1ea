/*
 * An address gets another frame, and the old frame another owner: the CPU must
 * not mix them up. Tables go and come the same way.
 */
#include "pages.h"

enum { RW = PROT_READ | PROT_WRITE, ROUNDS = 20 };

static char *base = (char *)0x600000000000, *other = (char *)0x610000000000;

/* Map, use, unmap; give the frame to another address; map again. Nothing may shine through. */
static uint64_t round_trip(uint64_t pages, uint64_t secret)
{
    uint64_t wrong = 0;

    pages_need(base, pages, RW, 0);
    for (uint64_t i = 0; i < pages; i++)
        word_set(base + i * PAGE, secret + i);
    wrong |= pages_unmap(base, pages);
    pages_need(other, pages, RW, MAP_POPULATE);
    pages_need(base, pages, RW, MAP_POPULATE);
    for (uint64_t i = 0; i < pages; i++) {
        wrong |= word_get(base + i * PAGE);
        word_set(base + i * PAGE, secret ^ i);
        wrong |= word_get(other + i * PAGE);
    }
    for (uint64_t i = 0; i < pages; i++)
        wrong |= word_get(base + i * PAGE) ^ secret ^ i;
    wrong |= pages_unmap(other, pages);
    wrong |= pages_unmap(base, pages);
    return wrong;
}

static void exit_at_once(void *unused)
{
    (void)unused;
}

int main(int argc, char **argv)
{
    struct dice dice = dice_new(argc, argv);
    uint64_t secret = lab_challenge(100), wrong = 0, before;

    for (uint64_t i = 0; i < ROUNDS; i++)
        wrong |= round_trip(1 + dice_roll(&dice, 30), secret + i);
    lab_witness(1, lab_challenge(1) ^ wrong, (uint64_t)base, 0);

    /* Kernel stacks come and go with processes, in the half that all spaces share. */
    for (int i = 0; i < 3; i++)
        wrong |= child_end(exit_at_once, NULL) ^ 1000;
    before = frames_free();
    wrong |= round_trip(40, secret);
    for (int i = 0; i < 6; i++)
        wrong |= child_end(exit_at_once, NULL) ^ 1000;
    lab_witness(2, lab_challenge(2) ^ wrong, 0, 0);
    lab_witness(3, lab_challenge(3) ^ before ^ frames_free(), before, 0);
    return 0;
}
