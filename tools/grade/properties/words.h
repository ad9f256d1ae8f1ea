/* Words about entries for messages. */
#pragma once

#include "judgement.h"

/* "since tick 812345 (as_clone_cow)": who gave an entry its value. */
const char *judgement_since(struct judgement *j, uint64_t entry, char buf[LABEL_MAX * 2]);
