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

struct pipe {
    struct spinlock lock;
    uint64_t head, tail;        /* (l) bytes ever written, and read */
    paddr_t page[PIPE_PAGES];   /* (l) 0: none */
    unsigned readers, writers;  /* (l) open files at each end */
    struct wait_queue readable; /* woken when bytes came, or the last writer went */
    struct wait_queue writable; /* woken when bytes went, or the last reader went */
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

    while (pipe->tail == pipe->head) {
        err_t err;

        if (pipe->writers == 0)
            return ERR_OK;
        if (file->flags & O_NONBLOCK)
            return ERR_AGAIN;
        err = wait_sleep(&pipe->readable, &pipe->lock, WAIT_FOREVER);
        if (err)
            return err;
    }
    return pipe_take_locked(pipe, io);
}

static err_t pipe_read(struct file *file, struct io *io)
{
    err_t err;

    if (io->len == 0)
        return ERR_OK;
    spin_lock(&file->pipe->lock);
    err = pipe_read_locked(file, io);
    if (io->done)
        wait_wake_all(&file->pipe->writable);
    spin_unlock(&file->pipe->lock);
    if (io->done)
        poll_notify();
    return err;
}

/* Small writes go in whole or wait; larger ones take what room there is. */
static err_t pipe_write_locked(struct file *file, struct io *io)
{
    struct pipe *pipe = file->pipe;
    err_t err = ERR_OK;

    while (io->done < io->len && !err) {
        uint64_t room = pipe_room(pipe);
        uint64_t wanted = io->len <= PIPE_BUF ? io->len : 1;

        if (pipe->readers == 0)
            return ERR_PIPE;
        if (room >= wanted) {
            err = pipe_put_locked(pipe, io, room);
            wait_wake_all(&pipe->readable);
        } else if (file->flags & O_NONBLOCK) {
            return ERR_AGAIN;
        } else {
            err = wait_sleep(&pipe->writable, &pipe->lock, WAIT_FOREVER);
        }
    }
    return err;
}

static err_t pipe_write(struct file *file, struct io *io)
{
    err_t err;

    spin_lock(&file->pipe->lock);
    err = pipe_write_locked(file, io);
    spin_unlock(&file->pipe->lock);
    if (err == ERR_PIPE)
        signal_send(task_current(), SIGPIPE);
    if (io->done)
        poll_notify();
    return err;
}

static unsigned pipe_poll_read(struct file *file)
{
    struct pipe *pipe = file->pipe;
    unsigned events = 0;

    spin_lock(&pipe->lock);
    if (pipe->head != pipe->tail)
        events |= POLLIN;
    if (pipe->writers == 0)
        events |= POLLHUP;
    spin_unlock(&pipe->lock);
    return events;
}

static unsigned pipe_poll_write(struct file *file)
{
    struct pipe *pipe = file->pipe;
    unsigned events = 0;

    spin_lock(&pipe->lock);
    if (pipe_room(pipe) >= PIPE_BUF)
        events |= POLLOUT;
    if (pipe->readers == 0)
        events |= POLLERR;
    spin_unlock(&pipe->lock);
    return events;
}

static void pipe_stat(struct file *file, struct linux_stat *out)
{
    stat_fill(out, (uint64_t)file->pipe >> 4 & 0xffffff, S_IFIFO | 0600, 0);
}

static void pipe_free(struct pipe *pipe)
{
    for (unsigned i = 0; i < PIPE_PAGES; i++)
        pipe_free_page(&pipe->page[i]);
    cache_free(&pipe_cache, pipe);
}

/* One end is gone for good: whoever waits at the other one must look again. */
static void pipe_release_end(struct pipe *pipe, unsigned *count)
{
    bool last;

    spin_lock(&pipe->lock);
    --*count;
    last = pipe->readers + pipe->writers == 0;
    wait_wake_all(&pipe->readable);
    wait_wake_all(&pipe->writable);
    spin_unlock(&pipe->lock);
    if (last)
        pipe_free(pipe);
    else
        poll_notify();
}

static void pipe_release_read(struct file *file)
{
    pipe_release_end(file->pipe, &file->pipe->readers);
}

static void pipe_release_write(struct file *file)
{
    pipe_release_end(file->pipe, &file->pipe->writers);
}

static const struct file_ops read_ops = {
    .read = pipe_read,
    .poll = pipe_poll_read,
    .stat = pipe_stat,
    .release = pipe_release_read,
};

static const struct file_ops write_ops = {
    .write = pipe_write,
    .poll = pipe_poll_write,
    .stat = pipe_stat,
    .release = pipe_release_write,
};

static err_t pipe_new_ends(struct pipe *pipe, unsigned flags, struct file **read_end,
                           struct file **write_end)
{
    err_t err = file_new(&read_ops, O_RDONLY | flags, read_end);

    if (err) {
        pipe_free(pipe);
        return err;
    }
    (*read_end)->pipe = pipe;
    pipe->readers = 1;
    err = file_new(&write_ops, O_WRONLY | flags, write_end);
    if (err) {
        file_put(*read_end); /* frees the pipe, which has no other end */
        return err;
    }
    (*write_end)->pipe = pipe;
    pipe->writers = 1;
    return ERR_OK;
}

err_t pipe_new(unsigned flags, struct file **read_end, struct file **write_end)
{
    struct pipe *pipe;
    void *memory;
    err_t err = cache_alloc(&pipe_cache, &memory);

    if (err)
        return err;
    pipe = memory;
    pipe->lock = (struct spinlock)SPINLOCK_INIT(LOCK_PIPE);
    wait_queue_init(&pipe->readable);
    wait_queue_init(&pipe->writable);
    return pipe_new_ends(pipe, flags & O_NONBLOCK, read_end, write_end);
}
