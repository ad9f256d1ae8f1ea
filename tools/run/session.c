#include "session.h"

#include "keys.h"
#include "output.h"
#include "report.h"
#include "stop.h"
#include "stream.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum {
    STATUS_GRACE = 3, /* seconds that an emulator gets to end after the status */
    PANIC_GRACE = 15, /* the same for a panic's report */
    END_OF_INPUT = 4, /* what COM1 carries for Ctrl-D */
    READ_BYTES = 64 << 10,
};

static char buffer[READ_BYTES];

static void tail_add(struct tail *tail, const char *data, size_t len)
{
    if (len > TAIL_MAX) {
        data += len - TAIL_MAX;
        len = TAIL_MAX;
    }
    if (tail->len + len > TAIL_MAX) {
        size_t drop = tail->len + len - TAIL_MAX;

        memmove(tail->text, tail->text + drop, tail->len - drop);
        tail->len -= drop;
    }
    memcpy(tail->text + tail->len, data, len);
    tail->len += len;
    tail->text[tail->len] = '\0';
}

/* The first status counts, but for a panic, which overrides: the kernel itself broke. */
static void session_take_status(struct session *s, const char *data, size_t len)
{
    char text[64] = "";
    enum outcome_kind kind = OUTCOME_NONE;
    int number = 0;

    memcpy(text, data, len < sizeof(text) ? len : sizeof(text) - 1);
    if (sscanf(text, "exit %d", &number) == 1)
        kind = OUTCOME_EXIT;
    else if (sscanf(text, "signal %d", &number) == 1)
        kind = OUTCOME_SIGNAL;
    else if (strcmp(text, "panic") == 0)
        kind = OUTCOME_PANIC;
    if (s->outcome != OUTCOME_NONE && kind != OUTCOME_PANIC)
        return;
    s->outcome = kind;
    s->number = number;
    s->status_time = stop_elapsed();
}

static void session_take_log(struct session *s, const char *data, size_t len)
{
    bool report = s->outcome == OUTCOME_PANIC;

    if (!s->options->log && !report)
        return;
    s->panic_shown |= report;
    output_write(STDERR_FILENO, data, len);
    output_write(STDERR_FILENO, "\n", 1);
}

static void session_take_frame(void *context, char type, const char *data, size_t len)
{
    struct session *s = context;

    s->kernel_spoke = true;
    report_progress_clear();
    switch (type) {
    case 'O':
        output_write(STDOUT_FILENO, data, len);
        break;
    case 'E':
        output_write(STDERR_FILENO, data, len);
        break;
    case 'L':
        session_take_log(s, data, len);
        break;
    default:
        session_take_status(s, data, len);
        break;
    }
}

/* Read what is there; at the end close the descriptor and set it to -1. */
static size_t session_read(int *fd, const struct pollfd *poll)
{
    ssize_t got;

    if (*fd < 0 || !poll->revents)
        return 0;
    got = read(*fd, buffer, sizeof(buffer));
    if (got > 0)
        return (size_t)got;
    close(*fd);
    *fd = -1;
    return 0;
}

/* Keys are taken when the kernel is there and the emulator has room: they wait, never we. */
static bool session_wants_keys(const struct session *s)
{
    struct pollfd keyboard = { .fd = s->emu->keyboard, .events = POLLOUT };

    return s->kernel_spoke && poll(&keyboard, 1, 0) > 0;
}

/* The terminal hands out whole lines; nothing read means Ctrl-D. */
static void session_forward_keys(struct session *s, const struct pollfd *in)
{
    char keys[PIPE_BUF], typed[sizeof(keys) / 2]; /* a key may become two */
    ssize_t got;
    size_t len = 1;

    if (!in->revents)
        return;
    got = read(STDIN_FILENO, typed, sizeof(typed));
    if (got == 0 && !(in->revents & POLLHUP))
        keys[0] = END_OF_INPUT;
    else if (got > 0 && s->options->keys)
        len = keys_to_lines(keys, typed, (size_t)got);
    else if (got > 0)
        memcpy(keys, typed, len = (size_t)got);
    else
        len = 0;
    /* An emulator that ended meanwhile needs no keys, and the run's outcome is its own. */
    if (len == 0 || write(s->emu->keyboard, keys, len) < 0) {
        close(s->emu->keyboard);
        s->emu->keyboard = -1;
    }
}

/* Once the status is here, or gdb has gone, the emulator has no reason to stay. */
static bool session_overdue(const struct session *s)
{
    int grace = s->outcome == OUTCOME_PANIC ? PANIC_GRACE : STATUS_GRACE;

    if (s->gdb)
        return child_ended(s->gdb);
    return s->outcome != OUTCOME_NONE && stop_elapsed() > s->status_time + grace;
}

/* One round: wait, then read every end that has something. False when nothing is left to read. */
static bool session_step(struct session *s, struct stream *stream, double seconds)
{
    struct pollfd fds[] = {
        { .fd = s->emu->frames, .events = POLLIN },
        { .fd = s->emu->console, .events = POLLIN },
        { .fd = s->emu->messages, .events = POLLIN },
        { .fd = session_wants_keys(s) ? STDIN_FILENO : -1, .events = POLLIN },
    };
    size_t got;

    stop_wait(fds, sizeof(fds) / sizeof(fds[0]), seconds);
    got = session_read(&s->emu->frames, &fds[0]);
    if (got > 0)
        stream_feed(stream, buffer, got);
    got = session_read(&s->emu->console, &fds[1]);
    tail_add(&s->console, buffer, got);
    got = session_read(&s->emu->messages, &fds[2]);
    tail_add(&s->messages, buffer, got);
    session_forward_keys(s, &fds[3]);
    return fds[0].revents || fds[1].revents || fds[2].revents;
}

void session_run(struct session *s)
{
    struct stream stream;

    stream_init(&stream, session_take_frame, s);
    while (!child_ended(&s->emu->child)) {
        if (stop_signal() || stop_timed_out() || output_is_broken() || session_overdue(s)) {
            child_kill(&s->emu->child);
            break;
        }
        session_step(s, &stream, s->outcome == OUTCOME_NONE ? 1 : 0.1);
    }
    /* What it said before its end is still in the pipes. */
    while (session_step(s, &stream, 0))
        ;
    if (stream.skipped > 0)
        report_verbose("%zu bytes on the parallel port were not part of a frame", stream.skipped);
}
