/*
 * What no program can ask for: memory shared by naming its frames, large pages
 * cut when memory is short, and kernel stacks that come and go.
 */
#include "../../include/driver.h"

#include "arch/mmu.h"
#include "kern/kmain.h"
#include "lib/string.h"
#include "sched/task.h"
#include "vm/kstack.h"
#include "vm/user_copy.h"

#define BASE UINT64_C(0x40000000)

enum { RW = VMA_READ | VMA_WRITE, FRAMES = 3 };

DRIVER_STEP lab_shared_frames(void);
DRIVER_STEP lab_shared_refuses(void);
DRIVER_STEP lab_cuts(void);
DRIVER_STEP lab_stacks(void);

/* Run the current kernel task in a space, as exec would; null: back to its own. */
static void enter_space(struct address_space *as)
{
    static struct address_space *home;
    struct task *task = task_current();

    if (!home)
        home = task->as;
    task->as = as ? as : home;
    as_switch_to(task->as);
}

static uint64_t read_word(struct address_space *as, vaddr_t at)
{
    uint64_t word = 0;

    enter_space(as);
    if (copy_from_user(&word, at, 8) != ERR_OK)
        word = UINT64_MAX;
    enter_space(NULL);
    return word;
}

static err_t write_word(struct address_space *as, vaddr_t at, uint64_t word)
{
    err_t err;

    enter_space(as);
    err = copy_to_user(at, &word, 8);
    enter_space(NULL);
    return err;
}

/* The frames in two spaces, in one of them read-only: one memory, and a count for each mapping. */
static uint64_t share(struct address_space *a, struct address_space *b, const paddr_t *frame)
{
    uint64_t wrong = 0;

    wrong += as_map_shared_frames(a, BASE, frame, FRAMES, RW, VMA_ANONYMOUS) != ERR_OK;
    wrong += as_map_shared_frames(b, 2 * BASE, frame, FRAMES, VMA_READ, VMA_ANONYMOUS) != ERR_OK;
    for (unsigned i = 0; i < FRAMES; i++) {
        wrong += frame_count(frame[i]) != 3;
        wrong += read_word(b, 2 * BASE + i * PAGE_SIZE) != 100 + i;
        wrong += write_word(a, BASE + i * PAGE_SIZE, 200 + i) != ERR_OK;
        wrong += read_word(b, 2 * BASE + i * PAGE_SIZE) != 200 + i;
        wrong += write_word(b, 2 * BASE + i * PAGE_SIZE, 5) != ERR_FAULT;
    }
    wrong += as_verify(a) != ERR_OK || as_verify(b) != ERR_OK;
    return wrong;
}

DRIVER_STEP lab_shared_frames(void)
{
    struct address_space *a, *b, *c;
    paddr_t frame[FRAMES];
    uint64_t wrong, before = driver_free();

    for (unsigned i = 0; i < FRAMES; i++) {
        if (pmm_alloc_zeroed(0, &frame[i]) != ERR_OK)
            return 1000;
        *(uint64_t *)phys_to_virt(frame[i]) = 100 + i;
    }
    if (as_new_user(&a) != ERR_OK || as_new_user(&b) != ERR_OK)
        return 1000;
    wrong = share(a, b, frame);
    wrong += as_clone_cow(a, &c) != ERR_OK; /* stays shared, and writable */
    wrong += write_word(c, BASE, 300) != ERR_OK || read_word(b, 2 * BASE) != 300;
    as_put(c);
    wrong += as_unmap_range(a, BASE, FRAMES * PAGE_SIZE) != ERR_OK;
    wrong += frame_count(frame[0]) != 2 || read_word(b, 2 * BASE) != 300;
    as_put(a);
    as_put(b);
    for (unsigned i = 0; i < FRAMES; i++) {
        wrong += frame_count(frame[i]) != 1;
        frame_put(frame[i]);
    }
    return wrong + (driver_free() != before);
}

