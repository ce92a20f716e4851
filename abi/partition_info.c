/* SPDX-License-Identifier: BSD-3-Clause */
#include "partition_info.h"

#include "bytes.h"
#include "fid.h"
#include "linux_errno.h"

/* Field offsets of one entry; PARTITION_INFO_GET_REGS carries the same bytes in registers. */
#define INFO_ID 0
#define INFO_EXEC_CTX_COUNT 2
#define INFO_PROPERTIES 4
#define INFO_UUID 8
#define INFO_IMAGE_UUID 24
#define INFO_FFA_VERSION 40

#define REGS_FIRST 3 /* the entries' first register */
#define REGS_SIZE ((FFA_REGS_COUNT - REGS_FIRST) * sizeof(uint64_t))

int ffa_partition_info_encode(const struct ffa_partition_info *info, size_t stride, void *buf, size_t size)
{
	uint8_t *p = buf;

	if (stride != FFA_PARTITION_INFO_SIZE_1_0 && stride != FFA_PARTITION_INFO_SIZE_1_1 &&
	    stride != FFA_PARTITION_INFO_SIZE_1_3)
		return -LINUX_EINVAL;
	if (size < stride)
		return -LINUX_ENOSPC;
	memset(p, 0, stride);
	bytes_store16(p + INFO_ID, info->id);
	bytes_store16(p + INFO_EXEC_CTX_COUNT, info->exec_ctx_count);
	bytes_store32(p + INFO_PROPERTIES, info->properties);
	if (stride >= FFA_PARTITION_INFO_SIZE_1_1)
		memcpy(p + INFO_UUID, info->uuid.bytes, FFA_UUID_SIZE);
	if (stride >= FFA_PARTITION_INFO_SIZE_1_3) {
		memcpy(p + INFO_IMAGE_UUID, info->image_uuid.bytes, FFA_UUID_SIZE);
		bytes_store32(p + INFO_FFA_VERSION, info->ffa_version);
	}
	return 0;
}

/* `p` has `stride` bytes; fields that it has no room for stay zero. */
static void decode_entry(const uint8_t *p, size_t stride, struct ffa_partition_info *ret_info)
{
	*ret_info = (struct ffa_partition_info) {
		.id = bytes_load16(p + INFO_ID),
		.exec_ctx_count = bytes_load16(p + INFO_EXEC_CTX_COUNT),
		.properties = bytes_load32(p + INFO_PROPERTIES),
	};
	if (stride >= INFO_UUID + FFA_UUID_SIZE)
		memcpy(ret_info->uuid.bytes, p + INFO_UUID, FFA_UUID_SIZE);
	if (stride >= INFO_IMAGE_UUID + FFA_UUID_SIZE)
		memcpy(ret_info->image_uuid.bytes, p + INFO_IMAGE_UUID, FFA_UUID_SIZE);
	if (stride >= INFO_FFA_VERSION + sizeof(uint32_t))
		ret_info->ffa_version = bytes_load32(p + INFO_FFA_VERSION);
}

int ffa_partition_info_decode(const void *buf, size_t size, size_t stride, size_t index,
			      struct ffa_partition_info *ret_info)
{
	if (stride < FFA_PARTITION_INFO_SIZE_1_0 || stride % 8)
		return -LINUX_EINVAL;
	/* Whole entries in the table: a division cannot overflow as index * stride can. */
	if (index >= size / stride)
		return -LINUX_ERANGE;
	decode_entry((const uint8_t *)buf + index * stride, stride, ret_info);
	return 0;
}

size_t ffa_partition_info_regs_max(size_t entry_size)
{
	return entry_size ? REGS_SIZE / entry_size : 0;
}

int ffa_partition_info_regs_encode(const struct ffa_partition_info_regs *header,
				   const struct ffa_partition_info *infos, size_t count,
				   struct ffa_regs *regs)
{
	uint8_t bytes[REGS_SIZE] = { 0 };

	if (header->entry_size != FFA_PARTITION_INFO_SIZE_1_1 &&
	    header->entry_size != FFA_PARTITION_INFO_SIZE_1_3)
		return -LINUX_EINVAL;
	if (header->current_index > header->last_index || !count || count > (size_t)header->current_index + 1)
		return -LINUX_EINVAL;
	if (count > ffa_partition_info_regs_max(header->entry_size))
		return -LINUX_ENOSPC;
	for (size_t i = 0; i < count; i++) {
		int r = ffa_partition_info_encode(&infos[i], header->entry_size,
						  bytes + i * header->entry_size, header->entry_size);
		if (r < 0)
			return r;
	}
	regs->x[2] = (uint64_t)header->last_index | (uint64_t)header->current_index << 16 |
		     (uint64_t)header->tag << 32 | (uint64_t)header->entry_size << 48;
	for (size_t i = REGS_FIRST; i < FFA_REGS_COUNT; i++)
		regs->x[i] = bytes_load64(bytes + (i - REGS_FIRST) * sizeof(uint64_t));
	return 0;
}

