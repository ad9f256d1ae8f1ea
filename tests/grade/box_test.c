/* The sandbox: what a command sees, what it is refused, and how its end is told. */
#include "box_parts.h"
#include "check.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char writable[64];

static void folder_make(void)
{
    strcpy(writable, "/tmp/quire-box-test-XXXXXX");
    CHECK(mkdtemp(writable));
}

static void folder_remove(void)
{
    char command[128];

    snprintf(command, sizeof(command), "rm -rf %s", writable);
    CHECK(system(command) == 0);
}

/* Run a shell script in a box with a writable folder /box. */
static struct box_outcome script(const char *text, struct box_limits limits)
{
    const char *const command[] = { "sh", "-c", text, NULL };
    struct box_bind writes[] = { { writable, "/box" }, { NULL, NULL } };
    const struct box box = {
        .command = command, .writes = writes, .directory = "/box", .limits = limits
    };
    struct box_outcome out;

    folder_make();
    box_run(&box, &out);
    folder_remove();
    return out;
}

/* The script succeeds and prints exactly this. */
static void prints(const char *text, const char *expected)
{
    struct box_outcome out = script(text, (struct box_limits){ .wall_seconds = 20 });

    if (out.end != BOX_EXITED || out.status != 0 || strcmp(out.output, expected) != 0)
        check_failed(__FILE__, __LINE__, "%s: %s\n%s", text, out.reason, out.output);
    box_outcome_free(&out);
}

static void ends(const char *text, struct box_limits limits, enum box_end end, const char *words)
{
    struct box_outcome out = script(text, limits);

    if (out.end != end || !strstr(out.reason, words))
        check_failed(__FILE__, __LINE__, "%s: end %d: %s\n%s", text, out.end, out.reason,
                     out.output ? out.output : "");
    box_outcome_free(&out);
}

TEST(tells_how_it_ended)
{
    ends("exit 0", (struct box_limits){}, BOX_EXITED, "status 0");
    ends("exit 3", (struct box_limits){}, BOX_EXITED, "status 3");
    ends("kill -SEGV $$", (struct box_limits){}, BOX_SIGNALLED, "signal 11");
    ends("kill -KILL $$", (struct box_limits){}, BOX_SIGNALLED, "signal 9");
}

TEST(time_is_bounded)
{
    ends("sleep 100", (struct box_limits){ .wall_seconds = 1 }, BOX_TIME, "within 1 s");
    ends("trap '' TERM INT HUP; while :; do sleep 1; done",
         (struct box_limits){ .wall_seconds = 1 }, BOX_TIME, "within 1 s");
    ends("exec sh -c 'while :; do :; done'",
         (struct box_limits){ .wall_seconds = 20, .cpu_seconds = 1 }, BOX_TIME, "processor time");
    /* One that closes its output is waited for all the same. */
    ends("exec >/dev/null 2>&1; sleep 100", (struct box_limits){ .wall_seconds = 1 }, BOX_TIME,
         "within 1 s");
}

TEST(output_is_bounded)
{
    struct box_outcome out =
        script("yes", (struct box_limits){ .wall_seconds = 20, .output_bytes = 5000 });

    CHECK_EQ(out.end, BOX_OUTPUT);
    CHECK_EQ(out.output_size, 5000);
    CHECK(memcmp(out.output, "y\ny\n", 4) == 0 && out.output[5000] == '\0');
    box_outcome_free(&out);
    prints("echo one; echo two >&2", "one\ntwo\n");
    prints("head -c 300000 /dev/zero | tr '\\0' x | wc -c", "300000\n");
}

TEST(memory_is_bounded)
{
    const struct box_limits limits = { .wall_seconds = 30, .memory_bytes = 64 << 20 };

    ends("tail /dev/zero", limits, BOX_MEMORY, "64 MiB of memory");
    /* Shared among processes that left their parents. */
    ends("for i in 1 2 3 4; do (head -c 40000000 /dev/zero | sort >/dev/null; sleep 9) & done; "
         "(setsid tail /dev/zero &) ; sleep 20",
         limits, BOX_MEMORY, "64 MiB of memory");
}

