#include "spaces.h"

#include "cli.h"
#include "replay_map.h"
#include "words.h"

#include <stdlib.h>
#include <string.h>

static const uint64_t root_mask = UINT64_C(0x000ffffffffff000);

struct spaces {
    struct space *space; /* in order of appearance */
    size_t count, capacity;
    unsigned *by_root; /* their indices, ordered by root and then by appearance */
};

/* What the search remembers: the loaded space is the one that the last load of CR3 chose. */
struct spaces_search {
    struct spaces *spaces;
    const struct call_names *calls;
    struct replay_map living; /* number of the space with a root */
    size_t current;           /* number; 0: none */
};

/* The root that an event loads; false for all other events. */
static bool space_loaded_root(const struct trace_event *event, uint64_t *root)
{
    bool start = event->kind == EVENT_START && (event->v[0] & CR0_PG);

    if (!start && !(event->kind == EVENT_CR && event->what == 3))
        return false;
    *root = event->v[start ? 1 : 0] & root_mask;
    return true;
}

static void map_set(struct replay_map *map, uint64_t key, uint64_t value)
{
    replay_map_remove(map, key);
    if (!replay_map_add(map, key, (void *)(uintptr_t)value))
        cli_fail(CLI_ERROR, "not enough memory");
}

static void search_load(struct spaces_search *search, uint64_t root, uint64_t n, uint64_t tick)
{
    struct spaces *spaces = search->spaces;

    search->current = (uintptr_t)replay_map_get(&search->living, root);
    if (search->current) {
        spaces->space[search->current - 1].loads++;
        return;
    }
    spaces->space = cli_grow(spaces->space, spaces->count, &spaces->capacity, sizeof(struct space));
    spaces->space[spaces->count++] = (struct space){
        .root = root, .first_event = n, .first_tick = tick, .last_event = UINT64_MAX, .loads = 1
    };
    search->current = spaces->count;
    map_set(&search->living, root, search->current);
}

static void search_drop(struct spaces_search *search, uint64_t root, uint64_t n)
{
    size_t gone = (uintptr_t)replay_map_remove(&search->living, root);

    if (gone)
        search->spaces->space[gone - 1].last_event = n;
}

/* gettid and set_tid_address are the same to a process with one thread. */
static bool search_is_pid_call(struct spaces_search *search, const struct trace_event *event)
{
    const char *name = call_name(search->calls, event);

    return name && (strcmp(name, "sys_getpid") == 0 || strcmp(name, "sys_gettid") == 0 ||
                    strcmp(name, "sys_set_tid_address") == 0);
}

static bool search_visit(void *arg, uint64_t n, const struct trace_event *event)
{
    struct spaces_search *search = arg;
    struct space *current;
    uint64_t root;

    if (space_loaded_root(event, &root))
        search_load(search, root, n, event->tick);
    if (event->kind == EVENT_TABLE_GONE && event->level == 4)
        search_drop(search, event->v[0] & root_mask, n);
    if (!search->current)
        return true;
    current = &search->spaces->space[search->current - 1];
    current->user |= event->ring == 3;
    if (event->kind == EVENT_RETURN && current->pid == 0 && search_is_pid_call(search, event))
        current->pid = event->v[0];
    return true;
}

static struct spaces *sorted; /* qsort has no argument for its comparison */

static int spaces_compare(const void *a, const void *b)
{
    unsigned x = *(const unsigned *)a, y = *(const unsigned *)b;
    uint64_t rx = sorted->space[x].root, ry = sorted->space[y].root;

    if (rx != ry)
        return rx < ry ? -1 : 1;
    return x < y ? -1 : 1;
}

/* The kernel's own: no program ran in it, and it is come back to more than any other such. */
static size_t spaces_kernel(const struct spaces *spaces)
{
    size_t kernel = SIZE_MAX;

    for (size_t i = 0; i < spaces->count; i++) {
        const struct space *space = &spaces->space[i];

        if (space->user)
            continue;
        if (kernel == SIZE_MAX || space->loads > spaces->space[kernel].loads ||
            (kernel == 0 && space->last_event == UINT64_MAX))
            kernel = i;
    }
    return kernel;
}

