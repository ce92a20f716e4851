/* SPDX-License-Identifier: BSD-3-Clause */
#include "frame.h"

#include <endian.h>
#include <errno.h>
#include <string.h>

void ffa_frame_encode(const struct ffa_frame *frame, uint8_t ret_bytes[static FFA_FRAME_HEADER_SIZE])
{
	uint32_t length = htole32(frame->length);
	uint16_t method = htole16(frame->method);
	uint64_t id = htole64(frame->id);

	memcpy(ret_bytes, &length, sizeof(length));
	memcpy(ret_bytes + 4, &method, sizeof(method));
	ret_bytes[6] = frame->kind;
	ret_bytes[7] = frame->fds;
	memcpy(ret_bytes + 8, &id, sizeof(id));
}

int ffa_frame_decode(const uint8_t bytes[static FFA_FRAME_HEADER_SIZE], unsigned int kinds, uint32_t max,
		     struct ffa_frame *ret_frame)
{
	struct ffa_frame frame = { .kind = bytes[6], .fds = bytes[7] };

	memcpy(&frame.length, bytes, sizeof(frame.length));
	memcpy(&frame.method, bytes + 4, sizeof(frame.method));
	memcpy(&frame.id, bytes + 8, sizeof(frame.id));
	frame.length = le32toh(frame.length);
	frame.method = le16toh(frame.method);
	frame.id = le64toh(frame.id);

	if (frame.kind > FFA_FRAME_EVENT || !(kinds & 1u << frame.kind) || frame.id == 0 ||
	    frame.fds > FFA_FRAME_FDS_MAX)
		return -EBADMSG;
	if (frame.length > max)
		return -EMSGSIZE;
	*ret_frame = frame;
	return 0;
}
