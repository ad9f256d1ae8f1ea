/*
 * Spin locks; see spinlock.h. `locked` holds the owner's CPU number plus one, so
 * that a CPU that takes a lock twice is told so instead of spinning for ever.
 */
#include "arch/spinlock.h"

#include "arch/cpu.h"
#include "arch/percpu.h"
#include "lib/panic.h"

#ifdef QUIRE_DEBUG
static void lock_check_rank(const struct spinlock *lock)
{
    if (cpu_this()->ranks_held >> lock->rank)
        panic("lock of rank %d taken while ranks %#x are held", (int)lock->rank,
              cpu_this()->ranks_held);
    cpu_this()->ranks_held |= 1u << lock->rank;
}

static void lock_forget_rank(const struct spinlock *lock)
{
    cpu_this()->ranks_held &= ~(1u << lock->rank);
}
#else
static void lock_check_rank(const struct spinlock *lock)
{
    (void)lock;
}

static void lock_forget_rank(const struct spinlock *lock)
{
    (void)lock;
}
#endif

void spin_lock(struct spinlock *lock)
{
    unsigned me, owner = 0;

    preempt_disable();
    me = cpu_this()->id + 1;
    while (!__atomic_compare_exchange_n(&lock->locked, &owner, me, false, __ATOMIC_ACQUIRE,
                                        __ATOMIC_RELAXED)) {
        if (owner == me)
            panic("lock of rank %d taken twice", (int)lock->rank);
        owner = 0;
        cpu_pause();
    }
    lock_check_rank(lock);
}

void spin_unlock(struct spinlock *lock)
{
    KASSERT(spin_held(lock));
    lock_forget_rank(lock);
    __atomic_store_n(&lock->locked, 0, __ATOMIC_RELEASE);
    preempt_enable();
}

bool spin_lock_irq(struct spinlock *lock)
{
    bool interrupts_were_on = cpu_interrupts_on();

    cpu_disable_interrupts();
    spin_lock(lock);
    return interrupts_were_on;
}

void spin_unlock_irq(struct spinlock *lock, bool interrupts_were_on)
{
    spin_unlock(lock);
    if (interrupts_were_on)
        cpu_enable_interrupts();
}

bool spin_held(const struct spinlock *lock)
{
    return __atomic_load_n(&lock->locked, __ATOMIC_RELAXED) == cpu_this()->id + 1;
}
