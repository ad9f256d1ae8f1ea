/*
 * Misconception: An instruction fetch is a read. It has a bit of its own, and a page that must not
 * run looks like a page that may be read.
 *
 * Fails: no-execute, no-rights, kernel-memory, others-go-on, no-endless-fault
 */
static unsigned fault_access(uint64_t error)
{
    unsigned access = AS_USER;

    if (error & PF_WRITE)
        access |= AS_WRITE;
    return access;
}
