/*
 * One box from its start to its end. The caller's thread waits for output and
 * for the process, and looks at memory and disk between.
 */
#include "box.h"

#include "box_child.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum {
    TICK_MS = 40,
    DISK_TICKS = 8, /* the disk is looked at once in so many ticks */
    READ_SIZE = 16384,
};

static double now(void)
{
    struct timespec time;

    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

bool box_drops_root(const struct box *box)
{
    return !box->open && geteuid() == 0;
}

/* The process namespace dies with bubblewrap; without a box only the session can be named. */
static void running_kill(const struct box_running *run)
{
    kill(run->box->open ? -run->pid : run->pid, SIGKILL);
}

static void running_stop(struct box_running *run, enum box_end end)
{
    if (run->stopped)
        return;
    run->stopped = true;
    run->out->end = end;
    running_kill(run);
}

/* Take what the pipe holds; false when there is no more, now or ever. */
static bool running_read(struct box_running *run)
{
    struct box_outcome *out = run->out;
    char *grown = realloc(out->output, out->output_size + READ_SIZE + 1);

    if (!grown)
        return false;
    out->output = grown;
    const ssize_t got = read(run->output_fd, out->output + out->output_size, READ_SIZE);

    if (got <= 0)
        return false;
    out->output_size += (size_t)got;
    if (out->output_size > run->limits.output_bytes) {
        out->output_size = run->limits.output_bytes;
        running_stop(run, BOX_OUTPUT);
    }
    return true;
}

static uint64_t writes_use(const struct box *box)
{
    uint64_t sum = 0;

    for (const struct box_bind *bind = box->writes; bind && bind->from; bind++)
        sum += box_disk_use(bind->from);
    return sum;
}

/* What grew beyond its limit ends the box. */
static void running_look(struct box_running *run)
{
    run->ticks++;
    if (now() - run->begin > run->limits.wall_seconds)
        running_stop(run, BOX_TIME);
    if (box_resident(run->pid) > run->limits.memory_bytes)
        running_stop(run, BOX_MEMORY);
    if (run->ticks % DISK_TICKS == 0 && writes_use(run->box) > run->limits.disk_bytes)
        running_stop(run, BOX_DISK);
}

/* Until the process has ended. A closed pipe is looked at no more (fd -1). */
static void running_wait(struct box_running *run)
{
    struct pollfd fds[] = {
        { .fd = run->exit_fd, .events = POLLIN },
        { .fd = run->output_fd, .events = POLLIN },
    };
    double looked = now();

    while (!fds[0].revents) {
        if (poll(fds, 2, TICK_MS) < 0)
            continue;
        if (fds[1].revents && !running_read(run))
            fds[1].fd = -1;
        if (now() - looked >= TICK_MS / 1e3) {
            running_look(run);
            looked = now();
        }
    }
    if (run->box->open)
        running_kill(run);
    waitpid(run->pid, &run->status, 0);
    while (running_read(run)) {
    }
}

/* Start the process; false if that failed. Descriptors that only the child needs are closed. */
static bool running_start(struct box_running *run, const char **args, const char **environment)
{
    int output[2] = { -1, -1 }, status[2] = { -1, -1 };
    const int null_fd = open("/dev/null", O_RDWR | O_CLOEXEC);
    const int filter_fd = box_filter();

    if (null_fd < 0 || filter_fd < 0 || pipe2(output, O_CLOEXEC) != 0 ||
        pipe2(status, O_CLOEXEC) != 0)
        return false;
    const struct box_child child = {
        .box = run->box,
        .args = args,
        .environment = environment,
        .parent = getpid(),
        .fds = { null_fd, output[1], output[1], status[1], filter_fd },
    };

    run->pid = fork();
    if (run->pid == 0)
        box_become(&child);
    close(null_fd);
    close(filter_fd);
    close(output[1]);
    close(status[1]);
    run->output_fd = output[0];
    run->status_fd = status[0];
    fcntl(run->output_fd, F_SETFL, O_NONBLOCK);
    fcntl(run->status_fd, F_SETFL, O_NONBLOCK);
    run->exit_fd = run->pid > 0 ? (int)syscall(SYS_pidfd_open, run->pid, 0) : -1;
    return run->pid > 0;
}

static void running_finish(struct box_running *run)
{
    struct box_outcome *out = run->out;

    out->seconds = now() - run->begin;
    if (out->output)
        out->output[out->output_size] = '\0';
    box_classify(run);
    close(run->exit_fd);
    close(run->output_fd);
    close(run->status_fd);
}

static void give_writes(const struct box *box, uid_t uid)
{
    if (!box_drops_root(box))
        return;
    for (const struct box_bind *bind = box->writes; bind && bind->from; bind++)
        box_give(bind->from, uid);
}

bool box_run(const struct box *box, struct box_outcome *out)
{
    int holder;
    const uid_t uid = box_uid_take(&holder);
    const char **args = box_args(box, uid);
    const char **environment = box_environment(box);
    struct box_running run = {
        .box = box, .limits = box_limits_of(box), .out = out, .begin = now()
    };

    *out = (struct box_outcome){ .end = BOX_NOT_STARTED, .status = -1 };
    give_writes(box, uid);
    if (args && environment && running_start(&run, args, environment)) {
        running_wait(&run);
        running_finish(&run);
    } else {
        snprintf(out->reason, sizeof(out->reason), "no process can be started: %m");
    }
    give_writes(box, geteuid());
    if (holder >= 0)
        close(holder);
    free(args);
    free(environment);
    return out->end == BOX_EXITED && out->status == 0;
}

void box_outcome_free(struct box_outcome *out)
{
    free(out->output);
    out->output = NULL;
}
