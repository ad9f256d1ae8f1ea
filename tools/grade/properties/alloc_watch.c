#include "alloc.h"

#include <string.h>

enum { ORDER_MAX = 18, ROLE_ALLOC = 1, ROLE_BACK, ROLE_GET };

/* What the functions of a list parameter are for. */
static void watch_roles(const struct judgement *j, struct alloc_watch *watch, const char *list,
                        uint8_t role)
{
    const char *name;

    for (size_t i = 0; (name = with_texts(j, list, i)); i++) {
        int place = call_place(j, name);

        if (place >= 0 && place < ALLOC_CALLS_MAX)
            watch->role[place] = role;
    }
}

void alloc_watch_start(const struct judgement *j, struct alloc_watch *watch)
{
    *watch = (struct alloc_watch){ .order_arg = with_integer(j, "order", 0),
                                   .free_order_arg = with_integer(j, "free_order", 0) };
    watch->out_is_rax = strcmp(with_text(j, "out", "out"), "rax") == 0;
    watch_roles(j, watch, "alloc", ROLE_ALLOC);
    watch_roles(j, watch, "free", ROLE_BACK);
    watch_roles(j, watch, "get", ROLE_GET);
}

static unsigned order_of(const struct alloc_watch *watch, long long argument)
{
    uint64_t order = argument >= 1 && argument <= 6 ? watch->args[argument - 1] & 0xff : 0;

    return order > ORDER_MAX ? ORDER_MAX : (unsigned)order;
}

static struct alloc_step watch_result(const struct judgement *j, struct alloc_watch *watch)
{
    struct alloc_step step = { .order = order_of(watch, watch->order_arg), .from = j->event.v[1] };
    int32_t status = (int32_t)j->event.v[0];

    if (!watch->is_alloc)
        return step;
    if (watch->out_is_rax) {
        step.kind = j->event.v[0] == 0 || (int64_t)j->event.v[0] < 0 ? ALLOC_FAILED : ALLOC_GAVE;
        step.block = j->event.v[0];
        step.has_block = true;
    } else {
        step.kind = status < 0 ? ALLOC_FAILED : ALLOC_GAVE;
        step.block = watch->out;
        step.has_block = watch->has_out;
    }
    return step;
}

static struct alloc_step watch_call(const struct judgement *j, struct alloc_watch *watch)
{
    struct alloc_step step = { 0 };
    uint8_t role = watch->role[j->event.what];

    watch->is_alloc = role == ROLE_ALLOC;
    watch->place = j->event.what;
    if (!call_function(j, &j->event, watch->name))
        watch->name[0] = '\0';
    memcpy(watch->args, j->event.v, sizeof(watch->args));
    watch->depth = 1;
    watch->has_out = false;
    step.kind = role == ROLE_BACK ? ALLOC_BACK : role == ROLE_GET ? ALLOC_REFERENCE : ALLOC_NOTHING;
    step.block = watch->args[0];
    step.order = role == ROLE_BACK ? order_of(watch, watch->free_order_arg) : 0;
    return step;
}

struct alloc_step alloc_watch_step(const struct judgement *j, struct alloc_watch *watch)
{
    const struct trace_event *event = &j->event;
    bool same = event->what == watch->place;

    if ((event->kind != EVENT_CALL && event->kind != EVENT_RETURN &&
         event->kind != EVENT_OUT_VALUE) ||
        event->what >= ALLOC_CALLS_MAX || watch->role[event->what] == 0)
        return (struct alloc_step){ 0 };
    if (watch->depth == 0)
        return event->kind == EVENT_CALL ? watch_call(j, watch) : (struct alloc_step){ 0 };
    if (event->kind == EVENT_OUT_VALUE && same) {
        watch->out = event->v[0];
        watch->has_out = true;
    } else if (event->kind == EVENT_CALL) {
        watch->depth += same;
    } else if (event->kind == EVENT_RETURN && same && --watch->depth == 0) {
        return watch_result(j, watch);
    }
    return (struct alloc_step){ 0 };
}
