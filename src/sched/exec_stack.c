/*
 * A program's first stack (System V ABI AMD64 supplement, "Initial Stack and
 * Register State"), highest address last:
 *
 *     rsp -> argc | argv[0] ... 0 | envp[0] ... 0 | auxv ... AT_NULL | strings | USER_MAX
 *            `----------------------- words ---------------------'
 *
 * It is written twice by the same code: first nowhere, which finds the sizes and
 * so every address; then into the new address space. The caller's memory may be
 * shared and change in between: nothing is written past what was measured.
 */
#include "sched/exec_stack.h"

#include "arch/cpu.h"
#include "arch/layout.h"
#include "arch/timer.h"
#include "lib/string.h"
#include "sched/elf.h"
#include "sched/exec.h"
#include "vm/address_space.h"
#include "vm/user_copy.h"

/* Linux's limits (execve(2), "Limits on size of arguments and environment"). */
enum { ARG_STRING_MAX = 32 * 4096, ARG_TOTAL_MAX = 2 * 1024 * 1024 };

enum { CHUNK = 256 }; /* strings pass through the kernel in pieces of this */

/* Where the next bytes go, and where they must end. */
struct cursor {
    vaddr_t at, end;
};

struct stack_writer {
    struct address_space *as; /* null: only move the cursors */
    struct cursor words, strings;
    uint64_t argc;
};

static err_t put(struct stack_writer *w, struct cursor *cursor, const void *bytes, size_t len)
{
    err_t err;

    if (len > cursor->end - cursor->at)
        return ERR_2BIG;
    err = w->as ? as_write(w->as, cursor->at, bytes, len) : ERR_OK;
    cursor->at += len;
    return err;
}

static err_t put_word(struct stack_writer *w, uint64_t word)
{
    return put(w, &w->words, &word, sizeof(word));
}

/* Copy a string from the caller, never reading beyond the page in which it ends. */
static err_t put_user_string(struct stack_writer *w, vaddr_t from)
{
    char chunk[CHUNK];
    size_t total = 0, room, len;

    do {
        err_t err;

        room = min_u64(CHUNK, PAGE_SIZE - (from + total) % PAGE_SIZE);
        err = copy_from_user(chunk, from + total, room);
        if (err)
            return err;
        len = strnlen(chunk, room);
        total += len;
        if (total >= ARG_STRING_MAX)
            return ERR_2BIG;
        err = put(w, &w->strings, chunk, len < room ? len + 1 : len);
        if (err)
            return err;
    } while (len == room);
    return ERR_OK;
}

/* Copy an array of strings, with a null pointer at its end. array 0: an empty one. */
static err_t put_array(struct stack_writer *w, vaddr_t array, uint64_t *count)
{
    for (*count = 0;; ++*count) {
        vaddr_t string = 0;
        err_t err = array ? copy_from_user(&string, array + *count * 8, sizeof(string)) : ERR_OK;

        if (!err && string == 0)
            return put_word(w, 0);
        if (!err)
            err = put_word(w, w->strings.at);
        if (!err)
            err = put_user_string(w, string);
        if (err)
            return err;
    }
}

/* A caller without arguments gives the program an empty one, as Linux does since 5.18. */
static err_t put_arguments(struct stack_writer *w, vaddr_t array)
{
    err_t err;

    w->words.at += 8; /* argc, which is known only afterwards */
    err = put_array(w, array, &w->argc);
    if (err || w->argc > 0)
        return err;
    w->argc = 1;
    w->words.at -= 8;
    err = put_word(w, w->strings.at - 1); /* the NUL of the string before */
    return err ? err : put_word(w, 0);
}

enum auxv_type {
    AT_NULL = 0,
    AT_PHDR = 3,
    AT_PHENT = 4,
    AT_PHNUM = 5,
    AT_PAGESZ = 6,
    AT_BASE = 7,
    AT_FLAGS = 8,
    AT_ENTRY = 9,
    AT_UID = 11,
    AT_EUID = 12,
    AT_GID = 13,
    AT_EGID = 14,
    AT_PLATFORM = 15,
    AT_HWCAP = 16,
    AT_CLKTCK = 17,
    AT_SECURE = 23,
    AT_RANDOM = 25,
    AT_HWCAP2 = 26,
    AT_EXECFN = 31,
};

/* What the auxiliary vector points to. */
struct auxv_strings {
    vaddr_t path, random, platform;
};

static err_t put_auxv(struct stack_writer *w, const struct elf_plan *plan,
                      const struct auxv_strings *at)
{
    const uint64_t auxv[][2] = {
        { AT_HWCAP, cpu_cpuid(1, 0).edx },
        { AT_PAGESZ, PAGE_SIZE },
        { AT_CLKTCK, TIMER_HZ },
        { AT_PHDR, plan->phdr },
        { AT_PHENT, ELF_PHDR_SIZE },
        { AT_PHNUM, plan->phnum },
        { AT_BASE, 0 },
        { AT_FLAGS, 0 },
        { AT_ENTRY, plan->entry },
        { AT_UID, 0 },
        { AT_EUID, 0 },
        { AT_GID, 0 },
        { AT_EGID, 0 },
        { AT_SECURE, 0 },
        { AT_RANDOM, at->random },
        { AT_HWCAP2, 0 },
        { AT_EXECFN, at->path },
        { AT_PLATFORM, at->platform },
        { AT_NULL, 0 },
    };

    return put(w, &w->words, auxv, sizeof(auxv));
}

static err_t put_all(struct stack_writer *w, const struct exec_request *request,
                     const struct elf_plan *plan)
{
    struct auxv_strings at;
    uint64_t envc;
    err_t err;

    at.random = w->strings.at;
    err = put(w, &w->strings, request->random, EXEC_RANDOM);
    at.platform = w->strings.at;
    if (!err)
        err = put(w, &w->strings, "x86_64", sizeof("x86_64"));
    at.path = w->strings.at;
    if (!err)
        err = put(w, &w->strings, request->path, strlen(request->path) + 1);
    if (!err)
        err = put_arguments(w, request->argv);
    if (!err)
        err = put_array(w, request->envp, &envc);
    return err ? err : put_auxv(w, plan, &at);
}

err_t exec_measure_stack(const struct exec_request *request, struct stack_sizes *sizes)
{
    static const struct elf_plan no_plan;
    struct stack_writer w = {
        .words = { 0, ARG_TOTAL_MAX },
        .strings = { 0, ARG_TOTAL_MAX },
    };
    err_t err = put_all(&w, request, &no_plan);

    *sizes = (struct stack_sizes){ w.words.at, w.strings.at, w.argc };
    return !err && sizes->words + sizes->strings > ARG_TOTAL_MAX ? ERR_2BIG : err;
}

err_t exec_write_stack(const struct exec_request *request, const struct stack_sizes *sizes,
                       const struct elf_plan *plan, struct exec_program *program)
{
    vaddr_t strings = USER_MAX - 8 - sizes->strings;
    vaddr_t rsp = align_down(strings - sizes->words, 16);
    struct stack_writer w = {
        .as = program->as,
        .words = { rsp, rsp + sizes->words },
        .strings = { strings, strings + sizes->strings },
    };
    err_t err = put_all(&w, request, plan);

    program->rsp = rsp;
    return err ? err : as_write(w.as, rsp, &w.argc, sizeof(w.argc));
}
