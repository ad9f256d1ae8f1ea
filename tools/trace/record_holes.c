#include "record_holes.h"

#include "report.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { PAGE = 4096 };
#define ADDRESS_MAX (1ull << 40)

/* A number with K, M or G behind it, which must end where `end` says. */
static bool size_read(const char *text, char end, const char **rest, uint64_t *size)
{
    static const char units[] = "KMG";
    const char *unit;
    char *after;

    if (text[0] < '0' || text[0] > '9')
        return false;
    errno = 0;
    *size = strtoull(text, &after, 0);
    if (errno || *size > ADDRESS_MAX)
        return false;
    unit = *after ? strchr(units, *after) : NULL;
    if (unit) {
        *size <<= 10 * (unit - units + 1);
        after++;
    }
    *rest = after + 1;
    return *after == end && *size <= ADDRESS_MAX && *size % PAGE == 0;
}

void holes_add(struct hole_list *holes, const char *text)
{
    uint64_t start, len;
    const char *rest;

    if (!size_read(text, ':', &rest, &start) || !size_read(rest, '\0', &rest, &len) || len == 0)
        report_fail("--hole wants START:LEN in whole pages, such as 8M:64K, not '%s'", text);
    if (holes->count == HOLES_MAX)
        report_fail("--hole can be given %d times at most", HOLES_MAX);
    holes->hole[holes->count++] = (struct hole){ start, start + len };
}

static int hole_compare(const void *a, const void *b)
{
    const struct hole *x = a, *y = b;

    return x->start < y->start ? -1 : x->start > y->start;
}

void holes_sort(struct hole_list *holes, uint64_t low, uint64_t high)
{
    qsort(holes->hole, holes->count, sizeof(holes->hole[0]), hole_compare);
    for (size_t i = 0; i < holes->count; i++) {
        const struct hole *hole = &holes->hole[i];

        if (hole->start < low || hole->end > high)
            report_fail("the hole at 0x%" PRIx64 " does not lie in RAM from 0x%" PRIx64
                        " to 0x%" PRIx64,
                        hole->start, low, high);
        if (i > 0 && hole->start < hole[-1].end)
            report_fail("the holes at 0x%" PRIx64 " and 0x%" PRIx64 " overlap", hole[-1].start,
                        hole->start);
    }
}

const struct hole *holes_find(const struct hole_list *holes, uint64_t start, uint64_t end)
{
    for (size_t i = 0; i < holes->count; i++)
        if (holes->hole[i].start < end && start < holes->hole[i].end)
            return &holes->hole[i];
    return NULL;
}

uint64_t holes_avoid(const struct hole_list *holes, uint64_t base, uint64_t size)
{
    const struct hole *hole;

    while ((hole = holes_find(holes, base, base + size)) != NULL)
        base = hole->end;
    return base;
}
