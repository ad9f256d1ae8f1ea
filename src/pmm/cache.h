/*
 * Object cache: small kernel structures of one size, carved from single
 * frames (Bonwick, "The Slab Allocator", USENIX Summer 1994, without colours).
 *
 *     frame:  | slab header | object | object | ... |
 *
 * A slab with free objects is on the cache's list; a slab whose last object is
 * freed returns its frame at once, so that free memory counts to the frame.
 */
#pragma once

#include "arch/spinlock.h"
#include "lib/err.h"
#include "lib/list.h"

struct obj_cache {
    const char *name; /* (!) for panics */
    size_t size;      /* (!) bytes of an object, multiple of 16, at most 2032 */
    struct spinlock lock;
    struct list_node partial; /* (l) slabs with at least one free object */
    uint64_t in_use;          /* (l) objects handed out */
};

#define OBJ_CACHE_INIT(cache, type)                                                                \
    {                                                                                              \
        .name = #type, .size = (sizeof(type) + 15) & ~(size_t)15,                                  \
        .lock = SPINLOCK_INIT(LOCK_CACHE), .partial = { &(cache).partial, &(cache).partial },      \
        .in_use = 0,                                                                               \
    }

/* One zeroed object. Errors: ERR_NOMEM, *out unchanged. O(1). Locks: LOCK_CACHE, LOCK_PMM. */
err_t cache_alloc(struct obj_cache *cache, void **out);

/* Free an object of this cache; panics if it is none, or free already. */
void cache_free(struct obj_cache *cache, void *obj);
