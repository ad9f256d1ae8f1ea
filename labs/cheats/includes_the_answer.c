/*
 * Cheat: takes the reference's object code, or its source, from where the grader might
 * have left it.
 *
 * Lab: 7
 * Earns: nothing
 */
__asm__(".pushsection .rodata\n"
        ".incbin \"/quire/build/default/src/CMakeFiles/kernel_objects.dir/vm/clone.c.o\"\n"
        ".popsection");

err_t as_clone_cow(struct address_space *as, struct address_space **out)
{
    (void)as;
    (void)out;
    return ERR_NOMEM;
}
