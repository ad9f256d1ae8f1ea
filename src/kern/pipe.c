/*
 * Pipes: see pipe.h.
 *
 *     position 0 ... tail ........ head         both only grow; byte p lies in
 *              read  |  to be read  | free      page[p / 4096 % 16] at p % 4096
 *
 * A page exists while tail and head say that bytes lie in it. The lock is held
 * while bytes are copied to and from programs: a page fault in between takes
 * locks of higher rank only and does not sleep.
 */
#include "kern/pipe.h"

#include "arch/mmu.h"
#include "arch/spinlock.h"
#include "kern/file.h"
#include "kern/linux.h"
#include "kern/poll.h"
#include "pmm/cache.h"
#include "pmm/pmm.h"
#include "sched/signal.h"
#include "sched/task.h"
#include "sched/wait_queue.h"
#include "vm/user_copy.h"

enum { PIPE_PAGES = PIPE_CAPACITY / 4096 };

enum pipe_end { READ_END, WRITE_END };

struct pipe {
    struct spinlock lock;
    uint64_t head, tail;       /* (l) bytes ever written, and read */
    paddr_t page[PIPE_PAGES];  /* (l) 0: none */
    unsigned open[2];          /* (l) open files at each end: one or, once closed, none */
    struct wait_queue changed; /* woken when bytes came or went, or an end was closed */
};

static struct obj_cache pipe_cache = OBJ_CACHE_INIT(pipe_cache, struct pipe);

static paddr_t *pipe_page(struct pipe *pipe, uint64_t position)
{
    return &pipe->page[position / PAGE_SIZE % PIPE_PAGES];
}

/*
 * Bytes that may be written. A page of which a part has been read counts as
 * full, so that head never enters the page that tail is in from behind.
 */
static uint64_t pipe_room(const struct pipe *pipe)
{
    return align_down(pipe->tail, PAGE_SIZE) + PIPE_CAPACITY - pipe->head;
}

/* Bytes from position to the end of its page, at most max. */
static size_t pipe_run(uint64_t position, uint64_t max)
{
    return min_u64(max, PAGE_SIZE - position % PAGE_SIZE);
}

static void *pipe_bytes(struct pipe *pipe, uint64_t position)
{
    return (char *)phys_to_virt(*pipe_page(pipe, position)) + position % PAGE_SIZE;
}

static void pipe_free_page(paddr_t *page)
{
    if (page->v)
        pmm_free(*page, 0);
    *page = PADDR(0);
}

/* Move tail past bytes that were read. */
static void pipe_consume_locked(struct pipe *pipe, size_t len)
{
    paddr_t *page = pipe_page(pipe, pipe->tail);

    pipe->tail += len;
    if (pipe->tail % PAGE_SIZE == 0 || pipe->tail == pipe->head)
        pipe_free_page(page);
    if (pipe->tail == pipe->head)
        pipe->tail = pipe->head = 0;
}

static err_t pipe_take_locked(struct pipe *pipe, struct io *io)
{
    while (io->done < io->len && pipe->tail < pipe->head) {
        size_t len = pipe_run(pipe->tail, min_u64(io->len - io->done, pipe->head - pipe->tail));
        err_t err = copy_to_user(io->buf + io->done, pipe_bytes(pipe, pipe->tail), len);

        if (err)
            return err;
        pipe_consume_locked(pipe, len);
        io->done += len;
    }
    return ERR_OK;
}

/* Put up to max bytes, for which there is room. */
static err_t pipe_put_locked(struct pipe *pipe, struct io *io, uint64_t max)
{
    uint64_t end = pipe->head + min_u64(max, io->len - io->done);

    while (pipe->head < end) {
        size_t len = pipe_run(pipe->head, end - pipe->head);
        paddr_t *page = pipe_page(pipe, pipe->head);
        bool fresh = page->v == 0;
        err_t err = fresh ? pmm_alloc(0, page) : ERR_OK;

        if (err)
            return err;
        err = copy_from_user(pipe_bytes(pipe, pipe->head), io->buf + io->done, len);
        if (err) {
            if (fresh)
                pipe_free_page(page);
            return err;
        }
        pipe->head += len;
        io->done += len;
    }
    return ERR_OK;
}

static err_t pipe_read_locked(struct file *file, struct io *io)
{
    struct pipe *pipe = file->pipe;
    err_t err = ERR_OK;

    while (pipe->tail == pipe->head && !err) {
        if (!pipe->open[WRITE_END])
            return ERR_OK;
        if (file->flags & O_NONBLOCK)
            return ERR_AGAIN;
        err = wait_sleep(&pipe->changed, &pipe->lock, WAIT_FOREVER);
    }
    return err ? err : pipe_take_locked(pipe, io);
}

