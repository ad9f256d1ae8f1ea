/*
 * Misconception: The page tables stop a bad pointer. Not one into the kernel's own half: there the
 * kernel may do everything, and the program has it done.
 *
 * Fails: pointer-kernel, pointer-none, kernel-faults
 */
err_t copy_from_user(void *dst, vaddr_t src, size_t len)
{
    if (len == 0)
        return ERR_OK;
    (void)is_user_range;
    return user_copy(dst, (const void *)src, len) ? ERR_FAULT : ERR_OK;
}

err_t copy_to_user(vaddr_t dst, const void *src, size_t len)
{
    if (len == 0)
        return ERR_OK;
    return user_copy((void *)dst, src, len) ? ERR_FAULT : ERR_OK;
}
