/* Page faults: how they are answered, and how often they come. */
#include "faults.h"
#include "define.h"

static const char *fault_kind(uint64_t error)
{
    return error & ERROR_P ? "its rights forbade it" : "it was not present";
}

bool faults_start(struct judgement *j, struct fault **out)
{
    *out = calloc(j->survey.spaces + 1, sizeof(**out));
    if (!*out)
        judgement_refuse(j, "The grader's memory is out.");
    return *out;
}

bool event_is_user_fault(const struct trace_event *event)
{
    return event->kind == EVENT_EXCEPTION && event->what == VECTOR_PF && event->ring == 3;
}

void fault_note(struct fault *fault, const struct judgement *j)
{
    *fault = (struct fault){ .open = true,
                             .rip = j->event.rip,
                             .va = j->event.v[1],
                             .error = j->event.v[0],
                             .event = j->n,
                             .tick = j->event.tick };
}

/* Does the walk grant what the fault asked for? */
bool walk_grants(const struct walk *walk, uint64_t error)
{
    return walk->present && walk->user && (!(error & ERROR_W) || walk->writable) &&
           (!(error & ERROR_I) || walk->executable);
}

static void fail_unresolved(struct judgement *j, const struct fault *fault, const struct walk *walk)
{
    const struct walk_step *last = &walk->step[walk->steps ? walk->steps - 1 : 0];
    char who[LABEL_MAX];
    const char *lacks = !walk->present                                ? "not present"
                        : !walk->user                                 ? "not for ring 3 (U)"
                        : (fault->error & ERROR_W) && !walk->writable ? "not writable"
                                                                      : "not executable (NX)";

    judgement_about_va(j, fault->va);
    judgement_about_entry(j, last->entry_phys);
    judgement_fail(j,
                   "The %s of 0x%" PRIx64 " by %s faulted at tick %" PRIu64
                   " because %s. The kernel lets the instruction run again at tick %" PRIu64
                   ", but through all levels the page is still %s: it will fault again.",
                   error_access(fault->error), fault->va, space_label(j->space, who), fault->tick,
                   fault_kind(fault->error), j->event.tick, lacks);
}

PROPERTY(fault_resolved, "After a page fault that is answered, the retried access succeeds")
{
    struct fault *faults;
    uint64_t resolved = 0;

    if (!faults_start(j, &faults))
        return;
    while (judgement_next(j)) {
        struct fault *fault = j->space ? &faults[j->space->index] : NULL;
        struct replay *replay;
        struct walk walk;

        if (fault && j->inside && event_is_user_fault(&j->event))
            fault_note(fault, j);
        if (!fault || !fault->open || !event_enters_user(&j->event))
            continue;
        fault->open = false;
        if (j->event.v[1] != fault->rip || !(replay = judgement_tables(j)))
            continue;
        replay_walk(replay, j->cr3 & ENTRY_ADDR, fault->va, &walk);
        if (!walk_grants(&walk, fault->error))
            fail_unresolved(j, fault, &walk);
        resolved++;
    }
    free(faults);
    judgement_need(j, resolved, 1, "a page fault that was answered");
}

/* ---- how often ---- */

PROPERTY(fault_progress, "The same access does not fault again and again",
         INTEGER("max", "faults in a row that are allowed (default 3)"))
{
    uint64_t max = (uint64_t)with_integer(j, "max", 3);
    struct fault *faults;
    char who[LABEL_MAX];

    if (!faults_start(j, &faults))
        return;
    while (judgement_next(j)) {
        struct fault *fault = j->space ? &faults[j->space->index] : NULL;

        if (fault && j->event.kind == EVENT_TRANSFER && j->event.what == TRANSFER_SYSCALL)
            fault->times = 0; /* the program went on */
        if (!fault || !j->inside || !event_is_user_fault(&j->event))
            continue;
        uint64_t times = fault->open && fault->rip == j->event.rip && fault->va == j->event.v[1] &&
                                 fault->error == j->event.v[0]
                             ? fault->times + 1
                             : 1;

        fault_note(fault, j);
        fault->times = times;
        if (times <= max)
            continue;
        judgement_about_va(j, fault->va);
        judgement_fail(j,
                       "The same %s of 0x%" PRIx64 " by %s at 0x%" PRIx64 " faulted %" PRIu64
                       " times in a row (%s): the handler returns without repairing what the CPU "
                       "complains about.",
                       error_access(fault->error), fault->va, space_label(j->space, who),
                       fault->rip, times, fault_kind(fault->error));
    }
    free(faults);
}

