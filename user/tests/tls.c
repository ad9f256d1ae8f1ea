/* Thread-local storage: the FS base is each process's own and is inherited by fork. */
#include "test.h"

/* <asm/prctl.h> belongs to the kernel's headers, which musl's compiler does not see. */
enum { ARCH_SET_FS = 0x1002, ARCH_GET_FS = 0x1003 };

static __thread int counter = 5;
static __thread char name[32] = "parent";

static unsigned long fs_base(void)
{
    unsigned long base = 0;

    CHECK(syscall(SYS_arch_prctl, ARCH_GET_FS, &base) == 0);
    return base;
}

static inline long set_fs_base(void *base)
{
    long result;

    __asm__ volatile("syscall"
                     : "=a"(result)
                     : "a"(SYS_arch_prctl), "D"(ARCH_SET_FS), "S"(base)
                     : "rcx", "r11", "memory");
    return result;
}

int main(void)
{
    unsigned long base = fs_base();
    int go[2];

    CHECK(base != 0 && *(unsigned long *)base == base); /* the ABI's self pointer */
    CHECK(pipe(go) == 0);
    for (int i = 0; i < 4; i++) {
        if (fork() == 0) {
            CHECK(fs_base() == base && counter == 5 + i);
            snprintf(name, sizeof(name), "child %d", i);
            counter += 100 * i;
            for (int j = 0; j < 20; j++) {
                CHECK(syscall(SYS_sched_yield) == 0);
                counter++;
            }
            char byte;

            CHECK(read(go[0], &byte, 1) == 1);
            CHECK(counter == 5 + i + 100 * i + 20 && name[6] == '0' + i);
            _exit(test_failures);
        }
        counter++;
    }
    CHECK(write(go[1], "1234", 4) == 4);
    for (int status; wait(&status) > 0;)
        show_status("child", status);
    say("%s %d\n", name, counter);

    /* Another base for a moment; the C library must not run meanwhile. */
    static unsigned long other[64] = { 4711 };
    unsigned long seen;
    long set = set_fs_base(other);

    __asm__ volatile("mov %%fs:0, %0" : "=r"(seen));
    long restored = set_fs_base((void *)base);

    CHECK(set == 0 && restored == 0 && seen == 4711 && fs_base() == base);
    show("FS base not canonical", syscall(SYS_arch_prctl, ARCH_SET_FS, 0x8000000000000000UL));
    show("FS base in the kernel", syscall(SYS_arch_prctl, ARCH_SET_FS, 0xffff800000000000UL));
    show("unknown code", syscall(SYS_arch_prctl, 0x1234, 0));
    CHECK(fs_base() == base);
    return test_end();
}
