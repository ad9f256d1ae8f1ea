/*
 * Misconception: Bit 0 of the error code tells a write. It tells that the page was present; bit 1
 * tells a write. First writes look like reads, and are granted what they ask for by luck only.
 *
 * Fails: no-execute, no-rights, kernel-memory, others-go-on, no-endless-fault
 */
static unsigned fault_access(uint64_t error)
{
    unsigned access = AS_USER;

    if (error & 1)
        access |= AS_WRITE;
    if (error & PF_FETCH)
        access |= AS_EXEC;
    return access;
}
