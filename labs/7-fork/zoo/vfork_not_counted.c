/*
 * Misconception: a vfork child only borrows the memory of its parent, so it takes
 * no reference. When it ends it gives one back all the same.
 *
 * Fails: vfork-shares, orphan-keeps-memory, kernel-writes-copy
 */
static err_t fork_memory(const struct task_clone *how, struct address_space *as,
                         struct address_space **out)
{
    if (!how->share_memory)
        return as_clone_cow(as, out);
    *out = as;
    return ERR_OK;
}
