/*
 * Uses of translations that the tables no longer hold.
 */
#include "cases.h"

void case_read(void)
{
    map(A | P | W | U);
    read(VA);
    map(B | P | W | U);
    read(VA);
}

void case_write(void)
{
    map(A | P | W | U);
    write(VA, 1);
    map(B | P | W | U);
    write(VA, 1);
}

void case_fetch(void)
{
    write(A, CODE);
    write(B, CODE);
    map(A | P | W | U);
    call(VA);
    map(B | P | W | U);
    call(VA);
}

void case_unmap(void)
{
    map(A | P | W | U);
    read(VA);
    map(0);
    read(VA);
}

void case_downgrade(void)
{
    map(A | P | W | U);
    write(VA, 1);
    map(A | P | U | D);
    write(VA, 2);
}

void case_no_execute(void)
{
    write(A, CODE);
    map(A | P | W | U);
    call(VA);
    map(A | P | W | U | NX);
    call(VA);
}

void case_big(void)
{
    set(&test_pd[1], BIG_A | P | W | U | PS);
    read(VA_BIG + 0x123450);
    set(&test_pd[1], BIG_B | P | W | U | PS);
    read(VA_BIG + 0x54320);
}

void case_giant(void)
{
    set(&pdpt[2], 0 | P | W | U | PS);
    read(VA_GIANT + A);
    set(&pdpt[2], 0);
    read(VA_GIANT + A);
}

/* The table itself above 4 GiB; needs a machine with that much RAM. */
void case_high(void)
{
    uint64_t *high = (uint64_t *)(HIGH + 0x5000);

    set(&pdpt[4], HIGH | P | W | U | PS);
    high[0] = A | P | W | U;
    set(&test_pd[0], (uint64_t)high | P | W | U);
    read(VA);
    high[0] = (HIGH + 0x7000) | P | W | U;
    read(VA);
    invlpg(VA);
    read(VA);
    high[1] = B | P | W | U;
    set(&test_pd[0], 0);
    invlpg(VA);
}

void case_user(void)
{
    map(A | P | W | U);
    user_run(user_read, VA);
    map(B | P | W | U);
    user_run(user_read, VA);
}

void case_user_write(void)
{
    map(A | P | W | U);
    user_run(user_write, VA);
    map(A | P | U | D);
    user_run(user_write, VA);
}

void case_user_fetch(void)
{
    write(A, USER_CODE);
    write(B, USER_CODE);
    map(A | P | W | U);
    user_run((void (*)(void))VA, 0);
    map(B | P | W | U);
    user_run((void (*)(void))VA, 0);
}

void case_global(void)
{
    map(A | P | W | U | G);
    read(VA);
    map(B | P | W | U | G);
    cr3_write(cr3_read());
    read(VA);
}

/* The emulator's TLB has one place for both pages: it forgets the first, a real one may not. */
void case_forgotten(void)
{
    on_fault = fault_maps_b;
    map(A | P | W | U);
    read(VA);
    map(0);
    for (uint64_t i = 1; i <= 8; i++)
        read(i << 23);
    read(VA);
}
