/*
 * The AVL tree: the heights of two siblings differ by at most one, so that n
 * nodes are at most 1.44 log2 n deep and recursion is bounded. What a node
 * knows of its subtree is recomputed from its children on the way back up.
 */
#include "vm/vma_tree.h"

static int height(const struct vma_node *node)
{
    return node ? node->height : 0;
}

void vma_tree_gap(vaddr_t a, vaddr_t b, uint64_t gap[2])
{
    vaddr_t low = align_up(a, HUGE_SIZE), high = align_down(b, HUGE_SIZE);

    gap[0] = b - a;
    gap[1] = low < high ? high - low : 0;
}

static void include_gap(struct vma_node *node, vaddr_t a, vaddr_t b)
{
    uint64_t gap[2];

    vma_tree_gap(a, b, gap);
    for (int i = 0; i < 2; i++)
        node->max_gap[i] = max_u64(node->max_gap[i], gap[i]);
}

static void include_child(struct vma_node *node, const struct vma_node *child)
{
    for (int i = 0; i < 2; i++)
        node->max_gap[i] = max_u64(node->max_gap[i], child->max_gap[i]);
}

void vma_tree_update(struct vma_node *node)
{
    const struct vma_node *left = node->left, *right = node->right;

    node->height = 1 + (height(left) > height(right) ? height(left) : height(right));
    node->first = left ? left->first : node->start;
    node->last = right ? right->last : node->end;
    node->max_gap[0] = node->max_gap[1] = 0;
    if (left) {
        include_child(node, left);
        include_gap(node, left->last, node->start);
    }
    if (right) {
        include_child(node, right);
        include_gap(node, node->end, right->first);
    }
}

/*
 *        node              left
 *        /  \              /  \
 *     left   C    =>      A   node
 *     /  \                    /  \
 *    A    B                  B    C
 */
static struct vma_node *rotate_right(struct vma_node *node)
{
    struct vma_node *left = node->left;

    node->left = left->right;
    left->right = node;
    vma_tree_update(node);
    vma_tree_update(left);
    return left;
}

static struct vma_node *rotate_left(struct vma_node *node)
{
    struct vma_node *right = node->right;

    node->right = right->left;
    right->left = node;
    vma_tree_update(node);
    vma_tree_update(right);
    return right;
}

/* Restore the balance of a node whose children differ by at most two. */
static struct vma_node *rebalance(struct vma_node *node)
{
    int lean = height(node->left) - height(node->right);

    if (lean > 1) {
        if (height(node->left->left) < height(node->left->right))
            node->left = rotate_left(node->left);
        return rotate_right(node);
    }
    if (lean < -1) {
        if (height(node->right->right) < height(node->right->left))
            node->right = rotate_right(node->right);
        return rotate_left(node);
    }
    vma_tree_update(node);
    return node;
}

struct vma_node *vma_tree_insert(struct vma_node *root, struct vma_node *node)
{
    if (!root) {
        node->left = node->right = NULL;
        vma_tree_update(node);
        return node;
    }
    if (node->start < root->start)
        root->left = vma_tree_insert(root->left, node);
    else
        root->right = vma_tree_insert(root->right, node);
    return rebalance(root);
}

/* Take the lowest node out of a tree. */
static struct vma_node *remove_lowest(struct vma_node *root, struct vma_node **lowest)
{
    if (!root->left) {
        *lowest = root;
        return root->right;
    }
    root->left = remove_lowest(root->left, lowest);
    return rebalance(root);
}

struct vma_node *vma_tree_remove(struct vma_node *root, struct vma_node *node)
{
    struct vma_node *heir, *rest;

    if (root != node) {
        if (node->start < root->start)
            root->left = vma_tree_remove(root->left, node);
        else
            root->right = vma_tree_remove(root->right, node);
        return rebalance(root);
    }
    if (!node->right)
        return node->left;
    rest = remove_lowest(node->right, &heir);
    heir->left = node->left;
    heir->right = rest;
    return rebalance(heir);
}
