/*
 * Misconception: What cannot be written need not be made non-executable. Read-only data is full
 * of bytes that decode as instructions.
 *
 * Fails: image-rights
 */
static err_t map_image(void)
{
    err_t err =
        map_range(KERNEL_BASE, image_phys(kernel_start), image_phys(kernel_rodata_end), KERNEL_RX);

    if (err != ERR_OK)
        return err;
    return map_range(KERNEL_BASE, image_phys(kernel_rodata_end), image_phys(kernel_end), KERNEL_RW);
}
