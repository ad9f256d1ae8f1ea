/* The balanced tree under vma.h, for vma.c and vma_tree.c only. */
#pragma once

#include "vm/vma.h"

struct vma_node *vma_tree_insert(struct vma_node *root, struct vma_node *node);
struct vma_node *vma_tree_remove(struct vma_node *root, struct vma_node *node);

/* Recompute a node's height, bounds and gaps from its children. */
void vma_tree_update(struct vma_node *node);

/* Largest gap between a and b, a <= b: [0] in bytes, [1] between 2 MiB boundaries. */
void vma_tree_gap(vaddr_t a, vaddr_t b, uint64_t gap[2]);
