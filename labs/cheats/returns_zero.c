/*
 * Cheat: fork does nothing and returns 0, so that the only process takes itself for the
 * child, and reports what a child would.
 *
 * Lab: 7
 * Earns: nothing
 */
err_t task_fork(const struct task_clone *how, struct task **out)
{
    static struct task nobody; /* with pid 0 */

    (void)how;
    *out = &nobody;
    return ERR_OK;
}
