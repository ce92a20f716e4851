/* SPDX-License-Identifier: BSD-3-Clause */
#include "partitions.h"

#include <errno.h>
#include <stdlib.h>

#include "abi/error.h"
#include "abi/fid.h"
#include "abi/version.h"
#include "base/cleanup.h"
#include "base/log.h"
#include "daemon/conduit/conduit.h"
#include "endpoint.h"
#include "rxtx.h"

#define DISCOVERY_RESTARTS_MAX 8 /* FFA_RETRY: the table changed while it was read */

struct entries {
	size_t count;
	struct ffa_partition_info *infos;
};

static void entries_clear(struct entries *entries)
{
	free(entries->infos);
	*entries = (struct entries) { 0 };
}

struct partition_table *partition_table_ref(struct partition_table *table)
{
	atomic_fetch_add_explicit(&table->refs, 1, memory_order_relaxed);
	return table;
}

struct partition_table *partition_table_unref(struct partition_table *table)
{
	if (table && atomic_fetch_sub_explicit(&table->refs, 1, memory_order_acq_rel) == 1) {
		free(table->entries);
		free(table->uuids);
		free(table->partitions);
		free(table->entry_claims);
		claims_clear(&table->claims);
		free(table);
	}
	return NULL;
}

static int compare_id(const void *key, const void *element)
{
	uint16_t id = *(const uint16_t *)key;
	const struct partition *partition = element;

	return id < partition->id ? -1 : id > partition->id;
}

const struct partition *partition_table_find(const struct partition_table *table, uint16_t id)
{
	return bsearch(&id, table->partitions, table->partition_count, sizeof(*table->partitions),
		       compare_id);
}

static int compare_info(const void *a, const void *b)
{
	const struct ffa_partition_info *x = a, *y = b;

	return x->id < y->id ? -1 : x->id > y->id;
}

/* One pass of FFA_PARTITION_INFO_GET_REGS. -EAGAIN: the firmware wants us to start again. */
static int read_regs(struct ffa_conduit *conduit, struct entries *entries)
{
	uint16_t start = 0, tag = 0;

	for (;;) {
		struct ffa_regs regs = { .x = { FFA_PARTITION_INFO_GET_REGS, 0, 0,
						(uint64_t)start | (uint64_t)tag << 16 } };
		struct ffa_partition_info_regs header;
		struct ffa_partition_info infos[FFA_REGS_COUNT];
		struct ffa_partition_info *grown;
		int32_t error;
		int r;

		r = endpoint_call(conduit, &regs, &error);
		if (r == -EREMOTEIO && error == FFA_RETRY)
			return -EAGAIN;
		if (r < 0)
			return r;
		r = ffa_partition_info_regs_decode(&regs, start, &header, infos, FFA_REGS_COUNT);
		if (r < 0)
			return -EBADMSG;
		if (entries->count + (size_t)r > PARTITION_ENTRIES_MAX)
			return -E2BIG;
		grown = reallocarray(entries->infos, entries->count + (size_t)r, sizeof(*grown));
		if (!grown)
			return -ENOMEM;
		entries->infos = grown;
		for (int i = 0; i < r; i++)
			grown[entries->count++] = infos[i];
		if (header.current_index >= header.last_index)
			return 0;
		/* The decoder has checked that the index went up, so this ends. */
		start = (uint16_t)(header.current_index + 1);
		tag = header.tag;
	}
}

static int discover_regs(struct ffa_conduit *conduit, struct entries *ret_entries)
{
	for (unsigned int i = 0; i < DISCOVERY_RESTARTS_MAX; i++) {
		_cleanup_(entries_clear) struct entries entries = { 0 };
		int r = read_regs(conduit, &entries);

		if (r == -EAGAIN)
			continue;
		if (r == 0) {
			*ret_entries = entries;
			entries = (struct entries) { 0 };
		}
		return r;
	}
	return -EREMOTEIO;
}

/* Copy the table out of RX, which is ours now. */
static int read_rx(struct rxtx *rxtx, const struct ffa_regs *reply, uint32_t version, struct entries *entries)
{
	uint32_t count = ffa_regs_w(reply, 2), stride = ffa_regs_w(reply, 3);
	_cleanup_free_ void *copy = NULL;
	int r;

	/* 1.0 has one descriptor size and need not say so. */
	if (version < FFA_VERSION_1_1 || stride == 0)
		stride =
			version < FFA_VERSION_1_1 ? FFA_PARTITION_INFO_SIZE_1_0 : FFA_PARTITION_INFO_SIZE_1_1;
	if (count > PARTITION_ENTRIES_MAX)
		return -E2BIG;
	if ((uint64_t)count * stride > rxtx_size(rxtx))
		return -EBADMSG;
	if (count == 0)
		return 0;
	copy = malloc((size_t)count * stride);
	entries->infos = calloc(count, sizeof(*entries->infos));
	if (!copy || !entries->infos)
		return -ENOMEM;
	r = rxtx_read(rxtx, 0, copy, (size_t)count * stride);
	for (uint32_t i = 0; r == 0 && i < count; i++)
		r = ffa_partition_info_decode(copy, (size_t)count * stride, stride, i, &entries->infos[i]);
	if (r < 0)
		return -EBADMSG;
	entries->count = count;
	return 0;
}

