/* SPDX-License-Identifier: BSD-3-Clause */
#include "request.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "abi/error.h"
#include "base/cleanup.h"
#include "base/log.h"
#include "daemon/core/clock.h"
#include "ffa.pb-c.h"
#include "job.h"
#include "query.h"
#include "reply.h"
#include "server.h"
#include "view.h"
#include "worker.h"

#define UUID_BYTES 16

/* ---- Who may ---- */

/* Work out what the client may do to each partition; once for each view. */
int request_update_grants(struct worker *worker, struct session *session)
{
	const struct view *view = worker->view;
	const struct policy_subject subject = {
		.uid = session->peer.uid,
		.gid = session->peer.gid,
		.groups = session->peer.groups,
		.group_count = session->peer.group_count,
	};
	uint8_t *grants;

	if (session->grants && session->grants_generation == view->generation)
		return 0;
	grants = reallocarray(session->grants, view->table->partition_count + 1, sizeof(*grants));
	if (!grants)
		return -ENOMEM;
	session->grants = grants;
	for (size_t i = 0; i < view->table->partition_count; i++) {
		const struct partition *partition = &view->table->partitions[i];
		const struct policy_object object = { .partition_id = partition->id,
						      .uuids = partition->uuids,
						      .uuid_count = partition->entry_count };

		grants[i] = (uint8_t)policy_verbs(view->policy, &subject, &object);
	}
	session->admin_grant = policy_allows(view->policy, &subject, POLICY_ADMIN, NULL);
	session->grants_generation = view->generation;
	return 0;
}

bool request_granted(const struct worker *worker, const struct session *session,
		     const struct partition *partition, enum policy_verb verb)
{
	return session->grants[partition - worker->view->table->partitions] & 1u << verb;
}

/* ---- Hello, ping, cancel ---- */

static void keep_name(struct session *session, const char *name)
{
	size_t i;

	for (i = 0; name[i] && i < SESSION_NAME_SIZE - 1; i++)
		session->name[i] = isprint((unsigned char)name[i]) ? name[i] : '?';
	session->name[i] = '\0';
}

static enum request_outcome do_hello(struct worker *worker, const struct ffa_frame *frame,
				     const ProtobufCMessage *message)
{
	const Ffa__V1__HelloRequest *hello = (const Ffa__V1__HelloRequest *)message;
	struct session *session = worker->batch.session;
	Ffa__V1__HelloResponse response = FFA__V1__HELLO_RESPONSE__INIT;

	if (hello->major != FFA_WIRE_MAJOR) {
		reply_error(worker, frame, FFA__V1__STATUS_CODE__STATUS_UNIMPLEMENTED, 0,
			    "this ffad speaks protocol %d.x, the client %u.x: update the older of the two",
			    FFA_WIRE_MAJOR, hello->major);
		return REQUEST_CLOSE;
	}
	keep_name(session, hello->client_name);
	if (session->state == SESSION_NEW) {
		session->expires_ns = 0;
		session_set_state(session, SESSION_OPEN);
	}
	response.major = FFA_WIRE_MAJOR;
	response.minor = FFA_WIRE_MINOR;
	response.daemon_version = (char *)FFAD_VERSION;
	response.max_in_flight = worker->view->limits.in_flight_per_session;
	response.admin = session->admin_grant;
	reply(worker, frame, &response.base);
	return REQUEST_DONE;
}

static enum request_outcome do_ping(struct worker *worker, const struct ffa_frame *frame,
				    const ProtobufCMessage *message)
{
	const Ffa__V1__PingRequest *ping = (const Ffa__V1__PingRequest *)message;
	Ffa__V1__PingResponse response = FFA__V1__PING_RESPONSE__INIT;

	if (ping->payload.len > REPLY_PING_MAX) {
		reply_error(worker, frame, FFA__V1__STATUS_CODE__STATUS_BAD_ARGUMENT, 0,
			    "a ping carries at most %d bytes, not %zu", REPLY_PING_MAX, ping->payload.len);
		return REQUEST_DONE;
	}
	response.payload = ping->payload;
	reply(worker, frame, &response.base);
	return REQUEST_DONE;
}

