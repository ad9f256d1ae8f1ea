/*
 * From the reference to a student's tree and back. Blanking replaces the body of a
 * lab's function by a stub and removes the helpers that the manifest drops; nothing
 * else changes, and the tree still builds without warnings:
 *
 *     err_t pmm_alloc(unsigned order, paddr_t *out)
 *     {
 *         (void)order;
 *         (void)out;
 *         (void)free_list_remove; // a helper that is left, so that it counts as used
 *         panic("lab 2: %s() is yours to write (./quire lab hint 2)", __func__);
 *     }
 */
#pragma once

#include "manifest.h"

/*
 * Blank one function of a lab, or all of them where function is NULL, in the tree.
 * With one function only, helpers stay that the others still use. False with one line
 * in error; the tree may then be half done.
 */
bool lab_blank(const char *tree, const struct lab *lab, const char *function, char *error,
               size_t error_size);

/* Blank several labs at once; where two share a function, the first one's stub counts. */
bool labs_blank(const char *tree, const struct lab *const *labs, size_t count, char *error,
                size_t error_size);

/*
 * Put the reference's bodies back into a tree that was made by labs_blank: everything
 * else is taken from the tree, so that comparing it with the reference afterwards
 * shows whether anything else differs.
 */
bool labs_restore(const char *tree, const char *reference, const struct lab *const *labs,
                  size_t count, char *error, size_t error_size);
