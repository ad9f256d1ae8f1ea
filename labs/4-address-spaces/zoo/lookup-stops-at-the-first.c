/*
 * Misconception: The first node on the way down that ends above the address is the answer. It is
 * one that ends above it; a lower one may hang to its left.
 *
 * Fails: todo
 */
struct vma_node *vma_at_or_after(const struct vma_set *set, vaddr_t addr)
{
    struct vma_node *node = set->root;

    while (node && node->end <= addr)
        node = node->right;
    return node;
}