int ffa_partition_info_regs_decode(const struct ffa_regs *regs, uint16_t start_index,
				   struct ffa_partition_info_regs *ret_header,
				   struct ffa_partition_info *ret_infos, size_t capacity)
{
	struct ffa_partition_info_regs header = {
		.last_index = (uint16_t)regs->x[2],
		.current_index = (uint16_t)(regs->x[2] >> 16),
		.tag = (uint16_t)(regs->x[2] >> 32),
		.entry_size = (uint16_t)(regs->x[2] >> 48),
	};
	uint8_t bytes[REGS_SIZE];
	size_t count;

	if (header.entry_size < FFA_PARTITION_INFO_SIZE_1_1 || header.entry_size % 8)
		return -LINUX_EBADMSG;
	if (header.current_index < start_index || header.current_index > header.last_index)
		return -LINUX_EBADMSG;
	count = (size_t)header.current_index - start_index + 1;
	if (count > ffa_partition_info_regs_max(header.entry_size))
		return -LINUX_EBADMSG;
	if (count > capacity)
		return -LINUX_ENOSPC;
	for (size_t i = REGS_FIRST; i < FFA_REGS_COUNT; i++)
		bytes_store64(bytes + (i - REGS_FIRST) * sizeof(uint64_t), regs->x[i]);
	for (size_t i = 0; i < count; i++)
		decode_entry(bytes + i * header.entry_size, header.entry_size, &ret_infos[i]);
	*ret_header = header;
	return (int)count;
}

void ffa_partition_info_get_encode(const struct ffa_partition_info_get *get, struct ffa_regs *ret_regs)
{
	uint32_t words[4];

	ffa_uuid_to_words(&get->uuid, words);
	*ret_regs = (struct ffa_regs) { { FFA_PARTITION_INFO_GET, words[0], words[1], words[2], words[3],
					  get->flags } };
}

int ffa_partition_info_get_decode(const struct ffa_regs *regs, struct ffa_partition_info_get *ret_get)
{
	if (ffa_regs_w(regs, 0) != FFA_PARTITION_INFO_GET)
		return -LINUX_ENOMSG;
	*ret_get = (struct ffa_partition_info_get) {
		.uuid = ffa_uuid_from_words(ffa_regs_w(regs, 1), ffa_regs_w(regs, 2), ffa_regs_w(regs, 3),
					    ffa_regs_w(regs, 4)),
		.flags = ffa_regs_w(regs, 5),
	};
	return 0;
}

void ffa_partition_info_reply_encode(const struct ffa_partition_info_reply *reply, struct ffa_regs *ret_regs)
{
	*ret_regs = (struct ffa_regs) { { FFA_SUCCESS, 0, reply->count, reply->stride } };
}

int ffa_partition_info_reply_decode(const struct ffa_regs *regs, struct ffa_partition_info_reply *ret_reply)
{
	uint32_t fid = ffa_regs_w(regs, 0);

	if (fid != FFA_SUCCESS && fid != FFA_SUCCESS_64)
		return -LINUX_ENOMSG;
	*ret_reply = (struct ffa_partition_info_reply) {
		.count = ffa_regs_w(regs, 2),
		.stride = ffa_regs_w(regs, 3),
	};
	return 0;
}

void ffa_partition_info_get_regs_encode(const struct ffa_partition_info_get_regs *get,
					struct ffa_regs *ret_regs)
{
	struct ffa_regs regs = { { FFA_PARTITION_INFO_GET_REGS } };

	ffa_uuid_to_u64(&get->uuid, &regs.x[1], &regs.x[2]);
	regs.x[3] = (uint64_t)get->start_index | (uint64_t)get->tag << 16;
	*ret_regs = regs;
}

int ffa_partition_info_get_regs_decode(const struct ffa_regs *regs,
				       struct ffa_partition_info_get_regs *ret_get)
{
	if (ffa_regs_w(regs, 0) != FFA_PARTITION_INFO_GET_REGS)
		return -LINUX_ENOMSG;
	*ret_get = (struct ffa_partition_info_get_regs) {
		.uuid = ffa_uuid_from_u64(regs->x[1], regs->x[2]),
		.start_index = (uint16_t)regs->x[3],
		.tag = (uint16_t)(regs->x[3] >> 16),
	};
	return 0;
}
