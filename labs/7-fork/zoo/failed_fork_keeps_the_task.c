/*
 * Misconception: if memory cannot be cloned, fork fails. The task that was made
 * before that, its stack and its pid stay behind.
 *
 * Fails: fails-cleanly
 */
err_t task_fork(const struct task_clone *how, struct task **out)
{
    struct task *parent = task_current();
    struct task *child;
    err_t err = task_alloc(&child);

    if (err)
        return err;
    err = fork_memory(how, parent->as, &child->as);
    if (err)
        return err;
    fork_copy_state(parent, child);
    child->vfork_pending = parent->vfork_waits = how->vfork;
    child->entry = how->entry;
    task_prepare(child, fork_run_child);
    *out = child;
    return ERR_OK;
}
