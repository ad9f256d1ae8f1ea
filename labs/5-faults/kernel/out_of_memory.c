/* Faults when memory runs out at any allocation: the page is as it was, and nothing is lost. */
#include "../../include/driver.h"

#include "arch/layout.h"
#include "kern/kmain.h"

#define BASE UINT64_C(0x40000000)

enum { RW = VMA_READ | VMA_WRITE };

DRIVER_STEP lab_small_fault(void);
DRIVER_STEP lab_large_fault(void);
DRIVER_STEP lab_answers(void);

static err_t prepare(struct address_space *as)
{
    err_t err = as_reserve_region(as, BASE, 1, RW, VMA_ANONYMOUS, VMA_PAGE_2M);

    if (err == ERR_OK)
        err = as_reserve_region(as, BASE + HUGE_SIZE, 100, VMA_READ, VMA_ANONYMOUS, VMA_PAGE_4K);
    return err;
}

static err_t small_fault(struct address_space *as)
{
    return as_handle_fault(as, BASE + HUGE_SIZE + 7 * PAGE_SIZE + 5, AS_READ | AS_USER);
}

static err_t large_fault(struct address_space *as)
{
    return as_handle_fault(as, BASE + 7 * PAGE_SIZE + 5, AS_WRITE | AS_USER);
}

DRIVER_STEP lab_small_fault(void)
{
    return driver_fails_cleanly(prepare, small_fault);
}

DRIVER_STEP lab_large_fault(void)
{
    return driver_fails_cleanly(prepare, large_fault);
}

/* What each access finds, and that rights come before memory. */
DRIVER_STEP lab_answers(void)
{
    struct address_space *as;
    vaddr_t small = BASE + HUGE_SIZE;
    uint64_t wrong = 0, before;

    if (as_new_user(&as) != ERR_OK || prepare(as) != ERR_OK)
        return 1000;
    before = driver_free();
    wrong += as_handle_fault(as, small, AS_WRITE | AS_USER) != ERR_ACCES;
    wrong += as_handle_fault(as, small, AS_EXEC | AS_USER) != ERR_ACCES;
    wrong += as_handle_fault(as, BASE, AS_EXEC | AS_USER) != ERR_ACCES;
    wrong += as_handle_fault(as, BASE - 1, AS_READ | AS_USER) != ERR_FAULT;
    wrong += as_handle_fault(as, small + 100 * PAGE_SIZE, AS_READ) != ERR_FAULT;
    wrong += driver_free() != before;
    wrong += as_handle_fault(as, small, AS_READ | AS_USER) != ERR_OK;
    before = driver_free();
    wrong += as_handle_fault(as, small, AS_READ | AS_USER) != ERR_OK; /* resolved already */
    wrong += as_handle_fault(as, small, AS_WRITE | AS_USER) != ERR_ACCES;
    wrong += driver_free() != before;
    wrong += as_verify(as) != ERR_OK;
    as_put(as);
    return wrong;
}

void kernel_tests_run(void *unused)
{
    (void)unused;
    (void)lab_small_fault();
    (void)lab_large_fault();
    (void)lab_answers();
    driver_end();
}
