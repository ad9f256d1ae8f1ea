/*
 * Misconception: Cutting a region shortens it. What lies behind the cut must become a region of
 * its own, or it is unmapped though its pages are still there.
 *
 * Fails: gap-lowest, gap-one-page, gap-too-small, merge-again, merge-use, protect-exact,
 * protect-resident, protect-untouched, full-protect, churn
 */
static void split_at(struct vma_set *set, vaddr_t at, struct vma_pool *pool)
{
    struct vma_node *node = vma_find(set, at);

    (void)pool;
    if (!node || node->start == at)
        return;
    set_remove(set, node);
    node->end = at;
    set_insert(set, node);
}
