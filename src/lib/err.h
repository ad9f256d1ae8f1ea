/*
 * Status of an operation: ERR_OK or one of Linux's error numbers, negated, so
 * that a system call can hand it to the program unchanged. The compiler warns
 * when a caller drops one.
 */
#pragma once

typedef enum [[nodiscard]] err{
    ERR_OK = 0,       ERR_PERM = -1,         ERR_NOENT = -2,  ERR_SRCH = -3,
    ERR_INTR = -4,    ERR_IO = -5,           ERR_2BIG = -7,   ERR_NOEXEC = -8,
    ERR_BADF = -9,    ERR_CHILD = -10,       ERR_AGAIN = -11, ERR_NOMEM = -12,
    ERR_ACCES = -13,  ERR_FAULT = -14,       ERR_EXIST = -17, ERR_NODEV = -19,
    ERR_NOTDIR = -20, ERR_ISDIR = -21,       ERR_INVAL = -22, ERR_MFILE = -24,
    ERR_NOTTY = -25,  ERR_SPIPE = -29,       ERR_ROFS = -30,  ERR_PIPE = -32,
    ERR_RANGE = -34,  ERR_NAMETOOLONG = -36, ERR_NOSYS = -38, ERR_TIMEDOUT = -110,
} err_t;
