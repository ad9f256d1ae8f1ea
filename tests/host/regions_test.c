/* The list of memory regions against a model: the type of each page, whoever named it. */
#include "boot/regions.h"
#include "check.h"

#include <string.h>

enum { PAGES = 300, NOTHING = 0xff };

static const uint8_t weight[] = { [BOOT_RAM] = 0, [BOOT_RESERVED] = 2, [BOOT_ACPI] = 1 };

static uint8_t type_at(const struct boot_info *info, uint64_t addr)
{
    for (unsigned i = 0; i < info->region_count; i++)
        if (addr >= info->region[i].base && addr - info->region[i].base < info->region[i].len)
            return (uint8_t)info->region[i].type;
    return NOTHING;
}

static void check_list(const struct boot_info *info, const uint8_t *model)
{
    for (unsigned i = 0; i < PAGES; i++)
        CHECK_EQ(type_at(info, i), model[i]);
    for (unsigned i = 1; i < info->region_count; i++) {
        const struct boot_region *a = &info->region[i - 1], *b = &info->region[i];

        CHECK(a->base + a->len <= b->base);
        CHECK(a->base + a->len < b->base || a->type != b->type);
    }
}

TEST(regions_equal_the_model_in_any_order)
{
    uint64_t rng = 3;

    for (unsigned round = 0; round < 3000; round++) {
        struct boot_info info = { 0 };
        uint8_t model[PAGES];

        memset(model, NOTHING, sizeof(model));
        for (unsigned n = 0; n < 12; n++) {
            uint64_t base = rng_below(&rng, PAGES), len = rng_below(&rng, PAGES - base + 1);
            enum boot_region_type type = (enum boot_region_type)rng_below(&rng, 3);

            if (rng_below(&rng, 2))
                len = min_u64(len, 10);
            CHECK_OK(regions_add(&info, base, len, type));
            for (uint64_t i = base; i < base + len; i++)
                if (model[i] == NOTHING || weight[type] > weight[model[i]])
                    model[i] = (uint8_t)type;
            check_list(&info, model);
        }
    }
}

TEST(regions_know_their_limits)
{
    struct boot_info info = { 0 };
    err_t err = ERR_OK;

    CHECK_ERR(regions_add(&info, UINT64_MAX, 2, BOOT_RAM), ERR_INVAL);
    CHECK_OK(regions_add(&info, UINT64_C(1) << 52, 0x1000, BOOT_RAM));
    CHECK_EQ(info.region_count, 0);
    CHECK_OK(regions_add(&info, (UINT64_C(1) << 52) - 0x1000, 0x2000, BOOT_RAM));
    CHECK_EQ(info.region[0].len, 0x1000);
    for (unsigned i = 0; i < 2 * BOOT_REGIONS_MAX && err == ERR_OK; i++)
        err = regions_add(&info, 2 * i * PAGE_SIZE, PAGE_SIZE, BOOT_RAM);
    CHECK_ERR(err, ERR_2BIG);
    CHECK(info.region_count <= BOOT_REGIONS_MAX);
}

TEST(regions_are_ram_needs_all_of_it)
{
    struct boot_info info = { 0 };

    CHECK_OK(regions_add(&info, 0x1000, 0x4000, BOOT_RAM));
    CHECK_OK(regions_add(&info, 0x5000, 0x1000, BOOT_RESERVED));
    CHECK(regions_are_ram(&info, 0x1000, 0x4000));
    CHECK(!regions_are_ram(&info, 0xfff, 2));
    CHECK(!regions_are_ram(&info, 0x4000, 0x1001));
    CHECK(!regions_are_ram(&info, 0x5000, 1));
    CHECK(!regions_are_ram(&info, 0x9000, 1));
    CHECK(!regions_are_ram(&info, 0x2000, UINT64_MAX));
}
