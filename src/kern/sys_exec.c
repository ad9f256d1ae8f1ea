/* execve: find the file, build the program, then make it the process's. */
#include "kern/path.h"
#include "kern/process.h"
#include "kern/random.h"
#include "kern/syscall.h"
#include "sched/exec.h"

/* The file to run. Errors: ERR_ACCES for what is no file, or not executable. */
static err_t exec_find(const char *path, struct cpio_entry *out)
{
    struct path_node node;
    err_t err = path_lookup(path, &node);

    if (err)
        return err;
    if (node.proc || node.image.kind != IMAGE_FILE || !(node.image.file.mode & 0111))
        return ERR_ACCES;
    *out = node.image.file;
    return ERR_OK;
}

static err_t exec_run(const char *path, vaddr_t argv, vaddr_t envp)
{
    struct cpio_entry file;
    struct exec_program program;
    struct exec_request request = { .path = path, .argv = argv, .envp = envp };
    err_t err = exec_find(path, &file);

    if (err)
        return err;
    request.file = file.data;
    request.size = file.size;
    random_fill(request.random, sizeof(request.random));
    err = exec_build(&request, &program);
    if (err)
        return err;
    exec_commit(&program, file.name);
    process_reset_for_exec();
    return ERR_OK;
}

int64_t sys_execve(struct trap_frame *frame)
{
    char *path;
    err_t err = path_copy(frame->rdi, &path);

    if (err)
        return err;
    err = exec_run(path, frame->rsi, frame->rdx);
    path_free(path);
    return err;
}
