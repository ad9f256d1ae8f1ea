/*
 * Misconception: The kernel trusts itself, so its image needs no rights by part. One wild store
 * then changes code, and one wild jump runs data.
 *
 * Fails: w-xor-x, image-rights, text-read-only
 */
static err_t map_image(void)
{
    return map_range(KERNEL_BASE, image_phys(kernel_start), image_phys(kernel_end),
                     PTE_P | PTE_G | PTE_W);
}
