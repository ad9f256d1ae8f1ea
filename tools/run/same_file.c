#include "same_file.h"

#include <sys/stat.h>

bool same_file(const char *a, const char *b)
{
    struct stat at, bt;

    return a && b && stat(a, &at) == 0 && stat(b, &bt) == 0 && S_ISREG(at.st_mode) &&
           at.st_dev == bt.st_dev && at.st_ino == bt.st_ino;
}
