/* Tables of file descriptors: see fd.h. */
#include "kern/fd.h"

#include "kern/console.h"
#include "kern/file.h"
#include "kern/linux.h"
#include "pmm/cache.h"
#include "sched/task.h"

struct fd_table {
    struct file *file[FD_MAX];   /* (t) null: free */
    uint8_t on_exec[FD_MAX / 8]; /* (t) bit set: close at exec */
};

static struct obj_cache fd_cache = OBJ_CACHE_INIT(fd_cache, struct fd_table);

static struct fd_table *fd_current(void)
{
    return task_current()->files;
}

err_t fd_table_new(struct fd_table **out)
{
    void *memory;
    struct fd_table *table;
    err_t err = cache_alloc(&fd_cache, &memory);

    if (err)
        return err;
    table = memory;
    err = console_open_input(&table->file[0]);
    if (!err)
        err = console_open_output('O', &table->file[1]);
    if (!err)
        err = console_open_output('E', &table->file[2]);
    if (err)
        fd_table_free(table);
    else
        *out = table;
    return err;
}

err_t fd_table_clone(const struct fd_table *table, struct fd_table **out)
{
    void *memory;
    struct fd_table *copy;
    err_t err = cache_alloc(&fd_cache, &memory);

    if (err)
        return err;
    copy = memory;
    *copy = *table;
    for (int fd = 0; fd < FD_MAX; fd++)
        if (copy->file[fd])
            file_get(copy->file[fd]);
    *out = copy;
    return ERR_OK;
}

void fd_table_free(struct fd_table *table)
{
    for (int fd = 0; fd < FD_MAX; fd++)
        if (table->file[fd])
            file_put(table->file[fd]);
    cache_free(&fd_cache, table);
}

err_t fd_find(int fd, struct file **out)
{
    if (fd < 0 || fd >= FD_MAX || !fd_current()->file[fd])
        return ERR_BADF;
    *out = fd_current()->file[fd];
    return ERR_OK;
}

err_t fd_install(struct file *file, int lowest, bool close_on_exec, int *fd)
{
    struct fd_table *table = fd_current();

    if (lowest < 0 || lowest >= FD_MAX)
        return ERR_INVAL;
    for (int i = lowest; i < FD_MAX; i++) {
        if (table->file[i])
            continue;
        table->file[i] = file;
        fd_set_close_on_exec(i, close_on_exec);
        *fd = i;
        return ERR_OK;
    }
    return ERR_MFILE;
}

void fd_replace(struct file *file, int fd, bool close_on_exec)
{
    struct fd_table *table = fd_current();
    struct file *old = table->file[fd];

    table->file[fd] = file_get(file);
    fd_set_close_on_exec(fd, close_on_exec);
    if (old)
        file_put(old);
}

err_t fd_close(int fd)
{
    struct file *file;
    err_t err = fd_find(fd, &file);

    if (err)
        return err;
    fd_current()->file[fd] = NULL;
    file_put(file);
    return ERR_OK;
}

bool fd_close_on_exec(int fd)
{
    return fd_current()->on_exec[fd / 8] >> fd % 8 & 1;
}

void fd_set_close_on_exec(int fd, bool on)
{
    uint8_t *byte = &fd_current()->on_exec[fd / 8];
    uint8_t bit = (uint8_t)(1 << fd % 8);

    *byte = (uint8_t)(on ? *byte | bit : *byte & ~bit);
}

void fd_close_marked(void)
{
    for (int fd = 0; fd < FD_MAX; fd++)
        if (fd_close_on_exec(fd))
            (void)fd_close(fd);
}
