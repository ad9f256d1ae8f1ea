/* Copies to and from the loaded space's user half: see user_copy.h. */
#include "vm/user_copy.h"

#include "arch/layout.h"
#include "arch/user_access.h"
#include "lib/string.h"

static bool is_user_range(vaddr_t addr, size_t len)
{
    return addr >= USER_MIN && addr <= USER_MAX && len <= USER_MAX - addr;
}

err_t copy_from_user(void *dst, vaddr_t src, size_t len)
{
    if (len == 0)
        return ERR_OK;
    if (!is_user_range(src, len) || user_copy(dst, (const void *)src, len))
        return ERR_FAULT;
    return ERR_OK;
}

err_t copy_to_user(vaddr_t dst, const void *src, size_t len)
{
    if (len == 0)
        return ERR_OK;
    if (!is_user_range(dst, len) || user_copy((void *)dst, src, len))
        return ERR_FAULT;
    return ERR_OK;
}

err_t copy_string_from_user(char *dst, vaddr_t src, size_t size, size_t *len)
{
    size_t done = 0;

    while (done < size) {
        size_t part = PAGE_SIZE - ((src + done) & (PAGE_SIZE - 1)); /* no page beyond the NUL's */
        const char *nul;
        err_t err;

        part = min_u64(part, size - done);
        err = copy_from_user(dst + done, src + done, part);
        if (err != ERR_OK)
            return err;
        nul = memchr(dst + done, '\0', part);
        if (nul) {
            *len = (size_t)(nul - dst);
            return ERR_OK;
        }
        done += part;
    }
    return ERR_NAMETOOLONG;
}
