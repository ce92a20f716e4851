/* SPDX-License-Identifier: BSD-3-Clause */
/* What a client sends: a header, and a body of each request, decoded in ffad's bounded memory. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include "daemon/rpc/arena.h"
#include "ffa.pb-c.h"
#include "proto/frame.h"

static const ProtobufCMessageDescriptor *const requests[] = {
	&ffa__v1__hello_request__descriptor,           &ffa__v1__ping_request__descriptor,
	&ffa__v1__cancel_request__descriptor,          &ffa__v1__info_request__descriptor,
	&ffa__v1__features_request__descriptor,        &ffa__v1__partition_list_request__descriptor,
	&ffa__v1__partition_watch_request__descriptor, &ffa__v1__direct_request__descriptor,
	&ffa__v1__sim_load_request__descriptor,        &ffa__v1__limits_request__descriptor,
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct arena arena;
	struct ffa_frame frame;

	if (size < FFA_FRAME_HEADER_SIZE)
		return 0;
	if (ffa_frame_decode(data, 1u << FFA_FRAME_REQUEST, FFA_FRAME_REQUEST_MAX, &frame) == 0) {
		uint8_t again[FFA_FRAME_HEADER_SIZE];

		ffa_frame_encode(&frame, again);
		for (size_t i = 0; i < sizeof(again); i++)
			if (again[i] != data[i])
				abort();
	}
	data += FFA_FRAME_HEADER_SIZE;
	size -= FFA_FRAME_HEADER_SIZE;
	if (size > FFA_FRAME_REQUEST_MAX)
		size = FFA_FRAME_REQUEST_MAX;
	arena_init(&arena);
	for (size_t i = 0; i < sizeof(requests) / sizeof(*requests); i++) {
		ProtobufCMessage *message;

		arena_reset(&arena);
		message = protobuf_c_message_unpack(requests[i], &arena.allocator, size, data);
		if (arena.used > ARENA_SIZE)
			abort();
		/* What was decoded can be measured, so every length in it is sound. */
		if (message)
			(void)protobuf_c_message_get_packed_size(message);
	}
	return 0;
}
