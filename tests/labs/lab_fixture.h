/*
 * A little tree with a lab of three functions, made afresh by each test: texts that
 * hold every trap for a splitter.
 */
#pragma once

#include "manifest.h"

/* Make the tree; its path stays valid. */
const char *fixture_tree(void);

/* The lab of that tree. */
struct lab *fixture_lab(const char *tree);

/* A file's text; the test fails if it is not there. */
char *fixture_read(const char *tree, const char *file);

/* Write a file below the tree, with its folders; its path. */
char *fixture_write(const char *tree, const char *file, const char *text);

extern const char fixture_source[], fixture_assembly[];
