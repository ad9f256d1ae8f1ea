/*
 * The run's own directory under $TMPDIR or /tmp: archive, image, emulator's
 * files. Removed with everything in it when the runner exits, however it does.
 */
#pragma once

enum { WORKDIR_PATH_MAX = 4096 };

/* Make the directory, and let helpers put their temporary files there. Exits on failure. */
void workdir_create(void);

/* Write the path of a file in the directory to out, which holds WORKDIR_PATH_MAX bytes. */
const char *workdir_path(char *out, const char *name);
