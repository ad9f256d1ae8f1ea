/*
 * What a walk of the tables says about a linear address, and what the CPU
 * allows by it (Intel SDM vol. 3A, "Determination of Access Rights").
 */
#pragma once

#include "../event.h"

#include <stdbool.h>
#include <stdint.h>

struct translation {
    bool present;
    bool writable, user, executable; /* of all levels together */
    bool dirty;                      /* the leaf's: writes need no walk */
    bool global;
    unsigned level;             /* of the last entry looked at */
    uint64_t phys;              /* first address of the page */
    uint64_t entry, entry_phys; /* the last entry looked at */
};

/* Walk from a root, as a CR3 value. */
struct translation translate(uint64_t root, uint64_t va);

/* Walk from an entry that was there before, as a CPU does that has cached it. */
struct translation translate_from(uint64_t va, uint64_t entry, unsigned level,
                                  const struct translation *rights);

/* One more entry of a walk; start with TRANSLATION_START. True: the walk goes on below it. */
bool translate_step(struct translation *t, uint64_t entry, uint64_t entry_phys, unsigned level);

#define TRANSLATION_START                                                                          \
    ((struct translation){ .writable = true, .user = true, .executable = true })

/* Physical address of va, which lies in the page. */
uint64_t translation_phys(const struct translation *t, uint64_t va);

/* Read RAM at a linear address of the current space. False if a page of it is absent. */
bool translate_read(uint64_t va, void *out, unsigned len);

/* Would the CPU do this access by the translation, without looking at the tables? */
bool translation_permits(const struct translation *t, enum access_kind kind, unsigned ring);

/* Has `now` less than `old` had for the page at va? */
bool translation_is_weaker(const struct translation *now, const struct translation *old,
                           uint64_t va);
