/* SPDX-License-Identifier: BSD-3-Clause */
#include "batch.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "daemon/core/clock.h"
#include "request.h"
#include "server.h"
#include "session.h"
#include "view.h"
#include "worker.h"

#define BATCH_BUDGET_NS (500 * NSEC_PER_USEC) /* of one session, before others have a turn */

/* ---- Session: attach, close ---- */

void batch_detach(struct attachment *attachment)
{
	if (!attachment)
		return;
	event_free(attachment->read);
	event_free(attachment->write);
	free(attachment);
}

/* What a session that ends still has in lanes is of no use to it. */
static void end_requests(struct worker *worker, struct session *session)
{
	struct request *request;

	while ((request = TAILQ_FIRST(&session->in_flight)))
		request_end(worker, session, request, REQUEST_END_CLOSED);
}

void batch_close(struct worker *worker, struct session *session)
{
	if (session->state == SESSION_CLOSED)
		return;
	session_set_state(session, SESSION_CLOSED);
	end_requests(worker, session);
	if (session->resume) {
		session->resume = false;
		LIST_REMOVE(session, resume_link);
	}
	LIST_REMOVE(session, link);
	atomic_fetch_sub_explicit(&worker->session_count, 1, memory_order_relaxed);
	pthread_mutex_lock(&session->route_lock);
	session->worker = NULL;
	pthread_mutex_unlock(&session->route_lock);
	batch_detach(take_ptr(session->attachment));
	close(take_fd(&session->fd));
	server_session_closed(worker->server, session);
	session_unref(session);
}

/* ---- Output ---- */

bool batch_output_waits(const struct session *session)
{
	return session->output && evbuffer_get_length(session->output) > 0;
}

/* Reads only while replies flow: a client that does not read its replies gets no more requests in. */
void batch_update_interest(struct session *session)
{
	bool blocked = batch_output_waits(session);

	if (blocked) {
		event_del(session->attachment->read);
		event_add(session->attachment->write, NULL);
	} else {
		event_del(session->attachment->write);
		if (session->state != SESSION_DRAINING && !session->resume)
			event_add(session->attachment->read, NULL);
	}
}

int batch_keep_output(struct worker *worker, struct session *session, const uint8_t *data, size_t size)
{
	size_t limit = worker->view->limits.output_bytes_per_session;

	if (!session->output)
		session->output = evbuffer_new();
	if (!session->output || evbuffer_get_length(session->output) + size > limit ||
	    evbuffer_add(session->output, data, size) < 0)
		return -ENOBUFS;
	return 0;
}

/* The socket takes nothing now, but will again. */
static bool is_passing(int error)
{
	return error == EAGAIN || error == EINTR || error == ENOBUFS || error == ENOMEM;
}

static void log_slow_reader(const struct session *session)
{
	static struct log_limit limit = LOG_LIMIT_INIT;
	char uid[16];

	if (!log_limit_pass(&limit))
		return;
	snprintf(uid, sizeof(uid), "%u", session->peer.uid);
	log_write_fields(LOG_NOTICE,
			 (const struct log_field[]) {
				 { "FFA_CLIENT", session->name }, { "FFA_UID", uid }, { NULL, NULL } },
			 "session %llu (%s, uid %s) does not read its replies: closed",
			 (unsigned long long)session->number, session->name, uid);
}

/* Write the batch's output. Negative: the session is of no use any more. */
static int flush_batch(struct worker *worker)
{
	struct session *session = worker->batch.session;
	size_t size = worker->batch.output_len, sent = 0;
	int r;

	if (size == 0)
		return 0;
	worker->batch.output_len = 0;
	if (!batch_output_waits(session)) {
		ssize_t n = send(session->fd, worker->output, size, MSG_NOSIGNAL | MSG_DONTWAIT);

		if (n < 0 && !is_passing(errno))
			return -errno;
		sent = n > 0 ? (size_t)n : 0;
		if (sent == size)
			return 0;
	}
	r = batch_keep_output(worker, session, worker->output + sent, size - sent);
	if (r < 0) {
		log_slow_reader(session);
		return r;
	}
	batch_update_interest(session);
	return 0;
}

