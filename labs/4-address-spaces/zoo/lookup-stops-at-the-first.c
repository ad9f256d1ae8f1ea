/*
 * Misconception: The first node on the way down that ends above the address is the answer. It is
 * one that ends above it; a lower one may hang to its left.
 *
 * Fails: gap-exact, gap-lowest, gap-one-page, gap-too-small, gap-from-low, gap-large-page,
 * merge-both, unmap-exact, protect-exact, protect-resident, protect-untouched, map-resident,
 * map-shared, reserve-lazy, full-reserve, full-map, full-unmap, full-protect, churn
 */
struct vma_node *vma_at_or_after(const struct vma_set *set, vaddr_t addr)
{
    struct vma_node *node = set->root;

    while (node && node->end <= addr)
        node = node->right;
    return node;
}
