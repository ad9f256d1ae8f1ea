/* Open files, and those of the image: see file.h. */
#include "kern/file.h"

#include "arch/layout.h"
#include "kern/linux.h"
#include "lib/string.h"
#include "pmm/cache.h"
#include "vm/user_copy.h"

static struct obj_cache file_cache = OBJ_CACHE_INIT(file_cache, struct file);

err_t file_new(const struct file_ops *ops, unsigned flags, struct file **out)
{
    struct file *file;
    void *memory;
    err_t err = cache_alloc(&file_cache, &memory);

    if (err)
        return err;
    file = memory;
    file->references = 1;
    file->ops = ops;
    file->flags = flags;
    *out = file;
    return ERR_OK;
}

struct file *file_get(struct file *file)
{
    __atomic_add_fetch(&file->references, 1, __ATOMIC_RELAXED);
    return file;
}

void file_put(struct file *file)
{
    if (__atomic_sub_fetch(&file->references, 1, __ATOMIC_ACQ_REL) != 0)
        return;
    if (file->ops->release)
        file->ops->release(file);
    cache_free(&file_cache, file);
}

bool file_can_read(const struct file *file)
{
    return (file->flags & O_ACCMODE) != O_WRONLY && file->ops->read;
}

bool file_can_write(const struct file *file)
{
    return (file->flags & O_ACCMODE) != O_RDONLY && file->ops->write;
}

err_t io_read_memory(struct io *io, const void *data, uint64_t size)
{
    size_t len = io->offset < size ? min_u64(io->len, size - io->offset) : 0;
    err_t err = copy_to_user(io->buf, (const char *)data + io->offset, len);

    if (!err)
        io->done = len;
    return err;
}

static err_t image_read(struct file *file, struct io *io)
{
    return io_read_memory(io, file->entry.data, file->entry.size);
}

static void image_stat(struct file *file, struct linux_stat *out)
{
    stat_image(&file->entry, out);
}

static const struct file_ops image_ops = {
    .read = image_read,
    .stat = image_stat,
    .has_position = true,
};

err_t file_open_image(const struct cpio_entry *entry, unsigned flags, struct file **out)
{
    err_t err = file_new(&image_ops, flags, out);

    if (!err)
        (*out)->entry = *entry;
    return err;
}

bool file_is_image(const struct file *file)
{
    return file->ops == &image_ops;
}

void stat_fill(struct linux_stat *out, uint64_t ino, unsigned mode, uint64_t size)
{
    memset(out, 0, sizeof(*out));
    out->dev = 1;
    out->ino = ino;
    out->nlink = 1;
    out->mode = mode;
    out->size = size;
    out->blksize = PAGE_SIZE;
    out->blocks = (size + 511) / 512;
}

void stat_image(const struct cpio_entry *entry, struct linux_stat *out)
{
    stat_fill(out, entry->ino, entry->mode, entry->size);
    out->atime = out->mtime = out->ctime = entry->mtime;
}

void stat_directory(struct linux_stat *out)
{
    stat_fill(out, 1, S_IFDIR | 0555, 0);
}
