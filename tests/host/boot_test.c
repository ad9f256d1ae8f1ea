/* The boot readers: what they accept, what they refuse, and that they never read out of bounds. */
#include "boot/boot_read.h"
#include "check.h"
#include "sim.h"

#include <stdlib.h>
#include <string.h>

enum { MEMORY = 0x4000, INFO = 0x1000 };

/* Physical memory in reach of the reader: exactly as large as malloc gave, for the sanitizer. */
static uint8_t *memory;
static uint64_t at; /* where the next bytes go */

static struct boot_memory view(void)
{
    return (struct boot_memory){
        .base = memory, .limit = MEMORY, .image_start = 0x100000, .image_end = 0x180000
    };
}

static void put(uint64_t value, unsigned bytes)
{
    memcpy(memory + at, &value, bytes);
    at += bytes;
}

static void tag_begin(uint32_t type, uint32_t payload)
{
    at = align_up(at, 8);
    put(type, 4);
    put(payload + 8, 4);
}

static void put_entry(uint64_t base, uint64_t len, uint32_t type)
{
    put(base, 8);
    put(len, 8);
    put(type, 4);
    put(0, 4);
}

static void tag_string(uint32_t type, const char *text)
{
    tag_begin(type, (uint32_t)strlen(text) + 1);
    memcpy(memory + at, text, strlen(text) + 1);
    at += strlen(text) + 1;
}

static void tag_module(uint32_t start, uint32_t end)
{
    tag_begin(3, 10);
    put(start, 4);
    put(end, 4);
    put('m', 2);
}

static void tag_map(void)
{
    tag_begin(6, 8 + 4 * 24);
    put(24, 4);
    put(0, 4);
    put_entry(0x100000, 0x7e00000, 1);
    put_entry(0, 0x9fc00, 1); /* not sorted */
    put_entry(0x7f00000, 0x100000, 3);
    put_entry(0xfffc0000, 0x40000, 2);
}

static void mbi_begin(void)
{
    free(memory);
    memory = calloc(1, MEMORY);
    at = INFO + 8;
}

static void mbi_end(void)
{
    uint64_t total;

    tag_begin(0, 0);
    total = at - INFO;
    at = INFO;
    put(total, 4);
    at = INFO + total;
}

static void make_mbi(void)
{
    mbi_begin();
    tag_string(1, "seed=5 test");
    tag_string(2, "GRUB 2.06");
    tag_module(0x200000, 0x212345);
    tag_map();
    tag_begin(8, 24);
    put(0xfd000000, 8);
    put(4096, 4);
    put(1024, 4);
    put(768, 4);
    put(32, 1);
    put(1, 1);
    put(0, 2);
    tag_begin(15, 36);
    at += 36;
    mbi_end();
}

static void make_pvh(void)
{
    free(memory);
    memory = calloc(1, MEMORY);
    at = INFO;
    put(PVH_MAGIC, 4);
    put(1, 4);
    put(0, 4);
    put(1, 4); /* modules */
    put(INFO + 0x100, 8);
    put(INFO + 0x200, 8); /* command line */
    put(0xf0000, 8);      /* RSDP */
    put(INFO + 0x300, 8); /* memory map */
    put(3, 4);
    at = INFO + 0x100;
    put(0x200000, 8);
    put(0x12345, 8);
    memcpy(memory + INFO + 0x200, "seed=5", 7);
    at = INFO + 0x300;
    put_entry(0, 0x9fc00, 1);
    put_entry(0x100000, 0x7f00000, 1);
    put_entry(0xfffc0000, 0x40000, 2);
}

static err_t read_info(uint32_t magic, struct boot_info *info)
{
    struct boot_memory mem = view();
    const char *why = NULL;
    err_t err = boot_read(&mem, magic, INFO, info, &why);

    if ((err == ERR_OK) == (why != NULL) || (err != ERR_OK && err != ERR_INVAL))
        sim_die("result %d, reason %s", (int)err, why ? why : "none");
    return err;
}

static bool in_ram(const struct boot_info *info, const struct boot_module *m)
{
    for (unsigned i = 0; i < info->region_count; i++) {
        const struct boot_region *r = &info->region[i];

        if (r->type == BOOT_RAM && m->base >= r->base && m->len <= r->len &&
            m->base - r->base <= r->len - m->len)
            return true;
    }
    return m->len == 0;
}

