/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The partition table: discovered by the control thread, published as an immutable snapshot that is counted
 * by reference, read by every thread.
 */
#pragma once

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include "abi/partition_info.h"
#include "partition_state.h"

#define PARTITION_ENTRIES_MAX                                                                                \
	512 /* (partition, UUID) pairs that are believed from firmware; a list must fit one response */

struct endpoint;
struct ffa_conduit;
struct rxtx;

/* One endpoint; its entries differ in UUID and perhaps in properties. */
struct partition {
	uint16_t id;
	uint32_t properties; /* of all its entries together */
	size_t first_entry, entry_count;
	struct ffa_uuid *uuids; /* of its entries; points into the table */
	struct partition_state *state;
};

struct partition_table {
	_Atomic unsigned int refs;
	uint64_t generation;
	size_t entry_count, partition_count;
	struct ffa_partition_info *entries; /* sorted by id */
	struct ffa_uuid *uuids;             /* of each entry */
	struct partition *partitions;       /* sorted by id */
};

struct partition_table *partition_table_ref(struct partition_table *table);
struct partition_table *partition_table_unref(struct partition_table *table); /* accepts NULL, returns NULL */

/* NULL: no such partition. */
const struct partition *partition_table_find(const struct partition_table *table, uint16_t id);

/*
 * Ask the firmware for all partitions: by FFA_PARTITION_INFO_GET_REGS where there is one, else through RX. Control
 * thread. Negative errno: -EBADMSG the answer contradicts itself, -ENXIO no register form and no RX of our
 * own, -E2BIG more than PARTITION_ENTRIES_MAX entries, -EREMOTEIO the firmware refuses.
 */
int partition_table_discover(struct ffa_conduit *conduit, const struct endpoint *endpoint, struct rxtx *rxtx,
			     struct partition_states *states, uint64_t generation,
			     struct partition_table **ret_table);
