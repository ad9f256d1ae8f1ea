/*
 * Which of the files found are the lab's. Students hand in their whole tree, the
 * src folder, a folder around either, or the bare files; never is one guessed where
 * two could be meant.
 *
 *     whole path    homework/quire/src/pmm/buddy.c     all below one folder, here homework/quire
 *     its end       pmm/buddy.c   homework/buddy.c     only where no whole path was found
 */
#include "submission_parts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool path_ends(const char *path, const char *allowed)
{
    const size_t length = strlen(path), end = strlen(allowed);

    return length >= end && strcmp(path + length - end, allowed) == 0 &&
           (length == end || path[length - end - 1] == '/');
}

bool path_is_end_of(const char *path, const char *allowed)
{
    const char *below = strchr(path, '/');

    if (path[0] == '\0')
        return false;
    return path_ends(allowed, path) || (below && below[1] && path_ends(allowed, below + 1));
}

/* The folder that the allow-listed path hangs from, as a length; -1 if it does not match. */
static int prefix_of(const struct gather *gather, const char *path)
{
    for (size_t i = 0; i < gather->allowed_count; i++) {
        if (path_ends(path, gather->allowed[i]))
            return (int)(strlen(path) - strlen(gather->allowed[i]));
    }
    return -1;
}

static size_t prefix_count(const struct gather *gather, const char *path, int length)
{
    size_t count = 0;

    for (size_t i = 0; i < gather->found_count; i++) {
        const char *other = gather->found[i].path;

        if (prefix_of(gather, other) == length && strncmp(other, path, (size_t)length) == 0)
            count++;
    }
    return count;
}

static int depth_of(const char *path, int length)
{
    int depth = 0;

    for (int i = 0; i < length; i++)
        depth += path[i] == '/';
    return depth;
}

/* A folder that files hang from. */
struct root {
    const char *path;
    int length; /* -1: none */
    size_t count;
};

/* More files win, then the folder further up; 0: one is as good as the other. */
static int root_compare(const struct root *a, const struct root *b)
{
    if (a->length < 0 || b->length < 0)
        return a->length - b->length;
    if (a->count != b->count)
        return a->count > b->count ? 1 : -1;
    return depth_of(b->path, b->length) - depth_of(a->path, a->length);
}

/* The folder that most files hang from. False, with a line, if two are as good. */
static bool choose_root(struct gather *gather, struct root *best)
{
    const char *rival = NULL;
    char shown[2][PATH_SHOWN];

    *best = (struct root){ .path = "", .length = -1 };
    for (size_t i = 0; i < gather->found_count; i++) {
        struct root root = { .path = gather->found[i].path };

        root.length = prefix_of(gather, root.path);
        if (root.length < 0 || (best->length == root.length &&
                                strncmp(root.path, best->path, (size_t)root.length) == 0))
            continue;
        root.count = prefix_count(gather, root.path, root.length);
        const int order = root_compare(&root, best);

        if (order > 0)
            *best = root;
        if (order >= 0)
            rival = order > 0 ? NULL : root.path;
    }
    if (!rival)
        return true;
    return gather_fail(gather, "two copies of the lab are in it, %s and %s; hand in one",
                       path_show(best->path, shown[0]), path_show(rival, shown[1]));
}

static void take(struct found *found, const char *allowed, struct submission *out)
{
    out->files[out->count++] = (struct submission_file){ .path = strdup(allowed),
                                                         .content = found->content,
                                                         .size = found->size };
    found->content = NULL;
}

static bool choose_below(struct gather *gather, const struct root *root, struct submission *out)
{
    for (size_t i = 0; i < gather->allowed_count; i++) {
        for (size_t k = 0; k < gather->found_count; k++) {
            struct found *found = &gather->found[k];

            if (strncmp(found->path, root->path, (size_t)root->length) == 0 &&
                strcmp(found->path + root->length, gather->allowed[i]) == 0)
                take(found, gather->allowed[i], out);
        }
    }
    return true;
}

/* No whole path is there: each name must then mean one file, each file one name. */
static bool choose_ends(struct gather *gather, struct submission *out)
{
    char shown[2][PATH_SHOWN];

    for (size_t i = 0; i < gather->allowed_count; i++) {
        struct found *match = NULL;

        for (size_t k = 0; k < gather->found_count; k++) {
            struct found *found = &gather->found[k];

            if (!path_is_end_of(found->path, gather->allowed[i]))
                continue;
            if (match || !found->content)
                return gather_fail(gather, "%s could be two files; hand in the folders, too: %s",
                                   path_show(found->path, shown[0]),
                                   path_show(gather->allowed[i], shown[1]));
            match = found;
        }
        if (match)
            take(match, gather->allowed[i], out);
    }
    return true;
}

static bool is_there(const struct submission *out, const char *allowed)
{
    for (size_t i = 0; i < out->count; i++) {
        if (strcmp(out->files[i].path, allowed) == 0)
            return true;
    }
    return false;
}

static bool fail_missing(struct gather *gather, const struct submission *out, const char *missing)
{
    if (gather->unread[0])
        return gather_fail(gather, "%s cannot be read: %s; looked for %s", gather->unread,
                           strerror(gather->unread_reason), missing);
    if (gather->similar_to)
        return gather_fail(gather, "%s must be named %s, upper and lower case as here",
                           gather->similar, gather->similar_to);
    if (out->count > 0)
        return gather_fail(gather, "%s is missing", missing);
    if (gather->nested[0])
        return gather_fail(gather,
                           "none of the lab's files is in it, but another archive is, %s; "
                           "hand in that",
                           gather->nested);
    if (gather->other[0])
        return gather_fail(gather, "none of the lab's files is in it; looked for %s, found %s",
                           missing, gather->other);
    return gather_fail(gather, "it is empty; looked for %s", missing);
}

bool submission_choose(struct gather *gather, struct submission *out)
{
    struct root root;

    if (!choose_root(gather, &root))
        return false;
    if (!(root.length >= 0 ? choose_below(gather, &root, out) : choose_ends(gather, out)))
        return false;
    for (size_t i = 0; i < gather->required; i++) {
        if (!is_there(out, gather->allowed[i]))
            return fail_missing(gather, out, gather->allowed[i]);
    }
    out->ignored = gather->files - out->count;
    return true;
}
