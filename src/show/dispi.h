/* A framebuffer on emulators whose loader has set up none. */
#pragma once

#include "boot/boot_info.h"

/* Switch the display to 1024x768. False: it is none that we know; nothing has changed. */
bool dispi_start(struct boot_framebuffer *out);
