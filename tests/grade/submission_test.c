/*
 * What is taken from a submission, and what is refused: archives that libarchive
 * writes as they are told, folders, repositories. The lab here wants two files.
 */
#include "check.h"
#include "manifest.h"
#include "submission.h"

#include <archive.h>
#include <archive_entry.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define A "src/pmm/buddy.c"
#define B "src/pmm/frame.c"

static const char *wanted[] = { A, B };
static const struct lab lab = {
    .number = 2, .name = "2-buddy", .directory = "labs/2-buddy", .files = { wanted, 2 }
};

static char folder[64], error[400];
static struct submission got;

static void begin(void)
{
    strcpy(folder, "/tmp/quire-submission-XXXXXX");
    CHECK(mkdtemp(folder) && chdir(folder) == 0);
}

static void shell(const char *command)
{
    if (system(command) != 0)
        check_failed(__FILE__, __LINE__, "%s", command);
}

static void end(void)
{
    char command[256];

    submission_free(&got);
    snprintf(command, sizeof(command), "chmod -R u+rwX %s && rm -rf %s", folder, folder);
    shell(command);
}

/* An archive of what the test says, in the format and with the filter that its name says. */
static struct archive *archive_begin(const char *name)
{
    struct archive *archive = archive_write_new();

    CHECK(archive_write_set_format_filter_by_ext(archive, name) == ARCHIVE_OK);
    CHECK(archive_write_open_filename(archive, name) == ARCHIVE_OK);
    return archive;
}

/* An entry of any type; the text is a file's content or a link's target. */
static void put(struct archive *archive, const char *path, unsigned type, const char *text,
                size_t size)
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

static void put_file(struct archive *archive, const char *path, const char *text)
{
    put(archive, path, AE_IFREG, text, strlen(text));
}

static void archive_end(struct archive *archive)
{
    CHECK(archive_write_close(archive) == ARCHIVE_OK);
    archive_write_free(archive);
}

/* The source is refused, and the line says these words. */
static void refused(const char *source, const char *words)
{
    if (submission_collect(source, &lab, NULL, &got, error, sizeof(error)))
        check_failed(__FILE__, __LINE__, "taken, without: %s", words);
    if (!strstr(error, words) || strchr(error, '\n'))
        check_failed(__FILE__, __LINE__, "not '%s' but: %s", words, error);
    submission_free(&got);
}

/* It is taken; the first file is this, and so many others were there. */
static void taken(const char *source, const char *text, size_t ignored)
{
    shell("mkdir -p into");
    if (!submission_collect(source, &lab, "into", &got, error, sizeof(error)))
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

/* An archive with the lab's files and one more entry, which is why it is refused. */
static void refused_entry(const char *path, unsigned type, const char *text, const char *words)
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

TEST(every_format)
{
    static const char *const names[] = { "x.zip",    "x.tar",     "x.tar.gz",
                                         "x.tar.xz", "x.tar.bz2", "x.tar.zst" };

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        begin();
        if (strstr(names[i], "zst")) {
            shell("mkdir -p " A " && rmdir " A "; printf one >" A "; printf two >" B
                  "; echo n >notes; tar -cf - src notes | zstd -q -o x.tar.zst");
        } else {
            struct archive *archive = archive_begin(names[i]);

            put_file(archive, A, "one");
            put_file(archive, B, "two");
            put_file(archive, "notes", "n\n");
            archive_end(archive);
        }
        taken(names[i], "one", 1);
        end();
    }
}

TEST(folders_around)
{
    static const char *const prefixes[] = { "", "./", "homework/", "Jane Doe/lab 2/", "a/b/c/d/" };
    char path[128];

    for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++) {
        begin();
        struct archive *archive = archive_begin("x.zip");

        snprintf(path, sizeof(path), "%s" A, prefixes[i]);
        put_file(archive, path, "one");
        snprintf(path, sizeof(path), "%s" B, prefixes[i]);
        put_file(archive, path, "two");
        archive_end(archive);
        taken("x.zip", "one", 0);
        end();
    }
}

