/* SPDX-License-Identifier: BSD-3-Clause */
#include "discovery.h"

#include "abi/error.h"
#include "abi/fid.h"
#include "abi/partition_info.h"
#include "abi/version.h"

/* Property bits that each version defines (DEN0077 table 6.2). */
#define PROPERTIES_1_0 0x7u
#define PROPERTIES_1_1 0x1ffu
#define PROPERTIES_1_2 0x1fffu

#define REGS_ENTRIES_MAX 5 /* of 24 bytes, in x3-x17 */
#define FILL_CHUNK 16

struct info_query {
	const struct sim *sim;
	uint32_t version;     /* the caller's */
	struct ffa_uuid uuid; /* nil: everything */
	uint16_t size;        /* of one descriptor */
	uint32_t hidden;      /* properties that the caller is not told */
};

static uint32_t properties_known(const struct info_query *query)
{
	if (query->version < FFA_VERSION_1_1)
		return PROPERTIES_1_0;
	if (query->sim->profile->info_properties_all || query->version >= FFA_VERSION_1_3)
		return UINT32_MAX;
	return query->version < FFA_VERSION_1_2 ? PROPERTIES_1_1 : PROPERTIES_1_2;
}

/* From 1.2 on each service is an entry of its own; before, a partition has one, with all its methods. */
static bool one_per_service(const struct info_query *query)
{
	return query->version >= FFA_VERSION_1_2;
}

/* Image UUIDs can be asked for by callers whose descriptors carry them. */
static bool image_matches(const struct info_query *query, const struct sim_partition_config *config)
{
	return query->version >= FFA_VERSION_1_3 && !ffa_uuid_is_nil(&config->image_uuid) &&
	       ffa_uuid_equal(&query->uuid, &config->image_uuid);
}

static struct ffa_partition_info entry(const struct info_query *query,
				       const struct sim_partition_config *config, size_t service,
				       bool by_image)
{
	bool by_service = !ffa_uuid_is_nil(&query->uuid) && !by_image;
	uint32_t properties = config->properties;
	struct ffa_partition_info info = {
		.id = config->id,
		.exec_ctx_count = config->exec_ctx_count,
		.ffa_version = config->ffa_version,
	};

	for (size_t i = 0; i < config->service_count; i++) {
		if (i == service || !one_per_service(query))
			properties |= config->services[i].properties;
	}
	info.properties = properties & properties_known(query) & ~query->hidden;
	if (!by_service || query->sim->profile->info_uuid_told)
		info.uuid = config->services[service].uuid;
	if (!by_image)
		info.image_uuid = config->image_uuid;
	return info;
}

/*
 * The entries of a partition that answer the query: stores those from `skip` on, as far as `capacity` goes,
 * and returns how many there are.
 */
static size_t partition_entries(const struct info_query *query, const struct sim_partition_config *config,
				size_t skip, struct ffa_partition_info *ret_infos, size_t capacity)
{
	bool all = ffa_uuid_is_nil(&query->uuid);
	bool by_image = !all && image_matches(query, config);
	size_t count = 0;

	for (size_t i = 0; i < config->service_count; i++) {
		if (!all && !by_image && !ffa_uuid_equal(&query->uuid, &config->services[i].uuid))
			continue;
		if (count >= skip && count - skip < capacity)
			ret_infos[count - skip] = entry(query, config, i, by_image);
		count++;
		if (!one_per_service(query))
			break;
	}
	return count;
}

/* The entries `start` … `start + capacity - 1` of the whole answer; returns the length of the whole answer.
 */
static size_t entries(const struct info_query *query, size_t start, struct ffa_partition_info *ret_infos,
		      size_t capacity)
{
	size_t total = 0, stored = 0;

	for (size_t i = 0; i < query->sim->partition_count; i++) {
		const struct sim_partition_config *config = &query->sim->partitions[i].config;
		size_t skip = start > total ? start - total : 0;
		struct ffa_partition_info *room = stored < capacity ? ret_infos + stored : NULL;
		size_t count = partition_entries(query, config, skip, room, capacity - stored);

		if (count > skip)
			stored += count - skip < capacity - stored ? count - skip : capacity - stored;
		total += count;
	}
	return total;
}

static uint32_t hidden_properties(const struct sim_call *call)
{
	return sim_is_normal_world(call) ? call->sim->profile->info_hidden : 0;
}

static uint16_t descriptor_size(const struct sim_profile *profile, uint32_t version)
{
	if (version < FFA_VERSION_1_1)
		return FFA_PARTITION_INFO_SIZE_1_0;
	return version < FFA_VERSION_1_3 ? profile->info_size_1_1 : FFA_PARTITION_INFO_SIZE_1_3;
}

static bool rx_free(const struct sim_rxtx *rxtx)
{
	return rxtx->mapped && rxtx->rx_state == SIM_RX_EMPTY;
}

/* Write `count` descriptors into the caller's RX. */
static int32_t fill_rx(const struct info_query *query, const struct sim_rxtx *rxtx, size_t count)
{
	const struct sim_host *host = &query->sim->host;
	struct ffa_partition_info infos[FILL_CHUNK];
	size_t used = count * query->size;
	uint8_t *rx;

	if (used > rxtx->size)
		return FFA_NO_MEMORY;
	rx = host->memory(host->ctx, rxtx->rx, rxtx->size);
	if (rx == NULL)
		return FFA_ABORTED;
	for (size_t i = 0; i < count; i++) {
		if (i % FILL_CHUNK == 0)
			entries(query, i, infos, FILL_CHUNK);
		if (ffa_partition_info_encode(&infos[i % FILL_CHUNK], query->size, rx + i * query->size,
					      query->size) != 0)
			return FFA_ABORTED;
	}
	if (query->sim->profile->rx_tail_zeroed)
		__builtin_memset(rx + used, 0, rxtx->size - used);
	return FFA_OK;
}

