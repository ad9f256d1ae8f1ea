/*
 * For the drivers of labs that run inside the kernel (labs/N-name/kernel): they
 * are linked into the graded kernel and started by the word `test` on its
 * command line. Their functions are recorded; a check looks at what they return,
 * which is 0 if all was right.
 */
#pragma once

#include "arch/hoststream.h"
#include "lib/err.h"
#include "pmm/pmm.h"
#include "vm/address_space.h"

/* A function that the recorder finds by its name. */
#define DRIVER_STEP __attribute__((noinline, noclone)) uint64_t

/* The run is over. */
static inline void driver_end(void)
{
    host_stream_send('S', "exit 0", 6);
    host_shutdown(HOST_EXIT_DONE);
}

static inline uint64_t driver_free(void)
{
    struct pmm_stats stats;

    pmm_stats(&stats);
    return stats.free;
}

/* An operation on a space, and what must be there before it; both succeed if memory suffices. */
typedef err_t driver_op_t(struct address_space *as);

/*
 * Let each allocation that the operation makes fail in turn, in a space that
 * prepare has filled. It must then return ERR_NOMEM, lose no frame, leave the
 * space in order, and succeed afterwards. The number of broken promises.
 */
static inline uint64_t driver_fails_cleanly(driver_op_t *prepare, driver_op_t *op)
{
    uint64_t wrong = 0;
    err_t err = ERR_NOMEM;

    for (uint64_t n = 1; err != ERR_OK && n < 64; n++) {
        struct address_space *as;
        uint64_t before;

        if (as_new_user(&as) != ERR_OK || prepare(as) != ERR_OK)
            return 1000;
        before = driver_free();
        pmm_fail_after(n);
        err = op(as);
        pmm_fail_after(0);
        if (err != ERR_OK)
            wrong += (err != ERR_NOMEM) + (driver_free() != before) + (op(as) != ERR_OK);
        wrong += as_verify(as) != ERR_OK;
        as_put(as);
    }
    return wrong + (err != ERR_OK);
}