/* Frames that nobody may map, and that nothing has changed then. */
DRIVER_STEP lab_shared_refuses(void)
{
    struct address_space *as;
    paddr_t good, table, gone, last;
    uint64_t wrong = 0, before;

    if (as_new_user(&as) != ERR_OK || pmm_alloc(0, &good) != ERR_OK ||
        pmm_alloc_zeroed(0, &table) != ERR_OK || pmm_alloc(0, &gone) != ERR_OK)
        return 1000;
    frame_set_table(table);
    pmm_free(gone, 0);
    last = PADDR(pmm_limit());
    before = driver_free();
    const paddr_t bad[] = { gone, table, last, PADDR(0), PADDR(good.v + 8), as_cr3(as) };

    for (unsigned i = 0; i < ARRAY_SIZE(bad); i++) {
        const paddr_t list[2] = { good, bad[i] };

        wrong += as_map_shared_frames(as, BASE, list, 2, RW, VMA_ANONYMOUS) != ERR_INVAL;
        wrong += frame_count(good) != 1 || driver_free() != before;
    }
    wrong += as_map_shared_frames(as, BASE, &good, 0, RW, VMA_ANONYMOUS) != ERR_INVAL;
    wrong += as_map_shared_frames(as, BASE + 8, &good, 1, RW, VMA_ANONYMOUS) != ERR_INVAL;
    wrong += as_map_shared_frames(as, 0, &good, 1, RW, VMA_ANONYMOUS) != ERR_FAULT;
    wrong += as_has_user_mappings(as);
    as_put(as);
    frame_put(good);
    pmm_free(table, 0);
    return wrong;
}

/* Two large pages, one of them without rights. */
static err_t prepare(struct address_space *as)
{
    err_t err = as_map_region(as, BASE, 2, RW, VMA_ANONYMOUS, VMA_PAGE_2M);

    if (err == ERR_OK)
        err = as_protect_range(as, BASE + HUGE_SIZE, HUGE_SIZE, 0);
    return err;
}

/* Two edges in two large pages, two in one, and one on a border. */
static err_t cut_both(struct address_space *as)
{
    return as_unmap_range(as, BASE + 9 * PAGE_SIZE, HUGE_SIZE);
}

static err_t cut_one(struct address_space *as)
{
    return as_unmap_range(as, BASE + 9 * PAGE_SIZE, 3 * PAGE_SIZE);
}

static err_t cut_end(struct address_space *as)
{
    return as_unmap_range(as, BASE, HUGE_SIZE + 3 * PAGE_SIZE);
}

static err_t cut_rest(struct address_space *as)
{
    err_t err = as_unmap_range(as, BASE + HUGE_SIZE, PAGE_SIZE);

    return err == ERR_OK ? as_unmap_range(as, BASE + HUGE_SIZE, HUGE_SIZE) : err;
}

/* Where nothing is cut, nothing need be had: a large page goes though no memory is left. */
static uint64_t cut_nothing(void)
{
    struct address_space *as;
    err_t err;

    if (as_new_user(&as) != ERR_OK || prepare(as) != ERR_OK)
        return 1000;
    pmm_fail_after(1);
    err = as_unmap_range(as, BASE, HUGE_SIZE);
    pmm_fail_after(0);
    if (err == ERR_OK) /* cut the other one, and give up all of it, tables too */
        err = cut_rest(as);
    if (err == ERR_OK)
        err = as_verify(as);
    as_put(as);
    return err != ERR_OK;
}

DRIVER_STEP lab_cuts(void)
{
    return cut_nothing() + driver_fails_cleanly(prepare, cut_both) +
           driver_fails_cleanly(prepare, cut_one) + driver_fails_cleanly(prepare, cut_end);
}

/* A stack is used, freed, and its frames are somebody else's at once; in a program's space, too. */
DRIVER_STEP lab_stacks(void)
{
    struct address_space *as;
    uint64_t before = driver_free(), wrong = 0;

    if (as_new_user(&as) != ERR_OK)
        return 1000;
    enter_space(as);
    for (unsigned i = 0; i < 4; i++) {
        paddr_t frame[4];
        void *top;

        if (kstack_alloc(&top) != ERR_OK)
            return 1000;
        memset((char *)top - KSTACK_SIZE, 1, KSTACK_SIZE);
        kstack_free(top);
        for (unsigned f = 0; f < ARRAY_SIZE(frame); f++)
            wrong += pmm_alloc_zeroed(0, &frame[f]) != ERR_OK;
        if (kstack_alloc(&top) != ERR_OK)
            return 1000;
        memset((char *)top - KSTACK_SIZE, 2, KSTACK_SIZE);
        for (unsigned f = 0; f < ARRAY_SIZE(frame); f++) {
            wrong += *(uint64_t *)phys_to_virt(frame[f]) != 0;
            pmm_free(frame[f], 0);
        }
        kstack_free(top);
    }
    enter_space(NULL);
    as_put(as);
    return wrong + (driver_free() != before);
}

void kernel_tests_run(void *unused)
{
    (void)unused;
    (void)lab_shared_frames();
    (void)lab_shared_refuses();
    (void)lab_cuts();
    (void)lab_stacks();
    driver_end();
}
