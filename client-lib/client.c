/* SPDX-License-Identifier: BSD-3-Clause */
#include "client.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "ffa.pb-c.h"
#include "pump.h"

/* ---- Requests under way ---- */

void client_set_request_state(struct ffa_client *client, struct ffa_request *request,
			      enum request_state state)
{
	bool counts = request != &client->blocking_request;

	if (counts && request_waits(request))
		client->waiting--;
	request->state = state;
	if (counts && request_waits(request))
		client->waiting++;
}

void client_queue_ready(struct ffa_request *request)
{
	if (request->queued)
		return;
	TAILQ_INSERT_TAIL(&request->client->ready, request, ready);
	request->client->ready_count++;
	request->queued = true;
}

static void client_unqueue_ready(struct ffa_request *request)
{
	if (!request->queued)
		return;
	TAILQ_REMOVE(&request->client->ready, request, ready);
	request->client->ready_count--;
	request->queued = false;
}

void client_complete(struct ffa_client *client, struct ffa_request *request)
{
	client_set_request_state(client, request, REQUEST_DONE);
	if (request->deliver)
		client_queue_ready(request);
}

int client_attach(struct ffa_client *client, struct ffa_request *request)
{
	size_t slot = CLIENT_SLOT_NOBODY + 1, count = client->slot_count;
	struct ffa_request **slots;

	while (slot < count && client->slots[slot])
		slot++;
	if (slot >= count) {
		count = count == 0 ? CLIENT_SLOTS_FIRST : 2 * count;
		if (count > CLIENT_SLOTS_MAX)
			return -ENOMEM;
		slots = reallocarray(client->slots, count, sizeof(client->slots[0]));
		if (!slots)
			return -ENOMEM;
		memset(slots + client->slot_count, 0, (count - client->slot_count) * sizeof(slots[0]));
		client->slots = slots;
		client->slot_count = count;
	}
	client->slots[slot] = request;
	request->client = client;
	request->slot = slot;
	return 0;
}

void client_detach(struct ffa_request *request)
{
	struct ffa_client *client = request->client;

	client_unqueue_ready(request);
	client_set_request_state(client, request, REQUEST_IDLE);
	client->slots[request->slot] = NULL;
	request->client = NULL;
}

static uint64_t client_next_id(struct ffa_client *client, size_t slot)
{
	return ++client->sequence << CLIENT_SLOT_BITS | slot;
}

struct ffa_request *client_find(const struct ffa_client *client, uint64_t id)
{
	size_t slot = id & (CLIENT_SLOTS_MAX - 1);
	struct ffa_request *request = slot < client->slot_count ? client->slots[slot] : NULL;

	return request && request->id == id && request_waits(request) ? request : NULL;
}

int client_start(struct ffa_request *request, uint16_t method, const ProtobufCMessage *body, int fd)
{
	struct ffa_client *client = request->client;
	uint64_t id;
	int r;

	if (!client || client->channel.state != CHANNEL_OPEN)
		return -ENOTCONN;
	if (request_is_under_way(request))
		return -EBUSY;
	id = client_next_id(client, request->slot);
	r = channel_queue(&client->channel, method, id, body, fd);
	if (r < 0)
		return r;
	request_drop_results(request);
	request->id = id;
	request->method = method;
	client_set_request_state(client, request, REQUEST_PENDING);
	return 0;
}

int client_post(struct ffa_client *client, uint16_t method, const ProtobufCMessage *body)
{
	if (client->channel.state != CHANNEL_OPEN)
		return -ENOTCONN;
	return channel_queue(&client->channel, method, client_next_id(client, CLIENT_SLOT_NOBODY), body, -1);
}

/* ---- Blocking calls ---- */

int client_begin(struct ffa_client *client)
{
	struct channel *channel = &client->channel;
	uint64_t deadline;
	int r;

	outcome_set_ok(&client->blocking_request.outcome);
	if (channel->out_end - channel->out_start <= CHANNEL_OUTPUT_MAX / 2)
		return 0;
	deadline = pump_deadline(client->config.call_timeout_ms);
	do {
		r = pump_run(client, deadline);
		if (r <= 0)
			return r < 0 ? r : -ETIMEDOUT;
	} while (channel->out_end - channel->out_start > CHANNEL_OUTPUT_MAX / 2);
	return 0;
}

/* The blocking request is not waited for any longer. */
static void client_give_up(struct ffa_client *client)
{
	Ffa__V1__CancelRequest body = FFA__V1__CANCEL_REQUEST__INIT;

	body.request_id = client->blocking_request.id;
	client_set_request_state(client, &client->blocking_request, REQUEST_DONE);
	if (client_post(client, FFA__V1__METHOD__METHOD_CANCEL, &body.base) == 0)
		(void)pump_send(client);
}

