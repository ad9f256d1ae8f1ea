/* poll(2): waiting for any of several files. */
#pragma once

/*
 * Say that some file may have become ready. All that poll look again: a file
 * has no list of those who watch it. No lock of rank LOCK_PIPE may be held.
 */
void poll_notify(void);
