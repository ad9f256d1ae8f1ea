/*
 * Trace-event JSON ("Trace Event Format" of the Catapult project), which
 * Perfetto, chrome://tracing and speedscope read. One process with
 *
 *     thread 1    the CPU: which address space it ran, and in which ring (slices)
 *     thread 10+n address space n: function calls (slices), and everything else
 *                 that happened while it was loaded (instants)
 *
 * Slices nest as viewers want them: what has begun ends in reverse order, and a
 * space's slices are closed where it is put aside and opened again later. An end
 * bears the name of its beginning: speedscope ignores it otherwise.
 */
#include "event_text.h"
#include "export.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

enum { THREAD_CPU = 1, THREAD_SPACES = 10, CALLS_MAX = 128 };

struct perfetto {
    struct subject *subject;
    FILE *out;
    struct space_cursor cursor;
    bool any;             /* something was written: a comma is due */
    bool slice;           /* the CPU's slice is open */
    unsigned slice_space; /* and this is what it shows */
    unsigned slice_ring;
    char slice_name[SPACE_NAME_MAX + 16];
    uint64_t ns;                 /* of the event being written */
    unsigned *depth;             /* by space: calls without return */
    uint32_t (*call)[CALLS_MAX]; /* and their symbols */
    char *(*name)[CALLS_MAX];    /* and names, allocated */
};

static void json_string(FILE *out, const char *text)
{
    fputc('"', out);
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;

        if (c == '"' || c == '\\')
            fprintf(out, "\\%c", c);
        else if (c < 0x20 || c >= 0x7f)
            fprintf(out, "\\u%04x", c);
        else
            fputc(c, out);
    }
    fputc('"', out);
}

/* Begin an event of a phase (B begin, E end, i instant, M metadata); the caller closes it. */
static void perfetto_begin(struct perfetto *p, char phase, unsigned thread, const char *name)
{
    fprintf(p->out, "%s\n{\"ph\":\"%c\",\"pid\":1,\"tid\":%u,\"ts\":%" PRIu64 ".%03u,\"name\":",
            p->any ? "," : "", phase, thread, p->ns / 1000, (unsigned)(p->ns % 1000));
    json_string(p->out, name);
    p->any = true;
}

static void perfetto_put(struct perfetto *p, char phase, unsigned thread, const char *name)
{
    perfetto_begin(p, phase, thread, name);
    fputc('}', p->out);
}

static void perfetto_name(struct perfetto *p, const char *what, unsigned thread, const char *name)
{
    perfetto_begin(p, 'M', thread, what);
    fputs(",\"args\":{\"name\":", p->out);
    json_string(p->out, name);
    fputs("}}", p->out);
}

static void perfetto_slice(struct perfetto *p, unsigned ring)
{
    if (p->slice && p->slice_space == p->cursor.current && p->slice_ring == ring)
        return;
    if (p->slice)
        perfetto_put(p, 'E', THREAD_CPU, p->slice_name);
    snprintf(p->slice_name, sizeof(p->slice_name), "%s, ring %u", space_cursor_name(&p->cursor),
             ring);
    perfetto_put(p, 'B', THREAD_CPU, p->slice_name);
    p->slice = true;
    p->slice_space = p->cursor.current;
    p->slice_ring = ring;
}

static void perfetto_call(struct perfetto *p, const struct trace_event *event)
{
    unsigned space = p->cursor.current, depth = p->depth[space];
    char name[256];

    if (depth == CALLS_MAX)
        return;
    p->call[space][depth] = event->what;
    p->name[space][depth] = strdup(subject_call(p->subject, event, name, sizeof(name)));
    if (!p->name[space][depth])
        cli_fail(CLI_ERROR, "not enough memory");
    p->depth[space]++;
    perfetto_put(p, 'B', THREAD_SPACES + space, p->name[space][depth]);
}

