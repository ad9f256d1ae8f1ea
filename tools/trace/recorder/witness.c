#include "witness.h"

#include "../challenge.h"
#include "machine.h"
#include "out.h"
#include "setup.h"
#include "tables.h"
#include "translate.h"
#include "weak.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { FILTER_BITS = 16, PAGE_BYTES = 1 << PAGE_BITS };

static const uint8_t **files; /* contents of setup.program[i] */
static uint8_t filter[1 << FILTER_BITS];

static uint8_t *filter_at(uint64_t address)
{
    return &filter[address & ((1 << FILTER_BITS) - 1)];
}

static const uint8_t *program_map(const struct setup_program *program)
{
    int fd = open(program->path, O_RDONLY | O_CLOEXEC);
    struct stat st = { 0 };
    void *map = MAP_FAILED;

    if (fd >= 0 && fstat(fd, &st) == 0 && st.st_size > 0)
        map = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (map == MAP_FAILED)
        setup_refuse("cannot read %s: %m", program->path);
    close(fd);
    for (unsigned i = 0; i < program->segments; i++) {
        const struct setup_code *code = &program->code[i];

        if (code->offset > (uint64_t)st.st_size ||
            code->bytes > (uint64_t)st.st_size - code->offset)
            setup_refuse("%s is shorter than its segments", program->path);
    }
    return map;
}

void witness_init(void)
{
    files = calloc(setup.programs + 1, sizeof(*files));
    if (!files)
        setup_refuse("out of memory");
    for (size_t i = 0; i < setup.programs; i++) {
        files[i] = program_map(&setup.program[i]);
        *filter_at(setup.program[i].challenge) = 1;
        *filter_at(setup.program[i].witness) = 1;
    }
}

static bool frame_holds(const struct translation *t, uint64_t va, const uint8_t *code,
                        unsigned bytes)
{
    uint8_t memory[PAGE_BYTES];

    machine_read(translation_phys(t, va), memory, bytes);
    return memcmp(memory, code, bytes) == 0;
}

/* Bytes within one page: are they the file's, wherever the CPU might fetch them from? */
static bool page_holds(uint64_t va, const uint8_t *code, unsigned bytes)
{
    struct translation t = translate(machine.cr3, va);

    if (t.present && !frame_holds(&t, va, code, bytes))
        return false;
    return weak_count == 0 || !weak_find(va, &t) || frame_holds(&t, va, code, bytes);
}

static bool segment_holds(const struct setup_code *segment, const uint8_t *code)
{
    uint64_t done = 0;

    while (done < segment->bytes) {
        uint64_t va = segment->address + done, left = segment->bytes - done;
        uint64_t piece = PAGE_BYTES - (va & (PAGE_BYTES - 1));

        if (piece > left)
            piece = left;
        if (!page_holds(va, code + done, (unsigned)piece))
            return false;
        done += piece;
    }
    return true;
}

static bool program_holds(size_t n, uint64_t from)
{
    const struct setup_program *program = &setup.program[n];
    bool inside = false;

    for (unsigned i = 0; i < program->segments; i++) {
        const struct setup_code *code = &program->code[i];

        inside |= from - code->address < code->bytes;
        if (!segment_holds(code, files[n] + code->offset))
            return false;
    }
    return inside;
}

/* Programs may have the function at the same place: one of them must be this one. */
static enum witness witness_judge(uint64_t from, uint64_t to)
{
    if (machine_ring() != 3)
        return WITNESS_NOT_RING_3;
    for (size_t i = 0; i < setup.programs; i++) {
        const struct setup_program *program = &setup.program[i];

        if ((to == program->challenge || to == program->witness) && program_holds(i, from))
            return WITNESS_GENUINE;
    }
    return WITNESS_CODE_DIFFERS;
}

static uint64_t return_address(void)
{
    uint64_t back = 0;

    translate_read(machine_reg(CPU_RSP), &back, sizeof(back));
    return back;
}

static void witness_challenge(uint64_t from, enum witness verdict)
{
    uint64_t id = machine_reg(CPU_RDI), value = 0;

    if (verdict == WITNESS_GENUINE) {
        value = challenge_value(setup.key, id);
        machine_set_reg(CPU_RDI, value);
    }
    out_event_at(EVENT_CHALLENGE, verdict, 0, from, machine_ring(),
                 VALUES(id, value, return_address()));
}

void witness_called(uint64_t from, uint64_t to)
{
    if (!*filter_at(to) || to == 0)
        return;
    for (size_t i = 0; i < setup.programs; i++) {
        if (to == setup.program[i].challenge) {
            witness_challenge(from, witness_judge(from, to));
            return;
        }
        if (to == setup.program[i].witness) {
            out_event_at(EVENT_WITNESS, witness_judge(from, to), 0, from, machine_ring(),
                         VALUES(machine_reg(CPU_RDI), machine_reg(CPU_RSI), machine_reg(CPU_RDX),
                                machine_reg(CPU_RCX), return_address()));
            return;
        }
    }
}
