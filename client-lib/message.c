/* SPDX-License-Identifier: BSD-3-Clause */
#include "message.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

size_t message_arg_count(enum ffa_message_kind kind)
{
	switch (kind) {
	case FFA_MESSAGE_DIRECT_32:
	case FFA_MESSAGE_DIRECT_64:
		return FFA_MESSAGE_ARGS;
	case FFA_MESSAGE_DIRECT_REQ2:
		return FFA_MESSAGE_REQ2_ARGS;
	}
	return 0;
}

static bool message_arg_fits(enum ffa_message_kind kind, uint64_t arg)
{
	return kind != FFA_MESSAGE_DIRECT_32 || arg <= UINT32_MAX;
}

int ffa_message_new(enum ffa_message_kind kind, uint16_t partition, struct ffa_message **ret_message)
{
	struct ffa_message *message;

	if (message_arg_count(kind) == 0)
		return -EINVAL;
	message = calloc(1, sizeof(*message));
	if (!message)
		return -ENOMEM;
	message->kind = kind;
	message->partition = partition;
	*ret_message = message;
	return 0;
}

struct ffa_message *ffa_message_free(struct ffa_message *message)
{
	free(message);
	return NULL;
}

int ffa_message_set_args(struct ffa_message *message, const uint64_t *args, size_t count)
{
	if (count > message_arg_count(message->kind))
		return -E2BIG;
	for (size_t i = 0; i < count; i++)
		if (!message_arg_fits(message->kind, args[i]))
			return -ERANGE;
	for (size_t i = 0; i < FFA_MESSAGE_REQ2_ARGS; i++)
		message->args[i] = i < count ? args[i] : 0;
	return 0;
}

int ffa_message_set_uuid(struct ffa_message *message, const uint8_t uuid[FFA_UUID_BYTES])
{
	if (message->kind != FFA_MESSAGE_DIRECT_REQ2)
		return -EINVAL;
	message->has_uuid = uuid != NULL;
	if (uuid)
		memcpy(message->uuid, uuid, FFA_UUID_BYTES);
	return 0;
}

void ffa_message_set_deadline(struct ffa_message *message, uint32_t deadline_ms)
{
	message->deadline_ms = deadline_ms;
}

enum ffa_message_kind ffa_message_get_kind(const struct ffa_message *message)
{
	return message->kind;
}

uint16_t ffa_message_get_partition(const struct ffa_message *message)
{
	return message->partition;
}

size_t ffa_message_get_arg_count(const struct ffa_message *message)
{
	return message_arg_count(message->kind);
}

const uint64_t *ffa_message_get_args(const struct ffa_message *message)
{
	return message->args;
}

void message_to_wire(const struct ffa_message *message, Ffa__V1__DirectRequest *ret_request)
{
	size_t count = message_arg_count(message->kind);

	/* Missing arguments are zero. */
	while (count > 0 && message->args[count - 1] == 0)
		count--;
	ffa__v1__direct_request__init(ret_request);
	ret_request->partition = message->partition;
	ret_request->kind = (Ffa__V1__DirectKind)message->kind;
	ret_request->n_args = count;
	ret_request->args = (uint64_t *)message->args;
	if (message->has_uuid) {
		ret_request->uuid.len = FFA_UUID_BYTES;
		ret_request->uuid.data = (uint8_t *)message->uuid;
	}
	ret_request->deadline_ms = message->deadline_ms;
}

int message_args_from_wire(enum ffa_message_kind kind, const Ffa__V1__DirectResponse *response,
			   uint64_t ret_args[static FFA_MESSAGE_REQ2_ARGS])
{
	if (response->n_args > message_arg_count(kind))
		return -EPROTO;
	for (size_t i = 0; i < response->n_args; i++)
		if (!message_arg_fits(kind, response->args[i]))
			return -EPROTO;
	for (size_t i = 0; i < FFA_MESSAGE_REQ2_ARGS; i++)
		ret_args[i] = i < response->n_args ? response->args[i] : 0;
	return 0;
}
