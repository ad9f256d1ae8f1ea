/*
 * Flushes that cover what changed, and changes that need none.
 */
#include "cases.h"

void case_invlpg(void)
{
    map(A | P | W | U);
    read(VA);
    map(B | P | W | U);
    invlpg(VA + 0x234);
    read(VA);
}

void case_cr3(void)
{
    map(A | P | W | U);
    read(VA);
    map(B | P | W | U);
    cr3_write(cr3_read());
    user_run(user_read, VA);
}

void case_global_invlpg(void)
{
    map(A | P | W | U | G);
    read(VA);
    map(B | P | W | U | G);
    invlpg(VA);
    user_run(user_read, VA);
}

void case_global_cr4(void)
{
    map(A | P | W | U | G);
    read(VA);
    map(B | P | W | U | G);
    cr4_write(cr4_read() & ~0x80ull);
    cr4_write(cr4_read() | 0x80);
    user_run(user_read, VA);
}

void case_big_invlpg(void)
{
    set(&test_pd[1], BIG_A | P | W | U | PS);
    read(VA_BIG + 0x123450);
    set(&test_pd[1], BIG_B | P | W | U | PS);
    invlpg(VA_BIG);
    read(VA_BIG + 0x54320);
}

void case_invpcid(void)
{
    cr4_write(cr4_read() | CR4_PCIDE);
    map(A | P | W | U);
    read(VA);
    map(B | P | W | U);
    invpcid(0, 0, VA);
    read(VA);
    map(A | P | W | U);
    invpcid(1, 0, 0);
    read(VA);
    map(B | P | W | U);
    invpcid(2, 0, 0);
    read(VA);
    map(A | P | W | U);
    invpcid(3, 0, 0);
    read(VA);
}

/* ---- what needs no flush ----------------------------------------------------- */

void case_upgrade(void)
{
    map(A | P | U);
    read(VA);
    map(A | P | W | U);
    write(VA, 1);
    user_run(user_write, VA);
}

void case_first(void)
{
    on_fault = fault_maps_b;
    read(VA);
    user_run(user_read, VA);
}

/* A fault drops the page's translation, so the handler need not. */
void case_fault(void)
{
    on_fault = fault_maps_b;
    map(A | P | U);
    read(VA);
    write(VA, 1);
    user_run(user_write, VA);
}

/* Used before the last flush, not since. */
void case_flushed_before(void)
{
    map(A | P | W | U);
    read(VA);
    cr3_write(cr3_read());
    map(B | P | W | U);
    user_run(user_read, VA);
}

/* A page that was only read: the CPU must walk to make it dirty. */
void case_clean(void)
{
    on_fault = fault_maps_b;
    map(A | P | W | U);
    read(VA);
    map(A | P | U);
    write(VA, 1);
}

void case_split(void)
{
    for (uint64_t i = 0; i < 512; i++)
        other_pt[i] = (BIG_A + (i << 12)) | P | W | U;
    set(&test_pd[1], BIG_A | P | W | U | PS);
    read(VA_BIG + 0x123450);
    set(&test_pd[1], (uint64_t)other_pt | P | W | U);
    read(VA_BIG + 0x123450);
}
