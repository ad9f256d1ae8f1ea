/* See boot_fixture.h. */
#include "boot_fixture.h"

#include "check.h"
#include "sim.h"

#include <stdlib.h>
#include <string.h>

uint8_t *memory;
uint64_t at;

struct boot_memory view(void)
{
    return (struct boot_memory){
        .base = memory, .limit = MEMORY, .image_start = 0x100000, .image_end = 0x180000
    };
}

void put(uint64_t value, unsigned bytes)
{
    memcpy(memory + at, &value, bytes);
    at += bytes;
}

void tag_begin(uint32_t type, uint32_t payload)
{
    at = align_up(at, 8);
    put(type, 4);
    put(payload + 8, 4);
}

void put_entry(uint64_t base, uint64_t len, uint32_t type)
{
    put(base, 8);
    put(len, 8);
    put(type, 4);
    put(0, 4);
}

void tag_string(uint32_t type, const char *text)
{
    tag_begin(type, (uint32_t)strlen(text) + 1);
    memcpy(memory + at, text, strlen(text) + 1);
    at += strlen(text) + 1;
}

void tag_module(uint32_t start, uint32_t end)
{
    tag_begin(3, 10);
    put(start, 4);
    put(end, 4);
    put('m', 2);
}

void tag_map(void)
{
    tag_begin(6, 8 + 4 * 24);
    put(24, 4);
    put(0, 4);
    put_entry(0x100000, 0x7e00000, 1);
    put_entry(0, 0x9fc00, 1); /* not sorted */
    put_entry(0x7f00000, 0x100000, 3);
    put_entry(0xfffc0000, 0x40000, 2);
}

void mbi_begin(void)
{
    free(memory);
    memory = calloc(1, MEMORY);
    at = INFO + 8;
}

void mbi_end(void)
{
    uint64_t total;

    tag_begin(0, 0);
    total = at - INFO;
    at = INFO;
    put(total, 4);
    at = INFO + total;
}

void make_mbi(void)
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

void make_pvh(void)
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

err_t read_info(uint32_t magic, struct boot_info *info)
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

void check_promises(const struct boot_info *info)
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
