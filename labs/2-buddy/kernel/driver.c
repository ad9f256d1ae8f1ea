/*
 * Lab 2's driver, a task in the kernel: it uses the allocator in ways that follow from the seed
 * (seed=N on the command line), and the recorder sees each call with its result.
 *
 *     1  every order alone: all blocks of it, freed in another order
 *     2  everything mixed: blocks of all orders, until memory is gone, and back
 *     3  references: blocks that are split by frame_get and frame_put
 *     4  all memory, by blocks that are as large as can be had; at the beginning and at the end
 *
 * The calls are all that counts; nothing that is printed does.
 */
#include "arch/hoststream.h"
#include "arch/mmu.h"
#include "kern/kmain.h"
#include "kern/options.h"
#include "lib/panic.h"
#include "pmm/pmm.h"

enum { BLOCKS = 1024, ROUNDS = 3000, SHARED = 48, GETS = 400 };

struct block {
    paddr_t at;
    unsigned order;
};

static struct block held[BLOCKS];
static unsigned held_count;
static uint64_t random_state;

static uint32_t random_below(uint32_t limit)
{
    random_state = random_state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(random_state >> 33) % limit;
}

static bool take(unsigned order)
{
    struct block *b = &held[held_count];

    if (held_count == BLOCKS || pmm_alloc(order, &b->at) != ERR_OK)
        return false;
    b->order = order;
    *(uint64_t *)phys_to_virt(b->at) = b->at.v; /* a block is memory */
    held_count++;
    return true;
}

/* Give back the i-th block that is held; whoever was given it twice has overwritten it. */
static void give(unsigned i)
{
    struct block b = held[i];

    held[i] = held[--held_count];
    pmm_free(b.at, b.order);
}

static void give_all(void)
{
    while (held_count > 0)
        give(random_below(held_count));
}

/* Part 1. Small orders would take too many calls to exhaust: a sample. */
static void every_order(void)
{
    for (unsigned order = 0; order < PMM_ORDERS; order++) {
        for (unsigned i = 0; i < 100 && take(order); i++)
            ;
        give_all();
    }
}

/* Part 2. Small blocks are commoner, as they are in a kernel. */
static void mixed(void)
{
    for (unsigned i = 0; i < ROUNDS; i++) {
        unsigned order = random_below(random_below(PMM_ORDERS) + 1);

        if (held_count > 0 && random_below(100) < 45)
            give(random_below(held_count));
        else if (!take(order) && held_count > 0)
            give(random_below(held_count));
    }
    while (take(PMM_ORDERS - 1)) /* until memory is gone */
        ;
    (void)take(PMM_ORDERS - 1);
    give_all();
}

/* Part 3. A block's frames are counted one by one after the first reference. */
static void references(void)
{
    static uint8_t count[1 << 4];
    paddr_t at;

    for (unsigned round = 0; round < SHARED; round++) {
        unsigned order = random_below(5), frames = 1u << order, left = frames;

        if (pmm_alloc(order, &at) != ERR_OK)
            return;
        for (unsigned i = 0; i < frames; i++)
            count[i] = 1;
        for (unsigned i = 0; i < GETS / SHARED; i++) {
            unsigned frame = random_below(frames);

            count[frame]++;
            frame_get(PADDR(at.v + frame * PAGE_SIZE));
        }
        while (left > 0) {
            unsigned frame = random_below(frames);

            if (count[frame] == 0)
                continue;
            left -= --count[frame] == 0;
            frame_put(PADDR(at.v + frame * PAGE_SIZE));
            if (random_below(8) == 0)
                (void)take(0);
        }
    }
    give_all();
}

/* Part 4. What one order does not find, the next smaller one gets. */
static void everything(void)
{
    for (unsigned order = PMM_ORDERS; order-- > 0;)
        while (take(order))
            ;
    give_all();
}

void kernel_tests_run(void *unused)
{
    (void)unused;
    random_state = kernel_options.seed;
    everything();
    every_order();
    mixed();
    references();
    everything();
    host_stream_send('S', "exit 0", 6);
    host_shutdown(HOST_EXIT_DONE);
}
