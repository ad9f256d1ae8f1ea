/* Standard input: every byte value, to the end, and the end stays the end. */
#include "test.h"

int main(void)
{
    static char buffer[10000];
    uint64_t hash = HASH_START;
    size_t total = 0;
    ssize_t got;

    show("read of 0 bytes", read(0, buffer, 0));
    while ((got = read(0, buffer, sizeof(buffer))) > 0) {
        hash = hash_bytes(hash, buffer, (size_t)got);
        total += (size_t)got;
    }
    say("%zu bytes, hash %016llx\n", total, (unsigned long long)hash);
    show("read at the end", read(0, buffer, 1));
    show("read at the end again", read(0, buffer, sizeof(buffer)));
    return test_end();
}
