/*
 * Misconception: The lowest gap is the lowest gap. The caller said where the search starts:
 * mappings now land in the lowest memory of all, where the program and its heap want to grow.
 *
 * Fails: gap-from-low, gap-large-page
 */
bool vma_find_gap(const struct vma_set *set, vaddr_t low, uint64_t len, enum vma_page_size size,
                  vaddr_t *out)
{
    const struct vma_node *root = set->root;

    low = USER_MIN;
    if (!root)
        return gap_fits(USER_MIN, USER_MAX, low, len, size, out);
    return gap_fits(USER_MIN, root->first, low, len, size, out) ||
           find_gap_in(root, low, len, size, out) ||
           gap_fits(root->last, USER_MAX, low, len, size, out);
}
