/* The map's colours: everybody can tell them apart, and a text screen has them, too. */
#include "../host/check.h"
#include "lib/types.h"
#include "show/shade.h"

#include <math.h>

static double channel(uint32_t rgb, unsigned shift)
{
    return pow((rgb >> shift & 0xff) / 255.0, 2.2);
}

/*
 * Squared distance of two colours to an eye without one sort of cones, in linear light
 * (Vienot, Brettel and Mollon, 1999): red and green are told apart no more.
 */
static double distance(uint32_t a, uint32_t b, bool dichromat, double red_share)
{
    double d[3] = { channel(a, 16) - channel(b, 16), channel(a, 8) - channel(b, 8),
                    channel(a, 0) - channel(b, 0) };

    if (dichromat)
        d[0] = d[1] = red_share * d[0] + (1 - red_share) * d[1];
    return d[0] * d[0] + d[1] * d[1] + d[2] * d[2];
}

/* Kinds that a cell may have. */
static const enum kind cell_kinds[] = {
    KIND_HOLE,      KIND_FREE,      KIND_KERNEL,    KIND_TABLE, KIND_OWNER,  KIND_OWNER + 1,
    KIND_OWNER + 2, KIND_OWNER + 3, KIND_OWNER + 4, KIND_COW,   KIND_SHARED,
};

TEST(shade_tells_kinds_apart)
{
    for (unsigned i = 0; i < ARRAY_SIZE(cell_kinds); i++) {
        for (unsigned j = 0; j < i; j++) {
            uint32_t a = shade_rgb(shade(cell_kinds[i], 3)), b = shade_rgb(shade(cell_kinds[j], 3));
            double enough = cell_kinds[i] <= KIND_FREE ? 0.005 : 0.03; /* dark and darker */

            if (distance(a, b, false, 0) < enough || distance(a, b, true, 0.29) < enough ||
                distance(a, b, true, 0.11) < enough)
                check_failed(__FILE__, __LINE__, "kinds %u and %u: %06x %06x: %.3f %.3f %.3f",
                             cell_kinds[i], cell_kinds[j], a, b, distance(a, b, false, 0),
                             distance(a, b, true, 0.29), distance(a, b, true, 0.11));
        }
    }
}

TEST(shade_is_brighter_with_more_references)
{
    for (enum kind kind = KIND_COW; kind <= KIND_SHARED; kind++)
        for (unsigned level = 1; level < 4; level++)
            CHECK(channel(shade_rgb(shade(kind, level)), 8) >
                  channel(shade_rgb(shade(kind, level - 1)), 8));
}

TEST(shade_has_a_text_colour)
{
    for (unsigned s = 0; s < KINDS * 4; s++)
        CHECK(shade_text((shade_t)s) < 16);
    for (unsigned i = 1; i < ARRAY_SIZE(cell_kinds); i++) /* no RAM is black as the paper */
        for (unsigned j = 0; j < i; j++)
            CHECK(shade_text(shade(cell_kinds[i], 3)) != shade_text(shade(cell_kinds[j], 3)));
    /* Text colours are taken from shades, and lead back to themselves. */
    CHECK_EQ(shade_text_rgb(shade_text(shade(KIND_TABLE, 3))), shade_rgb(shade(KIND_TABLE, 3)));
    CHECK_EQ(shade_text_rgb(shade_text(shade(KIND_INK, 3))), shade_rgb(shade(KIND_INK, 3)));
}

TEST(shade_of_pids_repeats_after_five)
{
    CHECK_EQ(kind_of_pid(2), KIND_OWNER);
    CHECK_EQ(kind_of_pid(6), KIND_COW - 1);
    CHECK_EQ(kind_of_pid(7), KIND_OWNER);
    CHECK(kind_of_pid(1) >= KIND_OWNER && kind_of_pid(1) < KIND_COW);
}
