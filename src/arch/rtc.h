/*
 * The battery-backed clock in the CMOS (Motorola MC146818 data sheet).
 */
#pragma once

#include "lib/types.h"

/* Its time, taken as UTC, in seconds since 1970-01-01. */
uint64_t rtc_read_seconds(void);
