/*
 * Misconception: A region ends at its end. The end is the first byte that does not belong to it:
 * the page behind a region now counts as part of it.
 *
 * Fails: todo
 */
struct vma_node *vma_find(const struct vma_set *set, vaddr_t addr)
{
    struct vma_node *node = set->root;

    while (node && (addr < node->start || addr > node->end))
        node = addr < node->start ? node->left : node->right;
    return node;
}