static int client_wait(struct ffa_client *client, uint64_t deadline)
{
	const struct ffa_request *request = &client->blocking_request;
	int r;

	while (request->state == REQUEST_PENDING) {
		r = pump_run(client, deadline);
		if (r == 0) {
			client_give_up(client);
			return -ETIMEDOUT;
		}
	}
	/* Lost: for what reason is the client's to know. */
	if (request->outcome.result == -ECONNRESET)
		return client->loss;
	return request->outcome.result;
}

/* The library's own sentences. */
static void client_explain(struct ffa_client *client, int error)
{
	struct outcome *outcome = &client->blocking_request.outcome;
	const char *path = client->config.socket_path[0] ? client->config.socket_path : "the socket";

	switch (-error) {
	case ENOTCONN:
		outcome_set_local(outcome, error, "not connected to ffad: connect first");
		break;
	case ECONNRESET:
		outcome_set_lost(outcome, &client->notice);
		break;
	case EPROTO:
		outcome_set_local(outcome, error,
				  "what answered at %s does not speak ffad's protocol; check the path and "
				  "that ffad and libffa-client are of the same release",
				  path);
		break;
	case ETIMEDOUT:
		outcome_set_local(
			outcome, error,
			"no answer from ffad in time; see whether it is busy (ffa-cli info) or raise "
			"the timeout");
		break;
	case ENOENT:
		outcome_set_local(
			outcome, error,
			"there is no socket %s: start ffad (systemctl start ffad), or set FFAD_SOCKET "
			"to its socket",
			path);
		break;
	case ECONNREFUSED:
		outcome_set_local(outcome, error, "nobody listens on %s: start ffad (systemctl start ffad)",
				  path);
		break;
	case EACCES:
		outcome_set_local(
			outcome, error,
			"no permission for %s: join the group that owns it, or ask the administrator", path);
		break;
	case EPROTONOSUPPORT:
		outcome_set_local(outcome, error,
				  "ffad speaks version %u of the protocol, this library version %u: install "
				  "both from the same release",
				  client->blocking_request.hello.major, FFA_WIRE_MAJOR);
		break;
	case EINVAL:
		outcome_set_local(outcome, error, "an argument of the call is out of range");
		break;
	default:
		outcome_set_local(outcome, error, "%s (%s)", strerrordesc_np(-error), path);
		break;
	}
}

/* What a blocking call returns; refusals come with ffad's own sentence. */
static int client_return(struct ffa_client *client, int r)
{
	const struct outcome *outcome = &client->blocking_request.outcome;

	if (r < 0 && r == client->loss)
		client->loss_reported = true;
	if (r < 0 && (outcome->status == FFA_STATUS_OK || outcome->status == FFA_STATUS_LOCAL))
		client_explain(client, r);
	return r;
}

int client_end(struct ffa_client *client, int r)
{
	if (r == 0)
		r = client_wait(client, pump_deadline(client->config.call_timeout_ms));
	return client_return(client, r);
}

/* ---- Life ---- */

static void client_destroy(struct ffa_client *client)
{
	channel_done(&client->channel);
	arena_reset(&client->arena);
	free(client->slots);
	free(client);
}

int ffa_client_new(const struct ffa_client_config *config, struct ffa_client **ret_client)
{
	struct ffa_client *client = calloc(1, sizeof(*client));
	int r;

	if (!client)
		return -ENOMEM;
	TAILQ_INIT(&client->ready);
	arena_init(&client->arena);
	r = channel_init(&client->channel);
	if (r >= 0)
		r = config_resolve(config, &client->config);
	if (r >= 0)
		r = client_attach(client, &client->blocking_request);
	if (r < 0) {
		client_destroy(client);
		return r;
	}
	*ret_client = client;
	return 0;
}

static int client_open(struct ffa_client *client)
{
	const struct ffa_client_config *config = &client->config;
	uint64_t deadline = pump_deadline(config->connect_timeout_ms);
	int r;

	if (config->fd >= 0)
		r = channel_open_fd(&client->channel, config->fd);
	else
		r = channel_open_path(&client->channel, config->socket_path, config->connect_timeout_ms);
	if (r < 0)
		return r;
	client->loss = 0;
	outcome_set_ok(&client->notice);
	r = request_start_hello(&client->blocking_request, config->name);
	if (r < 0)
		return r;
	r = client_wait(client, deadline);
	if (r == -ECONNRESET && client->notice.result < 0)
		return client->notice.result; /* there is no session to lose yet: it is a refusal */
	if (r < 0)
		return r;
	if (client->blocking_request.hello.major != FFA_WIRE_MAJOR)
		return -EPROTONOSUPPORT;
	client->hello = client->blocking_request.hello;
	return 0;
}

