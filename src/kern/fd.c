/* Tables of file descriptors: see fd.h. */
#include "kern/fd.h"

#include "kern/console.h"
#include "kern/file.h"
#include "kern/linux.h"
#include "pmm/cache.h"
#include "sched/task.h"

enum { CHUNK_FDS = 64, CHUNKS = FD_MAX / CHUNK_FDS };

/* Numbers come in chunks that exist only while used: most programs need the first one. */
struct fd_chunk {
    struct file *file[CHUNK_FDS]; /* (t) null: free */
    uint64_t on_exec;             /* (t) bit set: close at exec */
};

struct fd_table {
    struct fd_chunk *chunk[CHUNKS]; /* (t) null: all free */
};

static struct obj_cache table_cache = OBJ_CACHE_INIT(table_cache, struct fd_table);
static struct obj_cache chunk_cache = OBJ_CACHE_INIT(chunk_cache, struct fd_chunk);

/* Where the file under fd is kept; null if its chunk does not exist. 0 <= fd < FD_MAX. */
static struct file **fd_slot(struct fd_table *table, int fd)
{
    struct fd_chunk *chunk = table->chunk[fd / CHUNK_FDS];

    return chunk ? &chunk->file[fd % CHUNK_FDS] : NULL;
}

static struct file *fd_file(struct fd_table *table, int fd)
{
    struct file **slot = fd_slot(table, fd);

    return slot ? *slot : NULL;
}

static err_t fd_slot_make(struct fd_table *table, int fd, struct file ***out)
{
    struct fd_chunk **chunk = &table->chunk[fd / CHUNK_FDS];
    void *memory;

    if (!*chunk) {
        err_t err = cache_alloc(&chunk_cache, &memory);

        if (err)
            return err;
        *chunk = memory;
    }
    *out = fd_slot(table, fd);
    return ERR_OK;
}

static struct fd_table *fd_current(void)
{
    return task_current()->files;
}

static err_t fd_open_standard(struct fd_table *table)
{
    struct file **slot;
    err_t err = fd_slot_make(table, 0, &slot);

    if (!err)
        err = console_open_input(&slot[0]);
    if (!err)
        err = console_open_output('O', &slot[1]);
    if (!err)
        err = console_open_output('E', &slot[2]);
    return err;
}

err_t fd_table_new(struct fd_table **out)
{
    void *memory;
    err_t err = cache_alloc(&table_cache, &memory);

    if (err)
        return err;
    err = fd_open_standard(memory);
    if (err)
        fd_table_free(memory);
    else
        *out = memory;
    return err;
}

static err_t fd_chunk_clone(const struct fd_chunk *chunk, struct fd_chunk **out)
{
    void *memory;
    err_t err = cache_alloc(&chunk_cache, &memory);

    if (err)
        return err;
    *out = memory;
    **out = *chunk;
    for (int i = 0; i < CHUNK_FDS; i++)
        if (chunk->file[i])
            file_get(chunk->file[i]);
    return ERR_OK;
}

err_t fd_table_clone(const struct fd_table *table, struct fd_table **out)
{
    void *memory;
    struct fd_table *copy;
    err_t err = cache_alloc(&table_cache, &memory);

    if (err)
        return err;
    copy = memory;
    for (int i = 0; i < CHUNKS && !err; i++)
        if (table->chunk[i])
            err = fd_chunk_clone(table->chunk[i], &copy->chunk[i]);
    if (err)
        fd_table_free(copy);
    else
        *out = copy;
    return err;
}

static void fd_chunk_free(struct fd_chunk *chunk)
{
    for (int i = 0; i < CHUNK_FDS; i++)
        if (chunk->file[i])
            file_put(chunk->file[i]);
    cache_free(&chunk_cache, chunk);
}

void fd_table_free(struct fd_table *table)
{
    for (int i = 0; i < CHUNKS; i++)
        if (table->chunk[i])
            fd_chunk_free(table->chunk[i]);
    cache_free(&table_cache, table);
}

err_t fd_find(int fd, struct file **out)
{
    *out = fd < 0 || fd >= FD_MAX ? NULL : fd_file(fd_current(), fd);
    return *out ? ERR_OK : ERR_BADF;
}

err_t fd_install(struct file *file, int lowest, bool close_on_exec, int *fd)
{
    struct file **slot;
    err_t err;

    if (lowest < 0 || lowest >= FD_MAX)
        return ERR_INVAL;
    for (*fd = lowest; fd_file(fd_current(), *fd);)
        if (++*fd == FD_MAX)
            return ERR_MFILE;
    err = fd_slot_make(fd_current(), *fd, &slot);
    if (err)
        return err;
    *slot = file;
    fd_set_close_on_exec(*fd, close_on_exec);
    return ERR_OK;
}

err_t fd_replace(struct file *file, int fd, bool close_on_exec)
{
    struct file **slot, *old;
    err_t err = fd_slot_make(fd_current(), fd, &slot);

    if (err)
        return err;
    old = *slot;
    *slot = file_get(file);
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
    *fd_slot(fd_current(), fd) = NULL;
    file_put(file);
    return ERR_OK;
}

bool fd_close_on_exec(int fd)
{
    return fd_current()->chunk[fd / CHUNK_FDS]->on_exec >> fd % CHUNK_FDS & 1;
}

void fd_set_close_on_exec(int fd, bool on)
{
    uint64_t *word = &fd_current()->chunk[fd / CHUNK_FDS]->on_exec;
    uint64_t bit = UINT64_C(1) << fd % CHUNK_FDS;

    *word = on ? *word | bit : *word & ~bit;
}

void fd_close_marked(void)
{
    struct file *file;

    for (int fd = 0; fd < FD_MAX; fd++)
        if (!fd_find(fd, &file) && fd_close_on_exec(fd))
            (void)fd_close(fd);
}
