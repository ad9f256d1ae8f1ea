/*
 * libFuzzer's entry for the readers of hostile input; the first byte says which
 * one. Built with Clang and -DQUIRE_FUZZ=ON, beside the deterministic fuzzing
 * of the unit tests, to search for as long as one likes:
 *
 *     build/fuzz/tests/host/fuzz_readers -max_len=8192
 */
#include "arch/layout.h"
#include "boot/boot_read.h"
#include "kern/cpio.h"
#include "sched/elf.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void read_boot(const uint8_t *data, size_t size, uint32_t magic)
{
    struct boot_memory mem = { data, size, 0x100000, 0x180000 };
    struct boot_info info;
    const char *why;

    if (boot_read(&mem, magic, 0, &info, &why) == ERR_OK && info.region_count == 0)
        abort();
}

static void read_elf(const uint8_t *data, size_t size)
{
    struct elf_plan plan;
    const char *why;

    if (elf_check(data, size, USER_MAX, &plan, &why) == ERR_OK && plan.end > USER_MAX)
        abort();
}

static void read_cpio(const uint8_t *data, size_t size)
{
    struct cpio_entry e;
    uint64_t at = 0;

    while (cpio_next(data, size, &at, &e) == ERR_OK)
        if (strlen(e.name) != e.name_len || e.data + e.size > data + size)
            abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (size == 0)
        return 0;
    switch (data[0] % 4) {
    case 0:
        read_boot(data + 1, size - 1, MULTIBOOT2_MAGIC);
        break;
    case 1:
        read_boot(data + 1, size - 1, PVH_MAGIC);
        break;
    case 2:
        read_elf(data + 1, size - 1);
        break;
    default:
        read_cpio(data + 1, size - 1);
    }
    return 0;
}
