/*
 * What an instructor uploads so that a platform grades by itself: this tree, and
 * the platform's own scripts around it, the files beside this one with @LAB@
 * replaced. libarchive writes; the same tree gives the same bytes.
 *
 *     gradescope   one zip: setup.sh, run_autograder, quire/...
 *     autolab      two files: autograde-Makefile, autograde.tar with quire/...
 */
#include "tree_files.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { STATUS_DONE = 0, STATUS_USAGE = 2, STATUS_ENVIRONMENT = 3 };
enum { TIME_OF_ALL = 315532800 /* 1980-01-01, the first that a zip can tell */ };

struct package {
    const char *root, *lab;
    struct archive *archive;
    char error[5000];
};

static const char help[] =
    "usage: ./quire package PLATFORM --lab N [-o PATH]\n"
    "\n"
    "Make what you upload so that a platform grades lab N by itself.\n"
    "\n"
    "  gradescope   a zip for \"Configure Autograder\" (default quire-labN-gradescope.zip)\n"
    "  autolab      a folder with autograde-Makefile and autograde.tar (default\n"
    "               quire-labN-autolab); the lab has one problem, named total, and its\n"
    "               hand-in is handin.tar; each grading builds the tools, so allow it\n"
    "               600 seconds\n"
    "\n"
    "The package holds this whole tree, solutions and hidden checks among it: it is for\n"
    "the platform's autograder alone. Both platforms' containers need about 2 GiB of RAM,\n"
    "and Debian or Ubuntu with the package registry in reach while they are built.\n"
    "\n"
    "Exit status: 0 done, 2 usage, 3 a file cannot be read or written.\n";

static bool failed(struct package *p, const char *what, const char *why)
{
    snprintf(p->error, sizeof(p->error), "%s: %s", what, why);
    return false;
}

/* A whole file, with @LAB@ replaced where it is a platform's script. */
static char *read_file(struct package *p, const char *path, bool script, size_t *len)
{
    FILE *file = fopen(path, "r");
    char *text = NULL, chunk[65536];
    FILE *memory = open_memstream(&text, len);
    size_t n;

    while (file && memory && (n = fread(chunk, 1, sizeof(chunk) - 1, file)) > 0) {
        char *from = chunk, *mark;

        chunk[n] = '\0';
        while (script && (mark = strstr(from, "@LAB@"))) {
            fprintf(memory, "%.*s%s", (int)(mark - from), from, p->lab);
            from = mark + strlen("@LAB@");
        }
        fwrite(from, 1, n - (size_t)(from - chunk), memory);
    }
    if (memory)
        fclose(memory);
    if (!file || !memory || ferror(file)) {
        failed(p, path, strerror(errno));
        free(text);
        text = NULL;
    }
    if (file)
        fclose(file);
    return text;
}

static bool put_text(struct package *p, const char *name, unsigned mode, const char *text,
                     size_t len)
{
    struct archive_entry *entry = archive_entry_new();
    bool ok;

    archive_entry_set_pathname(entry, name);
    archive_entry_set_size(entry, (la_int64_t)len);
    archive_entry_set_filetype(entry, AE_IFREG);
    archive_entry_set_perm(entry, mode);
    archive_entry_set_mtime(entry, TIME_OF_ALL, 0);
    ok = archive_write_header(p->archive, entry) == ARCHIVE_OK &&
         archive_write_data(p->archive, text, len) == (la_ssize_t)len;
    archive_entry_free(entry);
    return ok || failed(p, name, archive_error_string(p->archive));
}

/* Put the file at root/path into the archive under a name. */
static bool put_file(struct package *p, const char *path, const char *name, bool script)
{
    char full[4096], *text;
    struct stat st;
    size_t len = 0;
    bool ok;

    snprintf(full, sizeof(full), "%s/%s", p->root, path);
    if (stat(full, &st) != 0)
        return failed(p, full, strerror(errno));
    text = read_file(p, full, script, &len);
    if (!text)
        return false;
    ok = put_text(p, name, script || (st.st_mode & 0100) ? 0755 : 0644, text, len);
    free(text);
    return ok;
}

static bool put_tree(struct package *p)
{
    struct tree_files files;
    char name[4200];
    bool ok = tree_files_list(p->root, &files, p->error, sizeof(p->error));

    for (size_t i = 0; ok && i < files.count; i++) {
        snprintf(name, sizeof(name), "quire/%s", files.path[i]);
        ok = put_file(p, files.path[i], name, false);
    }
    tree_files_free(&files);
    return ok;
}

static bool archive_open(struct package *p, const char *path, bool zip)
{
    p->archive = archive_write_new();
    if (!p->archive)
        return failed(p, path, "out of memory");
    if (zip)
        archive_write_set_format_zip(p->archive);
    else
        archive_write_set_format_pax_restricted(p->archive);
    if (archive_write_open_filename(p->archive, path) != ARCHIVE_OK)
        return failed(p, path, archive_error_string(p->archive));
    return true;
}

