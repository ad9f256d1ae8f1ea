/*
 * Building the sorted, disjoint list of memory regions from a loader's map,
 * which may be in any order and overlap. Where it does, what is not RAM wins (a
 * byte is RAM only if all who name it say so), and reserved wins over ACPI: the
 * result does not depend on the order.
 */
#pragma once

#include "boot/boot_info.h"

/*
 * Add [base, base + len) to info's regions, keeping them sorted, disjoint and
 * merged. What lies at or above 2^52 is cut off. len may be 0.
 * Errors: ERR_INVAL if base + len overflows, ERR_2BIG if the list is full.
 */
err_t regions_add(struct boot_info *info, uint64_t base, uint64_t len, enum boot_region_type type);

/* Is all of [base, base + len) RAM? The regions must be complete. */
bool regions_are_ram(const struct boot_info *info, uint64_t base, uint64_t len);
