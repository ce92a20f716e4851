/* SPDX-License-Identifier: BSD-3-Clause */
#include "pump.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <time.h>

#include "client.h"
#include "ffa.pb-c.h"
#include "reply.h"
#include "watch.h"

#define NS_PER_MS UINT64_C(1000000)
#define MS_PER_S 1000

static uint64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * MS_PER_S * NS_PER_MS + (uint64_t)now.tv_nsec;
}

uint64_t pump_deadline(uint32_t ms)
{
	return ms == 0 ? PUMP_DEADLINE_NONE : now_ns() + ms * NS_PER_MS;
}

int pump_lose(struct ffa_client *client, int error)
{
	channel_lose(&client->channel);
	client->loss = error;
	client->loss_reported = false;
	for (size_t i = 0; i < client->slot_count; i++) {
		struct ffa_request *request = client->slots[i];

		if (!request || !request_waits(request))
			continue;
		outcome_set_lost(&request->outcome, &client->notice);
		client_complete(client, request);
	}
	return error;
}

static int pump_take_event(struct ffa_client *client, struct ffa_request *request, const uint8_t *body,
			   size_t size)
{
	struct ffa_partition_list *list;
	struct ffa_partition_watch *watch;
	int r;

	if (request->method != FFA__V1__METHOD__METHOD_PARTITION_WATCH)
		return -EPROTO;
	r = reply_decode_partitions(&client->arena, body, size, &list);
	if (r == -ENOMEM) {
		/* A change that cannot be reported ends the watch: nothing is lost silently. */
		outcome_set_local(&request->outcome, r, "out of memory while reading the partition table");
		client_complete(client, request);
		return 0;
	}
	if (r < 0)
		return r;
	watch = watch_of_request(request);
	ffa_partition_list_free(watch->list);
	watch->list = list;
	client_queue_ready(request);
	return 0;
}

static int pump_take_frame(struct ffa_client *client, const struct ffa_frame *frame, const uint8_t *body)
{
	struct ffa_request *request;
	int r;

	if (frame->kind == FFA_FRAME_EVENT && frame->method == FFA__V1__METHOD__METHOD_UNSPECIFIED) {
		r = reply_decode_notice(&client->arena, body, frame->length, &client->notice);
		return r == -ENOMEM ? 0 : r; /* the end comes without its reason */
	}
	request = client_find(client, frame->id);
	if (!request)
		return 0; /* given up, or posted */
	if (frame->method != request->method)
		return -EPROTO;
	if (frame->kind == FFA_FRAME_EVENT)
		return pump_take_event(client, request, body, frame->length);
	if (request->state != REQUEST_PENDING)
		return -EPROTO; /* answered before */
	r = reply_decode(request, &client->arena, body, frame->length);
	if (r == -ENOMEM)
		outcome_set_local(&request->outcome, r, "out of memory while reading ffad's answer");
	else if (r < 0)
		return r;
	if (request->method == FFA__V1__METHOD__METHOD_PARTITION_WATCH && request->outcome.result == 0)
		client_set_request_state(client, request, REQUEST_SUBSCRIBED);
	else
		client_complete(client, request);
	return 0;
}

/* Take in every whole frame that was received. */
static int pump_take_frames(struct ffa_client *client)
{
	struct ffa_frame frame;
	const uint8_t *body;
	int r;

	while ((r = channel_next(&client->channel, &frame, &body)) > 0) {
		r = pump_take_frame(client, &frame, body);
		if (r < 0)
			return r;
	}
	return r;
}

int pump_send(struct ffa_client *client)
{
	int r = channel_send(&client->channel), taken = 0;

	if (r >= 0)
		return r;
	/* What ffad said before it hung up still counts. */
	while (taken >= 0 && channel_receive(&client->channel, false) > 0)
		taken = pump_take_frames(client);
	return pump_lose(client, taken < 0 ? taken : r);
}

/* 1: ready; 0: the deadline has passed. */
static int pump_poll(struct ffa_client *client, short events, uint64_t deadline)
{
	struct pollfd poll_fd = { .fd = client->channel.fd, .events = events };
	uint64_t now, left_ms = 0;
	int timeout, r;

	for (;;) {
		timeout = -1;
		if (deadline != PUMP_DEADLINE_NONE) {
			now = now_ns();
			left_ms = deadline > now ? (deadline - now + NS_PER_MS - 1) / NS_PER_MS : 0;
			timeout = left_ms > INT_MAX ? INT_MAX : (int)left_ms;
		}
		r = poll(&poll_fd, 1, timeout);
		if (r > 0)
			return 1;
		if (r == 0 && left_ms <= INT_MAX)
			return 0;
	}
}

int pump_run(struct ffa_client *client, uint64_t deadline)
{
	bool wait = deadline == PUMP_DEADLINE_NONE;
	int left, r;

	left = pump_send(client);
	if (left < 0)
		return left;
	if (deadline != PUMP_DEADLINE_NOW && (left > 0 || !wait)) {
		if (pump_poll(client, left > 0 ? POLLIN | POLLOUT : POLLIN, deadline) == 0)
			return 0;
		wait = false;
	}
	r = channel_receive(&client->channel, wait);
	if (r > 0)
		r = pump_take_frames(client);
	return r < 0 ? pump_lose(client, r) : 1;
}
