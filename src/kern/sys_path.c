/* System calls that take paths. */
#include "kern/fd.h"
#include "kern/file.h"
#include "kern/linux.h"
#include "kern/path.h"
#include "kern/proc.h"
#include "kern/syscall.h"
#include "lib/print.h"
#include "lib/string.h"
#include "sched/task.h"
#include "vm/user_copy.h"

/* Directories cannot be opened, so that only absolute paths and AT_FDCWD lead anywhere. */
static err_t path_check_start(int dirfd, const char *text)
{
    struct file *file;
    err_t err;

    if (dirfd == AT_FDCWD || text[0] == '/' || text[0] == '\0')
        return ERR_OK;
    err = fd_find(dirfd, &file);
    return err ? err : ERR_NOTDIR;
}

/* Look up a path in the program's memory. */
static err_t path_find(int dirfd, vaddr_t path, struct path_node *out)
{
    char *text;
    err_t err = path_copy(path, &text);

    if (err)
        return err;
    err = path_check_start(dirfd, text);
    if (!err)
        err = path_lookup(text, out);
    path_free(text);
    return err;
}

/* Linux's order: a missing file, one that must be new, a directory, the read-only disk. */
static err_t open_check(err_t found, const struct path_node *node, unsigned flags)
{
    bool directory = !found && !node->proc && node->image.kind == IMAGE_DIRECTORY;
    bool writes = (flags & O_ACCMODE) != O_RDONLY || (flags & O_TRUNC);

    if (found == ERR_NOENT && (flags & O_CREAT))
        return ERR_ROFS;
    if (found)
        return found;
    if ((flags & O_CREAT) && (flags & O_EXCL))
        return ERR_EXIST;
    if (directory)
        return ERR_ISDIR;
    if (flags & O_DIRECTORY)
        return ERR_NOTDIR;
    return writes && !(node->proc && node->proc->write) ? ERR_ROFS : ERR_OK;
}

static int64_t file_open(int dirfd, vaddr_t path, unsigned flags)
{
    struct path_node node;
    struct file *file;
    int fd;
    err_t err = open_check(path_find(dirfd, path, &node), &node, flags);

    if (err)
        return err;
    if (node.proc)
        err = file_new(node.proc, O_LARGEFILE | (flags & O_ACCMODE), &file);
    else
        err = file_open_image(&node.image.file, O_LARGEFILE | (flags & O_NONBLOCK), &file);
    if (err)
        return err;
    err = fd_install(file, 0, flags & O_CLOEXEC, &fd);
    file_put(file);
    return err ? err : fd;
}

int64_t sys_open(struct trap_frame *frame)
{
    return file_open(AT_FDCWD, frame->rdi, (unsigned)frame->rsi);
}

int64_t sys_openat(struct trap_frame *frame)
{
    return file_open((int)frame->rdi, frame->rsi, (unsigned)frame->rdx);
}

static void stat_node(const struct path_node *node, struct linux_stat *out)
{
    if (node->proc)
        node->proc->stat(NULL, out);
    else if (node->image.kind == IMAGE_DIRECTORY)
        stat_directory(out);
    else
        stat_image(&node->image.file, out);
}

static int64_t stat_path(int dirfd, vaddr_t path, vaddr_t out)
{
    struct path_node node;
    struct linux_stat stat;
    err_t err = path_find(dirfd, path, &node);

    if (err)
        return err;
    stat_node(&node, &stat);
    return copy_to_user(out, &stat, sizeof(stat));
}

static int64_t stat_fd(int fd, vaddr_t out)
{
    struct file *file;
    struct linux_stat stat;
    err_t err = fd_find(fd, &file);

    if (err)
        return err;
    file->ops->stat(file, &stat);
    return copy_to_user(out, &stat, sizeof(stat));
}

/* There are no symbolic links in the image: lstat is the same. */
int64_t sys_stat(struct trap_frame *frame)
{
    return stat_path(AT_FDCWD, frame->rdi, frame->rsi);
}

int64_t sys_fstat(struct trap_frame *frame)
{
    return stat_fd((int)frame->rdi, frame->rsi);
}

int64_t sys_newfstatat(struct trap_frame *frame)
{
    const unsigned known = AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT | AT_EMPTY_PATH;
    unsigned flags = (unsigned)frame->r10;
    char first = 1;

    if (flags & ~known)
        return ERR_INVAL;
    if (flags & AT_EMPTY_PATH) {
        err_t err = copy_from_user(&first, frame->rsi, 1);

        if (err)
            return err;
    }
    if (first == '\0' && (int)frame->rdi != AT_FDCWD)
        return stat_fd((int)frame->rdi, frame->rdx);
    return stat_path((int)frame->rdi, frame->rsi, frame->rdx);
}

int64_t sys_access(struct trap_frame *frame)
{
    unsigned mode = (unsigned)frame->rsi;
    struct path_node node;
    struct linux_stat stat;
    err_t err;

    if (mode & ~(unsigned)(R_OK | W_OK | X_OK))
        return ERR_INVAL;
    err = path_find(AT_FDCWD, frame->rdi, &node);
    if (err)
        return err;
    stat_node(&node, &stat);
    if ((mode & W_OK) && !(node.proc && node.proc->write))
        return ERR_ROFS;
    return (mode & X_OK) && !(stat.mode & 0111) ? ERR_ACCES : ERR_OK;
}

/* The working directory is always the root. */
int64_t sys_getcwd(struct trap_frame *frame)
{
    static const char root[] = "/";

    if (frame->rsi < sizeof(root))
        return ERR_RANGE;
    err_t err = copy_to_user(frame->rdi, root, sizeof(root));

    return err ? err : (int64_t)sizeof(root);
}

/* The only link there is: the program's own file. */
static int64_t readlink_exe(vaddr_t out, uint64_t size)
{
    const char *exe = task_current()->exe;
    size_t len = min_u64(strlen(exe), size - 1);
    err_t err = copy_to_user(out, "/", 1);

    if (!err)
        err = copy_to_user(out + 1, exe, len);
    return err ? err : (int64_t)(1 + len);
}

int64_t sys_readlink(struct trap_frame *frame)
{
    int size = (int)frame->rdx;
    char *text;
    struct path_node node;
    bool is_exe;
    err_t err;

    if (size <= 0)
        return ERR_INVAL;
    err = path_copy(frame->rdi, &text);
    if (err)
        return err;
    is_exe = strcmp(text, "/proc/self/exe") == 0;
    err = path_lookup(text, &node);
    path_free(text);
    if (is_exe)
        return readlink_exe(frame->rsi, (uint64_t)size);
    return err ? err : ERR_INVAL;
}