/* Only the src folder, or what is in it, or the bare files, perhaps in a folder. */
TEST(parts_of_the_path)
{
    static const char *const pairs[][2] = {
        { "pmm/buddy.c", "pmm/frame.c" },
        { "buddy.c", "frame.c" },
        { "homework/buddy.c", "homework/frame.c" },
        { "homework/pmm/buddy.c", "homework/pmm/frame.c" },
    };

    for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
        begin();
        struct archive *archive = archive_begin("x.tar.gz");

        put_file(archive, pairs[i][0], "one");
        put_file(archive, pairs[i][1], "two");
        archive_end(archive);
        taken("x.tar.gz", "one", 0);
        end();
    }
}

TEST(same_files_same_hash)
{
    char first[SUBMISSION_HASH_SIZE];

    begin();
    shell("mkdir -p t/src/pmm && printf one >t/" A " && printf two >t/" B);
    shell("cd t && tar -czf ../x.tgz src && echo junk >junk");
    CHECK(submission_collect("t", &lab, NULL, &got, error, sizeof(error)));
    strcpy(first, got.sha256);
    submission_free(&got);
    CHECK(submission_collect("x.tgz", &lab, NULL, &got, error, sizeof(error)));
    CHECK(strcmp(first, got.sha256) == 0);
    submission_free(&got);
    shell("printf onf >t/" A);
    CHECK(submission_collect("t", &lab, NULL, &got, error, sizeof(error)));
    CHECK(strcmp(first, got.sha256) != 0);
    end();
}

TEST(names_that_lead_out)
{
    refused_entry("../evil.c", AE_IFREG, "x", "..");
    refused_entry("src/../../evil.c", AE_IFREG, "x", "..");
    refused_entry("src/..", AE_IFREG, "x", "..");
    refused_entry("src/pmm/../pmm/buddy.c", AE_IFREG, "x", "..");
    refused_entry("../" A, AE_IFREG, "x", "..");
    refused_entry("/etc/passwd", AE_IFREG, "x", "absolute");
    refused_entry("/" A, AE_IFREG, "x", "absolute");
    refused_entry("src\\pmm\\buddy.c", AE_IFREG, "x", "backslashes");
    refused_entry("..\\..\\evil.c", AE_IFREG, "x", "backslashes");
}

TEST(things_that_are_no_files)
{
    refused_entry("src", AE_IFLNK, "/etc", "src is a link");
    refused_entry("src/pmm", AE_IFLNK, "../..", "src/pmm is a link");
    refused_entry("x/" A, AE_IFLNK, "/etc/passwd", "is a link");
    refused_entry("labs/2-buddy/answers.toml", AE_IFLNK, "/etc/passwd", "is a link");
    refused_entry("tty", AE_IFCHR, "", "device");
    refused_entry("disk", AE_IFBLK, "", "device");
    refused_entry("pipe", AE_IFIFO, "", "pipe");
    refused_entry(A, AE_IFREG, "again", "twice");
    refused_entry("./" A, AE_IFREG, "again", "twice");
}

/* Links elsewhere are in many trees (compile_commands.json) and do nothing. */
TEST(links_elsewhere_are_ignored)
{
    begin();
    struct archive *archive = archive_begin("x.tar");

    put_file(archive, A, "one");
    put_file(archive, B, "two");
    put(archive, "compile_commands.json", AE_IFLNK, "/etc/passwd", 11);
    archive_end(archive);
    taken("x.tar", "one", 1);
    end();
}

TEST(hard_links_are_refused)
{
    begin();
    shell("mkdir -p src/pmm && echo a >" A " && ln " A " " B " && tar -cf x.tar src");
    refused("x.tar", "is a link");
    end();
}

TEST(too_large)
{
    begin();
    shell("mkdir -p src/pmm && echo b >" B " && head -c 262145 /dev/zero | tr '\\0' ' ' >" A);
    shell("tar -cf x.tar src");
    refused("x.tar", "larger than 256 KiB");
    refused(".", "larger than 256 KiB");
    end();
}