/* End a space's innermost calls until only so many are open. */
static void perfetto_end_calls(struct perfetto *p, unsigned space, unsigned depth)
{
    while (p->depth[space] > depth) {
        char *name = p->name[space][--p->depth[space]];

        perfetto_put(p, 'E', THREAD_SPACES + space, name);
        free(name);
    }
}

/* Ends the call it belongs to, and all above it that were left otherwise. */
static void perfetto_return(struct perfetto *p, const struct trace_event *event)
{
    unsigned space = p->cursor.current, at = p->depth[space];

    while (at > 0 && p->call[space][at - 1] != event->what)
        at--;
    if (at == 0)
        return;
    perfetto_end_calls(p, space, at - 1);
}

static void perfetto_instant(struct perfetto *p, const struct trace_event *event)
{
    char *text = NULL;
    size_t size = 0;
    FILE *line = open_memstream(&text, &size);

    if (!line)
        cli_fail(CLI_ERROR, "not enough memory");
    event_print(line, p->subject, event);
    fclose(line);
    perfetto_begin(p, 'i', THREAD_SPACES + p->cursor.current, event_kind_name(event->kind));
    fprintf(p->out, ",\"s\":\"t\",\"args\":{\"tick\":%" PRIu64 ",\"what\":", event->tick);
    json_string(p->out, text);
    fputs("}}", p->out);
    free(text);
}

/* The ring that an event leaves the CPU in. */
static unsigned event_ring_after(const struct trace_event *event)
{
    if (event->kind == EVENT_TRANSFER)
        return event->v[3] & 3;
    if (event->kind == EVENT_EXCEPTION || event->kind == EVENT_INTERRUPT)
        return 0;
    if (event->kind == EVENT_USER_STATE && event->what == USER_STATE_LEAVES)
        return 0;
    return event->ring;
}

static bool perfetto_visit(void *arg, uint64_t n, const struct trace_event *event)
{
    struct perfetto *p = arg;

    p->ns = export_ns(p->subject, event->tick);
    space_cursor_step(&p->cursor, n, event);
    if (event->kind == EVENT_CALL)
        perfetto_call(p, event);
    else if (event->kind == EVENT_RETURN)
        perfetto_return(p, event);
    else
        perfetto_instant(p, event);
    perfetto_slice(p, event_ring_after(event));
    return !ferror(p->out);
}

static void perfetto_close_slices(struct perfetto *p)
{
    if (p->slice)
        perfetto_put(p, 'E', THREAD_CPU, p->slice_name);
    for (unsigned space = 0; space <= spaces_count(p->subject->spaces); space++)
        perfetto_end_calls(p, space, 0);
}

static void perfetto_name_threads(struct perfetto *p)
{
    const char *command = trace_parameter(p->subject->trace, "command");

    perfetto_name(p, "process_name", 0, command ? command : "Quire");
    perfetto_name(p, "thread_name", THREAD_CPU, "CPU 0");
    perfetto_name(p, "thread_name", THREAD_SPACES, "before the first address space");
    for (unsigned n = 1; n <= spaces_count(p->subject->spaces); n++)
        perfetto_name(p, "thread_name", THREAD_SPACES + n, spaces_get(p->subject->spaces, n)->name);
}

void export_perfetto(struct subject *subject, FILE *out)
{
    unsigned spaces = spaces_count(subject->spaces) + 1;
    struct perfetto p = { .subject = subject, .out = out, .cursor = { subject->spaces, 0 } };

    p.depth = cli_alloc(spaces, sizeof(*p.depth));
    p.call = cli_alloc(spaces, sizeof(*p.call));
    p.name = cli_alloc(spaces, sizeof(*p.name));
    fputs("{\"displayTimeUnit\":\"ns\",\"traceEvents\":[", out);
    perfetto_name_threads(&p);
    trace_scan(subject->trace, 0, trace_events(subject->trace), perfetto_visit, &p);
    perfetto_close_slices(&p);
    fputs("\n]}\n", out);
    free(p.depth);
    free(p.call);
    free(p.name);
}
