#include "pack.h"

#include "report.h"

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { ARCHIVE_FILES_MAX = OPTION_LIST_MAX + 1 };

/* One regular file on its way into the guest. */
struct guest_file {
    char *host;  /* path here */
    char *guest; /* path there: no leading slash, no "." or ".." */
};

struct guest_files {
    size_t count;
    struct guest_file file[ARCHIVE_FILES_MAX];
};

/*
 * The path as the kernel will look it up: the guest's working directory is its
 * root, "." and empty parts vanish, ".." goes up but never above the root.
 */
static char *guest_path(const char *path)
{
    char *copy = strdup(path);
    char *out = calloc(1, strlen(path) + 2);
    char *save = NULL;
    char *end = out;

    if (!copy || !out)
        report_fail("out of memory");
    for (char *part = strtok_r(copy, "/", &save); part; part = strtok_r(NULL, "/", &save)) {
        if (strcmp(part, "..") == 0) {
            while (end > out && *--end != '/')
                ;
            *end = '\0';
        } else if (strcmp(part, ".") != 0) {
            if (end > out)
                *end++ = '/';
            end = stpcpy(end, part);
        }
    }
    free(copy);
    return out;
}

static void guest_files_add(struct guest_files *files, const char *host, const char *guest)
{
    struct guest_file *new = &files->file[files->count];
    char *path = guest_path(guest);

    if (!*path)
        report_fail("'%s' names no file in the guest; give --file HOST=GUEST with a name", guest);
    if (strncmp(path, ".quire/", strlen(".quire/")) == 0)
        report_fail("%s: names under .quire are the runner's own; choose another", guest);
    for (size_t i = 0; i < files->count; i++) {
        if (strcmp(files->file[i].guest, path) != 0)
            continue;
        if (strcmp(files->file[i].host, host) != 0)
            report_fail("two files for /%s in the guest: %s and %s", path, files->file[i].host,
                        host);
        free(path);
        return;
    }
    *new = (struct guest_file){ .host = strdup(host), .guest = path };
    files->count++;
}

static void guest_files_free(struct guest_files *files)
{
    for (size_t i = 0; i < files->count; i++) {
        free(files->file[i].host);
        free(files->file[i].guest);
    }
}

/* HOST or HOST=GUEST, split at the last "=". */
static void guest_files_add_option(struct guest_files *files, const char *text)
{
    const char *equals = strrchr(text, '=');
    char *host = equals ? strndup(text, (size_t)(equals - text)) : strdup(text);

    if (!host || !*host || (equals && !equals[1]))
        report_fail("--file wants HOST or HOST=GUEST, not '%s'", text);
    guest_files_add(files, host, equals ? equals + 1 : host);
    free(host);
}

static void pack_check(struct archive *a, int result)
{
    if (result < ARCHIVE_WARN)
        report_fail("cannot pack the program's files: %s", archive_error_string(a));
}

static void pack_begin_entry(struct archive *a, const char *name, mode_t mode, int64_t size)
{
    static int64_t inode; /* all different: equal ones would be links to one file */
    struct archive_entry *entry = archive_entry_new();

    archive_entry_set_pathname(entry, name);
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_perm(entry, mode & 0777);
    archive_entry_set_size(entry, size);
    archive_entry_set_nlink(entry, 1);
    archive_entry_set_ino64(entry, ++inode);
    archive_entry_set_mtime(entry, 0, 0);
    pack_check(a, archive_write_header(a, entry));
    archive_entry_free(entry);
}

static void pack_put(struct archive *a, const void *data, size_t len)
{
    if (len > 0 && archive_write_data(a, data, len) != (la_ssize_t)len)
        pack_check(a, ARCHIVE_FATAL);
}

static void pack_add_bytes(struct archive *a, const char *name, const void *data, size_t len)
{
    pack_begin_entry(a, name, 0444, (int64_t)len);
    pack_put(a, data, len);
}

static void pack_add_strings(struct archive *a, const char *name, char *const *strings,
                             size_t count)
{
    size_t len = 0;

    for (size_t i = 0; i < count; i++)
        len += strlen(strings[i]) + 1;
    pack_begin_entry(a, name, 0444, (int64_t)len);
    for (size_t i = 0; i < count; i++)
        pack_put(a, strings[i], strlen(strings[i]) + 1);
}

static void pack_add_file(struct archive *a, const struct guest_file *file)
{
    static char buffer[64 << 10];
    int fd = open(file->host, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    struct stat st;
    off_t left;

    if (fd < 0 || fstat(fd, &st) != 0)
        report_fail("cannot open %s: %m", file->host);
    if (!S_ISREG(st.st_mode))
        report_fail("%s is not a regular file", file->host);
    pack_begin_entry(a, file->guest, st.st_mode, st.st_size);
    for (left = st.st_size; left > 0;) {
        size_t want = left < (off_t)sizeof(buffer) ? (size_t)left : sizeof(buffer);
        ssize_t got = read(fd, buffer, want);

        if (got <= 0)
            report_fail("cannot read %s to its end", file->host);
        pack_put(a, buffer, (size_t)got);
        left -= got;
    }
    close(fd);
}

static size_t strings_count(char *const *strings)
{
    size_t n = 0;

    while (strings[n])
        n++;
    return n;
}

void pack_write(const char *path, const struct run_options *options, const struct stdin_data *in)
{
    static char demo_name[] = "demo";
    static char *const demo[] = { demo_name, NULL };
    char *const *args = options->program ? options->program : demo;
    struct archive *a = archive_write_new();
    struct guest_files files = { 0 };

    guest_files_add(&files, options->program ? args[0] : QUIRE_DEMO, args[0]);
    for (size_t i = 0; i < options->files.count; i++)
        guest_files_add_option(&files, options->files.item[i]);

    pack_check(a, archive_write_set_format_cpio_newc(a));
    pack_check(a, archive_write_set_bytes_in_last_block(a, 1));
    pack_check(a, archive_write_open_filename(a, path));
    pack_add_strings(a, ".quire/args", args, strings_count(args));
    pack_add_strings(a, ".quire/env", options->env.item, options->env.count);
    if (!in->interactive)
        pack_add_bytes(a, ".quire/stdin", in->bytes, in->len);
    for (size_t i = 0; i < files.count; i++)
        pack_add_file(a, &files.file[i]);
    pack_check(a, archive_write_close(a));
    archive_write_free(a);
    guest_files_free(&files);
}
