#include "links.h"

#include "setup.h"

#include <stdlib.h>

void links_add(struct table *table, uint64_t parent)
{
    for (unsigned i = 0; i < table->parents; i++)
        if (table->parent[i] == parent)
            return;
    if (table->parents == table->parents_room) {
        table->parents_room = table->parents_room ? 2 * table->parents_room : 2;
        table->parent = realloc(table->parent, table->parents_room * sizeof(*table->parent));
        if (!table->parent)
            setup_refuse("out of memory");
    }
    table->parent[table->parents++] = parent;
}

bool links_remove(struct table *table, uint64_t parent, uint64_t *first)
{
    for (unsigned i = 0; i < table->parents; i++) {
        if (table->parent[i] != parent)
            continue;
        *first = table->parent[0];
        table->parent[i] = table->parent[--table->parents];
        return true;
    }
    return false;
}
