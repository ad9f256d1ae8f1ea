/* panic(): see panic.h. */
#include "lib/panic.h"

static panic_hook_t panic_hook;

void panic_set_hook(panic_hook_t hook)
{
    panic_hook = hook;
}

void panic(const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    if (panic_hook)
        panic_hook(fmt, args);
    va_end(args);
    for (;;)
        __builtin_ia32_pause();
}
