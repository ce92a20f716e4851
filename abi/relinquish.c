/* SPDX-License-Identifier: BSD-3-Clause */
#include "relinquish.h"

#include "bytes.h"
#include "error.h"
#include "fid.h"
#include "linux_errno.h"

#define HANDLE 0
#define FLAGS 8
#define ENDPOINT_COUNT 12

int ffa_relinquish_encode(const struct ffa_relinquish *relinquish, const uint16_t *endpoints, size_t count,
			  void *buf, size_t size)
{
	uint8_t *p = buf;

	if (count > (INT32_MAX - FFA_RELINQUISH_HEADER_SIZE) / sizeof(uint16_t))
		return -LINUX_EOVERFLOW;
	if (size < FFA_RELINQUISH_HEADER_SIZE + count * sizeof(uint16_t))
		return -LINUX_ENOSPC;
	bytes_store64(p + HANDLE, relinquish->handle);
	bytes_store32(p + FLAGS, relinquish->flags);
	bytes_store32(p + ENDPOINT_COUNT, (uint32_t)count);
	for (size_t i = 0; i < count; i++)
		bytes_store16(p + FFA_RELINQUISH_HEADER_SIZE + i * sizeof(uint16_t), endpoints[i]);
	return (int)(FFA_RELINQUISH_HEADER_SIZE + count * sizeof(uint16_t));
}

int ffa_relinquish_decode(const void *buf, size_t size, struct ffa_relinquish *ret_relinquish)
{
	const uint8_t *p = buf;
	uint32_t count;

	if (size < FFA_RELINQUISH_HEADER_SIZE)
		return -LINUX_EBADMSG;
	count = bytes_load32(p + ENDPOINT_COUNT);
	if (count > (size - FFA_RELINQUISH_HEADER_SIZE) / sizeof(uint16_t))
		return -LINUX_EBADMSG;
	*ret_relinquish = (struct ffa_relinquish) {
		.handle = bytes_load64(p + HANDLE),
		.flags = bytes_load32(p + FLAGS),
		.endpoint_count = count,
		.endpoints = p + FFA_RELINQUISH_HEADER_SIZE,
	};
	return 0;
}

int ffa_relinquish_endpoint(const struct ffa_relinquish *relinquish, uint32_t index, uint16_t *ret_endpoint)
{
	if (index >= relinquish->endpoint_count)
		return -LINUX_ERANGE;
	*ret_endpoint = bytes_load16(relinquish->endpoints + (size_t)index * sizeof(uint16_t));
	return 0;
}

int32_t ffa_relinquish_validate(const struct ffa_relinquish *relinquish)
{
	if (relinquish->flags & ~FFA_RELINQUISH_FLAGS || relinquish->endpoint_count != 1)
		return FFA_INVALID_PARAMETERS;
	return FFA_OK;
}

void ffa_relinquish_encode_call(struct ffa_regs *ret_regs)
{
	*ret_regs = (struct ffa_regs) { { FFA_MEM_RELINQUISH } };
}
