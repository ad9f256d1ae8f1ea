/* Symbols and lines of the kernel and of static programs, and of broken ELF files. */
#include "check.h"
#include "symbols.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { BIAS = 0x10000000, FUZZ_ROUNDS = 400 };

static struct symbols *load(const char *path, uint64_t bias)
{
    char error[256];
    struct symbols *const symbols = symbols_new();
    if (!symbols_add(symbols, path, bias, error, sizeof error))
        check_failed(__FILE__, __LINE__, "%s", error);
    return symbols;
}

static uint64_t find(struct symbols *symbols, const char *name)
{
    uint64_t addr;
    if (!symbols_find(symbols, name, &addr))
        check_failed(__FILE__, __LINE__, "no function %s", name);
    return addr;
}

static void check_name(struct symbols *symbols, uint64_t addr, const char *want)
{
    char name[64];
    symbols_name(symbols, addr, name, sizeof name);
    if (strcmp(name, want) != 0)
        check_failed(__FILE__, __LINE__, "\"%s\" instead of \"%s\"", name, want);
}

static void check_line(struct symbols *symbols, uint64_t addr, const char *want)
{
    char line[256] = "";
    CHECK(symbols_line(symbols, addr, line, sizeof line));
    const size_t length = strlen(line), tail = strlen(want);
    if (length < tail || strcmp(line + length - tail, want) != 0)
        check_failed(__FILE__, __LINE__, "\"%s\" instead of \"%s\"", line, want);
}

static void check_program(const char *path, uint64_t bias)
{
    struct symbols *const symbols = load(path, bias);
    const uint64_t marked = find(symbols, "marked_function");
    CHECK(marked > bias);
    check_name(symbols, marked, "marked_function");
    check_name(symbols, marked + 1, "marked_function+0x1");
    check_line(symbols, marked, "symbols_program.c:8");
    check_line(symbols, find(symbols, "another_function"), "symbols_program.c:13");
    check_name(symbols, 0x10, "0x10");
    symbols_free(symbols);
}

TEST(symbols_of_a_static_program)
{
    check_program(SYMBOLS_STATIC, 0);
}

TEST(symbols_of_a_static_pie_program)
{
    check_program(SYMBOLS_PIE, 0);
    check_program(SYMBOLS_PIE, BIAS);
    struct symbols *const low = load(SYMBOLS_PIE, 0), *const high = load(SYMBOLS_PIE, BIAS);
    CHECK_EQ(find(low, "main") + BIAS, find(high, "main"));
    symbols_free(low);
    symbols_free(high);
}

TEST(symbols_of_the_kernel)
{
    struct symbols *const symbols = load(SYMBOLS_KERNEL, 0);
    char line[256];
    CHECK(find(symbols, "kmain") > UINT64_C(0xffffffff80000000));
    CHECK(symbols_line(symbols, find(symbols, "kmain"), line, sizeof line));
    CHECK(strncmp(line, "src/kern/kmain.c:", 17) == 0);
    symbols_free(symbols);
}

static bool is_in_order(void *arg, uint64_t addr, uint64_t size, const char *name)
{
    uint64_t *const end = arg;
    CHECK(addr >= *end && *name);
    *end = addr + size;
    return true;
}

TEST(symbols_do_not_overlap)
{
    struct symbols *const symbols = load(SYMBOLS_KERNEL, 0);
    uint64_t end = 0;
    symbols_each(symbols, is_in_order, &end);
    CHECK(end > UINT64_C(0xffffffff80000000));
    symbols_free(symbols);
}

TEST(symbols_of_several_files)
{
    char error[256];
    struct symbols *const symbols = load(SYMBOLS_KERNEL, 0);
    CHECK(symbols_add(symbols, SYMBOLS_STATIC, 0, error, sizeof error));
    CHECK(!symbols_add(symbols, "/nonexistent/file", 0, error, sizeof error));
    CHECK(!symbols_add(symbols, "/dev/null", 0, error, sizeof error));
    CHECK(!symbols_add(symbols, "/", 0, error, sizeof error));
    check_name(symbols, find(symbols, "kmain"), "kmain");
    check_name(symbols, find(symbols, "marked_function") + 2, "marked_function+0x2");
    symbols_free(symbols);
}

TEST(symbols_fit_into_short_buffers)
{
    struct symbols *const symbols = load(SYMBOLS_STATIC, 0);
    const uint64_t addr = find(symbols, "marked_function") + 1;
    for (size_t size = 1; size < 30; size++) {
        char *const buf = malloc(size);
        symbols_name(symbols, addr, buf, size);
        CHECK(strlen(buf) < size);
        CHECK(symbols_line(symbols, addr, buf, size) && strlen(buf) < size);
        free(buf);
    }
    symbols_free(symbols);
}

/* ---- broken files ---- */

static uint8_t *read_file(const char *path, size_t *size)
{
    FILE *const file = fopen(path, "rb");
    CHECK(file && fseek(file, 0, SEEK_END) == 0);
    *size = (size_t)ftell(file);
    uint8_t *const bytes = malloc(*size);
    rewind(file);
    CHECK_EQ(fread(bytes, *size, 1, file), 1);
    fclose(file);
    return bytes;
}

static bool ask(void *arg, uint64_t addr, uint64_t size, const char *name)
{
    char text[SYMBOL_NAME_MAX];
    (void)size;
    for (const char *c = name; *c; c++)
        CHECK(*c >= ' ' && *c <= '~');
    symbols_line(arg, addr, text, sizeof text);
    return true;
}

static void exercise(const char *path)
{
    char text[SYMBOL_NAME_MAX] = "";
    struct symbols *const symbols = symbols_new();
    if (symbols_add(symbols, path, 0, text, sizeof text)) {
        uint64_t addr;
        symbols_each(symbols, ask, symbols);
        symbols_find(symbols, "main", &addr);
        for (uint64_t at = 0x400000; at < 0x410000; at += 97)
            symbols_name(symbols, at, text, sizeof text);
    } else {
        CHECK(*text);
    }
    symbols_free(symbols);
}

/* Half of the damage goes where a file describes itself: its head and its last sections. */
static size_t random_place(uint64_t *rng, size_t size)
{
    switch (rng_below(rng, 4)) {
    case 0:
        return (size_t)rng_below(rng, 1024);
    case 1:
        return size - 4096 + (size_t)rng_below(rng, 4096 - 8);
    default:
        return (size_t)rng_below(rng, size - 8);
    }
}

TEST(symbols_take_broken_files)
{
    size_t size;
    uint8_t *const whole = read_file(SYMBOLS_STATIC, &size), *const bytes = malloc(size);
    const int fd = memfd_create("elf", 0);
    char path[64];
    uint64_t rng = 11;
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    for (unsigned i = 0; i < FUZZ_ROUNDS; i++) {
        memcpy(bytes, whole, size);
        for (uint64_t n = 1 + rng_below(&rng, 8); n > 0; n--) {
            const uint64_t value = rng_below(&rng, 2) ? rng_next(&rng) : UINT64_MAX;
            memcpy(bytes + random_place(&rng, size), &value, (size_t)1 << rng_below(&rng, 4));
        }
        const size_t rest = rng_below(&rng, 8) ? size : (size_t)rng_below(&rng, size);
        CHECK_EQ(ftruncate(fd, 0), 0);
        CHECK_EQ(pwrite(fd, bytes, rest, 0), rest);
        exercise(path);
    }
    close(fd);
    free(bytes);
    free(whole);
}
