/*
 * Misconception: Regions of equal rights and page size are of one kind. Shared memory and private
 * memory are not, whatever their rights: fork must tell them apart.
 *
 * Fails: merge-shared
 */
void vma_merge(struct vma_set *set, vaddr_t start, vaddr_t end)
{
    /* A cut may have changed a whole 2 MiB page around an edge, and its neighbours may fit now. */
    vaddr_t low = align_down(start, HUGE_SIZE), high = align_up(end, HUGE_SIZE);
    struct vma_node *node = vma_at_or_after(set, low ? low - 1 : 0);

    while (node && node->start <= high) {
        struct vma_node *next = vma_at_or_after(set, node->end);

        if (!next)
            return;
        if (node->end != next->start || node->kind.size != next->kind.size ||
            ((node->kind.flags ^ next->kind.flags) & ~(unsigned)VMA_SHARED)) {
            node = next;
            continue;
        }
        set_remove(set, next);
        set_remove(set, node);
        node->end = next->end;
        set_insert(set, node);
        cache_free(&vma_cache, next);
    }
}