static enum request_outcome do_cancel(struct worker *worker, const struct ffa_frame *frame,
				      const ProtobufCMessage *message)
{
	const Ffa__V1__CancelRequest *cancel = (const Ffa__V1__CancelRequest *)message;
	struct session *session = worker->batch.session;
	struct request *request = session_find_request(session, cancel->request_id);
	Ffa__V1__CancelResponse response = FFA__V1__CANCEL_RESPONSE__INIT;

	if (!request) {
		reply_error(worker, frame, FFA__V1__STATUS_CODE__STATUS_GONE, 0,
			    "request %llu is not under way: it has been answered, or was never sent",
			    (unsigned long long)cancel->request_id);
		return REQUEST_DONE;
	}
	request_end(worker, session, request, REQUEST_END_CANCELLED);
	reply(worker, frame, &response.base);
	return REQUEST_DONE;
}

/* ---- Direct messages ---- */

/* The message in the core's form. Negative: answered with what is wrong. */
static int read_direct(struct worker *worker, const struct ffa_frame *frame,
		       const Ffa__V1__DirectRequest *direct, struct ffa_direct *ret_message)
{
	struct ffa_direct message = { .kind = FFA_DIRECT_KIND_COUNT };
	unsigned int most;

	switch (direct->kind) {
	case FFA__V1__DIRECT_KIND__DIRECT_KIND_32:
		message.kind = FFA_DIRECT_32;
		break;
	case FFA__V1__DIRECT_KIND__DIRECT_KIND_64:
		message.kind = FFA_DIRECT_64;
		break;
	case FFA__V1__DIRECT_KIND__DIRECT_KIND_REQ2:
		message.kind = FFA_DIRECT_REQ2;
		break;
	default:
		break;
	}
	if (message.kind == FFA_DIRECT_KIND_COUNT) {
		reply_error(worker, frame, FFA__V1__STATUS_CODE__STATUS_UNIMPLEMENTED, 0,
			    "this ffad does not know direct messages of kind %d: update ffad",
			    (int)direct->kind);
		return -EINVAL;
	}
	most = ffa_direct_args(message.kind);
	if (direct->partition > UINT16_MAX || direct->n_args > most) {
		reply_error(worker, frame, FFA__V1__STATUS_CODE__STATUS_BAD_ARGUMENT, 0,
			    direct->partition > UINT16_MAX
				    ? "a partition id has 16 bits"
				    : "this kind of direct message has %u arguments at most",
			    most);
		return -EINVAL;
	}
	if (direct->uuid.len && (direct->uuid.len != UUID_BYTES || message.kind != FFA_DIRECT_REQ2)) {
		reply_error(worker, frame, FFA__V1__STATUS_CODE__STATUS_BAD_ARGUMENT, 0,
			    message.kind == FFA_DIRECT_REQ2
				    ? "a UUID has 16 bytes, not %zu"
				    : "only a REQ2 message names a UUID (%zu bytes given)",
			    direct->uuid.len);
		return -EINVAL;
	}
	message.sender = worker->server->broker->endpoint.id;
	message.receiver = (uint16_t)direct->partition;
	if (direct->n_args)
		memcpy(message.args, direct->args, direct->n_args * sizeof(*direct->args));
	if (direct->uuid.len)
		memcpy(message.uuid.bytes, direct->uuid.data, UUID_BYTES);
	*ret_message = message;
	return 0;
}

/* A kernel driver uses the services that the message reaches, and no rule sets that aside: answered so. */
static bool is_claimed(struct worker *worker, const struct ffa_frame *frame,
		       const struct partition *partition, const struct ffa_uuid *uuid)
{
	const struct claim *claim = partition_claim(worker->view->table, partition, uuid);

	if (!claim || request_granted(worker, worker->batch.session, partition, POLICY_CLAIMED))
		return false;
	reply_error(
		worker, frame, FFA__V1__STATUS_CODE__STATUS_CLAIMED, 0,
		"partition 0x%04x is in use by the kernel driver %s: use that driver's own interface, unbind "
		"it and reload ffad, or let an administrator add a rule \"allow = claimed\", see "
		"ffad.conf(5)",
		partition->id, claim->driver);
	return true;
}

