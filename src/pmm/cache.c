/*
 * Object cache: see cache.h. A slab is one frame; its header holds a bitmap of
 * free objects, so that a double free is seen at once.
 */
#include "pmm/cache.h"

#include "arch/mmu.h"
#include "lib/panic.h"
#include "pmm/frame_table.h"

struct slab {
    struct obj_cache *cache;  /* (!) owner, also proves that the frame is a slab */
    struct list_node partial; /* (l) on the cache's list while it has free objects */
    unsigned capacity;        /* (!) objects */
    unsigned free_count;      /* (l) */
    uint64_t free_map[4];     /* (l) bit set: object is free */
};

enum { SLAB_OBJECTS_MAX = 4 * 64 };
_Static_assert(sizeof(struct slab) == 64, "objects stay aligned to 16 bytes");

static void *slab_object(struct slab *slab, unsigned index)
{
    return (char *)(slab + 1) + index * slab->cache->size;
}

static err_t slab_new(struct obj_cache *cache, struct slab **out)
{
    paddr_t frame;
    struct slab *slab;
    err_t err = pmm_alloc(0, &frame);

    if (err != ERR_OK)
        return err;
    frame_set_cache(frame);
    slab = phys_to_virt(frame);
    *slab = (struct slab){ .cache = cache };
    slab->capacity = (unsigned)((PAGE_SIZE - sizeof(*slab)) / cache->size);
    KASSERT(slab->capacity >= 1 && slab->capacity <= SLAB_OBJECTS_MAX);
    slab->free_count = slab->capacity;
    for (unsigned i = 0; i < slab->capacity; i++)
        slab->free_map[i / 64] |= UINT64_C(1) << i % 64;
    list_push_front(&cache->partial, &slab->partial);
    *out = slab;
    return ERR_OK;
}

static void *slab_take(struct slab *slab)
{
    unsigned word = 0, bit;

    while (slab->free_map[word] == 0)
        word++;
    bit = (unsigned)__builtin_ctzll(slab->free_map[word]);
    slab->free_map[word] &= slab->free_map[word] - 1;
    if (--slab->free_count == 0)
        list_remove(&slab->partial);
    return slab_object(slab, word * 64 + bit);
}

static err_t alloc_locked(struct obj_cache *cache, void **out)
{
    struct slab *slab = CONTAINER_OF(cache->partial.next, struct slab, partial);

    if (list_empty(&cache->partial)) {
        err_t err = slab_new(cache, &slab);

        if (err != ERR_OK)
            return err;
    }
    *out = slab_take(slab);
    cache->in_use++;
    return ERR_OK;
}

err_t cache_alloc(struct obj_cache *cache, void **out)
{
    err_t err;

    if (pmm_shall_fail())
        return ERR_NOMEM;
    spin_lock(&cache->lock);
    err = alloc_locked(cache, out);
    spin_unlock(&cache->lock);
    if (err == ERR_OK)
        cpu_stosq(*out, 0, cache->size / 8);
    return err;
}

/* The slab of an object and its index there; panics if it is not of this cache. */
static struct slab *slab_of(struct obj_cache *cache, void *obj, unsigned *index)
{
    struct slab *slab = (struct slab *)align_down((uintptr_t)obj, PAGE_SIZE);
    size_t offset = (size_t)((char *)obj - (char *)(slab + 1));

    if (slab->cache != cache || offset % cache->size || offset / cache->size >= slab->capacity)
        panic("cache %s: %p is not one of its objects", cache->name, obj);
    *index = (unsigned)(offset / cache->size);
    return slab;
}

void cache_free(struct obj_cache *cache, void *obj)
{
    unsigned index;
    struct slab *slab, *empty = NULL;

    spin_lock(&cache->lock);
    slab = slab_of(cache, obj, &index);
    if (slab->free_map[index / 64] >> index % 64 & 1)
        panic("cache %s: double free of %p", cache->name, obj);
    slab->free_map[index / 64] |= UINT64_C(1) << index % 64;
    cache->in_use--;
    if (slab->free_count++ == 0)
        list_push_front(&cache->partial, &slab->partial);
    if (slab->free_count == slab->capacity) {
        list_remove(&slab->partial);
        slab->cache = NULL;
        empty = slab;
    }
    spin_unlock(&cache->lock);
    if (empty)
        pmm_free(virt_to_phys(empty), 0);
}