/* Faults of a page since an entry of it last lost something. */
struct page_faults {
    uint64_t absent, write;
};

static uint64_t page_key(const struct judgement *j, uint64_t va)
{
    return (va & ENTRY_ADDR) | (j->space->index & 0xfff) | (uint64_t)(j->space->index >> 12) << 52;
}

static void map_release(struct replay_map *map)
{
    for (size_t i = 0; i < map->slots; i++)
        free(map->slot[i].value);
    replay_map_free(map);
}

static struct page_faults *page_faults_get(struct judgement *j, struct replay_map *map, uint64_t va)
{
    struct page_faults *page = replay_map_get(map, page_key(j, va));

    if (page)
        return page;
    page = map->used < 1 << 20 ? calloc(1, sizeof(*page)) : NULL;
    if (!page || !replay_map_add(map, page_key(j, va), page)) {
        free(page);
        judgement_fail(j, "More pages fault than can be followed (a million).");
        return NULL;
    }
    return page;
}

static void fault_once_judge(struct judgement *j, struct replay_map *map)
{
    struct page_faults *page = page_faults_get(j, map, j->event.v[1]);
    uint64_t *count, va = j->event.v[1];
    char who[LABEL_MAX];

    if (!page)
        return;
    count = j->event.v[0] & ERROR_P ? &page->write : &page->absent;
    if (++*count == 1)
        return;
    judgement_about_va(j, va);
    judgement_fail(
        j,
        "The page at 0x%" PRIx64 " of %s faulted a second time at tick %" PRIu64
        " (%s, because %s), although nothing was taken away from it since: one fault for "
        "the first touch, and one for the first write, must do.",
        va & ~(PAGE_SIZE - 1), space_label(j->space, who), j->event.tick,
        error_access(j->event.v[0]), fault_kind(j->event.v[0]));
}

/* An entry that loses its page or the right to write lets the page fault anew. */
static void fault_once_forgive(struct judgement *j, struct replay_map *map)
{
    const uint64_t *v = j->event.v;
    struct page_faults *page;

    if (j->event.level != 1 || !((v[1] & ~v[2]) & (ENTRY_P | ENTRY_W)))
        return;
    page = replay_map_get(map, page_key(j, v[3]));
    if (page)
        *page = (struct page_faults){ 0 };
}

PROPERTY(fault_once, "Each page of the range faults once for its first touch", RANGE)
{
    struct replay_map map;
    struct range range;
    uint64_t faults = 0;

    if (!with_range(j, &range))
        return;
    replay_map_init(&map);
    while (judgement_next(j)) {
        if (!j->space)
            continue;
        if (j->event.kind == EVENT_ENTRY_WRITE)
            fault_once_forgive(j, &map);
        if (!j->inside || !event_is_user_fault(&j->event) || !range_has(&range, j->event.v[1]))
            continue;
        faults++;
        fault_once_judge(j, &map);
    }
    map_release(&map);
    judgement_need(j, faults, 1, "a page fault in the range");
}

/* ---- laziness ---- */

struct lazy {
    struct range range;
    struct fault *faults; /* the last of each space, any ring */
    uint64_t ahead, backed;
    bool known; /* entries that are seen now are not new: of a loaded root, or a split page */
};

