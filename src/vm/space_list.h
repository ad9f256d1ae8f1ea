/* All address spaces, for as_verify_all. */
#pragma once

#include "arch/spinlock.h"
#include "lib/list.h"

extern struct spinlock space_list_lock; /* LOCK_SPACES */
extern struct list_node space_list;     /* (s) struct address_space.all */
