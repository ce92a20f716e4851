/* SPDX-License-Identifier: BSD-3-Clause */
#pragma once

#include <stdbool.h>

struct lock {
	bool taken;
};

static inline void lock_take(struct lock *lock)
{
	while (__atomic_test_and_set(&lock->taken, __ATOMIC_ACQUIRE))
		__asm__ volatile("yield");
}

static inline void lock_release(struct lock *lock)
{
	__atomic_clear(&lock->taken, __ATOMIC_RELEASE);
}
