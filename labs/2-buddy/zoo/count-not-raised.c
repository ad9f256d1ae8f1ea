/*
 * Misconception: A frame that is in use is in use; who shares it need not be counted. The first of
 * its users that leaves frees it for all.
 *
 * Fails: disjoint, program-runs
 */
static void get_locked(paddr_t pa)
{
    (void)counted_frame_locked(pa);
}
