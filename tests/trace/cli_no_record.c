/* The checked command only reads. */
#include "record.h"

#include <stdio.h>

int record_main(int argc, char **argv)
{
    (void)argc;
    fprintf(stderr, "quire: %s is not part of this program\n", argv[0]);
    return 3;
}