TEST(bombs)
{
    begin();
    shell("mkdir -p src/pmm && echo a >" A " && echo b >" B);
    shell("truncate -s 300M zeros && tar -czf x.tar.gz zeros src && rm zeros");
    refused("x.tar.gz", "far more than a lab needs");
    shell("truncate -s 8G zeros && tar -cSf x.tar zeros src && rm zeros");
    refused("x.tar", "far more than a lab needs");
    shell("mkdir many && cd many && seq 50001 | xargs touch && cd .. && tar -cf x.tar many src");
    refused("x.tar", "more than 50000 files");
    end();
}

static void refused_text(const char *printf_argument, const char *words)
{
    char command[256];

    begin();
    snprintf(command, sizeof(command), "mkdir -p src/pmm && echo b >" B " && printf '%s' >" A,
             printf_argument);
    shell(command);
    refused(".", words);
    end();
}

TEST(encodings)
{
    refused_text("\\377\\376i\\0n\\0t\\0", "UTF-16");
    refused_text("\\376\\377\\0i\\0n\\0t", "UTF-16");
    refused_text("int x;\\0int y;", "NUL bytes");
    refused_text("one\\ntwo\\nf\\374r\\n", "line 3: not UTF-8");
    refused_text("\\300\\257", "not UTF-8");
    refused_text("\\355\\240\\200", "not UTF-8");
    refused_text("cut off \\342\\202", "not UTF-8");
    begin();
    shell("mkdir -p src/pmm && echo b >" B " && printf '// f\\303\\274r\\r\\n' >" A);
    taken(".", "// f\303\274r\r\n", 0);
    end();
}

TEST(names_nearly_right)
{
    begin();
    shell("mkdir -p Src/PMM && echo a >Src/PMM/Buddy.c && echo b >Src/PMM/frame.c");
    refused(".", "must be named " A);
    shell("tar -cf x.tar Src && rm -r Src");
    refused("x.tar", "must be named " A);
    end();
}

TEST(nothing_of_the_lab)
{
    begin();
    refused(".", "it is empty; looked for " A);
    shell("echo hi >hello.c");
    refused(".", "looked for " A ", found hello.c");
    shell("tar -cf inner.tar hello.c && rm hello.c && tar -cf x.tar inner.tar");
    refused("x.tar", "another archive is, inner.tar");
    shell("mkdir -p src/pmm && echo a >" A);
    refused(".", B " is missing");
    refused("no-such-file", "No such file");
    end();
}

TEST(two_copies)
{
    begin();
    shell("mkdir -p one/src/pmm && echo a >one/" A " && echo b >one/" B " && cp -r one two");
    refused(".", "two copies of the lab");
    /* A rest of an older copy does not win over the whole. */
    shell("rm two/" B " && printf old >two/" A " && printf new >one/" A);
    taken(".", "new", 1);
    shell("rm -r one two && mkdir a b && echo x >a/buddy.c && echo y >b/buddy.c");
    refused(".", "could be two files");
    end();
}

TEST(no_archives)
{
    begin();
    shell("head -c 4096 /dev/urandom >x.zip && : >empty.zip && echo text >x.c");
    refused("x.zip", "archive");
    refused("empty.zip", "archive");
    refused("x.c", "no archive that is understood");
    shell("mkfifo pipe");
    refused("pipe", "neither a folder nor an archive");
    end();
}

TEST(damaged)
{
    begin();
    shell("mkdir -p src/pmm && head -c 90000 /dev/urandom | base64 >" A " && echo b >" B);
    shell("tar -czf x.tar.gz src && truncate -s 50000 x.tar.gz");
    refused("x.tar.gz", "damaged");
    end();
}

/* An encrypted entry, by the flag in both of its headers. */
TEST(encrypted)
{
    begin();
    struct archive *archive = archive_begin("x.zip");

    put_file(archive, A, "one");
    put_file(archive, B, "two");
    archive_end(archive);
    shell("LC_ALL=C sed -i 's/PK\\x03\\x04\\(..\\)./PK\\x03\\x04\\1\\x01/g; "
          "s/PK\\x01\\x02\\(....\\)./PK\\x01\\x02\\1\\x01/g' x.zip");
    refused("x.zip", "encrypted");
    end();
}

