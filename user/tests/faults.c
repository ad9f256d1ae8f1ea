/* Every kind of fault kills with the signal that Linux gives it, and only the process it hit. */
#include "test.h"

static char *read_only, *no_rights, *no_exec;

static int touch(volatile char *at)
{
    return *at;
}

static void poke(volatile char *at)
{
    *at = 1;
}

static void jump(void *at)
{
    ((void (*)(void))at)();
}

enum fault {
    READ_NULL,
    WRITE_NULL,
    JUMP_NULL,
    READ_UNMAPPED,
    WRITE_READ_ONLY,
    WRITE_TEXT,
    READ_NO_RIGHTS,
    WRITE_NO_RIGHTS,
    JUMP_NO_RIGHTS,
    JUMP_DATA,
    JUMP_STACK,
    READ_KERNEL,
    WRITE_KERNEL,
    JUMP_KERNEL,
    READ_DIRECT_MAP,
    READ_NONCANONICAL,
    JUMP_NONCANONICAL,
    READ_TOP,
    FAULTS,
};

static const char *const fault_names[FAULTS] = {
    "read at 0",           "write at 0",           "jump to 0",          "read of unmapped",
    "write to read-only",  "write to text",        "read, no rights",    "write, no rights",
    "jump, no rights",     "jump to data",         "jump to stack",      "read of kernel image",
    "write to kernel",     "jump to kernel",       "read of direct map", "read, not canonical",
    "jump, not canonical", "read at the very top",
};

static __attribute__((noinline)) void text(void)
{
    __asm__ volatile("");
}

static int commit(void *arg)
{
    char on_stack[16] = { (char)0xc3 };

    switch (*(enum fault *)arg) {
    case READ_NULL:
        return touch(opaque(0));
    case WRITE_NULL:
        poke(opaque(0));
        break;
    case JUMP_NULL:
        jump(opaque(0));
        break;
    case READ_UNMAPPED:
        return touch(opaque(0x200000000000));
    case WRITE_READ_ONLY:
        poke(read_only);
        break;
    case WRITE_TEXT:
        poke(opaque((uintptr_t)text));
        break;
    case READ_NO_RIGHTS:
        return touch(no_rights);
    case WRITE_NO_RIGHTS:
        poke(no_rights);
        break;
    case JUMP_NO_RIGHTS:
        jump(no_rights);
        break;
    case JUMP_DATA:
        jump(no_exec);
        break;
    case JUMP_STACK:
        jump(on_stack);
        break;
    case READ_KERNEL:
        return touch(opaque(0xffffffff80100000));
    case WRITE_KERNEL:
        poke(opaque(0xffffffff80100000));
        break;
    case JUMP_KERNEL:
        jump(opaque(0xffffffff80100000));
        break;
    case READ_DIRECT_MAP:
        return touch(opaque(0xffff800000100000));
    case READ_NONCANONICAL:
        return touch(opaque(0x8000000000000000));
    case JUMP_NONCANONICAL:
        jump(opaque(0x8000000000000000));
        break;
    case READ_TOP:
        return touch(opaque(-1));
    default:
        break;
    }
    return 0;
}

int main(void)
{
    read_only = map_pages(PAGE, PROT_READ, 0);
    no_rights = map_pages(PAGE, PROT_NONE, 0);
    no_exec = map_pages(PAGE, PROT_READ | PROT_WRITE, 0);
    no_exec[0] = (char)0xc3; /* ret: would succeed if it could run */
    for (enum fault fault = 0; fault < FAULTS; fault++)
        show_status(fault_names[fault], in_child(commit, &fault));
    return test_end();
}
