/* Keys: PS/2 (scan codes, set 1, as the controller translates them) and COM1, both polled. */
#pragma once

#include "lib/types.h"

/* A key that was pressed, as a character; the right arrow is 's'. False: none. */
bool key_read(char *out);
