/*
 * Accesses that no VMA allows end the process that makes them, by SIGSEGV, and
 * nobody else. Each is made in a child of its own.
 */
#include "pages.h"

enum { RW = PROT_READ | PROT_WRITE };

static char *base = (char *)0x600000000000;

static void read_it(void *at)
{
    word_get(at);
    lab_witness(50, 0, (uint64_t)at, 0); /* not reached */
}

static void write_it(void *at)
{
    word_set(at, 1);
    lab_witness(50, 0, (uint64_t)at, 0); /* not reached */
}

static void run_it(void *at)
{
    ((void (*)(void))at)();
    lab_witness(50, 0, (uint64_t)at, 0); /* not reached */
}

/* All must end by SIGSEGV. */
static void report(uint64_t step, uint64_t ends[], uint64_t count, void *at)
{
    uint64_t wrong = 0;

    for (uint64_t i = 0; i < count; i++)
        wrong |= ends[i] ^ SIGSEGV;
    lab_witness(step, lab_challenge(step) ^ wrong, (uint64_t)at, 0);
}

#define REPORT(step, at, ...)                                                                      \
    do {                                                                                           \
        uint64_t ends[] = { __VA_ARGS__ };                                                         \
                                                                                                   \
        report(step, ends, sizeof(ends) / 8, at);                                                  \
    } while (0)

int main(int argc, char **argv)
{
    struct dice dice = dice_new(argc, argv);
    uint64_t n = 3 + dice_roll(&dice, 5);
    char *area = pages_need(base, n, RW, 0), *end = area + n * PAGE;
    char *read_only = pages_need(base + 16 * PAGE, 2, PROT_READ, 0);
    char *none = pages_need(base + 32 * PAGE, 2, PROT_NONE, 0);
    char *data = pages_need(base + 48 * PAGE, 2, RW, 0);

    word_set(data, 0xc3); /* ret: would come back if it could run */
    word_get(read_only);
    lab_witness(1, lab_challenge(1), (uint64_t)read_only, (uint64_t)data);

    /* No VMA: at null, before and behind the area, far away. */
    word_set(end - 8, 1);
    REPORT(2, end, child_end(read_it, opaque(0)), child_end(write_it, area - 8),
           child_end(read_it, end), child_end(write_it, end),
           child_end(read_it, opaque(0x123456789000)));
    /* Read-only, resident and not; what was read must be writable for nobody. */
    REPORT(3, read_only, child_end(write_it, read_only), child_end(write_it, read_only + PAGE));
    /* Not executable, resident and not. */
    REPORT(4, data, child_end(run_it, data), child_end(run_it, data + PAGE),
           child_end(run_it, read_only));
    /* No rights at all. */
    REPORT(5, none, child_end(read_it, none), child_end(write_it, none + PAGE),
           child_end(run_it, none));
    /* The kernel's. */
    REPORT(6, opaque(0xffffffff80100000), child_end(read_it, opaque(0xffffffff80100000)),
           child_end(write_it, opaque(0xffff800000200000)),
           child_end(run_it, opaque(0xffffffff80100000)));
    /* And this process has lost nothing. */
    lab_witness(7, lab_challenge(7) ^ word_get(end - 8) ^ 1 ^ word_get(data) ^ 0xc3, 0, 0);
    return 0;
}