/* The partition, if the client may message it. NULL: answered why not. */
static const struct partition *find_allowed(struct worker *worker, const struct ffa_frame *frame, uint16_t id)
{
	struct session *session = worker->batch.session;
	const struct partition *partition = partition_table_find(worker->view->table, id);

	/* Who may not see a partition does not learn that it is there. */
	if (!partition || (!request_granted(worker, session, partition, POLICY_LIST) &&
			   !request_granted(worker, session, partition, POLICY_DIRECT))) {
		reply_error(
			worker, frame, FFA__V1__STATUS_CODE__STATUS_GONE, 0,
			"there is no partition 0x%04x: \"ffa-cli partition list\" shows those that are there",
			id);
		return NULL;
	}
	if (!request_granted(worker, session, partition, POLICY_DIRECT)) {
		reply_error(worker, frame, FFA__V1__STATUS_CODE__STATUS_DENIED_BY_POLICY, 0,
			    "user %u may not send direct messages to partition 0x%04x: an administrator can "
			    "add a rule "
			    "in /etc/ffad/ffad.conf.d, see ffad.conf(5)",
			    session->peer.uid, id);
		return NULL;
	}
	return partition;
}

/* A call has to wait: see whether the client may keep ffad busy with one more. Negative: answered. */
static int charge_waiting(struct worker *worker, const struct ffa_frame *frame)
{
	struct session *session = worker->batch.session;
	const struct limits *limits = &worker->view->limits;

	if (session->in_flight_count >= limits->in_flight_per_session) {
		reply_error(worker, frame, FFA__V1__STATUS_CODE__STATUS_QUOTA, 0,
			    "%u requests of this session are waiting (limit in-flight-per-session): read "
			    "replies first",
			    session->in_flight_count);
		return -EDQUOT;
	}
	if (!account_charge(&session->account->in_flight, limits->in_flight_per_user)) {
		reply_error(worker, frame, FFA__V1__STATUS_CODE__STATUS_QUOTA, 0,
			    "%u requests of user %u are waiting (limit in-flight-per-user): try again later",
			    limits->in_flight_per_user, session->peer.uid);
		return -EDQUOT;
	}
	return 0;
}

static void free_request(struct call *call)
{
	struct request *request = (struct request *)call; /* its first member */

	session_unref(request->session);
	free(request);
}

_Static_assert(offsetof(struct request, call) == 0, "a request is its call");

static void run_answer(struct worker *worker, struct post *post)
{
	struct request *request = (struct request *)((char *)post - offsetof(struct request, post));

	request_answer(worker, request);
}

void request_done(struct call *call)
{
	struct request *request = (struct request *)call;

	request->post.run = run_answer;
	if (!session_post(request->session, &request->post))
		call_unref(call);
}

/* The call goes on in a lane. */
static enum request_outcome send_to_lane(struct worker *worker, const struct ffa_frame *frame,
					 struct request *request)
{
	struct session *session = worker->batch.session;

	/* A call that has been issued must be seen to its end, so it is over any limit if need be: a partition has
	 * few contexts for it to be parked in. */
	if (request->call.state != CALL_NEW && request->call.state != CALL_REFUSED)
		atomic_fetch_add_explicit(&session->account->in_flight, 1, memory_order_relaxed);
	else if (charge_waiting(worker, frame) < 0)
		return REQUEST_DONE;
	if (session_find_request(session, request->id))
		log_debug("session %llu has two requests %llu under way", (unsigned long long)session->number,
			  (unsigned long long)request->id);
	session_track(session, request);
	worker_request_gone(worker);
	worker_tick_at(worker, request->call.deadline_ns);
	calls_submit(&worker->server->broker->calls, &request->call);
	return REQUEST_DONE;
}

