/* Tables of file descriptors: see fd.h. */
#include "kern/fd.h"

#include "kern/console.h"
#include "kern/file.h"
#include "kern/process.h"
#include "pmm/cache.h"
#include "sched/task.h"

struct fd_chunk {
    struct file *file[FD_CHUNK]; /* (t) null: free */
    uint64_t on_exec;            /* (t) bit set: close at exec */
};

static struct obj_cache chunk_cache = OBJ_CACHE_INIT(chunk_cache, struct fd_chunk);

static struct fd_table *fd_current(void)
{
    return &task_current()->process->fds;
}

/* The chunk of a number, 0 <= fd < FD_MAX, made if it is missing. Errors: ERR_NOMEM. */
static err_t fd_make_chunk(struct fd_table *table, int fd, struct fd_chunk **out)
{
    struct fd_chunk **chunk = &table->chunk[fd / FD_CHUNK];
    void *memory;

    if (!*chunk) {
        err_t err = cache_alloc(&chunk_cache, &memory);

        if (err)
            return err;
        *chunk = memory;
    }
    *out = *chunk;
    return ERR_OK;
}

err_t fd_table_open_standard(struct fd_table *table)
{
    struct fd_chunk *chunk;
    err_t err = fd_make_chunk(table, 0, &chunk);

    if (!err)
        err = console_open_input(&chunk->file[0]);
    if (!err)
        err = console_open_output('O', &chunk->file[1]);
    return err ? err : console_open_output('E', &chunk->file[2]);
}

err_t fd_table_copy(const struct fd_table *from, struct fd_table *to)
{
    for (int fd = 0; fd < FD_MAX; fd += FD_CHUNK) {
        const struct fd_chunk *old = from->chunk[fd / FD_CHUNK];
        struct fd_chunk *new;

        if (!old)
            continue;
        if (fd_make_chunk(to, fd, &new))
            return ERR_NOMEM;
        *new = *old;
        for (int i = 0; i < FD_CHUNK; i++)
            if (new->file[i])
                file_get(new->file[i]);
    }
    return ERR_OK;
}

static void fd_chunk_free(struct fd_chunk *chunk)
{
    for (int i = 0; i < FD_CHUNK; i++)
        if (chunk->file[i])
            file_put(chunk->file[i]);
    cache_free(&chunk_cache, chunk);
}

void fd_table_close(struct fd_table *table)
{
    for (size_t i = 0; i < ARRAY_SIZE(table->chunk); i++)
        if (table->chunk[i])
            fd_chunk_free(table->chunk[i]);
}

err_t fd_find(int fd, struct file **out)
{
    const struct fd_chunk *chunk;

    if (fd < 0 || fd >= FD_MAX)
        return ERR_BADF;
    chunk = fd_current()->chunk[fd / FD_CHUNK];
    *out = chunk ? chunk->file[fd % FD_CHUNK] : NULL;
    return *out ? ERR_OK : ERR_BADF;
}

err_t fd_install(struct file *file, int lowest, bool close_on_exec, int *fd)
{
    struct file *taken;

    if (lowest < 0 || lowest >= FD_MAX)
        return ERR_INVAL;
    *fd = lowest;
    while (fd_find(*fd, &taken) == ERR_OK)
        ++*fd;
    return *fd == FD_MAX ? ERR_MFILE : fd_replace(file, *fd, close_on_exec);
}

err_t fd_replace(struct file *file, int fd, bool close_on_exec)
{
    struct fd_chunk *chunk;
    struct file *old;
    err_t err = fd < 0 || fd >= FD_MAX ? ERR_BADF : fd_make_chunk(fd_current(), fd, &chunk);

    if (err)
        return err;
    old = chunk->file[fd % FD_CHUNK];
    chunk->file[fd % FD_CHUNK] = file_get(file);
    fd_set_close_on_exec(fd, close_on_exec);
    if (old)
        file_put(old);
    return ERR_OK;
}

err_t fd_close(int fd)
{
    struct file *file;
    err_t err = fd_find(fd, &file);

    if (err)
        return err;
    fd_current()->chunk[fd / FD_CHUNK]->file[fd % FD_CHUNK] = NULL;
    file_put(file);
    return ERR_OK;
}

bool fd_close_on_exec(int fd)
{
    return fd_current()->chunk[fd / FD_CHUNK]->on_exec >> fd % FD_CHUNK & 1;
}

void fd_set_close_on_exec(int fd, bool on)
{
    uint64_t *word = &fd_current()->chunk[fd / FD_CHUNK]->on_exec;
    uint64_t bit = UINT64_C(1) << fd % FD_CHUNK;

    *word = on ? *word | bit : *word & ~bit;
}

void fd_close_marked(void)
{
    struct file *file;

    for (int fd = 0; fd < FD_MAX; fd++)
        if (!fd_find(fd, &file) && fd_close_on_exec(fd))
            (void)fd_close(fd);
}
