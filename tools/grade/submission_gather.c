/* What is looked at in a submission's entries, whatever container they come in. */
#include "submission_parts.h"

#include <fnmatch.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool gather_fail(struct gather *gather, const char *format, ...)
{
    va_list list;

    va_start(list, format);
    vsnprintf(gather->error, gather->error_size, format, list);
    va_end(list);
    return false;
}

const char *path_show(const char *path, char out[PATH_SHOWN])
{
    size_t length = 0;

    for (; path[length] && length < PATH_SHOWN - 1; length++) {
        const unsigned char c = (unsigned char)path[length];

        out[length] = (char)(c < ' ' || c >= 127 ? '?' : c);
    }
    out[length] = '\0';
    if (path[length])
        memcpy(out + PATH_SHOWN - 4, "...", 3);
    return out;
}

const char *path_plain(const char *path)
{
    while (path[0] == '.' && path[1] == '/') {
        for (path += 2; *path == '/'; path++) {
        }
    }
    return path;
}

static bool path_climbs(const char *path)
{
    for (const char *at = path; at; at = strchr(at, '/')) {
        at += *at == '/';
        if (strncmp(at, "..", 2) == 0 && (at[2] == '/' || at[2] == '\0'))
            return true;
    }
    return false;
}

/* Is the path one of the lab's files or a folder above one? A link there would be followed. */
static bool path_leads_to(const char *path, const char *allowed)
{
    char part[PATH_MAX];

    snprintf(part, sizeof(part), "%s", allowed);
    for (char *end = part + strlen(part); end; end = strrchr(part, '/')) {
        *end = '\0';
        if (path_ends(path, part))
            return true;
    }
    return path_is_end_of(path, allowed);
}

static bool leads_to_any(const struct gather *gather, const char *path)
{
    for (size_t i = 0; i < gather->allowed_count; i++) {
        if (path_leads_to(path, gather->allowed[i]))
            return true;
    }
    return false;
}

static bool wanted(const struct gather *gather, const char *path)
{
    for (size_t i = 0; i < gather->allowed_count; i++) {
        if (path_ends(path, gather->allowed[i]) || path_is_end_of(path, gather->allowed[i]))
            return true;
    }
    return false;
}

static bool path_ends_nearly(const char *path, const char *allowed)
{
    const size_t length = strlen(path), wanted_length = strlen(allowed);

    return length >= wanted_length && strcasecmp(path + length - wanted_length, allowed) == 0 &&
           (length == wanted_length || path[length - wanted_length - 1] == '/');
}

static bool is_archive_name(const char *path)
{
    static const char *const patterns[] = { "*.zip", "*.tar", "*.tgz",    "*.tar.?z*", "*.tar.zst",
                                            "*.7z",  "*.rar", "*.tar.gz", "*.bundle" };

    for (size_t i = 0; i < sizeof(patterns) / sizeof(patterns[0]); i++) {
        if (fnmatch(patterns[i], path, FNM_CASEFOLD) == 0)
            return true;
    }
    return false;
}

/* Remember one of each kind of other file, to say what was there instead. */
static void note_other(struct gather *gather, const char *path)
{
    if (!gather->nested[0] && is_archive_name(path))
        path_show(path, gather->nested);
    if (!gather->other[0])
        path_show(path, gather->other);
    for (size_t i = 0; i < gather->allowed_count && !gather->similar_to; i++) {
        if (path_ends_nearly(path, gather->allowed[i])) {
            path_show(path, gather->similar);
            gather->similar_to = gather->allowed[i];
        }
    }
}

/* Names that no tool writes into a student's archive by accident, or that mean something else. */
static bool name_allowed(struct gather *gather, const char *path)
{
    char shown[PATH_SHOWN];

    path_show(path, shown);
    if (path[0] == '/')
        return gather_fail(gather, "%s: absolute paths are not taken", shown);
    if (path_climbs(path))
        return gather_fail(gather, "%s: a path with .. leads out of the submission", shown);
    if (gather->packed && strchr(path, '\\'))
        return gather_fail(gather,
                           "%s: folders are separated by backslashes; make the archive again "
                           "with another program",
                           shown);
    return true;
}

static enum gather_answer answer_link(struct gather *gather, const char *path)
{
    char shown[PATH_SHOWN];

    gather->files++;
    if (!leads_to_any(gather, path))
        return GATHER_SKIP;
    gather_fail(gather, "%s is a link; hand in the file itself", path_show(path, shown));
    return GATHER_REFUSE;
}

static enum gather_answer answer_special(struct gather *gather, const char *path)
{
    char shown[PATH_SHOWN];

    gather->files++;
    if (!gather->packed && !leads_to_any(gather, path))
        return GATHER_SKIP;
    gather_fail(gather, "%s is a device, a pipe or a socket; only files are taken",
                path_show(path, shown));
    return GATHER_REFUSE;
}

static enum gather_answer answer_file(struct gather *gather, const char *path, uint64_t size)
{
    char shown[PATH_SHOWN];

    gather->files++;
    if (!wanted(gather, path)) {
        note_other(gather, path);
        return GATHER_SKIP;
    }
    if (size <= SUBMISSION_FILE_BYTES)
        return GATHER_READ;
    gather_fail(gather, "%s is larger than %d KiB", path_show(path, shown),
                SUBMISSION_FILE_BYTES / 1024);
    return GATHER_REFUSE;
}

enum gather_answer gather_entry(struct gather *gather, const char *path, enum entry_kind kind,
                                uint64_t size)
{
    const size_t most = gather->packed ? GATHER_ENTRIES_MAX : GATHER_WALKED_MAX;

    if (++gather->entries > most) {
        gather_fail(gather, "more than %zu files are in it; hand in the lab's files only", most);
        return GATHER_REFUSE;
    }
    if (!name_allowed(gather, path))
        return GATHER_REFUSE;
    switch (kind) {
    case ENTRY_FOLDER:
        return GATHER_SKIP;
    case ENTRY_LINK:
        return answer_link(gather, path);
    case ENTRY_SPECIAL:
        return answer_special(gather, path);
    default:
        return answer_file(gather, path, size);
    }
}

bool gather_unread(struct gather *gather, const char *path, int reason)
{
    char shown[PATH_SHOWN];

    if (leads_to_any(gather, path))
        return gather_fail(gather, "%s cannot be read: %s", path_show(path, shown),
                           strerror(reason));
    if (!gather->unread[0]) {
        path_show(path, gather->unread);
        gather->unread_reason = reason;
    }
    return true;
}

bool gather_keep(struct gather *gather, const char *path, char *content, size_t size)
{
    char shown[PATH_SHOWN];

    for (size_t i = 0; i < gather->found_count; i++) {
        if (strcmp(gather->found[i].path, path) == 0) {
            free(content);
            return gather_fail(gather, "%s is in it twice", path_show(path, shown));
        }
    }
    char *copy = gather->found_count < GATHER_FOUND_MAX ? strdup(path) : NULL;

    if (!copy) {
        free(content);
        return gather_fail(gather, "too many copies of the lab's files are in it");
    }
    gather->found[gather->found_count++] =
        (struct found){ .path = copy, .content = content, .size = size };
    return true;
}

void gather_free(struct gather *gather)
{
    for (size_t i = 0; i < gather->found_count; i++) {
        free(gather->found[i].path);
        free(gather->found[i].content);
    }
    gather->found_count = 0;
}
