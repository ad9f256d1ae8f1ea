/*
 * Different: Tables before the frame; the leaf starts as what it will be and is zeroed through the
 * direct map afterwards allocated unzeroed; rights are looked up in a table by access; strings are
 * copied byte by byte; faults are resolved with interrupts off.
 *
 * Compiler: clang
 */
static bool vma_allows(unsigned flags, unsigned access)
{
    static const unsigned needed[8] = { VMA_READ, VMA_WRITE, VMA_EXEC, VMA_WRITE,
                                        VMA_READ, VMA_WRITE, VMA_EXEC, VMA_WRITE };

    return (flags & needed[access & 7]) != 0;
}

static err_t fault_zero(const struct fault *f)
{
    enum pt_level level = f->vma->kind.size == VMA_PAGE_2M ? PD : PT;
    struct pt_reserve tables = PT_RESERVE_INIT;
    pte_t *entry = f->entry;
    paddr_t frame;
    err_t err = pt_reserve_fill(&tables, f->level - level);

    if (err == ERR_OK)
        err = pmm_alloc(pt_leaf_order(level), &frame);
    if (err == ERR_OK) {
        memset(phys_to_virt(frame), 0, PAGE_SIZE << pt_leaf_order(level));
        if (f->level > level)
            err = pt_walk_make(&f->as->pt, align_down(f->addr, PAGE_SIZE), level, &tables, &entry);
        pte_store(entry, as_leaf(f->vma->kind.flags, frame, level, true));
    }
    pt_reserve_drop(&tables);
    return err;
}

static void trap_page_fault(struct trap_frame *frame)
{
    uint64_t addr = cpu_read_cr2();
    struct task *task = task_current();
    err_t err = ERR_FAULT;

    if (frame->error & PF_RESERVED) {
        trap_kernel(frame, addr);
    } else if (trap_from_user(frame)) {
        if (addr < USER_MAX)
            err = as_handle_fault(task->as, addr, fault_access(frame->error));
        if (err == ERR_NOMEM)
            signal_fault(frame, SIGKILL);
        else if (err != ERR_OK)
            signal_fault(frame, SIGSEGV);
    } else if (addr >= USER_MAX || !ex_table_find(frame->rip)) {
        trap_kernel(frame, addr);
    } else {
        err = as_handle_fault(task->as, addr, fault_access(frame->error));
        task->out_of_memory |= err == ERR_NOMEM;
        if (err != ERR_OK)
            frame->rip = ex_table_find(frame->rip);
    }
}

err_t copy_string_from_user(char *dst, vaddr_t src, size_t size, size_t *len)
{
    for (size_t i = 0; i < size; i++) {
        err_t err = copy_from_user(&dst[i], src + i, 1);

        if (err != ERR_OK)
            return err;
        if (dst[i] == '\0') {
            *len = i;
            return ERR_OK;
        }
    }
    return ERR_NAMETOOLONG;
}
