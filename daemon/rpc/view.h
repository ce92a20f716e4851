/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What message threads see of the broker: partition table, policy, limits. Immutable, counted by reference;
 * the control thread publishes a new one when any of them changes.
 */
#pragma once

#include <stdatomic.h>
#include <stdint.h>

#include "daemon/core/partitions.h"
#include "daemon/policy/limits.h"
#include "daemon/policy/policy.h"

struct view {
	_Atomic unsigned int refs;
	uint64_t generation;
	struct partition_table *table;
	struct policy *policy;
	struct limits limits;
};

/* Takes references of its own to table and policy. NULL: no memory. */
struct view *view_new(uint64_t generation, struct partition_table *table, struct policy *policy,
		      const struct limits *limits);
struct view *view_ref(struct view *view);
struct view *view_unref(struct view *view); /* accepts NULL, returns NULL */