/* Close; a file that is not whole goes away. */
static bool archive_done(struct package *p, const char *path, bool ok)
{
    if (archive_write_close(p->archive) != ARCHIVE_OK)
        ok = failed(p, path, archive_error_string(p->archive));
    archive_write_free(p->archive);
    if (!ok)
        unlink(path);
    return ok;
}

static bool package_gradescope(struct package *p, const char *path)
{
    bool ok =
        archive_open(p, path, true) &&
        put_file(p, "tools/grade/package/gradescope/setup.sh", "setup.sh", true) &&
        put_file(p, "tools/grade/package/gradescope/run_autograder", "run_autograder", true) &&
        put_tree(p);

    return archive_done(p, path, ok);
}

static bool write_makefile(struct package *p, const char *path)
{
    char from[4096], *text;
    size_t len = 0;
    FILE *file;
    bool ok;

    snprintf(from, sizeof(from), "%s/tools/grade/package/autolab/autograde-Makefile", p->root);
    text = read_file(p, from, true, &len);
    if (!text)
        return false;
    file = fopen(path, "w");
    ok = file && fwrite(text, 1, len, file) == len;
    if (file && fclose(file) != 0)
        ok = false;
    free(text);
    return ok || failed(p, path, strerror(errno));
}

static bool package_autolab(struct package *p, const char *path)
{
    char file[4200];

    if (mkdir(path, 0755) != 0 && errno != EEXIST)
        return failed(p, path, strerror(errno));
    snprintf(file, sizeof(file), "%s/autograde-Makefile", path);
    if (!write_makefile(p, file))
        return false;
    snprintf(file, sizeof(file), "%s/autograde.tar", path);
    return archive_done(p, file, archive_open(p, file, false) && put_tree(p));
}

static const struct platform {
    const char *name, *suffix;
    bool (*make)(struct package *p, const char *path);
} platforms[] = {
    { "gradescope", ".zip", package_gradescope },
    { "autolab", "", package_autolab },
};

static const struct platform *platform_find(const char *name)
{
    for (size_t i = 0; i < sizeof(platforms) / sizeof(platforms[0]); i++)
        if (strcmp(platforms[i].name, name) == 0)
            return &platforms[i];
    return NULL;
}

static int complain(int status, const char *text)
{
    fprintf(stderr, "quire: %s\n", text);
    return status;
}

/* A folder labs/N-name, in a tree that is not a student's: that one has no hidden checks. */
static bool lab_is_here(struct package *p)
{
    char pattern[4200];
    glob_t found = { 0 };
    bool here;

    snprintf(pattern, sizeof(pattern), "%s/labs/current", p->root);
    if (access(pattern, F_OK) == 0)
        return failed(p, p->root, "a student's tree has no hidden checks; use the instructor's");
    snprintf(pattern, sizeof(pattern), "%s/labs/%s-*/rubric.toml", p->root, p->lab);
    here = glob(pattern, 0, NULL, &found) == 0;
    globfree(&found);
    return here || failed(p, p->lab, "there is no such lab; ./quire lab list shows them");
}

static int package_run(const char *name, const char *root, const char *lab, const char *path)
{
    const struct platform *platform = platform_find(name);
    struct package p = { .root = root, .lab = lab };
    char fallback[100];

    if (!platform)
        return complain(STATUS_USAGE, "no such platform; ./quire package --help lists them");
    if (!lab || !*lab || strspn(lab, "0123456789") != strlen(lab) || strlen(lab) > 3)
        return complain(STATUS_USAGE, "--lab N says which lab, by its number");
    if (!lab_is_here(&p))
        return complain(STATUS_USAGE, p.error);
    if (!path) {
        snprintf(fallback, sizeof(fallback), "quire-lab%s-%s%s", lab, name, platform->suffix);
        path = fallback;
    }
    if (!platform->make(&p, path))
        return complain(STATUS_ENVIRONMENT, p.error);
    printf("%s\n", path);
    return STATUS_DONE;
}

int main(int argc, char **argv)
{
    static const struct option known[] = { { "lab", required_argument, NULL, 'l' },
                                           { "root", required_argument, NULL, 'r' }, /* tests */
                                           { "help", no_argument, NULL, 'h' },
                                           { 0 } };
    const char *root = QUIRE_ROOT, *lab = NULL, *path = NULL;

    opterr = 0;
    for (int c; (c = getopt_long(argc, argv, "o:", known, NULL)) != -1;) {
        if (c == 'h') {
            fputs(help, stdout);
            return STATUS_DONE;
        }
        if (c == '?')
            return complain(STATUS_USAGE,
                            "unknown option, or no value for it; see ./quire package --help");
        *(c == 'l' ? &lab : c == 'r' ? &root : &path) = optarg;
    }
    if (optind + 1 != argc)
        return complain(STATUS_USAGE, "package wants one platform; see ./quire package --help");
    return package_run(argv[optind], root, lab, path);
}
