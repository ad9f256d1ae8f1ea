/* The strip of events and the narration: see events.h. */
#include "show/events.h"

#include "lib/print.h"
#include "lib/string.h"
#include "show/tasks.h"

static struct event events[EVENTS_KEPT]; /* number n at n % EVENTS_KEPT */
static uint64_t events_count;

/* The last lines, and one more that is being written. */
static char narration[NARRATION_LINES + 1][NARRATION_CHARS + 1];
static size_t narration_len; /* of the last one */

void event_add(struct event event)
{
    event.number = ++events_count;
    events[event.number % EVENTS_KEPT] = event;
}

uint64_t event_count(void)
{
    return events_count;
}

const char *event_call_name(uint64_t number)
{
    static const char *const names[] = {
        [9] = "mmap", [10] = "mprotect", [11] = "munmap",
        [12] = "brk", [25] = "mremap",   [28] = "madvise",
    };

    return number < ARRAY_SIZE(names) ? names[number] : NULL;
}

static void event_print_exit(char *text, size_t size, int status)
{
    if (status & 0x7f)
        fmt_snprintf(text, size, "exit   killed by signal %d", status & 0x7f);
    else
        fmt_snprintf(text, size, "exit   status %d", status >> 8 & 0xff);
}

static void event_print(const struct event *e, char *text, size_t size)
{
    uint64_t from = e->from.v >> PAGE_SHIFT, to = e->to.v >> PAGE_SHIFT;

    switch (e->kind) {
    case EVENT_SWITCH:
        fmt_snprintf(text, size, "switch runs now");
        break;
    case EVENT_FORK:
        fmt_snprintf(text, size, "fork   makes process %d", e->other);
        break;
    case EVENT_EXEC:
        fmt_snprintf(text, size, "exec   a new program");
        break;
    case EVENT_EXIT:
        event_print_exit(text, size, e->other);
        break;
    case EVENT_CALL:
        fmt_snprintf(text, size, "%-6s %lx", event_call_name((uint64_t)e->other), e->va);
        break;
    case EVENT_ZERO:
        fmt_snprintf(text, size, "fault  %lx: new frame %lx, zeroed", e->va, to);
        break;
    case EVENT_COPY:
        fmt_snprintf(text, size, "copy   %lx: frame %lx -> %lx", e->va, from, to);
        break;
    case EVENT_OWN:
        fmt_snprintf(text, size, "own    %lx: frame %lx, no copy needed", e->va, to);
        break;
    case EVENT_DENIED:
        fmt_snprintf(text, size, "fault  %lx: not allowed", e->va);
        break;
    }
}

static void event_draw(struct canvas *c, unsigned x, unsigned y, const struct event *e, bool newest)
{
    char text[80];
    unsigned edge = c->font.h / 6;

    event_print(e, text, sizeof(text));
    x = canvas_print(c, x, y, shade(KIND_INK, newest ? 2 : 1), "%6lu ", e->number);
    canvas_fill(c, (struct rect){ x, y + edge, c->font.w, c->font.h - 2 * edge },
                shade(kind_of_pid(e->pid), 3));
    canvas_print(c, x + c->font.w * 3 / 2 + (c->font.w == 1), y, shade(KIND_INK, newest ? 3 : 1),
                 "%-3d %s", e->pid, text);
}

void events_draw(struct canvas *c, struct rect area)
{
    unsigned lines = area.h / c->font.h;
    uint64_t shown = min_u64(min_u64(events_count, EVENTS_KEPT), lines);

    for (uint64_t i = 0; i < shown; i++) {
        uint64_t number = events_count - shown + 1 + i;

        event_draw(c, area.x, area.y + (unsigned)(lines - shown + i) * c->font.h,
                   &events[number % EVENTS_KEPT], number == events_count);
    }
}

/* The line is complete: it moves up. An empty one clears what was there. */
static void narration_newline(void)
{
    if (narration_len == 0)
        memset(narration, 0, sizeof(narration));
    else
        memmove(narration[0], narration[1], sizeof(narration) - sizeof(narration[0]));
    memset(narration[NARRATION_LINES], 0, sizeof(narration[0]));
    narration_len = 0;
}

void narration_add(const char *text, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (text[i] == '\n')
            narration_newline();
        else if (narration_len < NARRATION_CHARS)
            narration[NARRATION_LINES][narration_len++] = text[i];
    }
}

void narration_draw(struct canvas *c, struct rect area)
{
    unsigned first = narration_len > 0 ? 1 : 0;

    canvas_fill(c, area, shade(KIND_PANEL, 3));
    for (unsigned i = 0; i < NARRATION_LINES; i++) {
        const char *line = narration[first + i];
        bool fits = strlen(line) * c->huge.w <= area.w - c->font.w;

        canvas_text(c, fits ? &c->huge : &c->font, area.x + c->font.w / 2,
                    area.y + i * c->huge.h + c->font.h / 6, shade(KIND_INK, 3), line);
    }
}
