/*
 * A program's first stack (System V ABI AMD64 supplement, "Initial Stack and
 * Register State"), highest address last:
 *
 *     rsp -> argc | argv[0] ... 0 | envp[0] ... 0 | auxv ... AT_NULL | random | strings | end
 *
 * One pass over the caller's strings measures them, which fixes every address;
 * a second one copies, string by string, from the caller's memory through a
 * small buffer into the new address space. The caller's memory may be shared
 * and change in between: the second pass never writes past what was measured.
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
enum { ARG_STRING_MAX = 32 * 4096, ARG_TOTAL_MAX = 2 * 1024 * 1024, CHUNK = 256 };

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

enum { AUXV_ENTRIES = 20 };

/* Where the second pass writes; each cursor moves up to a limit the first pass found. */
struct stack_writer {
    struct address_space *as;
    vaddr_t pointers;           /* next pointer of argv or envp */
    vaddr_t string, string_end; /* next string, and the end of all */
};

/* Read up to CHUNK bytes of a string. *len: bytes without NUL; *ended: the NUL was found. */
static err_t string_read_chunk(vaddr_t from, char *buf, size_t *len, bool *ended)
{
    /* Never across a page: the string may end before an unmapped one. */
    size_t room = min_u64(CHUNK, PAGE_SIZE - (from & (PAGE_SIZE - 1)));
    err_t err = copy_from_user(buf, from, room);

    if (err)
        return err;
    *len = strnlen(buf, room);
    *ended = *len < room;
    return ERR_OK;
}

static err_t string_measure(vaddr_t from, uint64_t *size)
{
    char chunk[CHUNK];
    size_t len;
    bool ended;

    *size = 0;
    do {
        err_t err = string_read_chunk(from + *size, chunk, &len, &ended);

        if (err)
            return err;
        *size += len;
        if (*size >= ARG_STRING_MAX)
            return ERR_2BIG;
    } while (!ended);
    *size += 1;
    return ERR_OK;
}

static err_t pointer_read(vaddr_t array, uint64_t index, vaddr_t *out)
{
    *out = 0;
    return array ? copy_from_user(out, array + index * sizeof(vaddr_t), sizeof(vaddr_t)) : ERR_OK;
}

/* Count an array's strings and their bytes; adds to *bytes. */
static err_t array_measure(vaddr_t array, uint64_t *count, uint64_t *bytes)
{
    vaddr_t string;
    uint64_t size;
    err_t err;

    for (*count = 0;; ++*count) {
        err = pointer_read(array, *count, &string);
        if (err || !string)
            return err;
        err = string_measure(string, &size);
        if (err)
            return err;
        *bytes += size;
        if (*bytes + *count * sizeof(vaddr_t) > ARG_TOTAL_MAX)
            return ERR_2BIG;
    }
}

static err_t writer_put_word(struct stack_writer *w, uint64_t word)
{
    err_t err = as_write(w->as, w->pointers, &word, sizeof(word));

    w->pointers += sizeof(word);
    return err;
}

static err_t writer_put_bytes(struct stack_writer *w, const void *bytes, size_t len)
{
    err_t err;

    if (len > w->string_end - w->string)
        return ERR_FAULT;
    err = as_write(w->as, w->string, bytes, len);
    w->string += len;
    return err;
}

static err_t writer_put_string(struct stack_writer *w, vaddr_t from)
{
    char chunk[CHUNK];
    size_t len;
    bool ended;

    do {
        err_t err = string_read_chunk(from, chunk, &len, &ended);

        if (!err)
            err = writer_put_bytes(w, chunk, ended ? len + 1 : len);
        if (err)
            return err;
        from += len;
    } while (!ended);
    return ERR_OK;
}

/* Copy an array of count strings, with a null pointer at its end. */
static err_t writer_put_array(struct stack_writer *w, vaddr_t array, uint64_t count)
{
    for (uint64_t i = 0; i < count; i++) {
        vaddr_t string;
        err_t err = pointer_read(array, i, &string);

        if (!err && !string)
            err = ERR_FAULT;
        if (!err)
            err = writer_put_word(w, w->string);
        if (!err)
            err = writer_put_string(w, string);
        if (err)
            return err;
    }
    return writer_put_word(w, 0);
}

/* Bit 0 to 31 of CPUID leaf 1's edx, as Linux has it. */
static uint64_t hwcap(void)
{
    return cpu_cpuid(1, 0).edx;
}

static err_t writer_put_auxv(struct stack_writer *w, const struct elf_plan *plan, vaddr_t random,
                             vaddr_t path)
{
    static const char platform[] = "x86_64";
    vaddr_t platform_at = random + EXEC_RANDOM;
    const uint64_t auxv[AUXV_ENTRIES][2] = {
        { AT_HWCAP, hwcap() },
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
        { AT_RANDOM, random },
        { AT_HWCAP2, 0 },
        { AT_EXECFN, path },
        { AT_PLATFORM, platform_at },
        { AT_NULL, 0 },
    };
    err_t err = as_write(w->as, w->pointers, auxv, sizeof(auxv));

    if (err)
        return err;
    return as_write(w->as, platform_at, platform, sizeof(platform));
}

err_t exec_measure_stack(const struct exec_request *request, struct stack_sizes *sizes)
{
    err_t err;

    sizes->string_bytes = strlen(request->path) + 1;
    err = array_measure(request->argv, &sizes->argc, &sizes->string_bytes);
    if (err)
        return err;
    return array_measure(request->envp, &sizes->envc, &sizes->string_bytes);
}

/* A caller without arguments gives the program one that is empty, as Linux does since 5.18. */
static err_t stack_put_arguments(struct stack_writer *w, const struct exec_request *request,
                                 const struct stack_sizes *sizes)
{
    err_t err = writer_put_word(w, max_u64(sizes->argc, 1));

    if (!err && sizes->argc == 0)
        err = writer_put_word(w, w->string_end - 1);
    if (!err)
        err = writer_put_array(w, request->argv, sizes->argc);
    if (!err)
        err = writer_put_array(w, request->envp, sizes->envc);
    return err;
}

err_t exec_write_stack(const struct exec_request *request, const struct stack_sizes *sizes,
                       const struct elf_plan *plan, struct exec_program *program)
{
    enum { FIXED_STRINGS = EXEC_RANDOM + 16 /* platform */ };
    struct stack_writer w = { .as = program->as, .string_end = USER_MAX - 8 };
    uint64_t words = 1 + max_u64(sizes->argc, 1) + 1 + sizes->envc + 1 + 2 * AUXV_ENTRIES;
    vaddr_t path = w.string_end - sizes->string_bytes;
    vaddr_t random = align_down(path - FIXED_STRINGS, 16);
    err_t err;

    w.string = path;
    w.pointers = program->rsp = align_down(random - words * sizeof(uint64_t), 16);

    err = writer_put_bytes(&w, request->path, strlen(request->path) + 1);
    if (!err)
        err = as_write(w.as, random, request->random, EXEC_RANDOM);
    if (!err)
        err = stack_put_arguments(&w, request, sizes);
    if (!err)
        err = writer_put_auxv(&w, plan, random, path);
    return err;
}