static void lazy_judge(struct judgement *j, struct lazy *lazy, uint64_t old, uint64_t new,
                       uint64_t va)
{
    const struct fault *fault = &lazy->faults[j->space->index];
    unsigned level = j->event.level;
    uint64_t bytes = PAGE_SIZE << (level == 2 ? 9 : 0), page = va & ~(bytes - 1);
    uint64_t touched = fault->va & ~(bytes - 1);
    char who[LABEL_MAX];

    if ((old & ENTRY_P) || !(new &ENTRY_P) || !(new &ENTRY_U) || level > 2 ||
        (level == 2 && !(new &ENTRY_PS)) || page + bytes <= lazy->range.start ||
        page >= lazy->range.end)
        return;
    if (fault->open && page >= touched && page <= touched + lazy->ahead * PAGE_SIZE) {
        lazy->backed++;
        return;
    }
    judgement_about_va(j, va);
    judgement_about_entry(j, j->event.v[0]);
    judgement_about_frame(j, new &ENTRY_ADDR);
    judgement_fail(j,
                   "The page at 0x%" PRIx64 " of %s got frame 0x%" PRIx64 " at tick %" PRIu64
                   " (%s) though nobody had touched it: what is only reserved must cost nothing "
                   "until its first access.",
                   page, space_label(j->space, who), new &ENTRY_ADDR & ~(bytes - 1), j->event.tick,
                   judgement_function(j));
}

static void lazy_step(struct judgement *j, struct lazy *lazy)
{
    const struct trace_event *event = &j->event;

    switch (event->kind) {
    case EVENT_CR:
        lazy->known |= event->what == 3;
        break;
    case EVENT_EXCEPTION:
        if (event->what == VECTOR_PF)
            fault_note(&lazy->faults[j->space->index], j);
        break;
    case EVENT_TRANSFER:
        if (event_enters_user(event))
            lazy->faults[j->space->index].open = false;
        break;
    case EVENT_ENTRY_WRITE:
        lazy->known = event->level == 2 && (event->v[1] & ENTRY_P) && (event->v[1] & ENTRY_PS);
        if (j->inside)
            lazy_judge(j, lazy, event->v[1], event->v[2], event->v[3]);
        break;
    case EVENT_ENTRY_SEEN:
        if (j->inside && !lazy->known)
            lazy_judge(j, lazy, 0, event->v[1], event->v[2]);
        break;
    default:
        break;
    }
}

PROPERTY(lazy_backing, "No page of the range is backed before it was touched", RANGE,
         INTEGER("ahead", "pages behind the touched one that may come with it (default 0)"))
{
    struct lazy lazy = { .ahead = (uint64_t)with_integer(j, "ahead", 0) & 0xffff };

    if (!with_range(j, &lazy.range) || !faults_start(j, &lazy.faults))
        return;
    while (judgement_next(j)) {
        if (j->space)
            lazy_step(j, &lazy);
    }
    free(lazy.faults);
    judgement_need(j, lazy.backed, 1, "a page of the range that was backed by its fault");
}

/* ---- faults that must not be ---- */

PROPERTY(no_reserved_bits, "No access fails because an entry has a reserved bit set")
{
    while (judgement_next(j)) {
        if (j->event.kind != EVENT_EXCEPTION || j->event.what != VECTOR_PF ||
            !(j->event.v[0] & ERROR_RSVD))
            continue;
        judgement_about_va(j, j->event.v[1]);
        return judgement_fail(j,
                              "The walk for 0x%" PRIx64 " met an entry with a reserved bit set "
                              "(tick %" PRIu64 ", error code 0x%" PRIx64
                              "): an address above what the CPU has, a large page that is not "
                              "aligned, or NX without EFER.NXE.",
                              j->event.v[1], j->event.tick, j->event.v[0]);
    }
}

PROPERTY(no_kernel_fault, "The kernel takes no exception of its own making",
         BOOLEAN("user_copy", "page faults at user addresses are allowed (default true)"))
{
    bool user_copy = with_boolean(j, "user_copy", true);

    while (judgement_next(j)) {
        const struct trace_event *event = &j->event;
        bool fault = event->what == VECTOR_PF;

        if (event->kind != EVENT_EXCEPTION || event->ring == 3 || !j->inside || event->what == 7 ||
            (fault && user_copy && event->v[1] < UINT64_C(1) << 47))
            continue;
        if (fault)
            judgement_about_va(j, event->v[1]);
        return judgement_fail(j,
                              "The kernel itself took exception %u in %s at tick %" PRIu64
                              "%s: it must check before it touches.",
                              event->what, judgement_function(j), event->tick,
                              fault ? " (a page fault)" : "");
    }
}
