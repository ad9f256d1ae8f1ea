/*
 * Misconception: a process may write to its memory, so the fault gives it the right
 * to. The frame is somebody else's memory, too.
 *
 * Fails: child-runs
 */
err_t fault_own(struct fault *f)
{
    (void)fault_split;
    fault_take_over(f);
    return ERR_OK;
}