TEST(disk_is_bounded)
{
    struct box_limits limits = { .wall_seconds = 30, .file_bytes = 1 << 20, .disk_bytes = 8 << 20 };

    ends("head -c 3000000 /dev/zero >big; test $(stat -c %s big) -le 1048576", limits, BOX_EXITED,
         "status 0");
    ends("i=0; while :; do head -c 1000000 /dev/zero >f$i; i=$((i+1)); done", limits, BOX_DISK,
         "8 MiB");
    limits = (struct box_limits){ .wall_seconds = 30, .tmp_bytes = 1 << 20 };
    ends("head -c 3000000 /dev/zero >/tmp/x", limits, BOX_EXITED, "status 1");
    ends("head -c 3000000 /dev/zero >/dev/shm/x", limits, BOX_EXITED, "status 1");
}

TEST(processes_are_bounded)
{
    ends("for i in $(seq 60); do sleep 5 & done; wait",
         (struct box_limits){ .wall_seconds = 20, .processes = 20 }, BOX_EXITED, "status 2");
    ends("f() { f | f & }; f; sleep 60", (struct box_limits){ .wall_seconds = 3 }, BOX_TIME, "3 s");
    /* Nothing of it is left: the next one starts. */
    prints("echo alive", "alive\n");
}

TEST(sees_little)
{
    prints("ls /home /root /work /var /etc/passwd /boot 2>/dev/null; true", "");
    prints("ls -A /tmp; hostname; echo $HOME; pwd", "box\n/tmp\n/box\n");
    prints("env | cut -d= -f1 | sort | tr '\\n' ' '", "HOME LC_ALL PATH PWD ");
    prints("ls /proc | grep -c '^[0-9]*$' | awk '{ print ($1 < 8) }'", "1\n");
    prints("cat /proc/net/dev | grep -c : ; ls /sys 2>&1 | grep -c such", "1\n1\n");
    prints("cd /proc/self/fd; for i in *; do readlink $i; done | grep -v -e pipe: -e /dev/null "
           "-e ^/proc; true",
           "");
}

TEST(changes_nothing_outside)
{
    prints("for d in / /usr /dev /proc/sys/kernel /usr/bin; do touch $d/x 2>/dev/null && echo $d; "
           "done; true",
           "");
    prints("echo 1 2>/dev/null >/proc/sysrq-trigger || echo refused", "refused\n");
    prints("id -u | awk '{ print ($1 > 0) }'", "1\n");
    prints("grep -c 'Cap\\(Inh\\|Prm\\|Eff\\|Bnd\\|Amb\\):.0*$' /proc/self/status", "5\n");
    prints("grep -e NoNewPrivs -e ^Seccomp: /proc/self/status | tr '\\n\\t' '  '",
           "NoNewPrivs: 1 Seccomp: 2 ");
    prints("unshare -r true 2>/dev/null || echo refused", "refused\n");
    prints("unshare -n true 2>/dev/null || echo refused", "refused\n");
    prints("mount -t tmpfs none /tmp 2>/dev/null || echo refused", "refused\n");
}

TEST(missing_command_is_told)
{
    const char *const command[] = { "no-such-command", NULL };
    const struct box box = { .command = command };
    struct box_outcome out;

    CHECK(!box_run(&box, &out));
    CHECK_EQ(out.end, BOX_EXITED);
    CHECK_EQ(out.status, 127);
    CHECK(strstr(out.output, "no-such-command"));
    box_outcome_free(&out);
}

TEST(folder_that_is_not_there_is_our_fault)
{
    const char *const command[] = { "true", NULL };
    const struct box_bind reads[] = { { "/no/such/folder", NULL }, { NULL, NULL } };
    const struct box box = { .command = command, .reads = reads };
    struct box_outcome out;

    CHECK(!box_run(&box, &out));
    CHECK_EQ(out.end, BOX_NOT_STARTED);
    CHECK(strstr(out.reason, "/no/such/folder"));
    box_outcome_free(&out);
}

TEST(missing_bubblewrap_is_told)
{
    char error[320];

    setenv("PATH", "/nowhere", 1);
    CHECK(!box_available(error, sizeof(error)));
    CHECK(strstr(error, "bubblewrap is not installed"));
}

