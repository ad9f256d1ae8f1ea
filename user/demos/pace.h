/*
 * What stage.c knows of pace.c, which has stage_pause() and stage_caption(): how fast the
 * story goes, and the keys that change that.
 */
#pragma once

#include <stdbool.h>

/* Exit statuses of the story: the key q, the key r. */
enum { STORY_QUIT = 100, STORY_AGAIN };

/* Before all else. */
void pace_init(void);

/* --pace, --step, --captions; false: none of these. */
bool pace_option(const char *option);

/* The story begins; how long its pauses have been, or would have been, since. */
void pace_start(void);
unsigned pace_seconds(void);

/* With keys to press, the end is a step too: shall the story be told again? */
bool pace_asks_again(void);
