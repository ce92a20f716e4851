/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The manifests of one machine, checked against each other: endpoint ids, boot order, image UUIDs, and the
 * physical memory that each claims. Two partitions may serve the same protocol UUID, and several may see one
 * device unless one of them has it exclusively.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/manifest.h"

struct manifest_set {
	size_t count;
	struct manifest *manifests[SIM_PARTITIONS_MAX]; /* owned */
};

/*
 * Add a manifest, which the set owns from then on if it succeeds. -EINVAL in conflict with one of the set (or
 * the set is full), see *report.
 */
int manifest_set_add(struct manifest_set *set, struct manifest *manifest, struct manifest_report *report);
/* Take one out again and free it: for a load that failed later. */
void manifest_set_remove(struct manifest_set *set, struct manifest *manifest);

/* Sort by boot order (equal: as added) and give the lowest free ids to those that ask for none. */
void manifest_set_settle(struct manifest_set *set);

/*
 * Find the partition that a person means: an id (0x8001), a UUID, a name (description) or the file's name
 * without directory and suffix. -ENOENT, -ENOTUNIQ.
 */
int manifest_set_find(const struct manifest_set *set, const char *text, struct manifest **ret_manifest);

/* Free all; the set is empty afterwards. */
void manifest_set_clear(struct manifest_set *set);
