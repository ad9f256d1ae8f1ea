#include "property_fixture.h"

#include "reader.h"
#include "replay.h"
#include "writer.h"

#include <elf.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SCENE_MAX = 65536 };

static struct trace_event scene[SCENE_MAX];
static unsigned count;
static uint64_t tick, cr3;
static uint32_t end;
static char calls[256];
static struct verdict verdict;

void scene_start(const char *functions)
{
    count = 0;
    tick = 100;
    cr3 = 0;
    end = TRACE_END_SHUTDOWN;
    snprintf(calls, sizeof(calls), "%s", functions ? functions : "");
}

void scene_ticks(uint64_t ticks)
{
    tick += ticks;
}

void scene_same_tick(unsigned events)
{
    CHECK(events <= count);
    for (unsigned i = count - events; i < count; i++)
        scene[i].tick = scene[count - events].tick;
}

void scene_ends(uint32_t how)
{
    end = how;
}

struct trace_event *scene_event(unsigned kind, uint32_t what, uint8_t ring, uint64_t v0,
                                uint64_t v1, uint64_t v2, uint64_t v3)
{
    CHECK(count < SCENE_MAX);
    tick += 10;
    scene[count] = (struct trace_event){ .tick = tick,
                                         .rip = ring == 3 ? PAGES_VA : IMAGE_VA,
                                         .v = { v0, v1, v2, v3 },
                                         .what = what,
                                         .kind = (uint8_t)kind,
                                         .ring = ring };
    return &scene[count++];
}

void scene_table(uint64_t phys, uint8_t level, uint64_t va, uint64_t parent)
{
    scene_event(EVENT_TABLE, 0, 0, phys, va, parent, 0)->level = level;
}

void scene_seen(uint64_t entry, uint8_t level, uint64_t value, uint64_t va)
{
    scene_event(EVENT_ENTRY_SEEN, 0, 0, entry, value, va, 0)->level = level;
}

void scene_write(uint64_t entry, uint8_t level, uint64_t old, uint64_t new, uint64_t va)
{
    scene_event(EVENT_ENTRY_WRITE, 8, 0, entry, old, new, va)->level = level;
}

void scene_cr3(uint64_t root)
{
    scene_event(EVENT_CR, 3, 0, root, cr3, 0, 0);
    cr3 = root;
}

void scene_boot(void)
{
    scene_event(EVENT_START, 0, 0, 0x11, 0, 0, 0);
    scene_event(EVENT_CR, 4, 0, 0x20, 0, 0, 0);
    scene_cr3(KERNEL_ROOT);
    scene_event(EVENT_WRMSR, 0xc0000080, 0, 0x900, 0, 0, 0);
    scene_event(EVENT_CR, 0, 0, 0x80010011, 0x11, 0, 0);
    scene_table(KERNEL_ROOT, 4, 0, 0);
    scene_seen(KERNEL_ROOT + 0xff8, 4, KERNEL_PDPT | 3, 0xffffff8000000000);
    scene_table(KERNEL_PDPT, 3, 0xffffff8000000000, KERNEL_ROOT + 0xff8);
    scene_seen(KERNEL_PDPT + 510 * 8, 3, 0x3003, KERNEL_VA);
    scene_table(0x3000, 2, KERNEL_VA, KERNEL_PDPT + 510 * 8);
    scene_seen(0x3000, 2, KERNEL_PT | 3, KERNEL_VA);
    scene_table(KERNEL_PT, 1, KERNEL_VA, 0x3000);
    scene_seen(KERNEL_PT + 256 * 8, 1, 0x100001, IMAGE_VA);
    scene_seen(KERNEL_PT + 257 * 8, 1, 0x8000000000101003, IMAGE_VA + 0x1000);
    scene_event(EVENT_TRANSFER, TRANSFER_FAR, 0, IMAGE_VA, IMAGE_VA, 0x18, 8);
}

uint64_t scene_entry(uint64_t root, unsigned page)
{
    return root + 0x3000 + page * 8;
}

void scene_process(uint64_t root, const uint64_t *leaves, unsigned pages)
{
    scene_cr3(root);
    scene_table(root, 4, 0, 0);
    scene_seen(root, 4, (root + 0x1000) | 7, 0);
    scene_seen(root + 0xff8, 4, KERNEL_PDPT | 3, 0xffffff8000000000);
    scene_table(root + 0x1000, 3, 0, root);
    scene_seen(root + 0x1000, 3, (root + 0x2000) | 7, 0);
    scene_table(root + 0x2000, 2, 0, root + 0x1000);
    scene_seen(root + 0x2010, 2, (root + 0x3000) | 7, PAGES_VA);
    scene_table(root + 0x3000, 1, PAGES_VA, root + 0x2010);
    for (unsigned i = 0; i < pages; i++)
        scene_seen(scene_entry(root, i), 1, leaves[i], PAGES_VA + i * 0x1000);
}

void scene_leaf(uint64_t root, unsigned page, uint64_t old, uint64_t new)
{
    scene_write(scene_entry(root, page), 1, old, new, PAGES_VA + page * 0x1000);
}

void scene_enter(uint64_t rip, uint64_t rsp)
{
    scene_event(EVENT_TRANSFER, TRANSFER_IRET, 0, IMAGE_VA, rip, 8, 0x23)->v[4] = rsp;
}

void scene_syscall(uint64_t rip, uint64_t rsp)
{
    struct trace_event *event =
        scene_event(EVENT_TRANSFER, TRANSFER_SYSCALL, 3, rip, IMAGE_VA, 0x23, 8);

    event->v[4] = rsp;
    event->rip = rip;
}

void scene_interrupt(uint64_t rip, uint64_t rsp)
{
    scene_event(EVENT_INTERRUPT, 32, 3, rsp, 0, 0, 0)->rip = rip;
}

