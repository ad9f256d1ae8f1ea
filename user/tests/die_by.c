/* Ends by the signal whose number is given: the parent sees 128 + n, or the signal. */
#include "test.h"

int main(int argc, char **argv)
{
    if (argc != 2)
        return 2;
    say("before\n");
    kill(getpid(), atoi(argv[1]));
    say("after\n");
    return 3;
}