TEST(is_available)
{
    char error[320] = "", version[64];

    if (!box_available(error, sizeof(error)))
        check_failed(__FILE__, __LINE__, "%s", error);
    box_version(version, sizeof(version));
    CHECK(strncmp(version, "bubblewrap 0.", 13) == 0);
}

/* A file in the folder is the caller's again, a hard-linked one never changed hands. */
TEST(folder_comes_back)
{
    const char *const command[] = { "sh", "-c", "echo x >new; echo y >>old; echo z >>linked",
                                    NULL };
    struct box_bind writes[] = { { writable, "/box" }, { NULL, NULL } };
    const struct box box = { .command = command, .writes = writes, .directory = "/box" };
    struct box_outcome out;
    struct stat info;

    folder_make();
    CHECK(chdir(writable) == 0);
    CHECK(system("touch old linked && ln linked other && chmod 644 *") == 0);
    box_run(&box, &out);
    CHECK(stat("new", &info) == 0 && info.st_uid == geteuid() && info.st_size == 2);
    CHECK(stat("old", &info) == 0 && info.st_uid == geteuid() && info.st_size == 2);
    if (geteuid() == 0)
        CHECK(stat("linked", &info) == 0 && info.st_size == 0);
    box_outcome_free(&out);
    folder_remove();
}

TEST(open_box_has_limits_too)
{
    const char *const sleeping[] = { "sh", "-c", "pwd; sleep 100", NULL };
    const struct box box = {
        .command = sleeping, .directory = "/usr", .open = true, .limits = { .wall_seconds = 1 }
    };
    struct box_outcome out;

    box_run(&box, &out);
    CHECK_EQ(out.end, BOX_TIME);
    CHECK(strcmp(out.output, "/usr\n") == 0);
    box_outcome_free(&out);
}

TEST(folders_deep_inside_can_be_reached)
{
    const char *const command[] = { "cat", "/one/two/three/bin/../../four/hello", NULL };
    struct box_bind reads[] = { { "/usr", "/one/two/three" },
                                { writable, "/one/two/four" },
                                { NULL, NULL } };
    const struct box box = { .command = command, .reads = reads };
    struct box_outcome out;

    folder_make();
    CHECK(chmod(writable, 0755) == 0 && chdir(writable) == 0 && system("echo hi >hello") == 0);
    box_run(&box, &out);
    CHECK(strcmp(out.output, "hi\n") == 0);
    box_outcome_free(&out);
    folder_remove();
}

/* Takes a uid when a byte comes, says which, and holds it until the end of `end`. */
static void take_when_told(int tell, const int end[2], int answer)
{
    char byte;
    int holder;
    uid_t uid;

    close(end[1]);
    if (read(tell, &byte, 1) != 1)
        _exit(1);
    uid = box_uid_take(&holder);
    _exit(write(answer, &uid, sizeof(uid)) != sizeof(uid) || read(end[0], &byte, 1) != 0);
}

/* Of other graders' boxes, too, which count from process numbers nearby. */
TEST(uids_differ)
{
    enum { MINE = 40, OTHERS = 8 };
    uid_t uids[MINE + OTHERS];
    int holders[MINE], tell[2], end[2], answer[2], status;

    CHECK(pipe(tell) == 0 && pipe(end) == 0 && pipe(answer) == 0);
    for (unsigned i = 0; i < OTHERS; i++)
        if (fork() == 0)
            take_when_told(tell[0], end, answer[1]);
    for (unsigned i = 0; i < MINE; i++) {
        uids[i] = box_uid_take(&holders[i]);
        CHECK(holders[i] >= 0);
    }
    for (unsigned i = 0; i < OTHERS; i++) {
        CHECK(write(tell[1], "", 1) == 1);
        CHECK(read(answer[0], &uids[MINE + i], sizeof(*uids)) == sizeof(*uids));
    }
    for (unsigned i = 0; i < MINE + OTHERS; i++)
        for (unsigned k = 0; k < i; k++)
            CHECK(uids[i] != uids[k]);
    for (unsigned i = 0; i < MINE; i++)
        close(holders[i]);
    close(end[1]);
    for (unsigned i = 0; i < OTHERS; i++)
        CHECK(wait(&status) > 0 && status == 0);
    for (unsigned i = 0; i < 2; i++) {
        close(tell[i]);
        close(answer[i]);
    }
    close(end[0]);
}
