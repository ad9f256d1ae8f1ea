/* See keys.h. Ports: IBM PC/AT Technical Reference, "Keyboard Controller". */
#include "show/keys.h"

#include "arch/cpu.h"
#include "arch/serial.h"

enum {
    KEYBOARD_DATA = 0x60,
    KEYBOARD_STATUS = 0x64,
    STATUS_FULL = 0x01,
    STATUS_MOUSE = 0x20,
    STATUS_NONE = 0xff, /* what an empty bus reads as */
    RELEASED = 0x80,
};

/* By scan code. Capitals and signs do not matter here: + is where = is. */
static const char letters[] =
    "\0\0331234567890-+\b\tqwertyuiop[]\n\0asdfghjkl;'`\0\\zxcvbnm,./\0*\0 ";

static bool keyboard_read(char *out)
{
    enum { KEYPAD_MINUS = 0x4a, RIGHT = 0x4d, KEYPAD_PLUS = 0x4e };
    uint8_t status = cpu_in8(KEYBOARD_STATUS), code;

    if (status == STATUS_NONE || !(status & STATUS_FULL))
        return false;
    code = cpu_in8(KEYBOARD_DATA);
    if ((status & STATUS_MOUSE) || (code & RELEASED))
        return false;
    *out = code == KEYPAD_MINUS         ? '-'
           : code == KEYPAD_PLUS        ? '+'
           : code == RIGHT              ? 's'
           : code < sizeof(letters) - 1 ? letters[code]
                                        : 0;
    return *out != 0;
}

bool key_read(char *out)
{
    uint8_t byte;

    if (keyboard_read(out))
        return true;
    if (!serial_read(&byte))
        return false;
    *out = byte == '=' ? '+' : byte == 0x7f ? '\b' : (char)byte;
    return true;
}
