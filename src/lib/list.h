/*
 * Intrusive, circular, doubly linked list. An empty list's head points to
 * itself; a node that is on no list may be in any state.
 *
 *     head <-> first <-> ... <-> last <-> head
 *
 * The list's owner provides the locking.
 */
#pragma once

#include "lib/types.h"

struct list_node {
    struct list_node *next, *prev;
};

static inline void list_init(struct list_node *head)
{
    head->next = head->prev = head;
}

static inline bool list_empty(const struct list_node *head)
{
    return head->next == head;
}

/* Insert node just before pos; with pos the head, at the tail. */
static inline void list_insert_before(struct list_node *pos, struct list_node *node)
{
    node->prev = pos->prev;
    node->next = pos;
    pos->prev->next = node;
    pos->prev = node;
}

static inline void list_push_back(struct list_node *head, struct list_node *node)
{
    list_insert_before(head, node);
}

static inline void list_push_front(struct list_node *head, struct list_node *node)
{
    list_insert_before(head->next, node);
}

/* Take node off its list; it then forms an empty list of its own. */
static inline void list_remove(struct list_node *node)
{
    node->prev->next = node->next;
    node->next->prev = node->prev;
    list_init(node);
}

/* Iterate; the body may remove `node` but nothing else. `tmp` is scratch. */
#define LIST_FOR_EACH(node, tmp, head)                                                             \
    for (struct list_node *node = (head)->next, *tmp = node->next; node != (head);                 \
         node = tmp, tmp = node->next)