int batch_send(struct worker *worker, uint8_t kind, uint16_t method, uint64_t id,
	       const ProtobufCMessage *message)
{
	size_t size = protobuf_c_message_get_packed_size(message);
	struct ffa_frame frame = { .length = (uint32_t)size, .method = method, .kind = kind, .id = id };
	int r;

	if (size > FFA_FRAME_RESPONSE_MAX)
		return -EMSGSIZE;
	if (worker->batch.output_len >= BATCH_OUTPUT_FLUSH) {
		r = flush_batch(worker);
		if (r < 0) {
			worker->batch.broken = true;
			return r;
		}
	}
	ffa_frame_encode(&frame, worker->output + worker->batch.output_len);
	protobuf_c_message_pack(message, worker->output + worker->batch.output_len + FFA_FRAME_HEADER_SIZE);
	worker->batch.output_len += FFA_FRAME_HEADER_SIZE + size;
	return 0;
}

void batch_begin(struct worker *worker, struct session *session)
{
	worker->batch = (struct batch) { .session = session };
}

static bool drained(const struct session *session)
{
	return session->state == SESSION_DRAINING && session->in_flight_count == 0 &&
	       !batch_output_waits(session);
}

void batch_end(struct worker *worker)
{
	struct session *session = worker->batch.session;
	bool broken = flush_batch(worker) < 0 || worker->batch.broken;

	worker->batch.session = NULL;
	if (broken || drained(session))
		batch_close(worker, session);
}

static void on_writable(evutil_socket_t fd, short what, void *arg)
{
	struct attachment *attachment = arg;
	struct session *session = attachment->session;
	struct worker *worker = session->worker;

	if (evbuffer_write(session->output, fd) < 0 && !is_passing(errno)) {
		batch_close(worker, session);
		return;
	}
	if (batch_output_waits(session))
		return;
	evbuffer_free(session->output);
	session->output = NULL;
	if (drained(session)) {
		batch_close(worker, session);
		return;
	}
	batch_update_interest(session);
	/* What was read before the client fell behind, and what it has not been told meanwhile. */
	batch_serve(worker, session);
}

/* ---- Input ---- */

/* Put what is not executed back into the session. */
int batch_keep_input(struct session *session, const uint8_t *data, size_t size)
{
	if (size == 0)
		return 0;
	if (!session->input)
		session->input = evbuffer_new();
	return session->input && evbuffer_add(session->input, data, size) == 0 ? 0 : -ENOMEM;
}

/* File descriptors of one read. Negative: the session has to end. */
static int keep_fds(struct session *session, struct msghdr *message)
{
	int r = message->msg_flags & MSG_CTRUNC ? -EBADMSG : 0;

	for (struct cmsghdr *cmsg = CMSG_FIRSTHDR(message); cmsg; cmsg = CMSG_NXTHDR(message, cmsg)) {
		const int *fds = (const int *)CMSG_DATA(cmsg);
		size_t count = (cmsg->cmsg_len - CMSG_LEN(0)) / sizeof(int);

		if (cmsg->cmsg_level != SOL_SOCKET || cmsg->cmsg_type != SCM_RIGHTS)
			continue;
		for (size_t i = 0; i < count; i++) {
			if (r == 0 && session->fd_count < SESSION_FDS_MAX) {
				session->fds[session->fd_count++] = fds[i];
			} else {
				close(fds[i]);
				r = -EBADMSG;
			}
		}
	}
	return r;
}

