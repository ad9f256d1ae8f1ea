#include "filter.h"

#include "event_text.h"

#include <inttypes.h>
#include <string.h>

static unsigned filter_kind(const char *name, size_t len)
{
    for (unsigned kind = 1; kind < EVENT_KINDS; kind++) {
        const char *known = event_kind_name(kind);

        if (known && strlen(known) == len && strncmp(known, name, len) == 0)
            return kind;
    }
    cli_fail(CLI_USAGE, "no event is of the kind '%.*s'; ./quire trace show --help lists them",
             (int)len, name);
}

void filter_take_kinds(struct filter *filter, const char *text)
{
    for (;;) {
        size_t len = strcspn(text, ",");

        filter->kinds |= UINT64_C(1) << filter_kind(text, len);
        if (text[len] == '\0')
            return;
        text += len + 1;
    }
}

void filter_take_address(struct filter *filter, const char *text)
{
    char first[32];
    size_t len = strcspn(text, "-");

    filter->by_address = true;
    snprintf(first, sizeof(first), "%.*s", (int)(len < sizeof(first) ? len : 0), text);
    if (!cli_number(first, &filter->address) ||
        (text[len] && !cli_number(text + len + 1, &filter->last_address)))
        cli_fail(CLI_USAGE, "--address takes VA or VA-VA, not '%s'", text);
    if (!text[len])
        filter->last_address = filter->address;
    if (filter->last_address < filter->address)
        cli_fail(CLI_USAGE, "--address %s ends before it begins", text);
}

void filter_prepare(struct filter *filter, const struct subject *subject)
{
    uint64_t addr;

    if (filter->task) {
        filter->space = spaces_by_name(subject->spaces, filter->task);
        if (!filter->space)
            cli_fail(CLI_USAGE,
                     "the trace has no address space '%s'; ./quire trace stat lists them",
                     filter->task);
        if (cli_number(filter->task, &addr))
            filter->pid = spaces_get(subject->spaces, filter->space)->pid;
    }
    if (!filter->symbol)
        return;
    if (!symbols_find(subject->symbols, filter->symbol, &addr))
        cli_fail(CLI_USAGE, "no function is called '%s' in the files with symbols", filter->symbol);
    subject_function(subject, addr, filter->symbol_name, sizeof(filter->symbol_name));
}

static bool filter_range_takes(const struct filter *filter, const struct trace_event *event)
{
    uint64_t start, last;

    return event_range(event, &start, &last) && start <= filter->last_address &&
           last >= filter->address;
}

static bool filter_is_in(const struct filter *filter, const struct subject *subject, uint64_t addr)
{
    char name[256];

    return strcmp(subject_function(subject, addr, name, sizeof(name)), filter->symbol_name) == 0;
}

static bool filter_symbol_takes(const struct filter *filter, const struct subject *subject,
                                const struct trace_event *event)
{
    char name[256];

    if (event->kind == EVENT_CALL || event->kind == EVENT_RETURN || event->kind == EVENT_OUT_VALUE)
        return strcmp(subject_call(subject, event, name, sizeof(name)), filter->symbol_name) == 0;
    return filter_is_in(filter, subject, event_place(event)) ||
           (event->kind == EVENT_TRANSFER && filter_is_in(filter, subject, event->v[1]));
}

static bool filter_space_takes(const struct filter *filter, const struct space *space,
                               unsigned number)
{
    return number == filter->space || (filter->pid && space && space->pid == filter->pid);
}

bool filter_takes(const struct filter *filter, const struct subject *subject,
                  const struct space_cursor *cursor, const struct trace_event *event)
{
    const struct space *space = spaces_get(subject->spaces, cursor->current);

    if (event->tick < filter->from || event->tick > filter->to)
        return false;
    if (filter->kinds && !(filter->kinds & UINT64_C(1) << event->kind))
        return false;
    if (filter->ring >= 0 && event->ring != filter->ring)
        return false;
    if (filter->space && !filter_space_takes(filter, space, cursor->current))
        return false;
    if (filter->by_cr3 && (!space || space->root != (filter->cr3 & UINT64_C(0xffffffffff000))))
        return false;
    if (filter->by_address && !filter_range_takes(filter, event))
        return false;
    return !filter->symbol || filter_symbol_takes(filter, subject, event);
}
