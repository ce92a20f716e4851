/* SPDX-License-Identifier: BSD-3-Clause */
#include "partition.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"

#define PARTITION_TYPE_SHIFT 4
#define PARTITION_TYPE_MASK 3u

struct ffa_partition {
	uint16_t id, exec_ctx_count;
	uint32_t properties, ffa_version;
	uint8_t uuid[FFA_UUID_BYTES], image_uuid[FFA_UUID_BYTES];
	bool claimed, direct_allowed, stalled;
};

struct ffa_partition_list {
	uint64_t generation;
	size_t count;
	struct ffa_partition partitions[];
};

static int uuid_from_wire(const ProtobufCBinaryData *wire, uint8_t ret_uuid[static FFA_UUID_BYTES])
{
	if (wire->len != 0 && wire->len != FFA_UUID_BYTES)
		return -EPROTO;
	if (wire->len == 0)
		memset(ret_uuid, 0, FFA_UUID_BYTES);
	else
		memcpy(ret_uuid, wire->data, FFA_UUID_BYTES);
	return 0;
}

static int partition_from_wire(const Ffa__V1__Partition *wire, struct ffa_partition *ret_partition)
{
	int r;

	if (wire->id > UINT16_MAX || wire->exec_ctx_count > UINT16_MAX)
		return -EPROTO;
	r = uuid_from_wire(&wire->uuid, ret_partition->uuid);
	if (r < 0)
		return r;
	r = uuid_from_wire(&wire->image_uuid, ret_partition->image_uuid);
	if (r < 0)
		return r;
	ret_partition->id = (uint16_t)wire->id;
	ret_partition->exec_ctx_count = (uint16_t)wire->exec_ctx_count;
	ret_partition->properties = wire->properties;
	ret_partition->ffa_version = wire->ffa_version;
	ret_partition->claimed = wire->claimed;
	ret_partition->direct_allowed = wire->direct_allowed;
	ret_partition->stalled = wire->stalled;
	return 0;
}

int partition_list_from_wire(Ffa__V1__Partition *const *partitions, size_t count, uint64_t generation,
			     struct ffa_partition_list **ret_list)
{
	_cleanup_free_ struct ffa_partition_list *list = NULL;
	int r;

	/* The count is bounded by the arena that it was decoded into. */
	list = malloc(sizeof(*list) + count * sizeof(list->partitions[0]));
	if (!list)
		return -ENOMEM;
	list->generation = generation;
	list->count = count;
	for (size_t i = 0; i < count; i++) {
		r = partition_from_wire(partitions[i], &list->partitions[i]);
		if (r < 0)
			return r;
	}
	*ret_list = take_ptr(list);
	return 0;
}

struct ffa_partition_list *ffa_partition_list_free(struct ffa_partition_list *list)
{
	free(list);
	return NULL;
}

size_t ffa_partition_list_get_count(const struct ffa_partition_list *list)
{
	return list->count;
}

uint64_t ffa_partition_list_get_generation(const struct ffa_partition_list *list)
{
	return list->generation;
}

const struct ffa_partition *ffa_partition_list_get(const struct ffa_partition_list *list, size_t index)
{
	return index < list->count ? &list->partitions[index] : NULL;
}

uint16_t ffa_partition_get_id(const struct ffa_partition *partition)
{
	return partition->id;
}

uint16_t ffa_partition_get_exec_ctx_count(const struct ffa_partition *partition)
{
	return partition->exec_ctx_count;
}

uint32_t ffa_partition_get_properties(const struct ffa_partition *partition)
{
	return partition->properties;
}

enum ffa_partition_type ffa_partition_get_type(const struct ffa_partition *partition)
{
	return (enum ffa_partition_type)(partition->properties >> PARTITION_TYPE_SHIFT & PARTITION_TYPE_MASK);
}

const uint8_t *ffa_partition_get_uuid(const struct ffa_partition *partition)
{
	return partition->uuid;
}

const uint8_t *ffa_partition_get_image_uuid(const struct ffa_partition *partition)
{
	return partition->image_uuid;
}

uint32_t ffa_partition_get_ffa_version(const struct ffa_partition *partition)
{
	return partition->ffa_version;
}

bool ffa_partition_is_claimed(const struct ffa_partition *partition)
{
	return partition->claimed;
}

bool ffa_partition_is_direct_allowed(const struct ffa_partition *partition)
{
	return partition->direct_allowed;
}

bool ffa_partition_is_stalled(const struct ffa_partition *partition)
{
	return partition->stalled;
}