int ffa_client_connect(struct ffa_client *client)
{
	int r;

	outcome_set_ok(&client->blocking_request.outcome);
	if (client->channel.state == CHANNEL_OPEN)
		return client_return(client, -EISCONN);
	r = client_open(client);
	if (r < 0) {
		channel_close(&client->channel);
		client->loss = 0;
	}
	return client_return(client, r);
}

/* Call the callbacks that are due now; those that they cause come with the next round. */
static int client_deliver(struct ffa_client *client)
{
	size_t count = client->ready_count;
	int delivered = 0;

	while (count-- > 0 && !TAILQ_EMPTY(&client->ready)) {
		struct ffa_request *request = TAILQ_FIRST(&client->ready);

		client_unqueue_ready(request);
		delivered++;
		request->deliver(request); /* which may free it */
	}
	return delivered;
}

struct ffa_client *ffa_client_free(struct ffa_client *client)
{
	if (!client || client->freed)
		return NULL;
	client->freed = true;
	client->depth++;
	if (client->channel.state == CHANNEL_OPEN)
		(void)pump_lose(client, -ECONNRESET);
	while (client_deliver(client) > 0)
		;
	client->depth--;
	for (size_t i = 0; i < client->slot_count; i++)
		if (client->slots[i] && client->slots[i] != &client->blocking_request)
			client_detach(client->slots[i]);
	request_drop_results(&client->blocking_request);
	channel_close(&client->channel);
	if (client->depth == 0)
		client_destroy(client);
	return NULL;
}

/* ---- The event loop's side ---- */

int ffa_client_get_fd(const struct ffa_client *client)
{
	return client->channel.fd >= 0 ? client->channel.fd : -ENOTCONN;
}

short ffa_client_get_events(const struct ffa_client *client)
{
	bool work = channel_has_output(&client->channel) || !TAILQ_EMPTY(&client->ready);

	return work ? POLLIN | POLLOUT : POLLIN;
}

static void client_await_ready(struct ffa_client *client, int timeout_ms)
{
	uint64_t deadline = PUMP_DEADLINE_NONE;

	if (timeout_ms == 0) {
		(void)pump_run(client, PUMP_DEADLINE_NOW);
		return;
	}
	if (timeout_ms > 0)
		deadline = pump_deadline((uint32_t)timeout_ms);
	while (TAILQ_EMPTY(&client->ready) && client->waiting > 0)
		if (pump_run(client, deadline) <= 0)
			return;
}

/* The loss of the connection is told once; then it is that there is none. */
static int client_tell_loss(struct ffa_client *client, int delivered)
{
	if (client->loss != 0 && !client->loss_reported) {
		client->loss_reported = true;
		return client->loss;
	}
	return delivered > 0 ? delivered : -ENOTCONN;
}

int ffa_client_dispatch(struct ffa_client *client, int timeout_ms)
{
	int r;

	client->depth++;
	if (client->channel.state == CHANNEL_OPEN && TAILQ_EMPTY(&client->ready))
		client_await_ready(client, timeout_ms);
	r = client_deliver(client);
	/* What the callbacks started goes out together. */
	if (client->channel.state == CHANNEL_OPEN)
		(void)pump_send(client);
	if (client->channel.state != CHANNEL_OPEN) {
		for (int more = 1; more > 0; r += more)
			more = client_deliver(client);
		if (client->channel.state != CHANNEL_OPEN)
			r = client_tell_loss(client, r);
	}
	client->depth--;
	if (client->freed && client->depth == 0)
		client_destroy(client);
	return r;
}

int ffa_client_flush(struct ffa_client *client)
{
	int r;

	if (client->channel.state != CHANNEL_OPEN)
		return -ENOTCONN;
	r = pump_send(client);
	if (r < 0)
		client->loss_reported = true;
	return r;
}

/* ---- Getters ---- */

bool ffa_client_is_connected(const struct ffa_client *client)
{
	return client->channel.state == CHANNEL_OPEN;
}

enum ffa_status ffa_client_get_status(const struct ffa_client *client)
{
	return client->blocking_request.outcome.status;
}

int32_t ffa_client_get_ffa_code(const struct ffa_client *client)
{
	return client->blocking_request.outcome.ffa_code;
}

const char *ffa_client_get_message(const struct ffa_client *client)
{
	return client->blocking_request.outcome.message;
}

const char *ffa_client_get_daemon_version(const struct ffa_client *client)
{
	return client->hello.daemon_version;
}

uint32_t ffa_client_get_max_in_flight(const struct ffa_client *client)
{
	return client->hello.max_in_flight;
}

bool ffa_client_is_admin(const struct ffa_client *client)
{
	return client->hello.admin;
}

const char *ffa_client_get_socket_path(const struct ffa_client *client)
{
	return client->config.socket_path;
}
