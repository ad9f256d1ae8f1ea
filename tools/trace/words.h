/*
 * The words of the field for what the CPU uses numbers for. Functions that
 * take a buffer return it; WORDS_MAX bytes are enough for each.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

enum { WORDS_MAX = 256 };

enum {
    ERROR_P = 1 << 0, /* of a page fault: the page was present, its rights forbade it */
    ERROR_W = 1 << 1,
    ERROR_U = 1 << 2,
    ERROR_RSVD = 1 << 3,
    ERROR_I = 1 << 4, /* instruction fetch */
    ERROR_PK = 1 << 5,
};

enum {
    VECTOR_DE = 0,
    VECTOR_DB = 1,
    VECTOR_NMI = 2,
    VECTOR_BP = 3,
    VECTOR_UD = 6,
    VECTOR_DF = 8,
    VECTOR_TS = 10,
    VECTOR_NP = 11,
    VECTOR_SS = 12,
    VECTOR_GP = 13,
    VECTOR_PF = 14,
    VECTOR_FIRST_DEVICE = 32,
};

#define CR0_PE     (UINT64_C(1) << 0)
#define CR0_WP     (UINT64_C(1) << 16)
#define CR0_PG     (UINT64_C(1) << 31)
#define CR4_PGE    (UINT64_C(1) << 7)
#define RFLAGS_IF  (UINT64_C(1) << 9)
#define ENTRY_P    (UINT64_C(1) << 0)
#define ENTRY_W    (UINT64_C(1) << 1)
#define ENTRY_U    (UINT64_C(1) << 2)
#define ENTRY_PS   (UINT64_C(1) << 7)
#define ENTRY_NX   (UINT64_C(1) << 63)
#define ENTRY_ADDR UINT64_C(0x000ffffffffff000)

/* "#PF page fault"; "vector 77" for what is no exception. */
const char *words_exception(unsigned vector, char *buf);

/* "write from ring 3, page not present"; "selector 0x28 of the GDT"; or empty. */
const char *words_error(unsigned vector, uint64_t error, char *buf);

/* The name of an entry of this level, and of the table that holds it; "?" for no level. */
const char *words_entry_name(unsigned level);
const char *words_table_name(unsigned level);

/* "0x11b007 = frame 0x11b000, P W U"; "0 = not present". */
const char *words_entry(unsigned level, uint64_t value, char *buf);

/* "PG WP PE": the bits of CR0, CR4 or EFER that are set. */
enum { WORDS_CR0 = 0, WORDS_CR4 = 4, WORDS_EFER = 8 };
const char *words_bits(unsigned which, uint64_t value, char *buf);

/* "LSTAR"; "MSR 0x123". */
const char *words_msr(uint32_t msr, char *buf);

/* "LPT1 data"; "port 0x123". */
const char *words_port(uint32_t port, char *buf);

/* Enumerations of the trace format; "?" for values it does not have. */
const char *words_transfer(uint32_t transfer);
const char *words_access(uint32_t access);
const char *words_window(uint32_t window);
const char *words_end(uint32_t end);
const char *words_witness(uint32_t witness);
