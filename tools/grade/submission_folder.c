/* A submission in a folder. Links are seen, never followed; only regular files are opened. */
#include "submission_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <fts.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static enum entry_kind kind_of(const FTSENT *entry)
{
    switch (entry->fts_info) {
    case FTS_F:
        return ENTRY_FILE;
    case FTS_D:
        return ENTRY_FOLDER;
    case FTS_SL:
    case FTS_SLNONE:
        return ENTRY_LINK;
    default:
        return ENTRY_SPECIAL;
    }
}

/* All of fd, up to one byte more than allowed, so that growth since the walk is seen. */
static ssize_t read_all(int fd, char *out, size_t size)
{
    size_t have = 0;

    while (have < size) {
        const ssize_t got = read(fd, out + have, size - have);

        if (got < 0)
            return -1;
        if (got == 0)
            break;
        have += (size_t)got;
    }
    return (ssize_t)have;
}

static bool keep_file(struct gather *gather, const char *where, const char *path)
{
    const int fd = open(where, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
    char shown[PATH_SHOWN];
    struct stat info;
    ssize_t size = -1;

    if (fd < 0)
        return gather_unread(gather, path, errno);
    char *content = malloc(SUBMISSION_FILE_BYTES + 1);

    if (content && fstat(fd, &info) == 0 && S_ISREG(info.st_mode))
        size = read_all(fd, content, SUBMISSION_FILE_BYTES + 1);
    close(fd);
    if (size >= 0 && size <= SUBMISSION_FILE_BYTES)
        return gather_keep(gather, path, content, (size_t)size);
    free(content);
    return gather_fail(gather, "%s cannot be read", path_show(path, shown));
}

static bool is_unread(const FTSENT *entry)
{
    return entry->fts_info == FTS_DNR || entry->fts_info == FTS_NS || entry->fts_info == FTS_ERR;
}

static bool folder_entry(struct gather *gather, FTS *tree, FTSENT *entry, size_t root_length)
{
    const char *path = entry->fts_path + root_length;

    while (*path == '/')
        path++;
    if (is_unread(entry))
        return gather_unread(gather, *path ? path : "the folder", entry->fts_errno);
    if (entry->fts_info == FTS_DP || *path == '\0')
        return true;
    if (entry->fts_info == FTS_D && strcmp(entry->fts_name, ".git") == 0) {
        fts_set(tree, entry, FTS_SKIP);
        return true;
    }
    switch (gather_entry(gather, path, kind_of(entry), (uint64_t)entry->fts_statp->st_size)) {
    case GATHER_READ:
        return keep_file(gather, entry->fts_accpath, path);
    case GATHER_REFUSE:
        return false;
    default:
        return true;
    }
}

bool gather_folder(struct gather *gather, const char *source)
{
    char *roots[] = { (char *)source, NULL };
    FTS *tree = fts_open(roots, FTS_PHYSICAL | FTS_COMFOLLOW | FTS_NOCHDIR, NULL);
    bool good = tree != NULL;

    while (good) {
        errno = 0;
        FTSENT *entry = fts_read(tree);

        if (!entry) {
            good = errno == 0 || gather_fail(gather, "the folder cannot be read: %m");
            break;
        }
        good = folder_entry(gather, tree, entry, strlen(source));
    }
    if (!tree)
        return gather_fail(gather, "the folder cannot be read: %m");
    fts_close(tree);
    return good;
}
