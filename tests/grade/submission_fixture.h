/*
 * What the tests of submissions share: a lab that wants two files, a folder to be in,
 * archives that libarchive writes as they are told, and what must become of them.
 */
#pragma once

#include "check.h"
#include "manifest.h"
#include "submission.h"

#include <archive.h>
#include <archive_entry.h>
#include <stdlib.h>
#include <string.h>

#define A "src/pmm/buddy.c"
#define B "src/pmm/frame.c"

extern const struct lab submission_lab;
extern char folder[64], error[400];
extern struct submission got;

/* Be in a new folder; and remove it. */
void begin(void);
void end(void);

/* A command that must succeed. */
void shell(const char *command);

/* An archive of what the test says, in the format and with the filter that its name says. */
struct archive *archive_begin(const char *name);
void archive_end(struct archive *archive);

/* An entry of any type; the text is a file's content or a link's target. */
void put(struct archive *archive, const char *path, unsigned type, const char *text, size_t size);
void put_file(struct archive *archive, const char *path, const char *text);

/* The source is refused, and the line says these words. */
void refused(const char *source, const char *words);

/* The same for a user who owns nothing of it; root may read everything. */
void refused_to_others(const char *source, const char *words);

/* It is taken; the first file is this, and so many others were there. */
void taken(const char *source, const char *text, size_t ignored);

/* An archive with the lab's files and one more entry, which is why it is refused. */
void refused_entry(const char *path, unsigned type, const char *text, const char *words);
