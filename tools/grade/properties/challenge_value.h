/* challenge_value(key, id): the number that the recorder gives a program for a challenge. */
#pragma once

#include <stdint.h>

#if __has_include("challenge.h")
#include "challenge.h"
#else
static inline uint64_t challenge_value(uint64_t key, uint64_t id)
{
    return (key ^ id) * UINT64_C(0x9e3779b97f4a7c15);
}
#endif
