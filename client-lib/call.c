/* SPDX-License-Identifier: BSD-3-Clause */
/* Blocking calls: start the client's own request, wait for its end, take what it brought. */
#include <errno.h>
#include <string.h>

#include "client.h"
#include "message.h"

int ffa_client_ping(struct ffa_client *client, const void *payload, size_t size)
{
	int r = client_begin(client);

	if (r == 0)
		r = ffa_request_start_ping(&client->blocking_request, payload, size);
	return client_end(client, r);
}

static int client_direct(struct ffa_client *client, const struct ffa_message *message)
{
	int r = client_begin(client);

	if (r == 0)
		r = ffa_request_start_direct(&client->blocking_request, message);
	return client_end(client, r);
}

int ffa_client_direct32(struct ffa_client *client, uint16_t partition, const uint32_t args[FFA_MESSAGE_ARGS],
			uint32_t deadline_ms, uint32_t ret_args[FFA_MESSAGE_ARGS])
{
	struct ffa_message message = {
		.kind = FFA_MESSAGE_DIRECT_32,
		.partition = partition,
		.deadline_ms = deadline_ms,
	};
	int r;

	for (size_t i = 0; i < FFA_MESSAGE_ARGS; i++)
		message.args[i] = args[i];
	r = client_direct(client, &message);
	if (r < 0)
		return r;
	for (size_t i = 0; i < FFA_MESSAGE_ARGS; i++)
		ret_args[i] = (uint32_t)client->blocking_request.args[i];
	return 0;
}

int ffa_client_direct64(struct ffa_client *client, uint16_t partition, const uint64_t args[FFA_MESSAGE_ARGS],
			uint32_t deadline_ms, uint64_t ret_args[FFA_MESSAGE_ARGS])
{
	struct ffa_message message = {
		.kind = FFA_MESSAGE_DIRECT_64,
		.partition = partition,
		.deadline_ms = deadline_ms,
	};
	int r;

	memcpy(message.args, args, FFA_MESSAGE_ARGS * sizeof(args[0]));
	r = client_direct(client, &message);
	if (r < 0)
		return r;
	memcpy(ret_args, client->blocking_request.args, FFA_MESSAGE_ARGS * sizeof(ret_args[0]));
	return 0;
}

int ffa_client_direct_req2(struct ffa_client *client, uint16_t partition, const uint8_t uuid[FFA_UUID_BYTES],
			   const uint64_t args[FFA_MESSAGE_REQ2_ARGS], uint32_t deadline_ms,
			   uint64_t ret_args[FFA_MESSAGE_REQ2_ARGS])
{
	struct ffa_message message = {
		.kind = FFA_MESSAGE_DIRECT_REQ2,
		.partition = partition,
		.deadline_ms = deadline_ms,
		.has_uuid = uuid != NULL,
	};
	int r;

	if (uuid)
		memcpy(message.uuid, uuid, sizeof(message.uuid));
	memcpy(message.args, args, sizeof(message.args));
	r = client_direct(client, &message);
	if (r < 0)
		return r;
	memcpy(ret_args, client->blocking_request.args, sizeof(message.args));
	return 0;
}

int ffa_client_direct(struct ffa_client *client, const struct ffa_message *message, struct ffa_message *reply)
{
	int r;

	r = client_begin(client);
	if (r == 0 && reply && reply->kind != message->kind)
		r = -EINVAL;
	if (r == 0)
		r = ffa_request_start_direct(&client->blocking_request, message);
	r = client_end(client, r);
	if (r < 0)
		return r;
	if (reply)
		memcpy(reply->args, client->blocking_request.args, sizeof(reply->args));
	return 0;
}

int ffa_client_query_info(struct ffa_client *client, struct ffa_info **ret_info)
{
	int r = client_begin(client);

	if (r == 0)
		r = ffa_request_start_info(&client->blocking_request);
	r = client_end(client, r);
	return r < 0 ? r : ffa_request_take_info(&client->blocking_request, ret_info);
}

int ffa_client_query_features(struct ffa_client *client, struct ffa_feature_list **ret_list)
{
	int r = client_begin(client);

	if (r == 0)
		r = ffa_request_start_features(&client->blocking_request);
	r = client_end(client, r);
	return r < 0 ? r : ffa_request_take_features(&client->blocking_request, ret_list);
}

int ffa_client_list_partitions(struct ffa_client *client, const uint8_t uuid[FFA_UUID_BYTES],
			       struct ffa_partition_list **ret_list)
{
	int r = client_begin(client);

	if (r == 0)
		r = ffa_request_start_list_partitions(&client->blocking_request, uuid);
	r = client_end(client, r);
	return r < 0 ? r : ffa_request_take_partitions(&client->blocking_request, ret_list);
}

int ffa_client_query_limits(struct ffa_client *client, struct ffa_limit_list **ret_list)
{
	int r = client_begin(client);

	if (r == 0)
		r = ffa_request_start_limits(&client->blocking_request);
	r = client_end(client, r);
	return r < 0 ? r : ffa_request_take_limits(&client->blocking_request, ret_list);
}

int ffa_client_sim_load(struct ffa_client *client, const char *file_name, const void *dtb, size_t size,
			const char *behaviour, uint16_t *ret_partition)
{
	int r = client_begin(client);

	if (r == 0)
		r = request_start_sim_load(&client->blocking_request, file_name, dtb, size, behaviour);
	r = client_end(client, r);
	if (r < 0)
		return r;
	*ret_partition = client->blocking_request.partition;
	return 0;
}
