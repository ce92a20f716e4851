/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What each user (uid) makes ffad keep, so that no user can take what others need. Charges are taken before
 * and given back after; any thread.
 */
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct account {
	uid_t uid;
	unsigned int refs; /* under the set's lock */
	_Atomic uint32_t sessions;
	_Atomic uint32_t in_flight; /* requests that wait or are parked */
	struct account *next;
};

/* The account of a user, made at first need; one reference. NULL: no memory. */
struct account *account_get(uid_t uid);
/* Accepts NULL; returns NULL. */
struct account *account_put(struct account *account);

/* Take one of at most `limit`; false when they are all taken. */
static inline bool account_charge(_Atomic uint32_t *counter, uint32_t limit)
{
	if (atomic_fetch_add_explicit(counter, 1, memory_order_relaxed) < limit)
		return true;
	atomic_fetch_sub_explicit(counter, 1, memory_order_relaxed);
	return false;
}

static inline void account_uncharge(_Atomic uint32_t *counter)
{
	atomic_fetch_sub_explicit(counter, 1, memory_order_relaxed);
}
