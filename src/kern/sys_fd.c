/* System calls about file descriptors themselves. */
#include "kern/fd.h"
#include "kern/file.h"
#include "kern/linux.h"
#include "kern/pipe.h"
#include "kern/syscall.h"
#include "vm/user_copy.h"

/* A second number, at or above lowest, for the file behind fd. */
static int64_t fd_duplicate(int fd, int lowest, bool close_on_exec)
{
    struct file *file;
    int copy;
    err_t err = fd_find(fd, &file);

    if (!err)
        err = fd_install(file, lowest, close_on_exec, &copy);
    return err ? err : copy;
}

static int64_t fd_set_flags(struct file *file, unsigned flags)
{
    const unsigned settable = O_APPEND | O_NONBLOCK;

    file->flags = (file->flags & ~settable) | (flags & settable);
    return 0;
}

int64_t sys_fcntl(struct trap_frame *frame)
{
    int fd = (int)frame->rdi;
    struct file *file;
    err_t err = fd_find(fd, &file);

    if (err)
        return err;
    switch ((int)frame->rsi) {
    case F_DUPFD:
        return fd_duplicate(fd, (int)frame->rdx, false);
    case F_DUPFD_CLOEXEC:
        return fd_duplicate(fd, (int)frame->rdx, true);
    case F_GETFD:
        return fd_close_on_exec(fd) ? FD_CLOEXEC : 0;
    case F_SETFD:
        fd_set_close_on_exec(fd, frame->rdx & FD_CLOEXEC);
        return 0;
    case F_GETFL:
        return file->flags;
    case F_SETFL:
        return fd_set_flags(file, (unsigned)frame->rdx);
    default:
        return ERR_INVAL;
    }
}

int64_t sys_dup(struct trap_frame *frame)
{
    return fd_duplicate((int)frame->rdi, 0, false);
}

static int64_t fd_duplicate_to(int from, int to, bool close_on_exec)
{
    struct file *file;
    err_t err = fd_find(from, &file);

    if (!err)
        err = fd_replace(file, to, close_on_exec);
    return err ? err : to;
}

int64_t sys_dup2(struct trap_frame *frame)
{
    int from = (int)frame->rdi, to = (int)frame->rsi;
    struct file *file;

    if (from == to)
        return fd_find(from, &file) ? ERR_BADF : from;
    return fd_duplicate_to(from, to, false);
}

int64_t sys_dup3(struct trap_frame *frame)
{
    int from = (int)frame->rdi, to = (int)frame->rsi;
    unsigned flags = (unsigned)frame->rdx;

    if (from == to || (flags & ~(unsigned)O_CLOEXEC))
        return ERR_INVAL;
    return fd_duplicate_to(from, to, flags & O_CLOEXEC);
}

/* Number both ends and tell the program, or do neither. */
static err_t pipe_install(struct file *end[2], bool close_on_exec, vaddr_t out)
{
    int fd[2];
    err_t err = fd_install(end[0], 0, close_on_exec, &fd[0]);

    if (err)
        return err;
    err = fd_install(end[1], 0, close_on_exec, &fd[1]);
    if (!err) {
        err = copy_to_user(out, fd, sizeof(fd));
        if (err)
            (void)fd_close(fd[1]);
    }
    if (err)
        (void)fd_close(fd[0]);
    return err;
}

int64_t sys_pipe2(struct trap_frame *frame)
{
    unsigned flags = (unsigned)frame->rsi;
    struct file *end[2];
    err_t err;

    if (flags & ~(unsigned)(O_CLOEXEC | O_NONBLOCK))
        return ERR_INVAL;
    err = pipe_new(flags & O_NONBLOCK, end);
    if (err)
        return err;
    err = pipe_install(end, flags & O_CLOEXEC, frame->rdi);
    file_put(end[0]);
    file_put(end[1]);
    return err;
}

int64_t sys_pipe(struct trap_frame *frame)
{
    struct trap_frame no_flags = *frame;

    no_flags.rsi = 0;
    return sys_pipe2(&no_flags);
}
