/*
 * Operations on regions when memory runs out at any allocation: nothing has
 * changed then, and nothing is lost.
 */
#include "../../include/driver.h"

#include "arch/layout.h"
#include "kern/kmain.h"

#define BASE UINT64_C(0x40000000)

enum { RW = VMA_READ | VMA_WRITE };

DRIVER_STEP lab_reserve(void);
DRIVER_STEP lab_map(void);
DRIVER_STEP lab_unmap(void);
DRIVER_STEP lab_protect(void);

/* A large page, resident, and small ones behind it, some of them. */
static err_t prepare(struct address_space *as)
{
    err_t err = as_map_region(as, BASE, 1, RW, VMA_ANONYMOUS, VMA_PAGE_2M);

    if (err == ERR_OK)
        err = as_reserve_region(as, BASE + HUGE_SIZE, 100, RW, VMA_ANONYMOUS, VMA_PAGE_4K);
    if (err == ERR_OK)
        err = as_handle_fault(as, BASE + HUGE_SIZE + 40 * PAGE_SIZE, AS_WRITE | AS_USER);
    return err;
}

static err_t reserve(struct address_space *as)
{
    return as_reserve_region(as, BASE + 4 * HUGE_SIZE, 100, RW, VMA_ANONYMOUS, VMA_PAGE_4K);
}

static err_t map(struct address_space *as)
{
    return as_map_region(as, BASE + 5 * HUGE_SIZE - 3 * PAGE_SIZE, 6, RW, VMA_ANONYMOUS,
                         VMA_PAGE_4K);
}

/* Both edges are cut: of the large page, and of the small ones. */
static err_t unmap(struct address_space *as)
{
    return as_unmap_range(as, BASE + 8 * PAGE_SIZE, HUGE_SIZE + 40 * PAGE_SIZE);
}

static err_t protect(struct address_space *as)
{
    return as_protect_range(as, BASE + 8 * PAGE_SIZE, HUGE_SIZE + 40 * PAGE_SIZE, VMA_READ);
}

DRIVER_STEP lab_reserve(void)
{
    return driver_fails_cleanly(prepare, reserve);
}

DRIVER_STEP lab_map(void)
{
    return driver_fails_cleanly(prepare, map);
}

DRIVER_STEP lab_unmap(void)
{
    return driver_fails_cleanly(prepare, unmap);
}

DRIVER_STEP lab_protect(void)
{
    return driver_fails_cleanly(prepare, protect);
}

void kernel_tests_run(void *unused)
{
    (void)unused;
    (void)lab_reserve();
    (void)lab_map();
    (void)lab_unmap();
    (void)lab_protect();
    driver_end();
}
