/* The set of VMAs: see vma.h for what holds, vma_tree.c for the tree. */
#include "vm/vma.h"

#include "arch/layout.h"
#include "arch/log.h"
#include "lib/panic.h"
#include "pmm/cache.h"
#include "vm/vma_tree.h"

static struct obj_cache vma_cache = OBJ_CACHE_INIT(vma_cache, struct vma_node);

uint64_t vma_page_bytes(enum vma_page_size size)
{
    return size == VMA_PAGE_2M ? HUGE_SIZE : PAGE_SIZE;
}

err_t vma_pool_fill(struct vma_pool *pool, uint64_t n)
{
    for (; n > 0; n--) {
        void *obj;
        err_t err = cache_alloc(&vma_cache, &obj);
        struct vma_node *node = obj;

        if (err != ERR_OK)
            return err;
        node->left = pool->head;
        pool->head = node;
    }
    return ERR_OK;
}

static struct vma_node *pool_take(struct vma_pool *pool)
{
    struct vma_node *node = pool->head;

    KASSERT(node != NULL);
    pool->head = node->left;
    return node;
}

void vma_pool_drop(struct vma_pool *pool)
{
    while (pool->head)
        cache_free(&vma_cache, pool_take(pool));
}

static void set_insert(struct vma_set *set, struct vma_node *node)
{
    set->root = vma_tree_insert(set->root, node);
    set->count++;
}

static void set_remove(struct vma_set *set, struct vma_node *node)
{
    set->root = vma_tree_remove(set->root, node);
    set->count--;
}

struct vma_node *vma_at_or_after(const struct vma_set *set, vaddr_t addr)
{
    struct vma_node *node = set->root, *best = NULL;

    while (node) {
        if (node->end > addr) {
            best = node;
            node = node->left;
        } else {
            node = node->right;
        }
    }
    return best;
}

struct vma_node *vma_find(const struct vma_set *set, vaddr_t addr)
{
    struct vma_node *node = vma_at_or_after(set, addr);

    return node && node->start <= addr ? node : NULL;
}

bool vma_overlaps(const struct vma_set *set, vaddr_t start, vaddr_t end)
{
    const struct vma_node *node = vma_at_or_after(set, start);

    return node && node->start < end;
}

bool vma_covers(const struct vma_set *set, vaddr_t start, vaddr_t end)
{
    while (start < end) {
        const struct vma_node *node = vma_find(set, start);

        if (!node)
            return false;
        start = node->end;
    }
    return true;
}

/* Does the gap [a, b) hold len bytes in pages of the size, at or above low? */
static bool gap_fits(vaddr_t a, vaddr_t b, vaddr_t low, uint64_t len, enum vma_page_size size,
                     vaddr_t *out)
{
    vaddr_t start = align_up(max_u64(a, low), vma_page_bytes(size));

    if (start > b || b - start < len)
        return false;
    *out = start;
    return true;
}

/*
 * The lowest fitting gap inside a subtree. Only gaps on the path to `low` can
 * be large enough and still not fit, so at most two nodes a level are visited.
 */
static bool find_gap_in(const struct vma_node *node, vaddr_t low, uint64_t len,
                        enum vma_page_size size, vaddr_t *out)
{
    if (!node || node->max_gap[size == VMA_PAGE_2M] < len || node->last <= low)
        return false;
    if (find_gap_in(node->left, low, len, size, out))
        return true;
    if (node->left && gap_fits(node->left->last, node->start, low, len, size, out))
        return true;
    if (node->right && gap_fits(node->end, node->right->first, low, len, size, out))
        return true;
    return find_gap_in(node->right, low, len, size, out);
}

bool vma_find_gap(const struct vma_set *set, vaddr_t low, uint64_t len, enum vma_page_size size,
                  vaddr_t *out)
{
    const struct vma_node *root = set->root;

    if (!root)
        return gap_fits(USER_MIN, USER_MAX, low, len, size, out);
    return gap_fits(USER_MIN, root->first, low, len, size, out) ||
           find_gap_in(root, low, len, size, out) ||
           gap_fits(root->last, USER_MAX, low, len, size, out);
}

static bool cuts_huge_page(const struct vma_node *node, vaddr_t at)
{
    return node->kind.size == VMA_PAGE_2M && !is_aligned(at, HUGE_SIZE);
}

