/*
 * The set of VMAs of one address space: an AVL tree by address (Adelson-Velsky
 * and Landis, 1962), in which each node knows the largest gap between the VMAs
 * of its subtree, as it is and aligned to 2 MiB. Lookup, insertion, removal and
 * the search for a gap visit O(log n) nodes.
 *
 *                    [40,50)            subtree covers 10..90
 *                   /       \           gaps: 20..25, 30..40, 50..60, 70..80
 *             [25,30)       [60,70)
 *             /                  \
 *         [10,20)               [80,90)
 *
 * VMAs are sorted, disjoint and maximally merged, except while an operation
 * has cut them: vma_cut makes boundaries, the operation then works on whole
 * VMAs, vma_merge puts neighbours of equal kind together again.
 *
 * Lock: the address space's.
 */
#pragma once

#include "vm/address_space.h"

/* What must be equal for neighbours to merge. */
struct vma_kind {
    unsigned flags;
    enum vma_type type;
    enum vma_page_size size;
};

struct vma_node {
    vaddr_t start, end; /* bytes, end exclusive */
    struct vma_kind kind;
    int height;                    /* of the subtree; a leaf has 1 */
    struct vma_node *left, *right; /* in a pool: left is the next one */
    vaddr_t first, last;           /* lowest start and highest end in the subtree */
    uint64_t max_gap[2];           /* largest gap inside it: bytes; bytes aligned to 2 MiB */
};

struct vma_set {
    struct vma_node *root;
    uint64_t count;
};

/* Nodes that an operation has reserved, so that it cannot fail later. */
struct vma_pool {
    struct vma_node *head;
};
#define VMA_POOL_INIT ((struct vma_pool){ .head = NULL })

uint64_t vma_page_bytes(enum vma_page_size size);

/* Add n nodes. Errors: ERR_NOMEM; the caller still drops the pool. */
err_t vma_pool_fill(struct vma_pool *pool, uint64_t n);
void vma_pool_drop(struct vma_pool *pool);

/* The VMA that contains addr, or NULL. */
struct vma_node *vma_find(const struct vma_set *set, vaddr_t addr);

/* The first VMA that ends above addr, or NULL. */
struct vma_node *vma_at_or_after(const struct vma_set *set, vaddr_t addr);

/* Does a VMA overlap [start, end)? */
bool vma_overlaps(const struct vma_set *set, vaddr_t start, vaddr_t end);

/* Is every page of [start, end) in some VMA? */
bool vma_covers(const struct vma_set *set, vaddr_t start, vaddr_t end);

/*
 * The lowest address at or above low, aligned to the page size, from which len
 * bytes are free: in no VMA, and between USER_MIN and USER_MAX. False if there
 * is none; *out is then unchanged.
 */
bool vma_find_gap(const struct vma_set *set, vaddr_t low, uint64_t len, enum vma_page_size size,
                  vaddr_t *out);

/* Nodes that vma_cut needs at this address: 0, 1, or 3 where it cuts a 2 MiB page. */
unsigned vma_cut_cost(const struct vma_set *set, vaddr_t at);

/*
 * Make `at` a boundary between VMAs of equal kind, if it lies inside one. A
 * 2 MiB page that it cuts becomes a VMA of VMA_PAGE_4K of its own, to be cut in
 * two. Nodes come from the pool, as many as vma_cut_cost says.
 */
void vma_cut(struct vma_set *set, vaddr_t at, struct vma_pool *pool);

/* Add [start, end), which must be free, as one node from the pool; merges nothing. */
void vma_add(struct vma_set *set, vaddr_t start, vaddr_t end, struct vma_kind kind,
             struct vma_pool *pool);

/* Remove all VMAs in [start, end), which must lie on boundaries. */
void vma_remove_range(struct vma_set *set, vaddr_t start, vaddr_t end);

/*
 * Merge neighbours that touch and are of equal kind, in and around [start, end):
 * as far out as the 2 MiB pages that hold an edge reach, since cutting one
 * changes it as a whole. Nodes that are left over are freed.
 */
void vma_merge(struct vma_set *set, vaddr_t start, vaddr_t end);

/* Remove everything. */
void vma_clear(struct vma_set *set);

/* Copy the tree into an empty set; the pool holds from->count nodes. */
void vma_copy(struct vma_set *to, const struct vma_set *from, struct vma_pool *pool);

/* Do order, disjointness, merging, balance and gaps hold? Names the first that does not. */
bool vma_check(const struct vma_set *set);

static inline bool vma_kind_equal(struct vma_kind a, struct vma_kind b)
{
    return a.flags == b.flags && a.type == b.type && a.size == b.size;
}