static int discover_rx(struct rxtx *rxtx, uint32_t version, struct entries *ret_entries)
{
	_cleanup_(entries_clear) struct entries entries = { 0 };
	struct ffa_regs regs = { .x = { FFA_PARTITION_INFO_GET } };
	int32_t error = 0;
	int r;

	r = rxtx_fill(rxtx, &regs, &error);
	if (r < 0) {
		if (r == -EREMOTEIO)
			log_warning("FFA_PARTITION_INFO_GET: %s",
				    ffa_error_name(error) ? ffa_error_name(error) : "?");
		return r;
	}
	r = read_rx(rxtx, &regs, version, &entries);
	(void)rxtx_release(rxtx);
	if (r < 0)
		return r;
	*ret_entries = entries;
	entries = (struct entries) { 0 };
	return 0;
}

/*
 * Each device is an entry, but for the one that the kernel has for itself, and those without UUID whose partition has
 * others.
 */
static int discover_devices(const struct claims *claims, uint16_t own_id, struct entries *ret_entries)
{
	struct entries entries = { 0 };

	if (claims->count == 0)
		return -ENXIO;
	entries.infos = calloc(claims->count, sizeof(*entries.infos));
	if (!entries.infos)
		return -ENOMEM;
	for (size_t i = 0; i < claims->count; i++) {
		const struct claim *claim = &claims->items[i];
		struct ffa_partition_info *last = entries.count ? &entries.infos[entries.count - 1] : NULL;

		if (claim->id == own_id)
			continue;
		/* They are sorted, the nil UUID first. */
		if (last && last->id == claim->id &&
		    (ffa_uuid_is_nil(&last->uuid) || ffa_uuid_equal(&last->uuid, &claim->uuid))) {
			last->uuid = claim->uuid;
			continue;
		}
		entries.infos[entries.count++] = (struct ffa_partition_info) { .id = claim->id,
									       .exec_ctx_count = 1,
									       .uuid = claim->uuid };
	}
	*ret_entries = entries;
	return 0;
}

/* Group the sorted entries by id. */
static int group(struct partition_table *table, struct partition_states *states)
{
	table->partitions = calloc(table->entry_count ? table->entry_count : 1, sizeof(*table->partitions));
	table->uuids = calloc(table->entry_count ? table->entry_count : 1, sizeof(*table->uuids));
	if (!table->partitions || !table->uuids)
		return -ENOMEM;
	for (size_t i = 0; i < table->entry_count; i++) {
		const struct ffa_partition_info *info = &table->entries[i];
		struct partition *partition =
			table->partition_count ? &table->partitions[table->partition_count - 1] : NULL;

		table->uuids[i] = info->uuid;
		if (!partition || partition->id != info->id) {
			partition = &table->partitions[table->partition_count++];
			*partition = (struct partition) { .id = info->id,
							  .first_entry = i,
							  .uuids = &table->uuids[i] };
			partition->state = partition_states_get(states, info->id, info->exec_ctx_count);
			if (!partition->state)
				return -ENOMEM;
		}
		partition->entry_count++;
		partition->properties |= info->properties;
	}
	return 0;
}

static int find_claims(struct partition_table *table)
{
	table->entry_claims =
		calloc(table->entry_count ? table->entry_count : 1, sizeof(*table->entry_claims));
	if (!table->entry_claims)
		return -ENOMEM;
	for (size_t i = 0; i < table->partition_count; i++) {
		struct partition *partition = &table->partitions[i];

		for (size_t k = 0; k < partition->entry_count; k++) {
			const struct claim *claim =
				claims_find(&table->claims, partition->id, &partition->uuids[k],
					    partition->uuids, partition->entry_count);

			table->entry_claims[partition->first_entry + k] = claim;
			if (!partition->claim)
				partition->claim = claim;
		}
	}
	return 0;
}

const struct claim *partition_claim(const struct partition_table *table, const struct partition *partition,
				    const struct ffa_uuid *uuid)
{
	if (!partition->claim || !uuid || ffa_uuid_is_nil(uuid))
		return partition->claim;
	return claims_find(&table->claims, partition->id, uuid, partition->uuids, partition->entry_count);
}

int partition_table_discover(struct ffa_conduit *conduit, const struct endpoint *endpoint, struct rxtx *rxtx,
			     struct partition_states *states, struct claims *claims, uint64_t generation,
			     struct partition_table **ret_table)
{
	struct partition_table *table;
	struct entries entries = { 0 };
	int r;

	if (endpoint_supports(endpoint, FFA_PARTITION_INFO_GET_REGS))
		r = discover_regs(conduit, &entries);
	else
		r = discover_rx(rxtx, endpoint->version, &entries);
	if (r == -ENXIO)
		r = discover_devices(claims, endpoint->id, &entries);
	if (r < 0)
		return r;

	table = calloc(1, sizeof(*table));
	if (!table) {
		entries_clear(&entries);
		return -ENOMEM;
	}
	atomic_init(&table->refs, 1);
	table->generation = generation;
	table->entries = entries.infos;
	table->entry_count = entries.count;
	if (entries.count)
		qsort(table->entries, table->entry_count, sizeof(*table->entries), compare_info);
	table->claims = *claims;
	r = group(table, states);
	if (r == 0)
		r = find_claims(table);
	if (r < 0) {
		table->claims = (struct claims) { 0 };
		partition_table_unref(table);
		return r;
	}
	*claims = (struct claims) { 0 };
	*ret_table = table;
	return 0;
}
