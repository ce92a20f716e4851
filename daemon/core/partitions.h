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
#include "claims.h"
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
	const struct claim
		*claim; /* of a kernel driver on any of its services, NULL: none; points into the table */
};

struct partition_table {
	_Atomic unsigned int refs;
	uint64_t generation;
	size_t entry_count, partition_count;
	struct ffa_partition_info *entries; /* sorted by id */
	struct ffa_uuid *uuids;             /* of each entry */
	struct partition *partitions;       /* sorted by id */
	struct claims claims;
	const struct claim **entry_claims; /* on the service of each entry; NULL: nobody's */
};

struct partition_table *partition_table_ref(struct partition_table *table);
struct partition_table *partition_table_unref(struct partition_table *table); /* accepts NULL, returns NULL */

/* NULL: no such partition. */
const struct partition *partition_table_find(const struct partition_table *table, uint16_t id);

/*
 * The claim that a message to `partition` runs into, NULL: none. A message that names a service concerns that one alone; with
 * `uuid` NULL or nil it reaches all of them.
 */
const struct claim *partition_claim(const struct partition_table *table, const struct partition *partition,
				    const struct ffa_uuid *uuid);

/*
 * Ask the firmware for all partitions: by FFA_PARTITION_INFO_GET_REGS where there is one, else through RX. With neither, the
 * kernel's devices in `claims` stand for them: ids and UUIDs, one execution context, no properties. Control thread. Takes
 * `claims` over on success. Negative errno: -EBADMSG the answer contradicts itself, -ENXIO no register form, no RX of our
 * own and no devices, -E2BIG more than PARTITION_ENTRIES_MAX entries, -EREMOTEIO the firmware refuses.
 */
int partition_table_discover(struct ffa_conduit *conduit, const struct endpoint *endpoint, struct rxtx *rxtx,
			     struct partition_states *states, struct claims *claims, uint64_t generation,
			     struct partition_table **ret_table);