unsigned vma_cut_cost(const struct vma_set *set, vaddr_t at)
{
    const struct vma_node *node = vma_find(set, at);

    if (!node || node->start == at)
        return 0;
    return cuts_huge_page(node, at) ? 3 : 1;
}

void vma_add(struct vma_set *set, vaddr_t start, vaddr_t end, struct vma_kind kind,
             struct vma_pool *pool)
{
    struct vma_node *node = pool_take(pool);

    node->start = start;
    node->end = end;
    node->kind = kind;
    set_insert(set, node);
}

/* Split the VMA that has `at` inside, if there is one, without looking at page sizes. */
static void split_at(struct vma_set *set, vaddr_t at, struct vma_pool *pool)
{
    struct vma_node *node = vma_find(set, at);
    vaddr_t end;

    if (!node || node->start == at)
        return;
    end = node->end;
    set_remove(set, node);
    node->end = at;
    set_insert(set, node);
    vma_add(set, at, end, node->kind, pool);
}

void vma_cut(struct vma_set *set, vaddr_t at, struct vma_pool *pool)
{
    struct vma_node *node = vma_find(set, at);

    if (!node || node->start == at)
        return;
    if (cuts_huge_page(node, at)) {
        vaddr_t page = align_down(at, HUGE_SIZE);

        split_at(set, page, pool);
        split_at(set, page + HUGE_SIZE, pool);
        vma_find(set, page)->kind.size = VMA_PAGE_4K;
    }
    split_at(set, at, pool);
}

void vma_remove_range(struct vma_set *set, vaddr_t start, vaddr_t end)
{
    struct vma_node *node;

    while ((node = vma_at_or_after(set, start)) && node->start < end) {
        KASSERT(node->start >= start && node->end <= end);
        set_remove(set, node);
        cache_free(&vma_cache, node);
    }
}

void vma_merge(struct vma_set *set, vaddr_t start, vaddr_t end)
{
    /* A cut may have changed a whole 2 MiB page around an edge, and its neighbours may fit now. */
    vaddr_t low = align_down(start, HUGE_SIZE), high = align_up(end, HUGE_SIZE);
    struct vma_node *node = vma_at_or_after(set, low ? low - 1 : 0);

    while (node && node->start <= high) {
        struct vma_node *next = vma_at_or_after(set, node->end);

        if (!next)
            return;
        if (node->end != next->start || !vma_kind_equal(node->kind, next->kind)) {
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

void vma_clear(struct vma_set *set)
{
    vma_remove_range(set, 0, UINT64_MAX);
}

static struct vma_node *copy_tree(const struct vma_node *from, struct vma_pool *pool)
{
    struct vma_node *node;

    if (!from)
        return NULL;
    node = pool_take(pool);
    *node = *from;
    node->left = copy_tree(from->left, pool);
    node->right = copy_tree(from->right, pool);
    return node;
}

void vma_copy(struct vma_set *to, const struct vma_set *from, struct vma_pool *pool)
{
    to->root = copy_tree(from->root, pool);
    to->count = from->count;
}

static bool check_node(const struct vma_node *node)
{
    struct vma_node expected = *node;
    int lean = (node->left ? node->left->height : 0) - (node->right ? node->right->height : 0);
    uint64_t page = vma_page_bytes(node->kind.size);

    vma_tree_update(&expected);
    return node->start < node->end && is_aligned(node->start, page) &&
           is_aligned(node->end, page) && node->start >= USER_MIN && node->end <= USER_MAX &&
           lean >= -1 && lean <= 1 && expected.height == node->height &&
           expected.first == node->first && expected.last == node->last &&
           expected.max_gap[0] == node->max_gap[0] && expected.max_gap[1] == node->max_gap[1];
}

bool vma_check(const struct vma_set *set)
{
    const struct vma_node *prev = NULL;
    uint64_t count = 0;

    for (const struct vma_node *node = vma_at_or_after(set, 0); node;
         prev = node, node = vma_at_or_after(set, node->end), count++) {
        if (!check_node(node)) {
            klog("verify: VMA %#lx..%#lx is malformed", node->start, node->end);
            return false;
        }
        if (prev && prev->end == node->start && vma_kind_equal(prev->kind, node->kind)) {
            klog("verify: VMAs meeting at %#lx are not merged", node->start);
            return false;
        }
    }
    if (count != set->count)
        klog("verify: %lu VMAs in order, %lu counted", count, set->count);
    return count == set->count;
}
