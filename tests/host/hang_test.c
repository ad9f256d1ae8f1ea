/* For the runner itself: a test that never ends is named, and ends the run. */
#include "check.h"

TEST(hang_before)
{
}

TEST(hang_forever)
{
    for (volatile unsigned i = 0;; i++)
        ;
}

TEST(hang_after)
{
}
