/*
 * A uid for each box that runs now: processes are counted by uid, and a box that uses up
 * its share must not take another's. A socket's name, which the system gives once at a
 * time and takes back with the process, says that a uid is in use.
 */
#include "box_parts.h"

#include <stdatomic.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { UID_FIRST = 60800, UID_COUNT = 4096 }; /* neither people nor system services have these */

/* The descriptor that holds the name of the uid; -1: another box has it. */
static int hold(uid_t uid)
{
    struct sockaddr_un name = { .sun_family = AF_UNIX };
    int length = snprintf(name.sun_path + 1, sizeof(name.sun_path) - 1, "quire-box-%u", uid);
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

    if (fd >= 0 &&
        bind(fd, (const struct sockaddr *)&name,
             (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1) + (socklen_t)length) == 0)
        return fd;
    if (fd >= 0)
        close(fd);
    return -1;
}

uid_t box_uid_take(int *holder)
{
    static atomic_uint serial;
    uid_t uid = 0;

    *holder = -1;
    for (unsigned i = 0; i < UID_COUNT && *holder < 0; i++) {
        uid = UID_FIRST + ((unsigned)getpid() + serial++) % UID_COUNT;
        *holder = hold(uid);
    }
    return uid;
}