static enum request_outcome do_direct(struct worker *worker, const struct ffa_frame *frame,
				      const ProtobufCMessage *message)
{
	const Ffa__V1__DirectRequest *direct = (const Ffa__V1__DirectRequest *)message;
	const struct partition *partition;
	struct ffa_direct request_message;
	struct request *request;
	uint64_t deadline_ms;

	if (read_direct(worker, frame, direct, &request_message) < 0)
		return REQUEST_DONE;
	partition = find_allowed(worker, frame, request_message.receiver);
	if (!partition || is_claimed(worker, frame, partition, &request_message.uuid))
		return REQUEST_DONE;
	request = worker_request(worker);
	if (!request) {
		reply_error(worker, frame, FFA__V1__STATUS_CODE__STATUS_UNAVAILABLE, 0,
			    "ffad is out of memory: try again later");
		return REQUEST_DONE;
	}
	if (call_init(&request->call, &request_message, partition->state) < 0) {
		reply_error(worker, frame, FFA__V1__STATUS_CODE__STATUS_BAD_ARGUMENT, 0,
			    "arguments of a 32-bit direct message have 32 bits: use kind 64 for larger ones");
		return REQUEST_DONE;
	}
	deadline_ms = direct->deadline_ms ? direct->deadline_ms : worker->view->limits.call_deadline_ms;
	request->call.deadline_ns = worker->port.now_ns + deadline_ms * NSEC_PER_MSEC;
	request->call.done = request_done;
	request->call.free = free_request;
	request->id = frame->id;
	request->method = frame->method;

	switch (calls_execute(&worker->server->broker->calls, &request->call, &worker->port)) {
	case CALLS_DONE:
		reply_call(worker, frame, &request->call);
		return REQUEST_DONE;
	case CALLS_TO_LANE:
		return send_to_lane(worker, frame, request);
	case CALLS_LEFT_BEHIND:
		break;
	}
	return REQUEST_TAKEN;
}

void request_answer(struct worker *worker, struct request *request)
{
	struct session *session = request->post.session;
	struct ffa_frame frame = { .method = request->method, .id = request->id };

	if (request->tracked) {
		session_untrack(session, request);
		if (session->state != SESSION_CLOSED) {
			batch_begin(worker, session);
			reply_call(worker, &frame, &request->call);
			batch_end(worker);
		}
	}
	call_unref(&request->call);
}

void request_end(struct worker *worker, struct session *session, struct request *request,
		 enum request_end why)
{
	struct ffa_frame frame = { .method = request->method, .id = request->id };
	int32_t last = atomic_load_explicit(&request->call.last_ffa_error, memory_order_relaxed);
	bool first = call_claim_answer(&request->call);

	if (!first && why != REQUEST_END_CLOSED)
		return; /* the result is on its way here */
	if (why == REQUEST_END_DEADLINE)
		reply_error(
			worker, &frame, FFA__V1__STATUS_CODE__STATUS_DEADLINE, last,
			last ? "partition 0x%04x stayed busy until the request's deadline: try again later, "
			       "or give it more time"
			     : "partition 0x%04x did not answer before the request's deadline; it may still "
			       "have "
			       "seen the request",
			request->call.receiver);
	else if (why == REQUEST_END_CANCELLED)
		reply_error(worker, &frame, FFA__V1__STATUS_CODE__STATUS_CANCELLED, 0,
			    "cancelled; partition 0x%04x may still have seen the request",
			    request->call.receiver);
	session_untrack(session, request);
}

/* ---- Dispatch ---- */

struct method {
	const ProtobufCMessageDescriptor *descriptor;
	enum request_outcome (*run)(struct worker *worker, const struct ffa_frame *frame,
				    const ProtobufCMessage *message);
};

