/*
 * Misconception: If the first byte is the program's, all are. A range has two ends, and its sum
 * may wrap around.
 *
 * Fails: pointer-kernel, pointer-none
 */
err_t copy_from_user(void *dst, vaddr_t src, size_t len)
{
    if (len == 0)
        return ERR_OK;
    if (!is_user_range(src, 1) || user_copy(dst, (const void *)src, len))
        return ERR_FAULT;
    return ERR_OK;
}

err_t copy_to_user(vaddr_t dst, const void *src, size_t len)
{
    if (len == 0)
        return ERR_OK;
    if (!is_user_range(dst, 1) || user_copy((void *)dst, src, len))
        return ERR_FAULT;
    return ERR_OK;
}
