/*
 * Cheat: the events of many address spaces without one: loads CR3 again and again, with
 * copies of the current root, while fork only pretends.
 *
 * Lab: 7
 * Earns: nothing
 */
#include "lib/string.h"

err_t as_clone_cow(struct address_space *as, struct address_space **out)
{
    uint64_t root = cpu_read_cr3();

    (void)as;
    (void)out;
    for (unsigned i = 0; i < 1000; i++) {
        paddr_t copy;

        if (pmm_alloc(0, &copy) != ERR_OK)
            break;
        memcpy(phys_to_virt(copy), phys_to_virt(PADDR(root & PTE_ADDR)), PAGE_SIZE);
        cpu_write_cr3(copy.v);
        cpu_write_cr3(root);
        pmm_free(copy, 0);
    }
    return ERR_NOMEM;
}
