/* Files of the image: see image.h. */
#include "kern/image.h"

#include "arch/log.h"
#include "kern/linux.h"
#include "lib/string.h"

static struct {
    const void *archive; /* (!) null: none */
    uint64_t size;       /* (!) bytes */
} image;

static bool image_next(uint64_t *offset, struct cpio_entry *out)
{
    return image.archive && cpio_next(image.archive, image.size, offset, out) == ERR_OK;
}

void image_init(const void *archive, uint64_t size)
{
    struct cpio_entry entry;
    uint64_t offset = 0;
    unsigned files = 0;
    err_t err;

    if (!archive) {
        klog("image: the loader brought none; there are no files");
        return;
    }
    while ((err = cpio_next(archive, size, &offset, &entry)) == ERR_OK)
        files++;
    if (err == ERR_INVAL) {
        klog("image: the archive is broken at byte %llu of %llu; it is not used",
             (unsigned long long)offset, (unsigned long long)size);
        return;
    }
    image.archive = archive;
    image.size = size;
    klog("image: %u files, %llu bytes", files, (unsigned long long)size);
}

err_t image_find(const char *plain, struct cpio_entry *out)
{
    uint64_t offset = 0;

    while (image_next(&offset, out))
        if ((out->mode & S_IFMT) == S_IFREG && strcmp(out->name, plain) == 0)
            return ERR_OK;
    return ERR_NOENT;
}

/* Is path below directory: "a/b" below "a"? */
static bool path_is_below(const char *path, const char *directory)
{
    size_t len = strlen(directory);

    return strncmp(path, directory, len) == 0 && path[len] == '/';
}

err_t image_lookup(const char *plain, struct image_node *out)
{
    struct cpio_entry entry;
    uint64_t offset = 0;
    err_t err = ERR_NOENT;

    memset(out, 0, sizeof(*out));
    out->kind = IMAGE_DIRECTORY;
    if (plain[0] == '\0')
        return ERR_OK;
    while (image_next(&offset, &entry)) {
        if (path_is_below(entry.name, ".quire"))
            continue;
        if (path_is_below(entry.name, plain))
            return ERR_OK;
        if ((entry.mode & S_IFMT) != S_IFREG)
            continue;
        if (strcmp(entry.name, plain) == 0) {
            out->kind = IMAGE_FILE;
            out->file = entry;
            return ERR_OK;
        }
        if (path_is_below(plain, entry.name))
            err = ERR_NOTDIR;
    }
    return err;
}

/* Drop the last part of the path that ends at `end`. */
static char *path_drop_part(char *path, char *end)
{
    while (end > path && *--end != '/')
        continue;
    return end;
}

void image_normalize(char *path, bool *directory)
{
    char *out = path; /* end of what is done, never past `in` */
    const char *in = path;

    *directory = true;
    while (*in) {
        const char *part = in;
        size_t len;

        while (*in && *in != '/')
            in++;
        len = (size_t)(in - part);
        *directory = *in == '/' || len == 0;
        while (*in == '/')
            in++;
        if (len == 0 || (len == 1 && part[0] == '.')) {
            *directory = true;
        } else if (len == 2 && part[0] == '.' && part[1] == '.') {
            out = path_drop_part(path, out);
            *directory = true;
        } else {
            if (out > path)
                *out++ = '/';
            memmove(out, part, len);
            out += len;
        }
    }
    *out = '\0';
}
