#include "keys.h"

#include <stdlib.h>
#include <termios.h>
#include <unistd.h>

enum { END_OF_INPUT = 4 }; /* Ctrl-D, which is no line */

static struct termios before;

static void keys_restore(void)
{
    tcsetattr(STDIN_FILENO, TCSANOW, &before);
}

void keys_take_singly(void)
{
    struct termios singly;

    if (tcgetattr(STDIN_FILENO, &before) != 0)
        return;
    singly = before;
    singly.c_lflag &= ~(tcflag_t)(ICANON | ECHO);
    singly.c_cc[VMIN] = 1;
    singly.c_cc[VTIME] = 0;
    if (tcsetattr(STDIN_FILENO, TCSANOW, &singly) == 0)
        atexit(keys_restore);
}

size_t keys_to_lines(char *out, const char *keys, size_t len)
{
    size_t n = 0;

    for (size_t i = 0; i < len; i++) {
        out[n++] = keys[i];
        if (keys[i] != '\n' && keys[i] != END_OF_INPUT)
            out[n++] = '\n';
    }
    return n;
}
