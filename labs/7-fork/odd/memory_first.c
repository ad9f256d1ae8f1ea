/*
 * Different: fork clones memory before it makes a task; a write fault allocates
 * before it asks whether it must copy; the end of a process is one switch and one
 * put.
 *
 * Compiler: clang
 * Flags: -O3
 */
err_t task_fork(const struct task_clone *how, struct task **out)
{
    struct task *parent = task_current();
    struct address_space *as;
    struct task *child;
    err_t err = fork_memory(how, parent->as, &as);

    if (err)
        return err;
    err = task_alloc(&child);
    if (err) {
        as_put(as);
        return err;
    }
    child->as = as;
    child->entry = how->entry;
    task_prepare(child, fork_run_child);
    fork_copy_state(parent, child);
    child->vfork_pending = how->vfork;
    parent->vfork_waits = how->vfork;
    *out = child;
    return ERR_OK;
}

err_t fault_own(struct fault *f)
{
    unsigned order = pt_leaf_order(f->level);
    bool mine = frame_block_exclusive(pte_addr(*f->entry), order);
    paddr_t copy;
    err_t err = mine ? ERR_OK : pmm_alloc(order, &copy);

    if (mine)
        fault_take_over(f);
    else if (err == ERR_OK)
        fault_copy(f, copy);
    else if (f->level == PD)
        return fault_split(f);
    return err;
}

static void fault_copy(const struct fault *f, paddr_t copy)
{
    pte_t old = *f->entry;
    const uint64_t *from = phys_to_virt(pte_addr(old));
    uint64_t *to = phys_to_virt(copy);
    struct tlb_gather gather;

    for (uint64_t i = 0; i < (PAGE_SIZE << pt_leaf_order(f->level)) / 8; i++)
        to[i] = from[i];
    pte_store(f->entry, as_leaf(f->vma->kind.flags, copy, f->level, true));
    if (mmu_root().v == f->as->pt.root.v)
        mmu_flush_page(f->addr);
    tlb_gather_init(&gather, &f->as->pt);
    tlb_gather_leaf(&gather, old, f->level);
    tlb_gather_finish(&gather);
}

static void exit_free_memory(struct task *task)
{
    struct address_space *as = task->as;
    bool interrupts = spin_lock_irq(&sched_lock);

    if (task_is_user(task)) {
        as_switch_to(task_kernel_as);
        task->as = task_kernel_as;
    } else {
        as = NULL;
    }
    spin_unlock_irq(&sched_lock, interrupts);
    if (as)
        as_put(as);
}
