/*
 * user_copy() of the simulated machine: the kernel's accesses to user memory go
 * through the MMU and fault like a program's; a fault that cannot be resolved
 * ends the copy, as the exception table makes it in the kernel.
 *
 * User addresses and the test's own pointers are numbers of one kind here, so
 * user memory is what lies from 1 to 2 GiB, where the test program has nothing.
 */
#include "arch/user_access.h"
#include "sim.h"
#include "vm/address_space.h"

#include <string.h>

static struct address_space *user_space;

void sim_user_copy_in(struct address_space *as)
{
    user_space = as;
}

static bool is_user(const void *p)
{
    return (uintptr_t)p >> 30 == 1;
}

static bool access_word(vaddr_t va, unsigned access, uint64_t *word)
{
    while (!sim_access(va, access, word))
        if (as_handle_fault(user_space, va, access) != ERR_OK)
            return false;
    return true;
}

static bool copy_byte(char *dst, const char *src)
{
    vaddr_t va = (uintptr_t)(is_user(dst) ? dst : src);
    unsigned byte = va % sizeof(uint64_t);
    uint64_t word;

    if (!is_user(dst)) {
        if (!access_word(va - byte, AS_READ, &word))
            return false;
        memcpy(dst, (char *)&word + byte, 1);
        return true;
    }
    /* The word around the byte is rewritten; a page that may be written may be read. */
    if (as_handle_fault(user_space, va, AS_WRITE) != ERR_OK ||
        !access_word(va - byte, AS_READ, &word))
        return false;
    memcpy((char *)&word + byte, src, 1);
    return access_word(va - byte, AS_WRITE, &word);
}

size_t user_copy(void *dst, const void *src, size_t len)
{
    if (is_user(dst) == is_user(src))
        sim_die("user_copy from %p to %p: one of them must be user memory", src, dst);
    for (size_t i = 0; i < len; i++)
        if (!copy_byte((char *)dst + i, (const char *)src + i))
            return len - i;
    return 0;
}
