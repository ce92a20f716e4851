/* SPDX-License-Identifier: BSD-3-Clause */
#include "indirect.h"

#include "bytes.h"
#include "direct.h"
#include "error.h"
#include "fid.h"
#include "linux_errno.h"
#include "version.h"

#define FLAGS 0
#define RESERVED 4
#define OFFSET 8
#define RECEIVER 12
#define SENDER 14
#define SIZE 16
#define RESERVED_1_2 20
#define UUID 24

size_t ffa_indirect_header_size(uint32_t version)
{
	return version < FFA_VERSION_1_2 ? FFA_INDIRECT_HEADER_SIZE_1_1 : FFA_INDIRECT_HEADER_SIZE_1_2;
}

int ffa_indirect_encode(uint32_t version, const struct ffa_indirect *message, const void *payload,
			size_t payload_size, void *buf, size_t buf_size)
{
	size_t header = ffa_indirect_header_size(version);
	size_t room = buf_size < FFA_INDIRECT_SIZE_MAX ? buf_size : FFA_INDIRECT_SIZE_MAX;
	uint8_t *p = buf;

	if (version < FFA_VERSION_1_1 || (version < FFA_VERSION_1_2 && !ffa_uuid_is_nil(&message->uuid)))
		return -LINUX_EINVAL;
	if (room < header || payload_size > room - header)
		return -LINUX_ENOSPC;
	memset(p, 0, header);
	bytes_store32(p + FLAGS, message->flags);
	bytes_store32(p + OFFSET, (uint32_t)header);
	bytes_store16(p + RECEIVER, message->receiver);
	bytes_store16(p + SENDER, message->sender);
	bytes_store32(p + SIZE, (uint32_t)payload_size);
	if (version >= FFA_VERSION_1_2)
		memcpy(p + UUID, message->uuid.bytes, FFA_UUID_SIZE);
	/* An empty message may have no payload pointer at all. */
	if (payload_size)
		memcpy(p + header, payload, payload_size);
	return (int)(header + payload_size);
}

/* `header`: the bytes that the payload must leave free. */
static int decode(const uint8_t *p, size_t size, size_t header, struct ffa_indirect *ret_message)
{
	struct ffa_indirect message;

	if (size > FFA_INDIRECT_SIZE_MAX)
		size = FFA_INDIRECT_SIZE_MAX;
	if (size < header)
		return -LINUX_EBADMSG;
	message = (struct ffa_indirect) {
		.sender = bytes_load16(p + SENDER),
		.receiver = bytes_load16(p + RECEIVER),
		.flags = bytes_load32(p + FLAGS),
		.offset = bytes_load32(p + OFFSET),
		.size = bytes_load32(p + SIZE),
		.reserved_is_clear = !bytes_load32(p + RESERVED),
	};
	if (message.offset < header || message.offset > size || message.size > size - message.offset)
		return -LINUX_EBADMSG;
	*ret_message = message;
	return 0;
}

static void decode_uuid(const uint8_t *p, struct ffa_indirect *message)
{
	memcpy(message->uuid.bytes, p + UUID, FFA_UUID_SIZE);
	message->reserved_is_clear = message->reserved_is_clear && !bytes_load32(p + RESERVED_1_2);
}

int ffa_indirect_decode(uint32_t version, const void *buf, size_t size, struct ffa_indirect *ret_message)
{
	int r;

	if (version < FFA_VERSION_1_1)
		return -LINUX_EINVAL;
	r = decode(buf, size, ffa_indirect_header_size(version), ret_message);
	if (r == 0 && version >= FFA_VERSION_1_2)
		decode_uuid(buf, ret_message);
	return r;
}

int ffa_indirect_decode_received(const void *buf, size_t size, struct ffa_indirect *ret_message)
{
	int r = decode(buf, size, FFA_INDIRECT_HEADER_SIZE_1_1, ret_message);

	if (r == 0 && ret_message->offset >= FFA_INDIRECT_HEADER_SIZE_1_2)
		decode_uuid(buf, ret_message);
	return r;
}

int32_t ffa_indirect_validate(const struct ffa_indirect *message, uint16_t caller)
{
	if (message->flags || !message->reserved_is_clear)
		return FFA_INVALID_PARAMETERS;
	if (message->sender != caller || message->receiver == message->sender)
		return FFA_INVALID_PARAMETERS;
	return FFA_OK;
}

void ffa_indirect_send2_encode(const struct ffa_indirect_send2 *send, struct ffa_regs *ret_regs)
{
	*ret_regs = (struct ffa_regs) { { FFA_MSG_SEND2, (uint32_t)send->vm << 16, send->flags } };
}

int ffa_indirect_send2_decode(const struct ffa_regs *regs, struct ffa_indirect_send2 *ret_send)
{
	if (ffa_regs_w(regs, 0) != FFA_MSG_SEND2)
		return -LINUX_ENOMSG;
	*ret_send = (struct ffa_indirect_send2) {
		.vm = (uint16_t)(ffa_regs_w(regs, 1) >> 16),
		.flags = ffa_regs_w(regs, 2),
	};
	return 0;
}

void ffa_indirect_send_encode(const struct ffa_indirect_send *send, struct ffa_regs *ret_regs)
{
	*ret_regs = (struct ffa_regs) {
		{ FFA_MSG_SEND,
		  ffa_src_dst(send->sender, send->receiver), [3] = send->size, [4] = send->flags }
	};
}

int ffa_indirect_send_decode(const struct ffa_regs *regs, struct ffa_indirect_send *ret_send)
{
	if (ffa_regs_w(regs, 0) != FFA_MSG_SEND)
		return -LINUX_ENOMSG;
	*ret_send = (struct ffa_indirect_send) {
		.sender = (uint16_t)(ffa_regs_w(regs, 1) >> 16),
		.receiver = (uint16_t)ffa_regs_w(regs, 1),
		.size = ffa_regs_w(regs, 3),
		.flags = ffa_regs_w(regs, 4),
	};
	return 0;
}
