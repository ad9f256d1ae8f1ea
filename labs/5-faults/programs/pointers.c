/*
 * Pointers that system calls are given. A good one works, resident or not, across
 * pages too; a bad one is EFAULT, never the end of the program or of the kernel.
 */
#include "pages.h"

#include <string.h>

enum { RW = PROT_READ | PROT_WRITE, LONG_PATH = 5000 };

static char *base = (char *)0x600000000000;
static int from, to; /* a pipe */

/* What a system call said: its result, or a negative errno. */
static uint64_t result(long value)
{
    return (uint64_t)(value < 0 ? -errno : value);
}

static uint64_t give(const void *at, size_t length)
{
    return result(write(to, at, length));
}

static uint64_t take(void *at, size_t length)
{
    return result(read(from, at, length));
}

/* Both directions must refuse the 8 bytes at an address. */
static uint64_t refused(void *at)
{
    uint64_t wrong = give(at, 8) ^ (uint64_t)-EFAULT, word = 5;

    wrong |= give(&word, 8) ^ 8; /* so that reading has something to fetch */
    wrong |= (uint64_t)kernel_writes(at) | (uint64_t)kernel_reads(at);
    wrong |= take(&word, 8) ^ 8;
    return wrong | (word ^ 5);
}

static void report(uint64_t step, uint64_t wrong)
{
    lab_witness(step, lab_challenge(step) ^ wrong, (uint64_t)base, 0);
}

/* Good pointers to pages that were never touched, across their border. */
static uint64_t lazy(uint64_t secret)
{
    char *area = pages_need(base, 4, RW, 0);
    uint64_t wrong = give(area + PAGE - 4, 8) ^ 8, word = 1;

    wrong |= take(&word, 8) ^ 8;
    wrong |= word;
    wrong |= give(&secret, 8) ^ 8;
    wrong |= take(area + 3 * PAGE - 4, 8) ^ 8;
    return wrong | (word_get(area + 3 * PAGE - 4) ^ secret);
}

/* A path whose last byte is the last one before a hole, and one that runs into the hole. */
static uint64_t strings(void)
{
    char *area = pages_need(base + 16 * PAGE, 3, RW, 0), *end = area + 2 * PAGE;
    uint64_t wrong;

    pages_unmap(end, 1);
    memcpy(end - 5, "./no", 5);
    wrong = result(access(end - 5, 0)) ^ (uint64_t)-ENOENT;
    end[-1] = 'x';
    wrong |= result(access(end - 5, 0)) ^ (uint64_t)-EFAULT;
    wrong |= result(access(end, 0)) ^ (uint64_t)-EFAULT;
    memset(area, '/', PAGE);
    memcpy(area + PAGE, "no", 3); /* across the border */
    wrong |= result(access(area + PAGE - 2, 0)) ^ (uint64_t)-ENOENT;
    return wrong;
}

static uint64_t long_string(void)
{
    char *area = pages_need(base + 32 * PAGE, 3, RW, 0);

    memset(area, 'a', 2 * PAGE + 8);
    return result(access(area, 0)) ^ (uint64_t)-ENAMETOOLONG;
}

/* A page shared with the parent: a system call that writes there copies it first. */
static void take_shared(void *at)
{
    _exit(take(at, 8) == 8 && word_get(at) == 7 ? 0 : 1);
}

static uint64_t shared(uint64_t secret)
{
    char *page = pages_need(base + 48 * PAGE, 1, RW, 0);
    uint64_t seven = 7, wrong;

    word_set(page, secret);
    wrong = give(&seven, 8) ^ 8;
    wrong |= child_end(take_shared, page) ^ 1000;
    return wrong | (word_get(page) ^ secret);
}

int main(void)
{
    uint64_t secret = lab_challenge(100);
    char *none = pages_need(base + 64 * PAGE, 1, PROT_NONE, 0), *read_only, *last;
    int link[2];

    if (pipe(link) != 0)
        _exit(99);
    from = link[0];
    to = link[1];
    report(1, lazy(secret));
    report(2, strings());
    report(3, long_string());
    report(4, shared(secret));
    report(5, refused(opaque(8)) | refused(none) | refused(base + 80 * PAGE));

    read_only = pages_need(base + 96 * PAGE, 1, PROT_READ, 0);
    report(6, (uint64_t)kernel_writes(read_only) | (uint64_t)!kernel_reads(read_only));

    /* The last bytes before a hole are good, one more is not. */
    last = pages_need(base + 112 * PAGE, 1, RW, 0) + PAGE - 8;
    report(7, (uint64_t)!kernel_reads(last) | (uint64_t)!kernel_writes(last) |
                  (uint64_t)kernel_writes(last + 4) | (uint64_t)kernel_reads(last + 4));

    /* The kernel's own memory, and ranges that wrap around. */
    report(8, refused(opaque(0xffffffff80100000)) | refused(opaque(0xffff800000100000)) |
                  refused(opaque(-4UL)) | refused(opaque(0x7fffffffeffc)) |
                  refused(opaque(0x8000000000000000)));
    report(9, give(opaque(0), 0) | take(opaque(0), 0));
    return 0;
}