static const struct method methods[] = {
	[FFA__V1__METHOD__METHOD_HELLO] = { &ffa__v1__hello_request__descriptor, do_hello },
	[FFA__V1__METHOD__METHOD_PING] = { &ffa__v1__ping_request__descriptor, do_ping },
	[FFA__V1__METHOD__METHOD_CANCEL] = { &ffa__v1__cancel_request__descriptor, do_cancel },
	[FFA__V1__METHOD__METHOD_INFO] = { &ffa__v1__info_request__descriptor, query_info },
	[FFA__V1__METHOD__METHOD_FEATURES] = { &ffa__v1__features_request__descriptor, query_features },
	[FFA__V1__METHOD__METHOD_PARTITION_LIST] = { &ffa__v1__partition_list_request__descriptor,
						     query_partitions },
	[FFA__V1__METHOD__METHOD_PARTITION_WATCH] = { &ffa__v1__partition_watch_request__descriptor,
						      query_watch },
	[FFA__V1__METHOD__METHOD_DIRECT] = { &ffa__v1__direct_request__descriptor, do_direct },
	[FFA__V1__METHOD__METHOD_SIM_LOAD] = { &ffa__v1__sim_load_request__descriptor, job_sim_load },
	[FFA__V1__METHOD__METHOD_LIMITS] = { &ffa__v1__limits_request__descriptor, query_limits },
};

#define METHOD_COUNT (sizeof(methods) / sizeof(*methods))

/* The file descriptors that a frame declares must have come, and only methods that want one may keep it. */
static void drop_fds(struct session *session, unsigned int left)
{
	while (session->fd_count > left)
		close(session_take_fd(session));
}

enum request_outcome request_execute(struct worker *worker, const struct ffa_frame *frame,
				     const uint8_t *body)
{
	struct session *session = worker->batch.session;
	const struct method *method;
	ProtobufCMessage *message;
	enum request_outcome outcome;
	unsigned int others; /* file descriptors, of later frames */

	if (session->state == SESSION_NEW && frame->method != FFA__V1__METHOD__METHOD_HELLO) {
		reply_error(worker, frame, FFA__V1__STATUS_CODE__STATUS_BAD_ARGUMENT, 0,
			    "the first request of a session is Hello: see docs/wire.md");
		return REQUEST_CLOSE;
	}
	if (frame->fds > session->fd_count) {
		reply_error(worker, frame, FFA__V1__STATUS_CODE__STATUS_BAD_ARGUMENT, 0,
			    "the frame declares a file descriptor that did not come with it");
		return REQUEST_CLOSE;
	}
	others = session->fd_count - frame->fds;
	if (frame->method >= METHOD_COUNT || !methods[frame->method].run) {
		drop_fds(session, others);
		reply_error(worker, frame, FFA__V1__STATUS_CODE__STATUS_UNIMPLEMENTED, 0,
			    "this ffad (%s) does not know request %u: update ffad", FFAD_VERSION,
			    frame->method);
		return REQUEST_DONE;
	}
	if (request_update_grants(worker, session) < 0) {
		reply_error(worker, frame, FFA__V1__STATUS_CODE__STATUS_UNAVAILABLE, 0,
			    "ffad is out of memory: try again later");
		return REQUEST_CLOSE;
	}
	method = &methods[frame->method];
	arena_reset(&worker->arena);
	message =
		protobuf_c_message_unpack(method->descriptor, &worker->arena.allocator, frame->length, body);
	if (!message) {
		reply_error(worker, frame, FFA__V1__STATUS_CODE__STATUS_BAD_ARGUMENT, 0,
			    "the body of request %u is no valid %s", frame->method, method->descriptor->name);
		return REQUEST_CLOSE;
	}
	outcome = method->run(worker, frame, message);
	if (outcome != REQUEST_TAKEN)
		drop_fds(session, others);
	return outcome;
}

void request_protocol_error(struct worker *worker, uint64_t id, int error)
{
	struct ffa_frame frame = { .id = id };

	reply_notice(worker, &frame, FFA__V1__STATUS_CODE__STATUS_BAD_ARGUMENT,
		     error == -EMSGSIZE ? "a request body has at most %d bytes"
					: "this is not the protocol of ffad (version %d.x): see docs/wire.md",
		     error == -EMSGSIZE ? FFA_FRAME_REQUEST_MAX : FFA_WIRE_MAJOR);
}