void scene_fault(uint64_t va, uint64_t error, uint64_t rip, uint64_t rsp)
{
    scene_event(EVENT_EXCEPTION, 14, 3, error, va, rsp, 0)->rip = rip;
}

void scene_call(unsigned place, uint64_t a, uint64_t b)
{
    scene_event(EVENT_CALL, place, 0, a, b, 0, 0);
}

void scene_return(unsigned place, uint64_t rax)
{
    scene_event(EVENT_RETURN, place, 0, rax, IMAGE_VA + 5, 0, 0);
}

void scene_out_value(unsigned place, uint64_t value)
{
    scene_event(EVENT_OUT_VALUE, place, 0, value, IMAGE_VA, 0, 0);
}

void scene_witness(uint64_t step, uint64_t value, uint64_t a, uint64_t b)
{
    scene_event(EVENT_WITNESS, 0, 3, step, value, a, b);
}

/* ---- judging ---- */

/* An ELF file with a segment of code and one of data; also the program, by its entry. */
static const char *scene_elf(void)
{
    static char path[64];
    struct {
        Elf64_Ehdr head;
        Elf64_Phdr part[2];
    } file = { .head = { .e_ident = { 0x7f, 'E', 'L', 'F', ELFCLASS64, ELFDATA2LSB, EV_CURRENT },
                         .e_type = ET_EXEC,
                         .e_machine = EM_X86_64,
                         .e_version = EV_CURRENT,
                         .e_entry = PAGES_VA,
                         .e_phoff = sizeof(Elf64_Ehdr),
                         .e_ehsize = sizeof(Elf64_Ehdr),
                         .e_phentsize = sizeof(Elf64_Phdr),
                         .e_phnum = 2 },
               .part = { { .p_type = PT_LOAD,
                           .p_flags = PF_R | PF_X,
                           .p_vaddr = IMAGE_VA,
                           .p_paddr = 0x100000,
                           .p_memsz = 0x1000 },
                         { .p_type = PT_LOAD,
                           .p_flags = PF_R | PF_W,
                           .p_vaddr = IMAGE_VA + 0x1000,
                           .p_paddr = 0x101000,
                           .p_memsz = 0x1000 } } };
    FILE *out;

    snprintf(path, sizeof(path), "/tmp/property-%d.elf", (int)getpid());
    out = fopen(path, "wb");
    CHECK(out && fwrite(&file, sizeof(file), 1, out) == 1 && fclose(out) == 0);
    return path;
}

static void scene_run(const char *path, const char *with_text,
                      void (*judge)(const struct run *run, const json_t *with, void *arg),
                      void *arg)
{
    char error[200];
    const char *elf = scene_elf();
    struct trace *trace = trace_open(path, error, sizeof(error));
    json_t *with = with_text ? json_loads(with_text, 0, NULL) : NULL;
    json_t *rubric = json_loads("{\"holes\":[\"8M:4M\"]}", 0, NULL);
    struct run run = { .id = "scene",
                       .trace = trace,
                       .key = 7,
                       .seed = 5,
                       .mem_mib = 64,
                       .program = elf,
                       .kernel_path = elf,
                       .trace_path = path,
                       .rubric = rubric };

    CHECK(trace && (with || !with_text));
    run.replay = replay_new(trace);
    judge(&run, with, arg);
    replay_free(run.replay);
    trace_close(trace);
    json_decref(with);
    json_decref(rubric);
    unlink(path);
    unlink(elf);
}

static const char *scene_file(void)
{
    static char path[64];
    char parameters[400];
    struct trace_event last = {
        .tick = tick + 10, .rip = IMAGE_VA, .kind = EVENT_END, .what = end
    };
    struct writer *writer;

    snprintf(parameters, sizeof(parameters), "kernel=none\ncalls=%s\n", calls);
    snprintf(path, sizeof(path), "/tmp/property-%d.trace", (int)getpid());
    writer = writer_open(path, parameters, 64);
    for (unsigned i = 0; i < count; i++)
        writer_add(writer, &scene[i]);
    writer_add(writer, &last);
    writer_close(writer, true);
    return path;
}

static void judge_property(const struct run *run, const json_t *with, void *arg)
{
    const struct property *property = property_find(arg);

    CHECK(property);
    property_judge(property, run, with, &verdict);
}

const struct verdict *scene_judge(const char *property, const char *with)
{
    scene_run(scene_file(), with, judge_property, (void *)(uintptr_t)property);
    return &verdict;
}

void scene_passes(const char *property, const char *with)
{
    scene_judge(property, with);
    if (!verdict.passed)
        check_failed(__FILE__, __LINE__, "%s does not pass: %s", property, verdict.text);
}

void scene_fails(const char *property, const char *with, const char *text)
{
    scene_judge(property, with);
    if (verdict.passed || verdict.unjudged || !strstr(verdict.text, text))
        check_failed(__FILE__, __LINE__, "%s (passed: %d, unjudged: %d) does not say \"%s\": %s",
                     property, verdict.passed, verdict.unjudged, text, verdict.text);
}

struct fact_answer {
    const char *name;
    uint64_t value;
};

static void judge_fact(const struct run *run, const json_t *with, void *arg)
{
    struct fact_answer *answer = arg;
    const struct fact *fact = fact_find(answer->name);
    char error[300];

    CHECK(fact);
    if (!fact_get(fact, run, with, &answer->value, error, sizeof(error)))
        check_failed(__FILE__, __LINE__, "%s: %s", answer->name, error);
}

uint64_t scene_fact(const char *fact, const char *with)
{
    struct fact_answer answer = { .name = fact };

    scene_run(scene_file(), with, judge_fact, &answer);
    return answer.value;
}
