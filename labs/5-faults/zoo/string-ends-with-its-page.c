/*
 * Misconception: A string lies in one page. It may begin near the end of one and end in the next.
 *
 * Fails: pointer-string
 */
err_t copy_string_from_user(char *dst, vaddr_t src, size_t size, size_t *len)
{
    size_t part = min_u64(PAGE_SIZE - (src & (PAGE_SIZE - 1)), size);
    const char *nul;
    err_t err = copy_from_user(dst, src, part);

    if (err != ERR_OK)
        return err;
    nul = memchr(dst, '\0', part);
    if (!nul)
        return ERR_NAMETOOLONG;
    *len = (size_t)(nul - dst);
    return ERR_OK;
}
