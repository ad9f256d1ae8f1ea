/*
 * The page: page/page.html with styles, scripts and data put where it says so.
 */
#pragma once

#include "buffer.h"

/*
 * The page with these blocks (one, or two for a comparison) appended to out. Ends
 * with CLI_ERROR if a part of the page is missing.
 */
void page_make(const struct buffer *blocks, unsigned count, struct buffer *out);
