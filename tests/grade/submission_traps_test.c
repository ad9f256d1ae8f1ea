/* Submissions that are damaged or set traps: archives, folders, repositories. */
#include "submission_fixture.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

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

/* Cut anywhere, as by an upload that broke off, an archive is still told from other files. */
TEST(cut_off)
{
    static const char *const names[] = { "x.zip", "x.tar.gz", "x.tar.bz2", "x.tar.xz",
                                         "x.tar.zst" };
    static const char *const sizes[] = { "40", "200", "50000" };
    char command[128];

    begin();
    shell("mkdir -p src/pmm && head -c 90000 /dev/urandom | base64 >" A " && echo b >" B
          " && for end in gz bz2 xz zst; do tar -caf x.tar.$end src; done"
          " && cmake -E tar cf x.zip --format=zip src");
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        for (size_t k = sizeof(sizes) / sizeof(sizes[0]); k-- > 0;) {
            snprintf(command, sizeof(command), "truncate -s %s %s", sizes[k], names[i]);
            shell(command);
            refused(names[i], "the archive is damaged");
        }
    }
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

/* What may not be read is neither empty nor missing: the instructor has to mend it. */
TEST(nothing_may_be_read)
{
    begin();
    shell("chmod 755 . && mkdir -p t/src/pmm t/notes && echo a >t/" A " && echo b >t/" B
          " && tar -cf x.tar t && chmod 0 x.tar t/notes");
    refused_to_others("x.tar", "the archive cannot be read: Permission denied");
    shell("chmod 0 t/src/pmm");
    refused_to_others("t", "src/pmm cannot be read: Permission denied");
    shell("chmod 444 t/src/pmm");
    refused_to_others("t", " cannot be read: Permission denied");
    shell("chmod 755 t/src/pmm && chmod 0 t/" A);
    refused_to_others("t", A " cannot be read: Permission denied");
    shell("chmod 0 t");
    refused_to_others("t", "the folder cannot be read: Permission denied");
    shell("chmod 755 t && rmdir t/notes && mkdir t/homework && mv t/src t/homework"
          " && chmod 0 t/homework");
    refused_to_others("t", "homework cannot be read: Permission denied");
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
    submission_collect("bare.git", &submission_lab, NULL, &got, error, sizeof(error));
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
            if (!submission_collect("y", &submission_lab, NULL, &got, error, sizeof(error)))
                CHECK(error[0] && !strchr(error, '\n'));
            submission_free(&got);
        }
        end();
    }
}
