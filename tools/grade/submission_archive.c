/* A submission in an archive. It is never unpacked: entries are read into memory or skipped. */
#include "submission_parts.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum {
    BLOCK_SIZE = 65536,
    NOT_RECOGNISED = EILSEQ, /* archive_errno of what is in no known format */
};

static enum entry_kind kind_of(struct archive_entry *entry)
{
    if (archive_entry_hardlink(entry) || archive_entry_filetype(entry) == AE_IFLNK)
        return ENTRY_LINK;
    if (archive_entry_filetype(entry) == AE_IFREG)
        return ENTRY_FILE;
    return archive_entry_filetype(entry) == AE_IFDIR ? ENTRY_FOLDER : ENTRY_SPECIAL;
}

/* An archive that is being read. */
struct reading {
    struct gather *gather;
    struct archive *archive;
    uint64_t packed;   /* bytes of the archive */
    uint64_t unpacked; /* bytes of the entries so far */
};

static bool grows_too_far(const struct reading *reading)
{
    if (reading->unpacked > GATHER_BYTES_MAX)
        return true;
    return reading->unpacked > GATHER_BYTES_FREE &&
           reading->unpacked / GATHER_RATIO_MAX > reading->packed;
}

static bool add_bytes(struct reading *reading, uint64_t size)
{
    reading->unpacked += size < GATHER_BYTES_MAX ? size : GATHER_BYTES_MAX + 1;
    if (!grows_too_far(reading))
        return true;
    return gather_fail(reading->gather, "it unpacks to far more than a lab needs (%llu MiB)",
                       (unsigned long long)(reading->unpacked >> 20));
}

static bool damaged(struct reading *reading)
{
    char shown[PATH_SHOWN];
    const char *why = archive_error_string(reading->archive);

    return gather_fail(reading->gather, "the archive is damaged (%s)",
                       path_show(why ? why : "no reason given", shown));
}

/* An entry may hold more than it says; what is skipped is counted all the same. */
static bool skip_entry(struct reading *reading, struct archive_entry *entry)
{
    char block[BLOCK_SIZE];

    if (archive_entry_size_is_set(entry))
        return archive_read_data_skip(reading->archive) >= ARCHIVE_WARN || damaged(reading);
    for (;;) {
        const la_ssize_t got = archive_read_data(reading->archive, block, sizeof(block));

        if (got < 0)
            return damaged(reading);
        if (got == 0)
            return true;
        if (!add_bytes(reading, (uint64_t)got))
            return false;
    }
}

static bool keep_entry(struct reading *reading, const char *path)
{
    char shown[PATH_SHOWN];
    char *content = malloc(SUBMISSION_FILE_BYTES + 1);
    size_t size = 0;

    while (content && size <= SUBMISSION_FILE_BYTES) {
        const la_ssize_t got =
            archive_read_data(reading->archive, content + size, SUBMISSION_FILE_BYTES + 1 - size);

        if (got < 0) {
            free(content);
            return damaged(reading);
        }
        if (got == 0)
            return gather_keep(reading->gather, path, content, size);
        size += (size_t)got;
    }
    free(content);
    return gather_fail(reading->gather, "%s is larger than %d KiB", path_show(path, shown),
                       SUBMISSION_FILE_BYTES / 1024);
}

/* A name that is no text in any encoding is not one of the lab's. */
static const char *entry_path(struct archive_entry *entry)
{
    const char *path = archive_entry_pathname_utf8(entry);

    if (!path)
        path = archive_entry_pathname(entry);
    return path ? path_plain(path) : "(a name that cannot be read)";
}

static bool read_entry(struct reading *reading, struct archive_entry *entry)
{
    const char *path = entry_path(entry);
    const uint64_t size =
        archive_entry_size_is_set(entry) ? (uint64_t)archive_entry_size(entry) : 0;

    if (archive_entry_is_encrypted(entry))
        return gather_fail(reading->gather,
                           "the archive is encrypted; hand it in without password");
    if (!add_bytes(reading, size))
        return false;
    switch (gather_entry(reading->gather, path, kind_of(entry), size)) {
    case GATHER_READ:
        return keep_entry(reading, path);
    case GATHER_REFUSE:
        return false;
    default:
        return skip_entry(reading, entry);
    }
}

static bool read_entries(struct reading *reading)
{
    for (;;) {
        struct archive_entry *entry;
        const int got = archive_read_next_header(reading->archive, &entry);

        if (got == ARCHIVE_EOF)
            return true;
        if (got < ARCHIVE_WARN && archive_read_has_encrypted_entries(reading->archive) > 0)
            return gather_fail(reading->gather,
                               "the archive is encrypted; hand it in without password");
        if (got < ARCHIVE_WARN)
            return damaged(reading);
        if (!read_entry(reading, entry))
            return false;
    }
}

/* Formats that students hand in and that can be told from others without doubt. */
static struct archive *archive_new(void)
{
    struct archive *archive = archive_read_new();

    if (!archive)
        return NULL;
    archive_read_support_format_tar(archive);
    archive_read_support_format_zip_seekable(archive);
    archive_read_support_filter_gzip(archive);
    archive_read_support_filter_bzip2(archive);
    archive_read_support_filter_xz(archive);
    archive_read_support_filter_zstd(archive);
    return archive;
}

static bool begins_as_zip(const char *source)
{
    char start[4] = "";
    FILE *stream = fopen(source, "re");

    if (stream) {
        if (fread(start, 1, sizeof(start), stream) != sizeof(start))
            start[0] = '\0';
        fclose(stream);
    }
    return memcmp(start, "PK\x03\x04", sizeof(start)) == 0;
}

/* It may not be read, is cut off, or never was one. A zip is known by its end alone. */
static bool fail_open(struct reading *reading, const char *source)
{
    const int why = archive_errno(reading->archive);

    if (why > 0 && why != NOT_RECOGNISED)
        return gather_fail(reading->gather, "the archive cannot be read: %s", strerror(why));
    if (why != NOT_RECOGNISED)
        return damaged(reading);
    if (begins_as_zip(source))
        return gather_fail(reading->gather, "the archive is damaged (a zip without its end)");
    return gather_fail(reading->gather, "it is no archive that is understood: "
                                        "zip, tar, tar.gz, tar.bz2, tar.xz or tar.zst");
}

static bool open_and_read(struct reading *reading, const char *source)
{
    struct stat info;

    if (!reading->archive || stat(source, &info) != 0)
        return gather_fail(reading->gather, "the archive cannot be read: %m");
    if (archive_read_open_filename(reading->archive, source, BLOCK_SIZE) < ARCHIVE_WARN)
        return fail_open(reading, source);
    reading->packed = (uint64_t)info.st_size;
    return read_entries(reading);
}

/*
 * libarchive gives a name in the encoding of the thread's locale, and drops one that
 * has no place there: of an umlaut in ASCII nothing is left. So it reads under UTF-8,
 * whatever the program was started with, and nothing else does.
 */
bool gather_archive(struct gather *gather, const char *source)
{
    const locale_t utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);
    const locale_t before = uselocale(utf8);
    struct reading reading = { .gather = gather, .archive = archive_new() };
    bool good;

    gather->packed = true;
    good = open_and_read(&reading, source);
    archive_read_free(reading.archive);
    uselocale(before);
    if (utf8)
        freelocale(utf8);
    return good;
}
