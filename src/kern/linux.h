/*
 * Linux's structures and constants, as x86-64 programs know them (Linux 6.1,
 * include/uapi). Only what the system calls here use.
 */
#pragma once

#include "lib/types.h"

/* open, fcntl */
enum {
    O_ACCMODE = 3,
    O_RDONLY = 0,
    O_WRONLY = 1,
    O_RDWR = 2,
    O_CREAT = 0100,
    O_EXCL = 0200,
    O_TRUNC = 01000,
    O_APPEND = 02000,
    O_NONBLOCK = 04000,
    O_LARGEFILE = 0100000,
    O_DIRECTORY = 0200000,
    O_CLOEXEC = 02000000,
};
enum { F_DUPFD, F_GETFD, F_SETFD, F_GETFL, F_SETFL, F_DUPFD_CLOEXEC = 1030 };
enum { FD_CLOEXEC = 1 };
enum {
    AT_FDCWD = -100,
    AT_SYMLINK_NOFOLLOW = 0x100,
    AT_NO_AUTOMOUNT = 0x800,
    AT_EMPTY_PATH = 0x1000
};
enum { X_OK = 1, W_OK = 2, R_OK = 4 };
enum { SEEK_SET, SEEK_CUR, SEEK_END };

enum {
    S_IFIFO = 0010000,
    S_IFCHR = 0020000,
    S_IFDIR = 0040000,
    S_IFREG = 0100000,
    S_IFMT = 0170000
};

struct linux_stat {
    uint64_t dev, ino, nlink;
    uint32_t mode, uid, gid, pad;
    uint64_t rdev, size, blksize, blocks;
    uint64_t atime, atime_ns, mtime, mtime_ns, ctime, ctime_ns;
    uint64_t unused[3];
};
_Static_assert(sizeof(struct linux_stat) == 144, "struct stat");

struct linux_iovec {
    vaddr_t base;
    uint64_t len;
};
enum { IOV_MAX = 1024 };

enum { POLLIN = 1, POLLOUT = 4, POLLERR = 8, POLLHUP = 0x10, POLLNVAL = 0x20 };

struct linux_pollfd {
    int32_t fd;
    int16_t events, revents;
};

/* mmap and company */
enum { PROT_READ = 1, PROT_WRITE = 2, PROT_EXEC = 4 };
enum {
    MAP_SHARED = 1,
    MAP_PRIVATE = 2,
    MAP_SHARED_VALIDATE = 3,
    MAP_TYPE = 0xf,
    MAP_FIXED = 0x10,
    MAP_ANONYMOUS = 0x20,
    MAP_GROWSDOWN = 0x100,
    MAP_POPULATE = 0x8000,
    MAP_HUGETLB = 0x40000,
    MAP_FIXED_NOREPLACE = 0x100000,
    MAP_HUGE_SHIFT = 26,
    MAP_HUGE_MASK = 0x3f,
};
enum { MREMAP_MAYMOVE = 1, MREMAP_FIXED = 2 };
enum {
    MADV_NORMAL = 0,
    MADV_WILLNEED = 3,
    MADV_DONTNEED = 4,
    MADV_FREE = 8,
    MADV_MERGEABLE = 12,
    MADV_DODUMP = 17,
};

/* clone */
#define CLONE_VM             UINT64_C(0x100)
#define CLONE_VFORK          UINT64_C(0x4000)
#define CLONE_SETTLS         UINT64_C(0x80000)
#define CLONE_PARENT_SETTID  UINT64_C(0x100000)
#define CLONE_CHILD_CLEARTID UINT64_C(0x200000)
#define CLONE_CHILD_SETTID   UINT64_C(0x1000000)
#define CLONE_SIGNAL_MASK    UINT64_C(0xff)

enum { ARCH_SET_GS = 0x1001, ARCH_SET_FS, ARCH_GET_FS, ARCH_GET_GS };

struct linux_rusage {
    int64_t words[18];
};
_Static_assert(sizeof(struct linux_rusage) == 144, "struct rusage");

/* Time */
enum { TIMER_ABSTIME = 1 };
enum {
    CLOCK_REALTIME,
    CLOCK_MONOTONIC,
    CLOCK_PROCESS_CPUTIME_ID,
    CLOCK_THREAD_CPUTIME_ID,
    CLOCK_MONOTONIC_RAW,
    CLOCK_REALTIME_COARSE,
    CLOCK_MONOTONIC_COARSE,
    CLOCK_BOOTTIME,
};
#define NSEC_PER_SEC INT64_C(1000000000)

struct linux_timespec {
    int64_t sec, nsec;
};

struct linux_timeval {
    int64_t sec, usec;
};

enum {
    FUTEX_WAIT = 0,
    FUTEX_WAKE = 1,
    FUTEX_WAIT_BITSET = 9,
    FUTEX_WAKE_BITSET = 10,
    FUTEX_CLOCK_REALTIME = 256,
    FUTEX_CMD_MASK = 127,
};

/* Signals */
struct linux_sigaction {
    uint64_t handler, flags, restorer, mask;
};
enum { SIG_DFL = 0, SIG_IGN = 1 };
enum { SIG_BLOCK, SIG_UNBLOCK, SIG_SETMASK };

/* The system */
struct linux_utsname {
    char sysname[65], nodename[65], release[65], version[65], machine[65], domainname[65];
};

struct linux_sysinfo {
    int64_t uptime;
    uint64_t loads[3], totalram, freeram, sharedram, bufferram, totalswap, freeswap;
    uint16_t procs, pad;
    uint32_t pad2;
    uint64_t totalhigh, freehigh;
    uint32_t mem_unit, pad3;
};
_Static_assert(sizeof(struct linux_sysinfo) == 112, "struct sysinfo");

enum { RLIMIT_STACK = 3, RLIMIT_CORE = 4, RLIMIT_NOFILE = 7, RLIMIT_COUNT = 16 };

struct linux_rlimit {
    uint64_t soft, hard;
};
#define RLIM_INFINITY UINT64_MAX

enum { GRND_NONBLOCK = 1, GRND_RANDOM = 2, GRND_INSECURE = 4 };