TEST(folder_with_traps)
{
    begin();
    shell("mkdir -p src/pmm && printf one >" A " && printf two >" B);
    shell(
        "ln -s /etc/passwd link && ln -s / root && mkfifo pipe && mkdir closed && chmod 0 closed");
    taken(".", "one", 3);
    shell("rm " A " && ln -s /etc/passwd " A);
    refused(".", "is a link");
    shell("rm " A " && mkfifo " A);
    refused(".", "a pipe");
    shell("rm -r src && mkdir real && mv real src && rmdir src && ln -s /usr src");
    refused(".", "src is a link");
    end();
}

TEST(git)
{
    begin();
    shell("mkdir t && cd t && mkdir -p src/pmm && printf one >" A " && printf two >" B
          " && git init -q . && git add . && git -c user.name=x -c user.email=x@y commit -qm x"
          " && git bundle create -q ../x.bundle HEAD && git clone -q --bare . ../bare.git");
    taken("bare.git", "one", 0);
    taken("x.bundle", "one", 0);
    /* What lies in the work tree counts; without it the last commit does. */
    shell("printf edited >t/" A);
    taken("t", "edited", 0);
    shell("rm -r t/src");
    taken("t", "one", 0);
    shell("truncate -s 100 x.bundle");
    refused("x.bundle", "git cannot read");
    end();
}

/* A repository that names programs: they reach nothing, nor pass a link off as the archive. */
TEST(git_with_traps)
{
    begin();
    shell("mkdir t && cd t && mkdir -p src/pmm && printf one >" A " && printf two >" B
          " && git init -q . && git add . && git -c user.name=x -c user.email=x@y commit -qm x"
          " && git clone -q --bare . ../bare.git");
    shell("printf '[core]\\n\\tfsmonitor = touch %s/evil\\n\\tsshCommand = touch %s/evil\\n"
          "[tar \"tar\"]\\n\\tcommand = \"rm -f /out/tree.tar; ln -s /etc/passwd /out/tree.tar; "
          "touch /tmp/evil; cat\"\\n' $PWD $PWD >>bare.git/config");
    shell("printf '#!/bin/sh\\ntouch '$PWD'/evil\\n' >bare.git/hooks/post-checkout; "
          "chmod +x bare.git/hooks/*");
    submission_collect("bare.git", &lab, NULL, &got, error, sizeof(error));
    for (size_t i = 0; i < got.count; i++)
        CHECK(!memmem(got.files[i].content, got.files[i].size, "root:", 5));
    CHECK(access("evil", F_OK) != 0 && access("/tmp/evil", F_OK) != 0);
    end();
}

/* Bytes of a good archive changed at random: taken or refused, never anything else. */
TEST(noise)
{
    static const char *const names[] = { "x.zip", "x.tar", "x.tar.gz", "x.tar.xz" };
    uint64_t random = 7;

    for (size_t n = 0; n < sizeof(names) / sizeof(names[0]); n++) {
        begin();
        struct archive *archive = archive_begin(names[n]);

        put_file(archive, "top/" A, "int one;\n");
        put_file(archive, "top/" B, "int two;\n");
        archive_end(archive);
        const int fd = open(names[n], O_RDONLY);
        unsigned char good[16384], bad[16384];
        const ssize_t size = read(fd, good, sizeof(good));

        CHECK(size > 0);
        close(fd);
        for (int round = 0; round < 300; round++) {
            memcpy(bad, good, (size_t)size);
            for (int k = 0; k < 1 + round % 4; k++)
                bad[rng_below(&random, (uint64_t)size)] = (unsigned char)rng_next(&random);
            FILE *file = fopen("y", "we");

            CHECK(file && fwrite(bad, 1, (size_t)size, file) == (size_t)size);
            fclose(file);
            error[0] = '\0';
            if (!submission_collect("y", &lab, NULL, &got, error, sizeof(error)))
                CHECK(error[0] && !strchr(error, '\n'));
            submission_free(&got);
        }
        end();
    }
}
