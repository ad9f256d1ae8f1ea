/* System calls that move bytes. A short transfer hides the error that ended it, as on Linux. */
#include "arch/layout.h"
#include "kern/fd.h"
#include "kern/file.h"
#include "kern/linux.h"
#include "kern/syscall.h"
#include "vm/user_copy.h"

/* Linux moves no more in one call (read(2), "NOTES"). */
enum { TRANSFER_MAX = 0x7ffff000 };

typedef err_t (*transfer_t)(struct file *file, struct io *io);

static err_t file_find_reader(int fd, struct file **out)
{
    err_t err = fd_find(fd, out);

    return !err && !file_can_read(*out) ? ERR_BADF : err;
}

static err_t file_find_writer(int fd, struct file **out)
{
    err_t err = fd_find(fd, out);

    return !err && !file_can_write(*out) ? ERR_BADF : err;
}

/* One transfer at io->offset; the result of a system call. */
static int64_t file_transfer(struct file *file, transfer_t transfer, struct io *io)
{
    err_t err;

    if (io->buf > USER_MAX || io->len > USER_MAX - io->buf)
        return ERR_FAULT;
    io->len = min_u64(io->len, TRANSFER_MAX);
    if (io->len == 0)
        return 0;
    err = transfer(file, io);
    return io->done || !err ? (int64_t)io->done : err;
}

/* The same at the file's own position, which moves. */
static int64_t file_transfer_at_position(struct file *file, transfer_t transfer, vaddr_t buf,
                                         uint64_t len)
{
    struct io io = { .buf = buf, .len = len, .offset = file->position };
    int64_t result = file_transfer(file, transfer, &io);

    if (file->ops->has_position)
        file->position += io.done;
    return result;
}

int64_t sys_read(struct trap_frame *frame)
{
    struct file *file;
    err_t err = file_find_reader((int)frame->rdi, &file);

    if (err)
        return err;
    return file_transfer_at_position(file, file->ops->read, frame->rsi, frame->rdx);
}

int64_t sys_write(struct trap_frame *frame)
{
    struct file *file;
    err_t err = file_find_writer((int)frame->rdi, &file);

    if (err)
        return err;
    return file_transfer_at_position(file, file->ops->write, frame->rsi, frame->rdx);
}

int64_t sys_pread64(struct trap_frame *frame)
{
    struct io io = { .buf = frame->rsi, .len = frame->rdx, .offset = frame->r10 };
    struct file *file;
    err_t err;

    if ((int64_t)io.offset < 0)
        return ERR_INVAL;
    err = fd_find((int)frame->rdi, &file);
    if (err)
        return err;
    if (!file->ops->has_position)
        return ERR_SPIPE;
    return file_transfer(file, file->ops->read, &io);
}

static err_t iovec_read(vaddr_t array, uint64_t index, struct linux_iovec *out)
{
    return copy_from_user(out, array + index * sizeof(*out), sizeof(*out));
}

/* Linux looks at the whole array before it moves a byte. */
static err_t iovec_check(vaddr_t array, uint64_t count)
{
    struct linux_iovec part;
    uint64_t total = 0;

    if (count > IOV_MAX)
        return ERR_INVAL;
    for (uint64_t i = 0; i < count; i++) {
        err_t err = iovec_read(array, i, &part);

        if (err)
            return err;
        if (part.len > INT64_MAX - total)
            return ERR_INVAL;
        total += part.len;
    }
    return ERR_OK;
}

/* Transfer part after part until one is short. */
static int64_t file_transfer_vector(struct file *file, transfer_t transfer,
                                    const struct trap_frame *frame)
{
    uint64_t count = frame->rdx;
    int64_t total = 0;
    err_t err = iovec_check(frame->rsi, count);

    if (err)
        return err;
    for (uint64_t i = 0; i < count; i++) {
        struct linux_iovec part = { 0, 0 };
        int64_t done;

        err = iovec_read(frame->rsi, i, &part);
        done = err ? err : file_transfer_at_position(file, transfer, part.base, part.len);
        if (done < 0)
            return total ? total : done;
        total += done;
        if ((uint64_t)done < part.len)
            break;
    }
    return total;
}

int64_t sys_readv(struct trap_frame *frame)
{
    struct file *file;
    err_t err = file_find_reader((int)frame->rdi, &file);

    return err ? err : file_transfer_vector(file, file->ops->read, frame);
}

int64_t sys_writev(struct trap_frame *frame)
{
    struct file *file;
    err_t err = file_find_writer((int)frame->rdi, &file);

    return err ? err : file_transfer_vector(file, file->ops->write, frame);
}

int64_t sys_close(struct trap_frame *frame)
{
    return fd_close((int)frame->rdi);
}

int64_t sys_lseek(struct trap_frame *frame)
{
    struct file *file;
    struct linux_stat stat;
    uint64_t base;
    int64_t target;
    err_t err = fd_find((int)frame->rdi, &file);

    if (err)
        return err;
    if (!file->ops->has_position)
        return ERR_SPIPE;
    file->ops->stat(file, &stat);
    switch (frame->rdx) {
    case SEEK_SET:
        base = 0;
        break;
    case SEEK_CUR:
        base = file->position;
        break;
    case SEEK_END:
        base = stat.size;
        break;
    default:
        return ERR_INVAL;
    }
    if (__builtin_add_overflow((int64_t)base, (int64_t)frame->rsi, &target) || target < 0)
        return ERR_INVAL;
    file->position = (uint64_t)target;
    return target;
}

/* Nothing here is a terminal or a device. */
int64_t sys_ioctl(struct trap_frame *frame)
{
    struct file *file;
    err_t err = fd_find((int)frame->rdi, &file);

    return err ? err : ERR_NOTTY;
}
