/* SPDX-License-Identifier: BSD-3-Clause */
#include "reply.h"

#include <errno.h>
#include <string.h>

#include "feature.h"
#include "ffa.pb-c.h"
#include "info.h"
#include "limit.h"
#include "message.h"
#include "partition.h"

/* Every response begins with its status. */
struct reply_head {
	ProtobufCMessage base;
	Ffa__V1__Status *status;
};

static int take_nothing(struct ffa_request *request, const ProtobufCMessage *body)
{
	(void)request;
	(void)body;
	return 0;
}

static int take_hello(struct ffa_request *request, const ProtobufCMessage *body)
{
	const Ffa__V1__HelloResponse *response = (const Ffa__V1__HelloResponse *)body;

	request->hello.major = response->major;
	request->hello.max_in_flight = response->max_in_flight;
	request->hello.admin = response->admin;
	outcome_copy_text(response->daemon_version, sizeof(request->hello.daemon_version),
			  request->hello.daemon_version);
	return 0;
}

static int take_ping(struct ffa_request *request, const ProtobufCMessage *body)
{
	const Ffa__V1__PingResponse *response = (const Ffa__V1__PingResponse *)body;

	if (response->payload.len != request->payload_size)
		return -EPROTO;
	if (request->payload_size > 0 &&
	    memcmp(response->payload.data, request->payload, request->payload_size) != 0)
		return -EPROTO;
	return 0;
}

static int take_info(struct ffa_request *request, const ProtobufCMessage *body)
{
	return info_from_wire((const Ffa__V1__InfoResponse *)body, &request->info);
}

static int take_features(struct ffa_request *request, const ProtobufCMessage *body)
{
	return feature_list_from_wire((const Ffa__V1__FeaturesResponse *)body, &request->features);
}

static int take_partitions(struct ffa_request *request, const ProtobufCMessage *body)
{
	const Ffa__V1__PartitionListResponse *response = (const Ffa__V1__PartitionListResponse *)body;

	return partition_list_from_wire(response->partitions, response->n_partitions, response->generation,
					&request->partitions);
}

static int take_direct(struct ffa_request *request, const ProtobufCMessage *body)
{
	return message_args_from_wire(request->kind, (const Ffa__V1__DirectResponse *)body, request->args);
}

static int take_sim_load(struct ffa_request *request, const ProtobufCMessage *body)
{
	const Ffa__V1__SimLoadResponse *response = (const Ffa__V1__SimLoadResponse *)body;

	if (response->partition > UINT16_MAX)
		return -EPROTO;
	request->partition = (uint16_t)response->partition;
	return 0;
}

static int take_limits(struct ffa_request *request, const ProtobufCMessage *body)
{
	return limit_list_from_wire((const Ffa__V1__LimitsResponse *)body, &request->limits);
}

#define METHOD(name) FFA__V1__METHOD__METHOD_##name
#define ASSERT_HEAD(type)                                                                                    \
	_Static_assert(offsetof(type, status) == offsetof(struct reply_head, status), "status comes first")

ASSERT_HEAD(Ffa__V1__HelloResponse);
ASSERT_HEAD(Ffa__V1__PingResponse);
ASSERT_HEAD(Ffa__V1__InfoResponse);
ASSERT_HEAD(Ffa__V1__FeaturesResponse);
ASSERT_HEAD(Ffa__V1__PartitionListResponse);
ASSERT_HEAD(Ffa__V1__PartitionWatchResponse);
ASSERT_HEAD(Ffa__V1__DirectResponse);
ASSERT_HEAD(Ffa__V1__SimLoadResponse);
ASSERT_HEAD(Ffa__V1__LimitsResponse);

static const struct {
	const ProtobufCMessageDescriptor *descriptor;
	int (*take)(struct ffa_request *request, const ProtobufCMessage *body);
} replies[] = {
	[METHOD(HELLO)] = { &ffa__v1__hello_response__descriptor, take_hello },
	[METHOD(PING)] = { &ffa__v1__ping_response__descriptor, take_ping },
	[METHOD(INFO)] = { &ffa__v1__info_response__descriptor, take_info },
	[METHOD(FEATURES)] = { &ffa__v1__features_response__descriptor, take_features },
	[METHOD(PARTITION_LIST)] = { &ffa__v1__partition_list_response__descriptor, take_partitions },
	[METHOD(PARTITION_WATCH)] = { &ffa__v1__partition_watch_response__descriptor, take_nothing },
	[METHOD(DIRECT)] = { &ffa__v1__direct_response__descriptor, take_direct },
	[METHOD(SIM_LOAD)] = { &ffa__v1__sim_load_response__descriptor, take_sim_load },
	[METHOD(LIMITS)] = { &ffa__v1__limits_response__descriptor, take_limits },
};

static int reply_unpack(const ProtobufCMessageDescriptor *descriptor, struct arena *arena,
			const uint8_t *body, size_t size, ProtobufCMessage **ret_message)
{
	ProtobufCMessage *message = protobuf_c_message_unpack(descriptor, &arena->allocator, size, body);

	if (!message)
		return arena->out_of_memory ? -ENOMEM : -EPROTO;
	*ret_message = message;
	return 0;
}

int reply_decode(struct ffa_request *request, struct arena *arena, const uint8_t *body, size_t size)
{
	ProtobufCMessage *message;
	int r;

	if (request->method >= sizeof(replies) / sizeof(replies[0]) || !replies[request->method].descriptor)
		return -EPROTO;
	r = reply_unpack(replies[request->method].descriptor, arena, body, size, &message);
	if (r >= 0) {
		outcome_set_wire(&request->outcome, ((const struct reply_head *)message)->status);
		if (request->outcome.result == 0)
			r = replies[request->method].take(request, message);
	}
	arena_reset(arena);
	return r;
}

int reply_decode_partitions(struct arena *arena, const uint8_t *body, size_t size,
			    struct ffa_partition_list **ret_list)
{
	const Ffa__V1__PartitionEvent *event;
	ProtobufCMessage *message;
	int r;

	r = reply_unpack(&ffa__v1__partition_event__descriptor, arena, body, size, &message);
	if (r >= 0) {
		event = (const Ffa__V1__PartitionEvent *)message;
		r = partition_list_from_wire(event->partitions, event->n_partitions, event->generation,
					     ret_list);
	}
	arena_reset(arena);
	return r;
}

int reply_decode_notice(struct arena *arena, const uint8_t *body, size_t size, struct outcome *ret_outcome)
{
	ProtobufCMessage *message;
	int r;

	r = reply_unpack(&ffa__v1__notice__descriptor, arena, body, size, &message);
	if (r >= 0)
		outcome_set_wire(ret_outcome, ((const Ffa__V1__Notice *)message)->status);
	arena_reset(arena);
	return r;
}
