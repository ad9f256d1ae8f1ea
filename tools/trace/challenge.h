/*
 * The numbers that lab programs are challenged with: what the recorder gives
 * and what a grader expects.
 *
 * They are SipHash-2-4 (Aumasson and Bernstein, "SipHash: a fast short-input
 * PRF") of the id's eight bytes. A kernel sees the numbers its programs were
 * given, and must not be able to tell others from them; a mere mixing function
 * could be turned back to the key.
 */
#pragma once

#include <stdint.h>

struct siphash {
    uint64_t v[4];
};

static inline uint64_t siphash_rotate(uint64_t x, unsigned bits)
{
    return x << bits | x >> (64 - bits);
}

static inline void siphash_rounds(struct siphash *s, unsigned rounds)
{
    uint64_t *v = s->v;

    while (rounds-- > 0) {
        v[0] += v[1];
        v[2] += v[3];
        v[1] = siphash_rotate(v[1], 13) ^ v[0];
        v[3] = siphash_rotate(v[3], 16) ^ v[2];
        v[0] = siphash_rotate(v[0], 32);
        v[2] += v[1];
        v[0] += v[3];
        v[1] = siphash_rotate(v[1], 17) ^ v[2];
        v[3] = siphash_rotate(v[3], 21) ^ v[0];
        v[2] = siphash_rotate(v[2], 32);
    }
}

static inline void siphash_take(struct siphash *s, uint64_t word)
{
    s->v[3] ^= word;
    siphash_rounds(s, 2);
    s->v[0] ^= word;
}

/* SipHash-2-4 of one 64-bit word, least significant byte first. */
static inline uint64_t siphash_word(uint64_t key_0, uint64_t key_1, uint64_t word)
{
    struct siphash s = { { key_0 ^ 0x736f6d6570736575ull, key_1 ^ 0x646f72616e646f6dull,
                           key_0 ^ 0x6c7967656e657261ull, key_1 ^ 0x7465646279746573ull } };

    siphash_take(&s, word);
    siphash_take(&s, sizeof(word) << 56ull);
    s.v[2] ^= 0xff;
    siphash_rounds(&s, 4);
    return s.v[0] ^ s.v[1] ^ s.v[2] ^ s.v[3];
}

/* What lab_challenge(id) returns in a run with this key. */
static inline uint64_t challenge_value(uint64_t key, uint64_t id)
{
    return siphash_word(key, ~key, id);
}
