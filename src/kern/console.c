/* Standard streams: see console.h. */
#include "kern/console.h"

#include "arch/hoststream.h"
#include "arch/serial.h"
#include "arch/spinlock.h"
#include "arch/timer.h"
#include "kern/file.h"
#include "kern/image.h"
#include "kern/linux.h"
#include "lib/string.h"
#include "sched/wait_queue.h"
#include "vm/user_copy.h"

static err_t output_write(struct file *file, struct io *io)
{
    char chunk[512];

    while (io->done < io->len) {
        size_t len = min_u64(io->len - io->done, sizeof(chunk));
        err_t err = copy_from_user(chunk, io->buf + io->done, len);

        if (err)
            return err;
        host_stream_send(file->stream, chunk, len);
        io->done += len;
    }
    return ERR_OK;
}

static void console_stat(struct file *file, struct linux_stat *out)
{
    (void)file;
    stat_fill(out, 2, S_IFIFO | 0600, 0);
}

static const struct file_ops output_ops = { .write = output_write, .stat = console_stat };

err_t console_open_output(char stream, struct file **out)
{
    err_t err = file_new(&output_ops, O_WRONLY, out);

    if (!err)
        (*out)->stream = stream;
    return err;
}

/* Input that came with the image: read through once, as a pipe is. */
static err_t input_read(struct file *file, struct io *io)
{
    err_t err;

    io->offset = file->position;
    err = io_read_memory(io, file->entry.data, file->entry.size);
    file->position += io->done;
    return err;
}

static unsigned input_poll(struct file *file)
{
    return file->position < file->entry.size ? POLLIN : POLLHUP;
}

static const struct file_ops input_ops = {
    .read = input_read,
    .poll = input_poll,
    .stat = console_stat,
};

/*
 * Input from COM1, whose bytes wait in the device until a reader asks. A line
 * is handed out when it is complete: that is when its newline, the end of input
 * or the end of the buffer has come.
 */
static struct {
    struct spinlock lock;
    char text[PAGE_SIZE]; /* (l) */
    size_t len;           /* (l) bytes in text */
    bool ended;           /* (l) byte 4 came; nothing is read any more */
} line = { .lock = SPINLOCK_INIT(LOCK_PIPE) };

/* How many bytes a reader may take now, after looking at the device. */
static size_t line_fill_locked(void)
{
    enum { END_OF_INPUT = 4 };
    uint8_t byte;
    const char *newline;

    while (!line.ended && line.len < sizeof(line.text) && serial_read(&byte)) {
        if (byte == END_OF_INPUT)
            line.ended = true;
        else
            line.text[line.len++] = (char)byte;
    }
    newline = memchr(line.text, '\n', line.len);
    if (newline)
        return (size_t)(newline - line.text) + 1;
    return line.ended || line.len == sizeof(line.text) ? line.len : 0;
}

static err_t line_read(struct file *file, struct io *io)
{
    static struct wait_queue nobody = WAIT_QUEUE_INIT(nobody);
    size_t ready;
    err_t err = ERR_OK;

    spin_lock(&line.lock);
    while ((ready = line_fill_locked()) == 0 && !line.ended) {
        err = file->flags & O_NONBLOCK
                  ? ERR_AGAIN
                  : wait_sleep(&nobody, &line.lock, clock_ns() + CONSOLE_POLL_NS);
        if (err == ERR_INTR || (file->flags & O_NONBLOCK))
            break;
    }
    ready = min_u64(ready, io->len);
    if (ready)
        err = copy_to_user(io->buf, line.text, ready);
    if (ready && !err) {
        memmove(line.text, line.text + ready, line.len - ready);
        line.len -= ready;
        io->done = ready;
    }
    spin_unlock(&line.lock);
    return err == ERR_AGAIN && line.ended ? ERR_OK : err;
}

static unsigned line_poll(struct file *file)
{
    unsigned events = 0;

    (void)file;
    spin_lock(&line.lock);
    if (line_fill_locked() > 0)
        events = POLLIN;
    else if (line.ended)
        events = POLLHUP;
    spin_unlock(&line.lock);
    return events;
}

static const struct file_ops line_ops = {
    .read = line_read,
    .poll = line_poll,
    .stat = console_stat,
};

bool console_is_output(const struct file *file)
{
    return file->ops == &output_ops && file->stream == 'O';
}

bool console_is_interactive(const struct file *file)
{
    return file->ops == &line_ops;
}

err_t console_open_input(struct file **out)
{
    struct cpio_entry entry;
    bool interactive = image_find(".quire/stdin", &entry) != ERR_OK;
    err_t err = file_new(interactive ? &line_ops : &input_ops, O_RDONLY, out);

    if (!err && !interactive)
        (*out)->entry = entry;
    return err;
}
