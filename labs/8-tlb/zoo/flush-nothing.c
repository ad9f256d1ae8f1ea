/*
 * Misconception: The CPU sees what is in the tables. It sees what it remembers of them: without
 * INVLPG a page that is gone can still be written.
 *
 * Fails: rights-one, unmap-one, apart, frames-return, stacks, split-keeps, jitter-apart
 * Perhaps: shared-one
 */
static void flush(const struct tlb_gather *gather)
{
    (void)gather;
}
