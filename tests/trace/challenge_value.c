/*
 * challenge_value KEY ID...: the numbers for these ids, combined by XOR, in
 * hexadecimal. Without arguments: is the function SipHash-2-4?
 */
#include "challenge.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

/* The authors' test vector for a message of eight bytes: key 00 01 ... 0f, message 00 01 ... 07. */
static int check_vector(void)
{
    uint64_t hash = siphash_word(0x0706050403020100, 0x0f0e0d0c0b0a0908, 0x0706050403020100);

    printf("%" PRIx64 "\n", hash);
    return hash == 0x93f5f5799a932462 ? 0 : 1;
}

int main(int argc, char **argv)
{
    uint64_t value = 0;

    if (argc < 2)
        return check_vector();
    for (int i = 2; i < argc; i++)
        value ^= challenge_value(strtoull(argv[1], NULL, 10), strtoull(argv[i], NULL, 10));
    printf("%" PRIx64 "\n", value);
    return 0;
}
