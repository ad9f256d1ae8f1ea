/*
 * Common Trace Format 1.8: a directory with `metadata`, text that describes
 * the events, and `stream`, packets of them. Every event has a header
 * (its kind, its tick), the CPU's ring, space and RIP, and the values of its
 * kind as 64-bit numbers under the names of the field.
 */
#include "export.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

enum { CTF_MAGIC = 0xc1fc1fc1, PACKET_EVENTS = 4096, PACKET_HEADER_BYTES = 48, FIELDS_MAX = 6 };

/* The values of each kind, by name; NULL: unused. */
static const char *const fields[EVENT_KINDS][FIELDS_MAX] = {
    [EVENT_START] = { "cr0", "cr3", "cr4", "efer", "rsp" },
    [EVENT_END] = { "instructions" },
    [EVENT_CR] = { "new_value", "old_value" },
    [EVENT_INVLPG] = { "va" },
    [EVENT_INVPCID] = { "va", "pcid" },
    [EVENT_WRMSR] = { "new_value" },
    [EVENT_EXCEPTION] = { "error", "cr2", "rsp" },
    [EVENT_INTERRUPT] = { "rsp" },
    [EVENT_TRANSFER] = { "from_rip", "to_rip", "from_cs", "to_cs", "rsp" },
    [EVENT_CALL] = { "rdi", "rsi", "rdx", "rcx", "r8", "r9" },
    [EVENT_RETURN] = { "rax", "to_rip" },
    [EVENT_TABLE] = { "phys", "va", "parent" },
    [EVENT_TABLE_GONE] = { "phys" },
    [EVENT_ENTRY_SEEN] = { "phys", "new_value", "va" },
    [EVENT_ENTRY_WRITE] = { "phys", "old_value", "new_value", "va" },
    [EVENT_ENTRY_AD] = { "phys", "old_value", "new_value", "va" },
    [EVENT_STALE_CPU] = { "va", "used", "entry", "phys" },
    [EVENT_STALE_IDEAL] = { "va", "used", "entry", "phys" },
    [EVENT_WINDOW] = { "va", "old_value", "new_value", "phys" },
    [EVENT_OUT] = { "new_value", "bytes" },
    [EVENT_HALT] = { "rflags" },
    [EVENT_SAMPLE] = { "at_rip", "rsp", "rflags" },
    [EVENT_BRANCH] = { "from_rip", "to_rip" },
    [EVENT_OUT_VALUE] = { "new_value", "va" },
    [EVENT_CHALLENGE] = { "id", "given", "to_rip" },
    [EVENT_WITNESS] = { "step", "value", "a", "b", "to_rip" },
    [EVENT_USER_STATE] = { "preserved", "rax", "clobbered", "rsp", "at_rip" },
};

struct ctf {
    struct subject *subject;
    FILE *out;
    struct space_cursor cursor;
    uint64_t first, last, events; /* of the packet */
    size_t size;
    uint8_t packet[PACKET_EVENTS * 96];
};

static void ctf_put(struct ctf *ctf, const void *data, size_t size)
{
    memcpy(ctf->packet + ctf->size, data, size);
    ctf->size += size;
}

static void ctf_put64(struct ctf *ctf, uint64_t value)
{
    ctf_put(ctf, &value, sizeof(value));
}

static void ctf_put32(struct ctf *ctf, uint32_t value)
{
    ctf_put(ctf, &value, sizeof(value));
}

/* Packet header and context as the metadata lays them out, then the events. */
static void ctf_flush(struct ctf *ctf)
{
    uint64_t bits = (ctf->size + PACKET_HEADER_BYTES) * 8;
    uint32_t start[2] = { CTF_MAGIC, 0 };
    uint64_t context[5] = { ctf->first, ctf->last, bits, bits, 0 };

    if (ctf->events == 0)
        return;
    fwrite(start, sizeof(start), 1, ctf->out);
    fwrite(context, sizeof(context), 1, ctf->out);
    fwrite(ctf->packet, ctf->size, 1, ctf->out);
    ctf->size = ctf->events = 0;
}

