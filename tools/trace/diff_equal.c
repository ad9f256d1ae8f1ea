#include "diff.h"
#include "words.h"

#include <string.h>

static const uint64_t user_end = UINT64_C(1) << 47;

/* Rights and presence; where the frame lies, and whether it was used, does not count. */
static const uint64_t rights = ENTRY_P | ENTRY_W | ENTRY_U | ENTRY_PS | ENTRY_NX;

/* Results up to here are numbers; above, addresses that may differ. */
static const uint64_t small = UINT64_C(1) << 20;

/* Addresses of programs must be equal; in the kernel, the function must be. */
static bool place_equals(struct run *a, uint64_t x, struct run *b, uint64_t y)
{
    char name_x[256], name_y[256];

    if (x == y)
        return true;
    if (x < user_end || y < user_end)
        return false;
    subject_function(&a->subject, x, name_x, sizeof(name_x));
    subject_function(&b->subject, y, name_y, sizeof(name_y));
    return strcmp(name_x, name_y) == 0 || (name_x[0] == '0' && name_y[0] == '0');
}

static bool address_equals(struct run *a, uint64_t x, uint64_t y)
{
    return x == y || (!a->same_kernel && x >= user_end && y >= user_end);
}

/* Process numbers go by who forks first. */
static bool call_gives_pid(const char *name)
{
    static const char *const calls[] = { "sys_fork",   "sys_vfork",   "sys_clone",
                                         "sys_getpid", "sys_getppid", "sys_wait4" };

    for (size_t i = 0; i < sizeof(calls) / sizeof(calls[0]); i++) {
        if (strcmp(name, calls[i]) == 0)
            return true;
    }
    return false;
}

static bool result_equals(const char *call, uint64_t x, uint64_t y)
{
    bool number_x = x + small < 2 * small, number_y = y + small < 2 * small;

    if (x == y)
        return true;
    if (call_gives_pid(call))
        return (int64_t)x > 0 && (int64_t)y > 0;
    return !number_x && !number_y && x >= user_end && y >= user_end;
}

/* Of those that share a page copy-on-write, the last to write keeps the frame. */
static bool entry_is_taken(const struct trace_event *e)
{
    return (e->v[1] & ENTRY_P) && !(e->v[1] & ENTRY_W) && (e->v[2] & ENTRY_W);
}

static bool entry_equals(struct run *a, const struct trace_event *x, const struct trace_event *y)
{
    bool kept_x = !((x->v[1] ^ x->v[2]) & ENTRY_ADDR), kept_y = !((y->v[1] ^ y->v[2]) & ENTRY_ADDR);

    return x->level == y->level && address_equals(a, x->v[3], y->v[3]) &&
           !((x->v[1] ^ y->v[1]) & rights) && !((x->v[2] ^ y->v[2]) & rights) &&
           (kept_x == kept_y || entry_is_taken(x));
}

static bool exception_equals(struct run *a, const struct trace_event *x, struct run *b,
                             const struct trace_event *y)
{
    return x->what == y->what && x->v[0] == y->v[0] && address_equals(a, x->v[1], y->v[1]) &&
           x->ring == y->ring && place_equals(a, x->rip, b, y->rip);
}

static bool transfer_equals(struct run *a, const struct trace_event *x, struct run *b,
                            const struct trace_event *y)
{
    return x->what == y->what && (x->v[2] & 3) == (y->v[2] & 3) && (x->v[3] & 3) == (y->v[3] & 3) &&
           place_equals(a, x->v[0], b, y->v[0]) && place_equals(a, x->v[1], b, y->v[1]);
}

static bool value_equals(uint64_t x, uint64_t y)
{
    return x == y || (x >= user_end && y >= user_end);
}

static bool call_equals(struct run *a, const struct trace_event *x, struct run *b,
                        const struct trace_event *y)
{
    char buf_x[256], buf_y[256];
    const char *name_x = subject_call(&a->subject, x, buf_x, sizeof(buf_x));

    return strcmp(name_x, subject_call(&b->subject, y, buf_y, sizeof(buf_y))) == 0 &&
           (x->kind == EVENT_CALL || result_equals(name_x, x->v[0], y->v[0]));
}

bool step_equals(struct run *a, const struct trace_event *x, struct run *b,
                 const struct trace_event *y)
{
    if (x->kind != y->kind)
        return false;
    switch (x->kind) {
    case EVENT_EXCEPTION:
        return exception_equals(a, x, b, y);
    case EVENT_TRANSFER:
        return transfer_equals(a, x, b, y);
    case EVENT_ENTRY_WRITE:
        return entry_equals(a, x, y);
    case EVENT_CALL:
    case EVENT_RETURN:
        return call_equals(a, x, b, y);
    case EVENT_CR:
        return x->what == y->what && (x->what == 3 || x->v[0] == y->v[0]);
    case EVENT_WRMSR:
        return x->what == y->what && value_equals(x->v[0], y->v[0]);
    case EVENT_INVLPG:
    case EVENT_STALE_CPU:
    case EVENT_STALE_IDEAL:
    case EVENT_WINDOW:
        return x->what == y->what && address_equals(a, x->v[0], y->v[0]);
    case EVENT_CHALLENGE:
        return x->what == y->what && x->v[0] == y->v[0];
    case EVENT_WITNESS:
        return x->what == y->what && x->v[0] == y->v[0] && x->v[1] == y->v[1];
    default:
        return x->what == y->what;
    }
}