/* One read into the worker's buffer, behind what was kept. Bytes that are there now, 0 at the end of the stream. */
static ssize_t read_input(struct worker *worker, struct session *session)
{
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE((SESSION_FDS_MAX + 1) * sizeof(int))];
	} control;
	size_t kept = session->input ? evbuffer_get_length(session->input) : 0;
	struct iovec iov;
	struct msghdr message = {
		.msg_iov = &iov, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof(control)
	};
	ssize_t n;

	/* Less than a frame is ever kept while reading is on, so there is room. */
	if (kept) {
		evbuffer_remove(session->input, worker->input, kept);
		evbuffer_free(session->input);
		session->input = NULL;
	}
	iov = (struct iovec) { .iov_base = worker->input + kept, .iov_len = BATCH_INPUT_SIZE - kept };
	n = recvmsg(session->fd, &message, MSG_CMSG_CLOEXEC | MSG_DONTWAIT);
	worker->batch.input_len = kept;
	if (n < 0)
		return errno == EAGAIN || errno == EINTR ? -EAGAIN : -errno;
	if (message.msg_controllen && keep_fds(session, &message) < 0)
		return -EBADMSG;
	worker->batch.input_len = kept + (size_t)n;
	return n;
}

/* Serve others first; the rest of the input waits for the next turn of the loop. */
static void resume_later(struct worker *worker, struct session *session)
{
	static const struct timeval at_once = { 0, 0 };

	if (session->resume)
		return;
	session->resume = true;
	LIST_INSERT_HEAD(&worker->resumable, session, resume_link);
	event_del(session->attachment->read);
	event_add(worker->resume, &at_once);
}

void batch_expect_within(struct worker *worker, struct session *session, uint32_t ms)
{
	session->expires_ns = worker->port.now_ns + ms * NSEC_PER_MSEC;
	worker_tick_at(worker, session->expires_ns);
}

/* Time limits for the client: the Hello, and the rest of a frame once it has begun. */
static void update_expiry(struct worker *worker, struct session *session, bool partial)
{
	if (session->state == SESSION_NEW)
		return; /* runs since connect */
	if (!partial)
		session->expires_ns = 0;
	else if (session->expires_ns == 0)
		batch_expect_within(worker, session, worker->view->limits.partial_frame_ms);
}

enum execute_end {
	EXECUTE_ALL,
	EXECUTE_PAUSED,
	EXECUTE_CLOSE,
	EXECUTE_TAKEN
};

/* Execute the frames in the worker's buffer. */
static enum execute_end execute(struct worker *worker, struct session *session)
{
	struct batch *batch = &worker->batch;
	uint64_t stop_ns = worker->port.now_ns + BATCH_BUDGET_NS;
	unsigned int fds = 0; /* that the frame which has begun may have brought */
	uint32_t frames = 0;

	while (batch->input_len - batch->input_pos >= FFA_FRAME_HEADER_SIZE) {
		const uint8_t *bytes = worker->input + batch->input_pos;
		struct ffa_frame frame;
		int r;

		r = ffa_frame_decode(bytes, 1u << FFA_FRAME_REQUEST, FFA_FRAME_REQUEST_MAX, &frame);
		if (r < 0) {
			request_protocol_error(worker, 0, r);
			return EXECUTE_CLOSE;
		}
		if (batch->input_len - batch->input_pos - FFA_FRAME_HEADER_SIZE < frame.length) {
			fds = frame.fds;
			break;
		}
		if (batch_output_waits(session) || frames == worker->view->limits.frames_per_wake ||
		    worker->port.now_ns > stop_ns)
			return EXECUTE_PAUSED;
		frames++;
		batch->input_pos += FFA_FRAME_HEADER_SIZE + frame.length;
		switch (request_execute(worker, &frame, bytes + FFA_FRAME_HEADER_SIZE)) {
		case REQUEST_DONE:
			break;
		case REQUEST_CLOSE:
			return EXECUTE_CLOSE;
		case REQUEST_TAKEN:
			return EXECUTE_TAKEN;
		}
	}
	if (batch->input_len > batch->input_pos &&
	    batch->input_len - batch->input_pos < FFA_FRAME_HEADER_SIZE)
		fds = FFA_FRAME_FDS_MAX;
	if (session->fd_count > fds) {
		request_protocol_error(worker, 0, -EBADMSG);
		return EXECUTE_CLOSE;
	}
	return EXECUTE_ALL;
}

/* The client does not keep to the protocol: nothing more is read, and it has so long to read what was wrong. */
static void begin_end(struct worker *worker, struct session *session)
{
	session_set_state(session, SESSION_DRAINING);
	event_del(session->attachment->read);
	end_requests(worker, session);
	batch_expect_within(worker, session, worker->view->limits.partial_frame_ms);
}

