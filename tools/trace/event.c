/*
 * What each kind of event is called, and how many values it has.
 */
#include "event.h"

#include <stddef.h>

static const struct {
    const char *name;
    unsigned values;
} kinds[EVENT_KINDS] = {
    [EVENT_START] = { "start", 5 },
    [EVENT_END] = { "end", 1 },
    [EVENT_CR] = { "cr", 2 },
    [EVENT_INVLPG] = { "invlpg", 1 },
    [EVENT_INVPCID] = { "invpcid", 2 },
    [EVENT_WRMSR] = { "wrmsr", 1 },
    [EVENT_EXCEPTION] = { "exception", 3 },
    [EVENT_INTERRUPT] = { "interrupt", 1 },
    [EVENT_TRANSFER] = { "transfer", 5 },
    [EVENT_CALL] = { "call", 6 },
    [EVENT_RETURN] = { "return", 2 },
    [EVENT_TABLE] = { "table", 3 },
    [EVENT_TABLE_GONE] = { "table-gone", 1 },
    [EVENT_ENTRY_SEEN] = { "entry-seen", 3 },
    [EVENT_ENTRY_WRITE] = { "entry-write", 4 },
    [EVENT_ENTRY_AD] = { "entry-ad", 4 },
    [EVENT_STALE_CPU] = { "stale-cpu", 4 },
    [EVENT_STALE_IDEAL] = { "stale-ideal", 4 },
    [EVENT_WINDOW] = { "window", 4 },
    [EVENT_OUT] = { "out", 2 },
    [EVENT_HALT] = { "halt", 1 },
    [EVENT_RESET] = { "reset", 0 },
    [EVENT_SAMPLE] = { "sample", 3 },
    [EVENT_BRANCH] = { "branch", 2 },
    [EVENT_OUT_VALUE] = { "out-value", 2 },
    [EVENT_CHALLENGE] = { "challenge", 3 },
    [EVENT_WITNESS] = { "witness", 5 },
    [EVENT_USER_STATE] = { "user-state", 5 },
};

unsigned event_value_count(unsigned kind)
{
    return kind < EVENT_KINDS ? kinds[kind].values : 0;
}

const char *event_kind_name(unsigned kind)
{
    return kind < EVENT_KINDS ? kinds[kind].name : NULL;
}
