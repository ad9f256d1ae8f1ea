/*
 * Misconception: A path has at most so many bytes: copy them all, then look for the NUL. Behind
 * the NUL there may be no page.
 *
 * Fails: pointer-string
 */
err_t copy_string_from_user(char *dst, vaddr_t src, size_t size, size_t *len)
{
    const char *nul;
    err_t err = copy_from_user(dst, src, size);

    if (err != ERR_OK)
        return err;
    nul = memchr(dst, '\0', size);
    if (!nul)
        return ERR_NAMETOOLONG;
    *len = (size_t)(nul - dst);
    return ERR_OK;
}
