/* Looking up paths: see path.h. */
#include "kern/path.h"

#include "arch/mmu.h"
#include "kern/proc.h"
#include "lib/string.h"
#include "pmm/pmm.h"
#include "sched/task.h"
#include "vm/user_copy.h"

_Static_assert(PATH_MAX <= PAGE_SIZE, "a path fits a frame");

static err_t path_alloc(char **out)
{
    paddr_t frame;
    err_t err = pmm_alloc(0, &frame);

    if (!err)
        *out = phys_to_virt(frame);
    return err;
}

void path_free(char *path)
{
    pmm_free(virt_to_phys(path), 0);
}

err_t path_copy(vaddr_t from, char **out)
{
    size_t len;
    err_t err = path_alloc(out);

    if (err)
        return err;
    err = copy_string_from_user(*out, from, PATH_MAX, &len);
    if (err)
        path_free(*out);
    return err;
}

static err_t path_lookup_plain(const char *plain, struct path_node *out)
{
    if (strcmp(plain, "proc/self/exe") == 0 && task_current()->exe)
        plain = task_current()->exe;
    out->proc = proc_find(plain);
    return out->proc ? ERR_OK : image_lookup(plain, &out->image);
}

err_t path_lookup(const char *text, struct path_node *out)
{
    char *plain;
    bool directory;
    err_t err;

    memset(out, 0, sizeof(*out));
    if (text[0] == '\0')
        return ERR_NOENT;
    err = path_alloc(&plain);
    if (err)
        return err;
    memcpy(plain, text, strlen(text) + 1);
    image_normalize(plain, &directory);
    err = path_lookup_plain(plain, out);
    path_free(plain);
    if (!err && directory && (out->proc || out->image.kind != IMAGE_DIRECTORY))
        err = ERR_NOTDIR;
    return err;
}
