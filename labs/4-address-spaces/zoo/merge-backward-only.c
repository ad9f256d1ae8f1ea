/*
 * Misconception: A new region is merged with the one before it. It may touch one behind it as
 * well, which then stays apart for ever.
 *
 * Fails: merge-both, full-protect
 */
void vma_merge(struct vma_set *set, vaddr_t start, vaddr_t end)
{
    struct vma_node *node = vma_find(set, start), *prev = start ? vma_find(set, start - 1) : NULL;

    (void)end;
    if (!node || !prev || node == prev || prev->end != node->start ||
        !vma_kind_equal(prev->kind, node->kind))
        return;
    set_remove(set, node);
    set_remove(set, prev);
    prev->end = node->end;
    set_insert(set, prev);
    cache_free(&vma_cache, node);
}
