#include "submission_fixture.h"

#include <stdio.h>
#include <unistd.h>

enum { NOBODY = 65534 };

static const char *wanted[] = { A, B };
const struct lab submission_lab = {
    .number = 2, .name = "2-buddy", .directory = "labs/2-buddy", .files = { wanted, 2 }
};

char folder[64], error[400];
struct submission got;

void begin(void)
{
    strcpy(folder, "/tmp/quire-submission-XXXXXX");
    CHECK(mkdtemp(folder) && chdir(folder) == 0);
}

void shell(const char *command)
{
    if (system(command) != 0)
        check_failed(__FILE__, __LINE__, "%s", command);
}

void end(void)
{
    char command[256];

    submission_free(&got);
    snprintf(command, sizeof(command), "chmod -R u+rwX %s && rm -rf %s", folder, folder);
    shell(command);
}

struct archive *archive_begin(const char *name)
{
    struct archive *archive = archive_write_new();

    CHECK(archive_write_set_format_filter_by_ext(archive, name) == ARCHIVE_OK);
    CHECK(archive_write_open_filename(archive, name) == ARCHIVE_OK);
    return archive;
}

void put(struct archive *archive, const char *path, unsigned type, const char *text, size_t size)
{
    struct archive_entry *entry = archive_entry_new();

    archive_entry_set_pathname(entry, path);
    archive_entry_set_filetype(entry, type);
    archive_entry_set_perm(entry, 0644);
    archive_entry_set_size(entry, type == AE_IFREG ? (la_int64_t)size : 0);
    if (type == AE_IFLNK)
        archive_entry_set_symlink(entry, text);
    CHECK(archive_write_header(archive, entry) >= ARCHIVE_WARN);
    if (type == AE_IFREG)
        CHECK(archive_write_data(archive, text, size) == (la_ssize_t)size);
    archive_entry_free(entry);
}

void put_file(struct archive *archive, const char *path, const char *text)
{
    put(archive, path, AE_IFREG, text, strlen(text));
}

void archive_end(struct archive *archive)
{
    CHECK(archive_write_close(archive) == ARCHIVE_OK);
    archive_write_free(archive);
}

static void must_be_refused(bool took, const char *words)
{
    if (took)
        check_failed(__FILE__, __LINE__, "taken, without: %s", words);
    if (!strstr(error, words) || strchr(error, '\n'))
        check_failed(__FILE__, __LINE__, "not '%s' but: %s", words, error);
    submission_free(&got);
}

void refused(const char *source, const char *words)
{
    must_be_refused(submission_collect(source, &submission_lab, NULL, &got, error, sizeof(error)),
                    words);
}

void refused_to_others(const char *source, const char *words)
{
    const bool root = geteuid() == 0 && seteuid(NOBODY) == 0;
    const bool took = submission_collect(source, &submission_lab, NULL, &got, error, sizeof(error));

    if (root)
        CHECK(seteuid(0) == 0);
    must_be_refused(took, words);
}

void taken(const char *source, const char *text, size_t ignored)
{
    shell("mkdir -p into");
    if (!submission_collect(source, &submission_lab, "into", &got, error, sizeof(error)))
        check_failed(__FILE__, __LINE__, "%s", error);
    CHECK_EQ(got.count, 2);
    CHECK_EQ(got.ignored, ignored);
    CHECK(strcmp(got.files[0].path, A) == 0 && strcmp(got.files[1].path, B) == 0);
    CHECK_EQ(got.files[0].size, strlen(text));
    CHECK(memcmp(got.files[0].content, text, strlen(text)) == 0);
    CHECK(access("into/" A, R_OK) == 0 && access("into/" B, R_OK) == 0);
    submission_free(&got);
    shell("rm -r into");
}

void refused_entry(const char *path, unsigned type, const char *text, const char *words)
{
    begin();
    struct archive *archive = archive_begin("x.tar");

    put_file(archive, A, "a");
    put_file(archive, B, "b");
    put(archive, path, type, text, strlen(text));
    archive_end(archive);
    refused("x.tar", words);
    end();
}
