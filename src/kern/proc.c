/* Files under /proc: see proc.h. */
#include "kern/proc.h"

#include "arch/layout.h"
#include "kern/file.h"
#include "kern/linux.h"
#include "kern/mapping.h"
#include "lib/print.h"
#include "lib/string.h"
#include "pmm/pmm.h"
#include "sched/task.h"
#include "vm/address_space.h"
#include "vm/user_copy.h"

/*
 * A text that is made anew for every read: of all that is written, only what
 * lies in the reader's window is copied.
 */
struct text_window {
    struct io *io;
    uint64_t position; /* in the whole text */
    err_t err;         /* the first error; nothing more is copied then */
};

static bool text_is_full(const struct text_window *w)
{
    return w->err || w->io->done == w->io->len;
}

static void text_put(struct text_window *w, const char *text, size_t len)
{
    uint64_t wanted = w->io->offset + w->io->done;
    size_t skip = wanted > w->position ? min_u64(wanted - w->position, len) : 0;
    size_t part = min_u64(len - skip, w->io->len - w->io->done);

    w->position += len;
    if (w->err)
        return;
    w->err = copy_to_user(w->io->buf + w->io->done, text + skip, part);
    if (!w->err)
        w->io->done += part;
}

static const char *maps_name(const struct task *task, const struct vma *vma, uint64_t end)
{
    if (vma->type == VMA_STACK)
        return vma->flags & VMA_READ ? "[stack]" : "[guard]";
    if (vma->start <= task->brk && end >= task->brk_start && task->brk > task->brk_start)
        return "[heap]";
    return "";
}

static void maps_put_line(struct text_window *w, const struct task *task, const struct vma *vma,
                          uint64_t end)
{
    char line[96];
    bool code = vma->type == VMA_CODE;
    int len = fmt_snprintf(line, sizeof(line), "%08llx-%08llx %c%c%c%c 00000000 00:00 0 %*s%s",
                           (unsigned long long)vma->start, (unsigned long long)end,
                           vma->flags & VMA_READ ? 'r' : '-', vma->flags & VMA_WRITE ? 'w' : '-',
                           vma->flags & VMA_EXEC ? 'x' : '-', vma->flags & VMA_SHARED ? 's' : 'p',
                           vma->start >> 32 ? 17 : 25, "", code ? "/" : maps_name(task, vma, end));

    text_put(w, line, (size_t)len);
    if (code)
        text_put(w, task->exe, strlen(task->exe));
    text_put(w, "\n", 1);
}

static err_t maps_read(struct file *file, struct io *io)
{
    const struct task *task = task_current();
    struct text_window w = { .io = io };
    struct vma vma;
    vaddr_t at = 0;

    (void)file;
    while (!text_is_full(&w) && as_region_at_or_after(task->as, at, &vma)) {
        at = vma.start + vma_len(&vma);
        maps_put_line(&w, task, &vma, at);
    }
    return w.err;
}

static err_t meminfo_read(struct file *file, struct io *io)
{
    struct text_window w = { .io = io };
    struct pmm_stats stats;
    char text[128];
    int len;

    (void)file;
    pmm_stats(&stats);
    len = fmt_snprintf(text, sizeof(text),
                       "MemTotal:       %8llu kB\nMemFree:        %8llu kB\n"
                       "PageTables:     %8llu kB\n",
                       (unsigned long long)stats.total * 4, (unsigned long long)stats.free * 4,
                       (unsigned long long)stats.tables * 4);
    text_put(&w, text, (size_t)len);
    return w.err;
}

static err_t buddyinfo_read(struct file *file, struct io *io)
{
    struct text_window w = { .io = io };
    struct pmm_stats stats;
    char text[24];
    int len;

    (void)file;
    pmm_stats(&stats);
    text_put(&w, "Node 0, zone   Normal ", 22);
    for (unsigned order = 0; order < PMM_ORDERS; order++) {
        len = fmt_snprintf(text, sizeof(text), "%6llu ", (unsigned long long)stats.blocks[order]);
        text_put(&w, text, (size_t)len);
    }
    text_put(&w, "\n", 1);
    return w.err;
}

/* Read a file that is an array of 8-byte words: whole words only, as on Linux. */
static err_t words_read(struct io *io, uint64_t count, uint64_t (*word)(uint64_t index))
{
    if (!is_aligned(io->offset | io->len, 8))
        return ERR_INVAL;
    while (io->done < io->len) {
        uint64_t index = (io->offset + io->done) / 8, value;
        err_t err;

        if (index >= count)
            return ERR_OK;
        value = word(index);
        err = copy_to_user(io->buf + io->done, &value, sizeof(value));
        if (err)
            return err;
        io->done += sizeof(value);
    }
    return ERR_OK;
}

static uint64_t pagemap_word(uint64_t page)
{
    paddr_t pa;

    if (!as_translate(task_current()->as, page * PAGE_SIZE, &pa))
        return 0;
    return UINT64_C(1) << 63 | pa.v / PAGE_SIZE;
}

static err_t pagemap_read(struct file *file, struct io *io)
{
    (void)file;
    return words_read(io, USER_MAX / PAGE_SIZE, pagemap_word);
}

static uint64_t kpagecount_word(uint64_t frame)
{
    return frame_count(PADDR(frame * PAGE_SIZE));
}

static err_t kpagecount_read(struct file *file, struct io *io)
{
    (void)file;
    return words_read(io, pmm_limit() / PAGE_SIZE, kpagecount_word);
}

static void proc_stat(struct file *file, struct linux_stat *out)
{
    (void)file;
    stat_fill(out, 3, S_IFREG | 0444, 0);
}

static err_t null_read(struct file *file, struct io *io)
{
    (void)file, (void)io;
    return ERR_OK;
}

static err_t null_write(struct file *file, struct io *io)
{
    (void)file;
    io->done = io->len;
    return ERR_OK;
}

static void null_stat(struct file *file, struct linux_stat *out)
{
    (void)file;
    stat_fill(out, 4, S_IFCHR | 0666, 0);
}

static const struct {
    const char *path;
    struct file_ops ops;
} proc_files[] = {
    { "proc/self/maps", { .read = maps_read, .stat = proc_stat, .has_position = true } },
    { "proc/self/pagemap", { .read = pagemap_read, .stat = proc_stat, .has_position = true } },
    { "proc/kpagecount", { .read = kpagecount_read, .stat = proc_stat, .has_position = true } },
    { "dev/null", { .read = null_read, .write = null_write, .stat = null_stat } },
    { "proc/meminfo", { .read = meminfo_read, .stat = proc_stat, .has_position = true } },
    { "proc/buddyinfo", { .read = buddyinfo_read, .stat = proc_stat, .has_position = true } },
};

const struct file_ops *proc_find(const char *plain)
{
    for (size_t i = 0; i < ARRAY_SIZE(proc_files); i++)
        if (strcmp(plain, proc_files[i].path) == 0)
            return &proc_files[i].ops;
    return NULL;
}
