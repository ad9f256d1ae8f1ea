/* What is taken from a submission, and which names and files are refused. */
#include "submission_fixture.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

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

static void write_zip(const char *prefix)
{
    char command[400];

    snprintf(command, sizeof(command),
             "/usr/bin/python3 -c \"import zipfile; z = zipfile.ZipFile('x.zip', 'w'); "
             "z.writestr('%s" A "', 'one'); z.writestr('%s" B "', 'two'); z.close()\"",
             prefix, prefix);
    shell(command);
}

/* A zip that says its names are UTF-8, as most programs write; none depends on this locale. */
TEST(names_beyond_ascii)
{
    static const char *const prefixes[] = { "M\\u00fcller/", "Mu\\u0308ller/lab 2/",
                                            "\\u5f20\\u4f1f/" };

    for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++) {
        begin();
        write_zip(prefixes[i]);
        taken("x.zip", "one", 0);
        end();
    }
}

/* Older programs write names as their system has them, and do not say how. */
TEST(names_in_no_known_encoding)
{
    static const char *const names[] = { "x.zip", "x.tar" };

    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        begin();
        struct archive *archive = archive_begin(names[i]);

        put_file(archive, "M\xfcller/" A, "one");
        put_file(archive, "M\xfcller/" B, "two");
        archive_end(archive);
        taken(names[i], "one", 0);
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
    CHECK(submission_collect("t", &submission_lab, NULL, &got, error, sizeof(error)));
    strcpy(first, got.sha256);
    submission_free(&got);
    CHECK(submission_collect("x.tgz", &submission_lab, NULL, &got, error, sizeof(error)));
    CHECK(strcmp(first, got.sha256) == 0);
    submission_free(&got);
    shell("printf onf >t/" A);
    CHECK(submission_collect("t", &submission_lab, NULL, &got, error, sizeof(error)));
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