/* What boot_info.h promises of anything that was accepted. */
static void check_promises(const struct boot_info *info)
{
    uint64_t end = 0;

    CHECK(info->region_count > 0 && info->region_count <= BOOT_REGIONS_MAX);
    CHECK(info->module_count <= BOOT_MODULES_MAX);
    CHECK(info->reserved_count <= ARRAY_SIZE(info->reserved));
    CHECK(memchr(info->cmdline, 0, sizeof(info->cmdline)));
    CHECK(memchr(info->loader, 0, sizeof(info->loader)));
    for (unsigned i = 0; i < info->region_count; i++) {
        const struct boot_region *r = &info->region[i];

        CHECK(r->len > 0 && r->base >= end && r->base < UINT64_C(1) << 52);
        CHECK(r->len <= (UINT64_C(1) << 52) - r->base);
        CHECK(i == 0 || r->base > end || r->type != info->region[i - 1].type);
        end = r->base + r->len;
    }
    for (unsigned i = 0; i < info->module_count; i++) {
        const struct boot_module *m = &info->module[i];

        CHECK(is_aligned(m->base, PAGE_SIZE) && in_ram(info, m));
        for (unsigned j = 0; j < i; j++)
            CHECK(m->len == 0 || info->module[j].len == 0 ||
                  m->base >= info->module[j].base + info->module[j].len ||
                  info->module[j].base >= m->base + m->len);
    }
}

TEST(boot_reads_multiboot2)
{
    struct boot_info info;

    make_mbi();
    CHECK_OK(read_info(MULTIBOOT2_MAGIC, &info));
    check_promises(&info);
    CHECK(strcmp(info.cmdline, "seed=5 test") == 0);
    CHECK(strcmp(info.loader, "GRUB 2.06") == 0);
    CHECK_EQ(info.region_count, 4);
    CHECK_EQ(info.region[0].base, 0);
    CHECK_EQ(info.region[1].base, 0x100000);
    CHECK_EQ(info.region[2].type, BOOT_ACPI);
    CHECK_EQ(info.region[3].type, BOOT_RESERVED);
    CHECK_EQ(info.module_count, 1);
    CHECK_EQ(info.module[0].len, 0x12345);
    CHECK_EQ(info.fb.width, 1024);
    CHECK(info.rsdp > INFO && info.rsdp < MEMORY);
    CHECK_EQ(info.reserved_count, 3); /* image, module, the information */
}

TEST(boot_reads_pvh)
{
    struct boot_info info;

    make_pvh();
    CHECK_OK(read_info(PVH_MAGIC, &info));
    check_promises(&info);
    CHECK(strcmp(info.cmdline, "seed=5") == 0);
    CHECK_EQ(info.region_count, 3);
    CHECK_EQ(info.module_count, 1);
    CHECK_EQ(info.rsdp, 0xf0000);
}

TEST(boot_refuses_other_loaders)
{
    struct boot_info info;

    make_mbi();
    CHECK_ERR(read_info(0x2badb002, &info), ERR_INVAL);
    CHECK_ERR(read_info(PVH_MAGIC, &info), ERR_INVAL);
    CHECK_ERR(read_info(0, &info), ERR_INVAL);
}

TEST(boot_refuses_information_out_of_reach)
{
    struct boot_memory mem;
    struct boot_info info;
    const char *why;

    make_mbi();
    mem = view();
    for (uint64_t addr = MEMORY - 64; addr < MEMORY + 64; addr += 8)
        CHECK_ERR(boot_read(&mem, MULTIBOOT2_MAGIC, addr, &info, &why), ERR_INVAL);
    CHECK_ERR(boot_read(&mem, MULTIBOOT2_MAGIC, UINT64_MAX - 7, &info, &why), ERR_INVAL);
    CHECK_ERR(boot_read(&mem, MULTIBOOT2_MAGIC, INFO + 4, &info, &why), ERR_INVAL);
    CHECK_ERR(boot_read(&mem, PVH_MAGIC, MEMORY - 8, &info, &why), ERR_INVAL);
    CHECK_ERR(boot_read(&mem, PVH_MAGIC, UINT64_MAX, &info, &why), ERR_INVAL);
}

/* One thing wrong at a time. */
static void check_refused(void (*spoil)(void))
{
    struct boot_info info;

    mbi_begin();
    tag_map();
    spoil();
    mbi_end();
    CHECK_ERR(read_info(MULTIBOOT2_MAGIC, &info), ERR_INVAL);
}

static void module_over_image(void)
{
    tag_module(0x17f000, 0x190000);
}

static void module_outside_of_ram(void)
{
    tag_module(0x7eff000, 0x7f01000);
}

static void module_backwards(void)
{
    tag_module(0x300000, 0x200000);
}

static void module_unaligned(void)
{
    tag_module(0x200800, 0x201000);
}

static void modules_overlap(void)
{
    tag_module(0x200000, 0x202000);
    tag_module(0x201000, 0x203000);
}

static void modules_too_many(void)
{
    for (unsigned i = 0; i <= BOOT_MODULES_MAX; i++)
        tag_module(0x200000 + i * 0x1000, 0x201000 + i * 0x1000);
}

