/*
 * The sorted list of memory regions; see regions.h.
 *
 * Adding works in place. The list is disjoint before and after; a new region is
 * cut up against the ones it meets:
 *
 *     list   |----RAM----|      |--reserved--|
 *     new           |---------RAM---------|          only the gap is added
 *     new           |------reserved-------|          the RAM shrinks to its left part
 */
#include "boot/regions.h"

#include "lib/string.h"

#define PHYS_LIMIT (UINT64_C(1) << 52) /* SDM vol. 3A: no physical address is wider */

static uint64_t region_end(const struct boot_region *r)
{
    return r->base + r->len;
}

/* Insert before index; the caller knows that it fits there in order. */
static err_t region_insert(struct boot_info *info, unsigned index, struct boot_region region)
{
    if (region.len == 0)
        return ERR_OK;
    if (info->region_count == BOOT_REGIONS_MAX)
        return ERR_2BIG;
    memmove(&info->region[index + 1], &info->region[index],
            (info->region_count - index) * sizeof(region));
    info->region[index] = region;
    info->region_count++;
    return ERR_OK;
}

static void region_remove(struct boot_info *info, unsigned index)
{
    info->region_count--;
    memmove(&info->region[index], &info->region[index + 1],
            (info->region_count - index) * sizeof(info->region[0]));
}

/* First region that ends above addr; region_count if there is none. */
static unsigned region_find(const struct boot_info *info, uint64_t addr)
{
    unsigned i = 0;

    while (i < info->region_count && region_end(&info->region[i]) <= addr)
        i++;
    return i;
}

/* Which type wins where two overlap: the higher one. */
static unsigned type_weight(enum boot_region_type type)
{
    return type == BOOT_RAM ? 0 : type == BOOT_ACPI ? 1 : 2;
}

/* Cut region i down to what lies outside of [base, end): up to two parts. */
static err_t region_cut(struct boot_info *info, unsigned i, uint64_t base, uint64_t end)
{
    struct boot_region old = info->region[i];
    struct boot_region left = { old.base, 0, old.type };
    struct boot_region right = { end, 0, old.type };

    if (old.base < base)
        left.len = base - old.base;
    if (region_end(&old) > end)
        right.len = region_end(&old) - end;
    region_remove(info, i);
    if (region_insert(info, i, right) != ERR_OK)
        return ERR_2BIG;
    return region_insert(info, i, left);
}

/* Make room in [base, end) for a type: take it from all that weighs less. */
static err_t regions_make_room(struct boot_info *info, uint64_t base, uint64_t end,
                               enum boot_region_type type)
{
    for (unsigned i = region_find(info, base); i < info->region_count;) {
        const struct boot_region *r = &info->region[i];

        if (r->base >= end)
            break;
        if (type_weight(r->type) >= type_weight(type) || region_end(r) <= base) {
            i++; /* stays, or is the left part of one cut before */
            continue;
        }
        if (region_cut(info, i, base, end) != ERR_OK)
            return ERR_2BIG;
    }
    return ERR_OK;
}

/* Add what of [base, end) no region covers yet. */
static err_t regions_fill(struct boot_info *info, uint64_t base, uint64_t end,
                          enum boot_region_type type)
{
    while (base < end) {
        unsigned i = region_find(info, base);
        bool last = i == info->region_count;
        uint64_t gap_end = last ? end : min_u64(end, max_u64(base, info->region[i].base));

        if (region_insert(info, i, (struct boot_region){ base, gap_end - base, type }) != ERR_OK)
            return ERR_2BIG;
        i += gap_end > base;
        base = last ? end : region_end(&info->region[i]);
    }
    return ERR_OK;
}

/* Join neighbours that touch and are of one type. */
static void regions_merge(struct boot_info *info)
{
    for (unsigned i = 1; i < info->region_count;) {
        struct boot_region *left = &info->region[i - 1];
        struct boot_region *right = &info->region[i];

        if (left->type == right->type && region_end(left) == right->base) {
            left->len += right->len;
            region_remove(info, i);
        } else {
            i++;
        }
    }
}

err_t regions_add(struct boot_info *info, uint64_t base, uint64_t len, enum boot_region_type type)
{
    uint64_t end = base + len;
    err_t err;

    if (end < base)
        return ERR_INVAL;
    end = min_u64(end, PHYS_LIMIT);
    if (base >= end)
        return ERR_OK;
    err = regions_make_room(info, base, end, type);
    if (err == ERR_OK)
        err = regions_fill(info, base, end, type);
    regions_merge(info);
    return err;
}

bool regions_are_ram(const struct boot_info *info, uint64_t base, uint64_t len)
{
    unsigned i = region_find(info, base);

    return i < info->region_count && info->region[i].type == BOOT_RAM &&
           info->region[i].base <= base && len <= region_end(&info->region[i]) - base;
}
