/* The boot readers: what they accept and what they refuse. */
#include "boot_fixture.h"
#include "check.h"

#include <string.h>

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