static bool flags_valid(const struct info_query *query, uint32_t flags)
{
	uint32_t known = FFA_PARTITION_INFO_COUNT_ONLY;

	/* The whole register is reserved before 1.1. */
	if (query->sim->profile->since_enforced && query->version < FFA_VERSION_1_1)
		known = 0;
	return !query->sim->profile->info_flags_checked || (flags & ~known) == 0;
}

static int32_t info_get(const struct info_query *query, struct sim_rxtx *rxtx, uint32_t flags,
			size_t *ret_count)
{
	const struct sim_profile *profile = query->sim->profile;
	bool count_only = (flags & FFA_PARTITION_INFO_COUNT_ONLY) != 0;
	size_t count = entries(query, 0, NULL, 0);
	int32_t error;

	if (profile->info_rx_first && !count_only && !rx_free(rxtx))
		return FFA_BUSY;
	if (!flags_valid(query, flags))
		return FFA_INVALID_PARAMETERS;
	if (count == 0 && !ffa_uuid_is_nil(&query->uuid) && !profile->info_unknown_is_empty)
		return FFA_INVALID_PARAMETERS;
	if (!count_only) {
		if (!rx_free(rxtx))
			return FFA_BUSY;
		error = fill_rx(query, rxtx, count);
		if (error != FFA_OK)
			return error;
		sim_rx_set_state(rxtx, SIM_RX_FULL);
	}
	*ret_count = count;
	return FFA_OK;
}

void sim_partition_info_get(struct sim_call *call)
{
	const struct sim_profile *profile = call->sim->profile;
	uint32_t flags = ffa_regs_w(&call->in, 5);
	struct info_query query = {
		.sim = call->sim,
		.version = call->caller->version,
		.uuid = ffa_uuid_from_words(ffa_regs_w(&call->in, 1), ffa_regs_w(&call->in, 2),
					    ffa_regs_w(&call->in, 3), ffa_regs_w(&call->in, 4)),
		.size = descriptor_size(profile, call->caller->version),
		.hidden = hidden_properties(call),
	};
	size_t count;
	int32_t error = info_get(&query, &call->caller->rxtx, flags, &count);

	if (error != FFA_OK) {
		sim_reply_error(call->out, error);
		return;
	}
	call->out->x[2] = count;
	if ((flags & FFA_PARTITION_INFO_COUNT_ONLY) == 0 &&
	    (query.version >= FFA_VERSION_1_1 || profile->info_size_in_1_0))
		call->out->x[3] = query.size;
}

static int32_t regs_tag_check(const struct sim *sim, uint64_t x3)
{
	uint16_t start = x3 & 0xffff, tag = x3 >> 16 & 0xffff;

	if (!sim->profile->info_regs_tagged)
		return tag == 0 ? FFA_OK : FFA_RETRY;
	if (x3 >> 32 != 0 || (start == 0 && tag != 0))
		return FFA_INVALID_PARAMETERS;
	return start == 0 || tag == sim->table_tag ? FFA_OK : FFA_RETRY;
}

static int32_t info_get_regs(const struct info_query *query, uint64_t x3, struct ffa_regs *regs)
{
	struct ffa_partition_info infos[REGS_ENTRIES_MAX];
	size_t start = x3 & 0xffff;
	size_t capacity = ffa_partition_info_regs_max(query->size);
	size_t total = entries(query, start, infos, capacity);
	size_t count = total > start ? total - start : 0;
	struct ffa_partition_info_regs header = { .entry_size = query->size };
	int32_t error = regs_tag_check(query->sim, x3);

	if (error != FFA_OK)
		return error;
	if (count == 0)
		return FFA_INVALID_PARAMETERS;
	if (count > capacity)
		count = capacity;
	header.last_index = total - 1;
	header.current_index = start + count - 1;
	header.tag = query->sim->profile->info_regs_tagged ? query->sim->table_tag : 0;
	if (ffa_partition_info_regs_encode(&header, infos, count, regs) != 0)
		return FFA_ABORTED;
	return FFA_OK;
}

void sim_partition_info_get_regs(struct sim_call *call)
{
	struct info_query query = {
		.sim = call->sim,
		/* The function came with 1.2, whoever calls it. */
		.version = call->caller->version > FFA_VERSION_1_2 ? call->caller->version : FFA_VERSION_1_2,
		.uuid = ffa_uuid_from_u64(call->in.x[1], call->in.x[2]),
		.size = call->caller->version < FFA_VERSION_1_3 ? call->sim->profile->info_regs_size
								: FFA_PARTITION_INFO_SIZE_1_3,
		.hidden = hidden_properties(call),
	};
	int32_t error;

	call->out->x[0] = FFA_SUCCESS_64;
	error = info_get_regs(&query, call->in.x[3], call->out);
	if (error != FFA_OK)
		sim_reply_error(call->out, error);
	else
		call->reply_high = true;
}
