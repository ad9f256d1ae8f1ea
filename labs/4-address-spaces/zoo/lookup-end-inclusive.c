/*
 * Misconception: A region ends at its end. The end is the first byte that does not belong to it:
 * the page behind a region now counts as part of it.
 *
 * Fails: gap-exact, gap-lowest, gap-one-page, gap-too-small, gap-from-low, gap-large-page,
 * merge-both, unmap-exact, protect-exact, protect-resident, protect-untouched, map-resident,
 * map-shared, reserve-lazy, full-protect, churn
 */
struct vma_node *vma_find(const struct vma_set *set, vaddr_t addr)
{
    struct vma_node *node = set->root;

    while (node && (addr < node->start || addr > node->end))
        node = addr < node->start ? node->left : node->right;
    return node;
}
