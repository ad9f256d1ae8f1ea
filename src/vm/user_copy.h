/*
 * Copies between the kernel and the loaded address space's user half. Pages
 * are faulted in and copy-on-write is broken as if the program had made the
 * access; a bad address is ERR_FAULT, never a panic. With SMAP, the CPU lets
 * the kernel touch user pages during the copy only (SDM vol. 3A,
 * "Determination of Access Rights"). Faults take LOCK_AS and what ranks above it.
 */
#pragma once

#include "lib/err.h"
#include "lib/types.h"

/*
 * A length of 0 succeeds whatever the address. The user side must lie between
 * USER_MIN and USER_MAX; user_copy (arch/user_access.h) then says what it could
 * not copy. ERR_FAULT: the bytes before the bad page may have been copied.
 */
err_t copy_from_user(void *dst, vaddr_t src, size_t len);
err_t copy_to_user(vaddr_t dst, const void *src, size_t len);

/*
 * Copy a NUL-terminated string with its NUL. *len gets its length without. No
 * page beyond the NUL's is touched: there may be none.
 * Errors: ERR_FAULT; ERR_NAMETOOLONG if there is no NUL within size bytes.
 */
err_t copy_string_from_user(char *dst, vaddr_t src, size_t size, size_t *len);