static bool ctf_visit(void *arg, uint64_t n, const struct trace_event *event)
{
    struct ctf *ctf = arg;

    space_cursor_step(&ctf->cursor, n, event);
    if (ctf->events == PACKET_EVENTS)
        ctf_flush(ctf);
    if (ctf->events++ == 0)
        ctf->first = event->tick;
    ctf->last = event->tick;
    ctf_put64(ctf, event->kind);
    ctf_put64(ctf, event->tick);
    ctf_put64(ctf, event->rip);
    ctf_put32(ctf, event->what);
    ctf_put32(ctf, ctf->cursor.current);
    ctf_put32(ctf, event->ring);
    ctf_put32(ctf, event->level);
    for (unsigned i = 0; i < FIELDS_MAX && fields[event->kind][i]; i++)
        ctf_put64(ctf, event->v[i]);
    return !ferror(ctf->out);
}

static const char metadata_head[] =
    "/* CTF 1.8 */\n"
    "typealias integer { size = 64; align = 8; signed = false; } := uint64_t;\n"
    "typealias integer { size = 64; align = 8; signed = false; base = 16; } := hex64_t;\n"
    "typealias integer { size = 32; align = 8; signed = false; } := uint32_t;\n"
    "trace {\n"
    "    major = 1;\n"
    "    minor = 8;\n"
    "    byte_order = le;\n"
    "    packet.header := struct { uint32_t magic; uint32_t stream_id; };\n"
    "};\n";

static const char metadata_stream[] =
    "stream {\n"
    "    id = 0;\n"
    "    packet.context := struct {\n"
    "        tick_t timestamp_begin;\n"
    "        tick_t timestamp_end;\n"
    "        uint64_t content_size;\n"
    "        uint64_t packet_size;\n"
    "        uint64_t events_discarded;\n"
    "    };\n"
    "    event.header := struct { uint64_t id; tick_t timestamp; };\n"
    "    event.context := struct {\n"
    "        hex64_t rip; uint32_t what; uint32_t space; uint32_t ring; uint32_t level;\n"
    "    };\n"
    "};\n";

/* One "clock": the machine's, a cycle for each tick. */
static void ctf_write_clock(FILE *out, const struct subject *subject)
{
    const char *ips = trace_parameter(subject->trace, "ips");
    uint64_t frequency;

    if (!ips || !cli_number(ips, &frequency) || frequency == 0)
        frequency = 10000000;
    fprintf(out,
            "clock {\n    name = ticks;\n    description = \"instructions since power-on\";\n"
            "    freq = %" PRIu64 ";\n};\n"
            "typealias integer { size = 64; align = 8; signed = false;\n"
            "    map = clock.ticks.value; } := tick_t;\n",
            frequency);
}

static void ctf_write_kind(FILE *out, unsigned kind)
{
    fprintf(out, "event {\n    id = %u;\n    name = \"%s\";\n    stream_id = 0;\n", kind,
            event_kind_name(kind));
    fputs("    fields := struct {", out);
    for (unsigned i = 0; i < FIELDS_MAX && fields[kind][i]; i++)
        fprintf(out, " hex64_t %s;", fields[kind][i]);
    fputs(" };\n};\n", out);
}

static FILE *ctf_open(const char *directory, const char *name)
{
    char path[4096];
    FILE *out;

    snprintf(path, sizeof(path), "%s/%s", directory, name);
    out = fopen(path, "w");
    if (!out)
        cli_fail(CLI_ERROR, "cannot write %s: %m", path);
    return out;
}

static void ctf_close(FILE *out, const char *directory)
{
    if (ferror(out) || fclose(out) != 0)
        cli_fail(CLI_ERROR, "cannot write into %s: %m", directory);
}

static void ctf_write_metadata(const struct subject *subject, const char *directory)
{
    FILE *out = ctf_open(directory, "metadata");

    fputs(metadata_head, out);
    ctf_write_clock(out, subject);
    fputs(metadata_stream, out);
    for (unsigned kind = 1; kind < EVENT_KINDS; kind++)
        ctf_write_kind(out, kind);
    ctf_close(out, directory);
}

void export_ctf(struct subject *subject, const char *directory)
{
    struct ctf *ctf = cli_alloc(1, sizeof(*ctf));

    if (mkdir(directory, 0777) != 0)
        cli_fail(CLI_ERROR, "cannot make %s: %m", directory);
    ctf_write_metadata(subject, directory);
    ctf->subject = subject;
    ctf->cursor.spaces = subject->spaces;
    ctf->out = ctf_open(directory, "stream");
    trace_scan(subject->trace, 0, trace_events(subject->trace), ctf_visit, ctf);
    ctf_flush(ctf);
    ctf_close(ctf->out, directory);
    free(ctf);
}