/* "pid 3"; after an exec the same process goes on in "pid 3.2". */
static void space_name_by_pid(struct space *space, struct replay_map *seen)
{
    unsigned before = (unsigned)(uintptr_t)replay_map_get(seen, space->pid);

    map_set(seen, space->pid, before + 1);
    if (before)
        snprintf(space->name, sizeof(space->name), "pid %u.%u", (unsigned)space->pid, before + 1);
    else
        snprintf(space->name, sizeof(space->name), "pid %u", (unsigned)space->pid);
}

static void spaces_give_names(struct spaces *spaces)
{
    size_t kernel = spaces_kernel(spaces);
    struct replay_map seen;

    replay_map_init(&seen);
    for (size_t i = 0; i < spaces->count; i++) {
        struct space *space = &spaces->space[i];

        if (space->pid)
            space_name_by_pid(space, &seen);
        else if (i == kernel)
            snprintf(space->name, sizeof(space->name), "kernel");
        else if (i == 0 && !space->user)
            snprintf(space->name, sizeof(space->name), "boot");
        else
            snprintf(space->name, sizeof(space->name), "space %zu", i + 1);
    }
    replay_map_free(&seen);
}

struct spaces *spaces_find(struct trace *trace, const struct call_names *calls)
{
    struct spaces *spaces = cli_alloc(1, sizeof(*spaces));
    struct spaces_search search = { .spaces = spaces, .calls = calls };

    replay_map_init(&search.living);
    trace_scan(trace, 0, trace_events(trace), search_visit, &search);
    replay_map_free(&search.living);
    spaces_give_names(spaces);
    spaces->by_root = cli_alloc(spaces->count + 1, sizeof(*spaces->by_root));
    for (size_t i = 0; i < spaces->count; i++)
        spaces->by_root[i] = (unsigned)i;
    sorted = spaces;
    qsort(spaces->by_root, spaces->count, sizeof(*spaces->by_root), spaces_compare);
    return spaces;
}

void spaces_free(struct spaces *spaces)
{
    if (!spaces)
        return;
    free(spaces->by_root);
    free(spaces->space);
    free(spaces);
}

unsigned spaces_count(const struct spaces *spaces)
{
    return (unsigned)spaces->count;
}

const struct space *spaces_get(const struct spaces *spaces, unsigned number)
{
    return number >= 1 && number <= spaces->count ? &spaces->space[number - 1] : NULL;
}

unsigned spaces_at(const struct spaces *spaces, uint64_t root, uint64_t event)
{
    size_t low = 0, high = spaces->count;
    const struct space *space;

    root &= root_mask;
    /* Find the last one whose (root, first event) is not above ours. */
    while (low < high) {
        size_t mid = low + (high - low) / 2;

        space = &spaces->space[spaces->by_root[mid]];
        if (space->root < root || (space->root == root && space->first_event <= event))
            low = mid + 1;
        else
            high = mid;
    }
    if (low == 0)
        return 0;
    space = &spaces->space[spaces->by_root[low - 1]];
    return space->root == root && event <= space->last_event ? spaces->by_root[low - 1] + 1 : 0;
}

unsigned spaces_by_name(const struct spaces *spaces, const char *text)
{
    uint64_t number;

    for (size_t i = 0; i < spaces->count; i++) {
        if (strcmp(spaces->space[i].name, text) == 0)
            return (unsigned)i + 1;
    }
    if (!cli_number(text, &number))
        return 0;
    /* A plain number is a process where one has it, else the space's own. */
    for (size_t i = 0; i < spaces->count; i++) {
        if (spaces->space[i].pid == number && number != 0)
            return (unsigned)i + 1;
    }
    return number <= spaces->count ? (unsigned)number : 0;
}

void space_cursor_step(struct space_cursor *cursor, uint64_t n, const struct trace_event *event)
{
    uint64_t root;

    if (space_loaded_root(event, &root))
        cursor->current = spaces_at(cursor->spaces, root, n);
}

const char *space_cursor_name(const struct space_cursor *cursor)
{
    const struct space *space = spaces_get(cursor->spaces, cursor->current);

    return space ? space->name : "-";
}
