/* SPDX-License-Identifier: BSD-3-Clause */
#include "payload.h"

size_t payload_register_size(enum ffa_message_kind kind)
{
	return kind == FFA_MESSAGE_DIRECT_32 ? sizeof(uint32_t) : sizeof(uint64_t);
}

size_t payload_register_count(enum ffa_message_kind kind)
{
	return kind == FFA_MESSAGE_DIRECT_REQ2 ? FFA_MESSAGE_REQ2_ARGS : FFA_MESSAGE_ARGS;
}

size_t payload_capacity(enum ffa_message_kind kind)
{
	return payload_register_size(kind) * payload_register_count(kind);
}

unsigned int payload_first_register(enum ffa_message_kind kind)
{
	return kind == FFA_MESSAGE_DIRECT_REQ2 ? 4 : 3;
}

void payload_pack(enum ffa_message_kind kind, const uint8_t *bytes, size_t size, uint64_t *ret_args)
{
	size_t width = payload_register_size(kind);

	for (size_t i = 0; i < payload_register_count(kind); i++)
		ret_args[i] = 0;
	for (size_t i = 0; i < size; i++)
		ret_args[i / width] |= (uint64_t)bytes[i] << (8 * (i % width));
}

void payload_unpack(enum ffa_message_kind kind, const uint64_t *args, uint8_t *ret_bytes)
{
	size_t width = payload_register_size(kind);

	for (size_t i = 0; i < payload_capacity(kind); i++)
		ret_bytes[i] = (uint8_t)(args[i / width] >> (8 * (i % width)));
}
