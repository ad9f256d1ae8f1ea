/*
 * Misconception: vfork is an old word for fork. Its child works in the parent's
 * memory, and the parent sees what it did.
 *
 * Fails: vfork-shares
 */
static err_t fork_memory(const struct task_clone *how, struct address_space *as,
                         struct address_space **out)
{
    (void)how;
    return as_clone_cow(as, out);
}
