/*
 *     filled:     48 b8 handler    mov $handler, %rax
 *                 ff e0            jmp *%rax
 *     prepared:   c3               ret, or 90 (nop) while switched on
 *                 48 b8 ... ff e0
 *
 * Stubs are 16 bytes apart, which both fit. Switching is one byte, so that the
 * CPU model can be in the middle of anything.
 */
#include "stubs.h"

#include "machine.h"
#include "setup.h"

#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { STUB_BYTES = 16, JUMP_BYTES = 12, RET = 0xc3, NOP = 0x90 };

static void stub_write(uint8_t *at, const uint8_t *bytes, size_t len)
{
    uintptr_t page = (uintptr_t)at & ~((uintptr_t)sysconf(_SC_PAGESIZE) - 1);
    size_t span = (uintptr_t)at + len - page;

    if (mprotect((void *)page, span, PROT_READ | PROT_WRITE | PROT_EXEC) != 0)
        setup_refuse("this host does not let code be changed: %m; allow it (SELinux: "
                     "allow_execmem; systemd: MemoryDenyWriteExecute=no)");
    memcpy(at, bytes, len);
    mprotect((void *)page, span, PROT_READ | PROT_EXEC);
}

/* An empty function: it returns at once, and what follows up to the next one is padding. */
static bool stub_is_empty(const uint8_t *stub)
{
    static const uint8_t endbr[] = { 0xf3, 0x0f, 0x1e, 0xfa };
    size_t at = memcmp(stub, endbr, sizeof(endbr)) == 0 ? sizeof(endbr) : 0;

    return (uintptr_t)stub % STUB_BYTES == 0 && stub[at] == RET;
}

static void stub_make_jump(uint8_t *out, stub_handler_t handler)
{
    static const uint8_t jump[JUMP_BYTES] = { 0x48, 0xb8, [10] = 0xff, 0xe0 };

    memcpy(out, jump, sizeof(jump));
    memcpy(out + 2, &handler, sizeof(handler));
}

static uint8_t *stub_find_empty(const char *symbol)
{
    uint8_t *stub = machine_symbol(symbol);

    if (!stub_is_empty(stub))
        setup_refuse("%s is not empty in this Bochs: it has instrumentation of its own; install "
                     "the package bochs 2.7",
                     symbol);
    return stub;
}

void stub_fill(const char *symbol, stub_handler_t handler)
{
    uint8_t *stub = stub_find_empty(symbol), code[JUMP_BYTES];

    stub_make_jump(code, handler);
    stub_write(stub, code, sizeof(code));
}

void stub_replace(const char *symbol, stub_handler_t handler)
{
    uint8_t code[JUMP_BYTES];

    stub_make_jump(code, handler);
    stub_write(machine_symbol(symbol), code, sizeof(code));
}

void stub_prepare(const char *symbol, stub_handler_t handler)
{
    uint8_t *stub = stub_find_empty(symbol), code[1 + JUMP_BYTES] = { RET };

    stub_make_jump(code + 1, handler);
    stub_write(stub, code, sizeof(code));
}

void stub_switch(const char *symbol, bool on)
{
    uint8_t byte = on ? NOP : RET;

    stub_write(machine_symbol(symbol), &byte, 1);
}
