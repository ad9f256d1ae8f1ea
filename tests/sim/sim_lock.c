/*
 * Spin locks of the simulated machine: one CPU, so a lock that is taken
 * already can only be a deadlock. The global order is always checked.
 */
#include "arch/spinlock.h"
#include "sim.h"

enum { HELD_MAX = LOCK_RANKS };

static struct spinlock *held[HELD_MAX]; /* in the order taken */
static unsigned held_count;
static uint64_t taken[LOCK_RANKS];
static bool interrupts_on = true;

void spin_lock(struct spinlock *lock)
{
    if (lock->rank >= LOCK_RANKS)
        sim_die("lock %p has no rank", (void *)lock);
    if (lock->locked)
        sim_die("deadlock: a lock of rank %d is taken twice", (int)lock->rank);
    if (held_count && held[held_count - 1]->rank >= lock->rank)
        sim_die("lock order: rank %d taken while rank %d is held", (int)lock->rank,
                (int)held[held_count - 1]->rank);
    lock->locked = 1;
    held[held_count++] = lock;
    taken[lock->rank]++;
}

void spin_unlock(struct spinlock *lock)
{
    unsigned i = held_count;

    while (i > 0 && held[i - 1] != lock)
        i--;
    if (i == 0 || !lock->locked)
        sim_die("a lock of rank %d is released that is not held", (int)lock->rank);
    for (; i < held_count; i++)
        held[i - 1] = held[i];
    held_count--;
    lock->locked = 0;
}

bool spin_lock_irq(struct spinlock *lock)
{
    bool were_on = interrupts_on;

    interrupts_on = false;
    spin_lock(lock);
    return were_on;
}

void spin_unlock_irq(struct spinlock *lock, bool interrupts_were_on)
{
    spin_unlock(lock);
    interrupts_on = interrupts_were_on;
}

bool spin_held(const struct spinlock *lock)
{
    return lock->locked;
}

unsigned sim_locks_held(void)
{
    return held_count;
}

uint64_t sim_lock_count(unsigned rank)
{
    return taken[rank];
}
