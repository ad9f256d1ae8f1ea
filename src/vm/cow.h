/* Page faults in parts: what fault.c finds, and what cow.c does about shared frames. */
#pragma once

#include "vm/space.h"

/* A fault inside a VMA: the page and where the walk for it ends. */
struct fault {
    struct address_space *as;
    const struct vma_node *vma;
    vaddr_t addr;
    pte_t *entry;
    enum pt_level level;
};

/*
 * Make the space the only one that refers to the page, whose entry is in use,
 * with all rights that its VMA gives: copy, or take over if it is the only one
 * already. f->entry may lie in another table afterwards, if a 2 MiB page was split.
 * Errors: ERR_NOMEM; nothing has changed then.
 */
err_t fault_own(struct fault *f);