/* After a read or a pause: execute what is in the worker's buffer, then settle the session. */
static void execute_batch(struct worker *worker, struct session *session)
{
	struct batch *batch = &worker->batch;
	enum execute_end end;
	size_t left;

	worker_refresh_view(worker);
	end = execute(worker, session);
	if (end == EXECUTE_TAKEN)
		return;
	left = batch->input_len - batch->input_pos;
	if (end == EXECUTE_CLOSE) {
		begin_end(worker, session);
	} else if (batch_keep_input(session, worker->input + batch->input_pos, left) < 0) {
		batch_close(worker, session);
		return;
	} else {
		update_expiry(worker, session, end == EXECUTE_ALL && left > 0);
		if (end == EXECUTE_PAUSED && !batch_output_waits(session))
			resume_later(worker, session);
	}
	batch_end(worker);
}

void batch_serve(struct worker *worker, struct session *session)
{
	size_t kept = session->input ? evbuffer_get_length(session->input) : 0;

	batch_begin(worker, session);
	if (kept) {
		evbuffer_remove(session->input, worker->input, kept);
		evbuffer_free(session->input);
		session->input = NULL;
		worker->batch.input_len = kept;
	}
	if (session->watch_id)
		request_watch_event(worker, session);
	execute_batch(worker, session);
}

/* The client has shut its side. Gone altogether: close. Only its writing side: answer what is under way first. */
static void on_end_of_stream(struct worker *worker, struct session *session)
{
	struct pollfd poll_fd = { .fd = session->fd };

	if (poll(&poll_fd, 1, 0) < 0 || poll_fd.revents & (POLLHUP | POLLERR) ||
	    session->state == SESSION_NEW) {
		batch_close(worker, session);
		return;
	}
	session_set_state(session, SESSION_DRAINING);
	event_del(session->attachment->read);
	if (drained(session))
		batch_close(worker, session);
}

static void on_readable(evutil_socket_t fd, short what, void *arg)
{
	struct attachment *attachment = arg;
	struct session *session = attachment->session;
	struct worker *worker = session->worker;
	ssize_t n;

	worker->port.now_ns = clock_now_ns();
	batch_begin(worker, session);
	n = read_input(worker, session);
	if (n == -EAGAIN) {
		if (batch_keep_input(session, worker->input, worker->batch.input_len) < 0)
			batch_close(worker, session);
	} else if (n == -EBADMSG) {
		request_protocol_error(worker, 0, -EBADMSG);
		begin_end(worker, session);
		batch_end(worker);
	} else if (n < 0) {
		batch_close(worker, session);
	} else if (n == 0) {
		on_end_of_stream(worker, session);
	} else {
		execute_batch(worker, session);
	}
}

void batch_on_resume(evutil_socket_t fd, short what, void *arg)
{
	struct worker *worker = arg;
	struct session *session;

	/* Those that stop again have their next turn in the next round. */
	while ((session = LIST_FIRST(&worker->resumable))) {
		LIST_REMOVE(session, resume_link);
		LIST_INSERT_HEAD(&worker->resuming, session, resume_link);
	}
	while ((session = LIST_FIRST(&worker->resuming))) {
		LIST_REMOVE(session, resume_link);
		session->resume = false;
		worker->port.now_ns = clock_now_ns();
		batch_update_interest(session);
		batch_serve(worker, session);
	}
}

struct attachment *batch_attach(struct worker *worker, struct session *session)
{
	struct attachment *attachment = calloc(1, sizeof(*attachment));

	if (!attachment)
		return NULL;
	attachment->session = session;
	attachment->read =
		event_new(worker->base, session->fd, EV_READ | EV_PERSIST, on_readable, attachment);
	attachment->write =
		event_new(worker->base, session->fd, EV_WRITE | EV_PERSIST, on_writable, attachment);
	if (attachment->read && attachment->write)
		return attachment;
	if (attachment->read)
		event_free(attachment->read);
	if (attachment->write)
		event_free(attachment->write);
	free(attachment);
	return NULL;
}