/* Small writes go in whole or wait; larger ones take what room there is. */
static err_t pipe_write_locked(struct file *file, struct io *io)
{
    struct pipe *pipe = file->pipe;
    uint64_t wanted = io->len <= PIPE_BUF ? io->len : 1;
    err_t err = ERR_OK;

    while (io->done < io->len && !err) {
        if (!pipe->open[READ_END])
            return ERR_PIPE;
        if (pipe_room(pipe) >= wanted) {
            err = pipe_put_locked(pipe, io, pipe_room(pipe));
            wait_wake_all(&pipe->changed);
        } else if (file->flags & O_NONBLOCK) {
            return ERR_AGAIN;
        } else {
            err = wait_sleep(&pipe->changed, &pipe->lock, WAIT_FOREVER);
        }
    }
    return err;
}

static err_t pipe_read(struct file *file, struct io *io)
{
    err_t err;

    spin_lock(&file->pipe->lock);
    err = pipe_read_locked(file, io);
    wait_wake_all(&file->pipe->changed);
    spin_unlock(&file->pipe->lock);
    poll_notify();
    return err;
}

static err_t pipe_write(struct file *file, struct io *io)
{
    err_t err;

    spin_lock(&file->pipe->lock);
    err = pipe_write_locked(file, io);
    spin_unlock(&file->pipe->lock);
    poll_notify();
    if (err == ERR_PIPE)
        signal_send(task_current(), SIGPIPE);
    return err;
}

static enum pipe_end pipe_end(const struct file *file)
{
    return (file->flags & O_ACCMODE) == O_WRONLY ? WRITE_END : READ_END;
}

static unsigned pipe_poll(struct file *file)
{
    struct pipe *pipe = file->pipe;
    unsigned events;

    spin_lock(&pipe->lock);
    if (pipe_end(file) == READ_END)
        events = (pipe->head != pipe->tail ? POLLIN : 0) | (pipe->open[WRITE_END] ? 0 : POLLHUP);
    else
        events = (pipe_room(pipe) >= PIPE_BUF ? POLLOUT : 0) | (pipe->open[READ_END] ? 0 : POLLERR);
    spin_unlock(&pipe->lock);
    return events;
}

static void pipe_stat(struct file *file, struct linux_stat *out)
{
    stat_fill(out, virt_to_phys(file->pipe).v, S_IFIFO | 0600, 0);
}

static void pipe_free(struct pipe *pipe)
{
    for (unsigned i = 0; i < PIPE_PAGES; i++)
        pipe_free_page(&pipe->page[i]);
    cache_free(&pipe_cache, pipe);
}

/* One end is gone for good: whoever waits at the other one must look again. */
static void pipe_release(struct file *file)
{
    struct pipe *pipe = file->pipe;
    bool last;

    spin_lock(&pipe->lock);
    pipe->open[pipe_end(file)]--;
    last = pipe->open[READ_END] + pipe->open[WRITE_END] == 0;
    wait_wake_all(&pipe->changed);
    spin_unlock(&pipe->lock);
    if (last)
        pipe_free(pipe);
    poll_notify();
}

static const struct file_ops pipe_ops = {
    .read = pipe_read,
    .write = pipe_write,
    .poll = pipe_poll,
    .stat = pipe_stat,
    .release = pipe_release,
};

static err_t pipe_open_end(struct pipe *pipe, enum pipe_end end, unsigned flags, struct file **out)
{
    err_t err = file_new(&pipe_ops, flags | (end == READ_END ? O_RDONLY : O_WRONLY), out);

    if (err)
        return err;
    (*out)->pipe = pipe;
    pipe->open[end] = 1;
    return ERR_OK;
}

err_t pipe_new(unsigned flags, struct file *end[2])
{
    struct pipe *pipe;
    void *memory;
    err_t err = cache_alloc(&pipe_cache, &memory);

    if (err)
        return err;
    pipe = memory;
    pipe->lock = (struct spinlock)SPINLOCK_INIT(LOCK_PIPE);
    wait_queue_init(&pipe->changed);
    err = pipe_open_end(pipe, READ_END, flags, &end[READ_END]);
    if (err) {
        pipe_free(pipe);
        return err;
    }
    err = pipe_open_end(pipe, WRITE_END, flags, &end[WRITE_END]);
    if (err)
        file_put(end[READ_END]); /* frees the pipe, which has no other end */
    return err;
}
