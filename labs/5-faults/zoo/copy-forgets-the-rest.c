/*
 * Misconception: user_copy returns when it is done. It also returns when it met a bad page: what
 * it could not copy must be looked at.
 *
 * Fails: pointer-string, pointer-bad, pointer-read-only, pointer-last, pointer-kernel,
 * hungry-call, jitter-pointers
 */
err_t copy_from_user(void *dst, vaddr_t src, size_t len)
{
    if (len == 0)
        return ERR_OK;
    if (!is_user_range(src, len))
        return ERR_FAULT;
    (void)user_copy(dst, (const void *)src, len);
    return ERR_OK;
}

err_t copy_to_user(vaddr_t dst, const void *src, size_t len)
{
    if (len == 0)
        return ERR_OK;
    if (!is_user_range(dst, len))
        return ERR_FAULT;
    (void)user_copy((void *)dst, src, len);
    return ERR_OK;
}
