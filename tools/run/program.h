/*
 * Is this a program that the kernel can run? The kernel checks for itself, and
 * more; here the mistakes that people make get an answer that helps.
 */
#pragma once

/* Exits with 125 and one line where path is not a static x86-64 ELF program. */
void program_check(const char *path);