static void module_over_information(void)
{
    tag_module(INFO, INFO + 0x1000);
}

static void module_tag_short(void)
{
    tag_begin(3, 4);
    put(0x200000, 4);
}

static void region_overflows(void)
{
    tag_begin(6, 8 + 24);
    put(24, 4);
    put(0, 4);
    put_entry(UINT64_C(1) << 63, UINT64_C(1) << 63, 1);
    at -= 24;
    put_entry((UINT64_C(1) << 63) + 8, UINT64_C(1) << 63, 1);
}

static void region_entries_tiny(void)
{
    tag_begin(6, 8 + 24);
    put(8, 4);
    put(0, 4);
    put_entry(0, 0x1000, 1);
}

static void tag_tiny(void)
{
    tag_begin(99, 0);
    at -= 4;
    put(7, 4);
}

static void tag_beyond_the_end(void)
{
    tag_begin(99, 0x7fffffff);
}

TEST(boot_refuses_each_contradiction)
{
    check_refused(module_over_image);
    check_refused(module_outside_of_ram);
    check_refused(module_backwards);
    check_refused(module_unaligned);
    check_refused(modules_overlap);
    check_refused(modules_too_many);
    check_refused(module_over_information);
    check_refused(module_tag_short);
    check_refused(region_overflows);
    check_refused(region_entries_tiny);
    check_refused(tag_tiny);
    check_refused(tag_beyond_the_end);
}

TEST(boot_refuses_an_image_outside_of_ram)
{
    struct boot_info info;

    mbi_begin();
    tag_begin(6, 8 + 24);
    put(24, 4);
    put(0, 4);
    put_entry(0, 0x9fc00, 1);
    mbi_end();
    CHECK_ERR(read_info(MULTIBOOT2_MAGIC, &info), ERR_INVAL);
    mbi_begin();
    mbi_end();
    CHECK_ERR(read_info(MULTIBOOT2_MAGIC, &info), ERR_INVAL);
}

TEST(boot_cuts_long_strings)
{
    char text[2000];
    struct boot_info info;

    memset(text, 'x', sizeof(text));
    text[sizeof(text) - 1] = '\0';
    mbi_begin();
    tag_string(1, text);
    tag_string(2, text);
    tag_map();
    mbi_end();
    CHECK_OK(read_info(MULTIBOOT2_MAGIC, &info));
    CHECK_EQ(strlen(info.cmdline), BOOT_CMDLINE_MAX - 1);
    CHECK_EQ(strlen(info.loader), sizeof(info.loader) - 1);
}

/* A truncated file is refused, wherever it ends; nothing behind the end is read. */
TEST(boot_survives_truncation)
{
    uint8_t *whole;
    uint64_t total;

    make_mbi();
    total = at;
    whole = memory;
    for (uint64_t limit = INFO; limit < total; limit++) {
        struct boot_memory mem = view();
        struct boot_info info;
        const char *why;

        memory = malloc(limit);
        memcpy(memory, whole, limit);
        mem.base = memory;
        mem.limit = limit;
        CHECK_ERR(boot_read(&mem, MULTIBOOT2_MAGIC, INFO, &info, &why), ERR_INVAL);
        free(memory);
    }
    memory = whole;
}

/* A few bytes changed at random, towards interesting values; the outcome must be refused or sound. */
static void fuzz(void (*make)(void), uint32_t magic, uint64_t seed, unsigned rounds)
{
    static const uint64_t values[] = { 0, 1, 7, 8, 0x7fffffff, 0xffffffff, UINT64_MAX, 1 << 20 };
    uint64_t rng = seed, end;
    unsigned accepted = 0;
    struct boot_info info;
    uint8_t *copy = malloc(MEMORY);

    make();
    end = at;
    memcpy(copy, memory, MEMORY);
    for (unsigned i = 0; i < rounds; i++) {
        memcpy(memory, copy, MEMORY);
        for (uint64_t n = 1 + rng_below(&rng, 4); n > 0; n--) {
            at = INFO + rng_below(&rng, end - INFO - 8);
            if (rng_below(&rng, 2))
                at &= ~UINT64_C(3);
            put(rng_below(&rng, 2) ? values[rng_below(&rng, ARRAY_SIZE(values))] : rng_next(&rng),
                1u << rng_below(&rng, 4));
        }
        if (read_info(magic, &info) == ERR_OK) {
            check_promises(&info);
            accepted++;
        }
    }
    CHECK(accepted > rounds / 100 && accepted < rounds);
    free(copy);
}

TEST(boot_fuzz_multiboot2)
{
    fuzz(make_mbi, MULTIBOOT2_MAGIC, 1, 60000);
}

TEST(boot_fuzz_pvh)
{
    fuzz(make_pvh, PVH_MAGIC, 2, 60000);
}
