/* SPDX-License-Identifier: BSD-3-Clause */
#include "worker.h"

#include <errno.h>
#include <poll.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "daemon/core/clock.h"
#include "request.h"
#include "server.h"
#include "view.h"

#define WORKER_STACK_SIZE (256 * 1024)
#define BATCH_BUDGET_NS (500 * NSEC_PER_USEC) /* of one session, before others have a turn */

static void process(struct worker *worker, struct session *session);

/* ---- Session: attach, close ---- */

static void detach(struct session *session)
{
	struct attachment *attachment = session->attachment;

	if (!attachment)
		return;
	session->attachment = NULL;
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

static void close_session(struct worker *worker, struct session *session)
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
	detach(session);
	close(take_fd(&session->fd));
	server_session_closed(worker->server, session);
	session_unref(session);
}

/* ---- Output ---- */

static bool output_waits(const struct session *session)
{
	return session->output && evbuffer_get_length(session->output) > 0;
}

/* Reads only while replies flow: a client that does not read its replies gets no more requests in. */
static void update_interest(struct session *session)
{
	bool blocked = output_waits(session);

	if (blocked) {
		event_del(session->attachment->read);
		event_add(session->attachment->write, NULL);
	} else {
		event_del(session->attachment->write);
		if (session->state != SESSION_DRAINING && !session->resume)
			event_add(session->attachment->read, NULL);
	}
}

static int keep_output(struct worker *worker, struct session *session, const uint8_t *data, size_t size)
{
	size_t limit = worker->view->limits.output_bytes_per_session;

	if (!session->output)
		session->output = evbuffer_new();
	if (!session->output || evbuffer_get_length(session->output) + size > limit ||
	    evbuffer_add(session->output, data, size) < 0)
		return -ENOBUFS;
	return 0;
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
	if (!output_waits(session)) {
		ssize_t n = send(session->fd, worker->output, size, MSG_NOSIGNAL | MSG_DONTWAIT);

		if (n < 0 && errno != EAGAIN && errno != EINTR)
			return -errno;
		sent = n > 0 ? (size_t)n : 0;
		if (sent == size)
			return 0;
	}
	r = keep_output(worker, session, worker->output + sent, size - sent);
	if (r < 0) {
		static struct log_limit limit = LOG_LIMIT_INIT;

		if (log_limit_pass(&limit))
			log_notice("session %llu (%s, uid %u) does not read its replies: closed",
				   (unsigned long long)session->number, session->name, session->peer.uid);
		return r;
	}
	update_interest(session);
	return 0;
}

int worker_send(struct worker *worker, uint8_t kind, uint16_t method, uint64_t id,
		const ProtobufCMessage *message)
{
	size_t size = protobuf_c_message_get_packed_size(message);
	struct ffa_frame frame = { .length = (uint32_t)size, .method = method, .kind = kind, .id = id };
	int r;

	if (size > FFA_FRAME_RESPONSE_MAX)
		return -EMSGSIZE;
	if (worker->batch.output_len >= WORKER_OUTPUT_FLUSH) {
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

void worker_begin(struct worker *worker, struct session *session)
{
	worker->batch = (struct batch) { .session = session };
}

static bool drained(const struct session *session)
{
	return session->state == SESSION_DRAINING && session->in_flight_count == 0 && !output_waits(session);
}

void worker_end(struct worker *worker)
{
	struct session *session = worker->batch.session;
	bool broken = flush_batch(worker) < 0 || worker->batch.broken;

	worker->batch.session = NULL;
	if (broken || drained(session))
		close_session(worker, session);
}

static void on_writable(evutil_socket_t fd, short what, void *arg)
{
	struct attachment *attachment = arg;
	struct session *session = attachment->session;
	struct worker *worker = session->worker;

	if (evbuffer_write(session->output, fd) < 0 && errno != EAGAIN && errno != EINTR) {
		close_session(worker, session);
		return;
	}
	if (output_waits(session))
		return;
	evbuffer_free(session->output);
	session->output = NULL;
	if (drained(session)) {
		close_session(worker, session);
		return;
	}
	update_interest(session);
	/* What was read before the client fell behind, and what it has not been told meanwhile. */
	process(worker, session);
}

/* ---- Input ---- */

/* Put what is not executed back into the session. */
static int keep_input(struct session *session, const uint8_t *data, size_t size)
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
	iov = (struct iovec) { .iov_base = worker->input + kept, .iov_len = WORKER_INPUT_SIZE - kept };
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

static void expect_within(struct worker *worker, struct session *session, uint32_t ms)
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
		expect_within(worker, session, worker->view->limits.partial_frame_ms);
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
		if (output_waits(session) || frames == worker->view->limits.frames_per_wake ||
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
	expect_within(worker, session, worker->view->limits.partial_frame_ms);
}

/* After a read or a pause: execute what is in the worker's buffer, then settle the session. */
static void execute_batch(struct worker *worker, struct session *session)
{
	struct batch *batch = &worker->batch;
	enum execute_end end = execute(worker, session);
	size_t left;

	if (end == EXECUTE_TAKEN)
		return;
	left = batch->input_len - batch->input_pos;
	if (end == EXECUTE_CLOSE) {
		begin_end(worker, session);
	} else if (keep_input(session, worker->input + batch->input_pos, left) < 0) {
		close_session(worker, session);
		return;
	} else {
		update_expiry(worker, session, end == EXECUTE_ALL && left > 0);
		if (end == EXECUTE_PAUSED && !output_waits(session))
			resume_later(worker, session);
	}
	worker_end(worker);
}

static void process(struct worker *worker, struct session *session)
{
	size_t kept = session->input ? evbuffer_get_length(session->input) : 0;

	worker_begin(worker, session);
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
		close_session(worker, session);
		return;
	}
	session_set_state(session, SESSION_DRAINING);
	event_del(session->attachment->read);
	if (drained(session))
		close_session(worker, session);
}

static void on_readable(evutil_socket_t fd, short what, void *arg)
{
	struct attachment *attachment = arg;
	struct session *session = attachment->session;
	struct worker *worker = session->worker;
	ssize_t n;

	worker->port.now_ns = clock_now_ns();
	worker_begin(worker, session);
	n = read_input(worker, session);
	if (n == -EAGAIN) {
		if (keep_input(session, worker->input, worker->batch.input_len) < 0)
			close_session(worker, session);
	} else if (n == -EBADMSG) {
		request_protocol_error(worker, 0, -EBADMSG);
		begin_end(worker, session);
		worker_end(worker);
	} else if (n < 0) {
		close_session(worker, session);
	} else if (n == 0) {
		on_end_of_stream(worker, session);
	} else {
		execute_batch(worker, session);
	}
}

static void on_resume(evutil_socket_t fd, short what, void *arg)
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
		update_interest(session);
		process(worker, session);
	}
}

/* ---- Deadlines ---- */

void worker_tick_at(struct worker *worker, uint64_t at_ns)
{
	uint64_t now_ns = worker->port.now_ns;
	uint64_t wait_us;
	struct timeval tv;

	if (worker->tick_ns && worker->tick_ns <= at_ns)
		return;
	worker->tick_ns = at_ns;
	wait_us = at_ns > now_ns ? (at_ns - now_ns + NSEC_PER_USEC - 1) / NSEC_PER_USEC : 0;
	tv = (struct timeval) { .tv_sec = (time_t)(wait_us / 1000000),
				.tv_usec = (suseconds_t)(wait_us % 1000000) };
	event_add(worker->tick, &tv);
}

/* End the requests whose time has come; the earliest of the others in *next_ns. */
static void expire_requests(struct worker *worker, struct session *session, uint64_t *next_ns)
{
	struct request *request, *next;
	bool any = false;

	worker_begin(worker, session);
	for (request = TAILQ_FIRST(&session->in_flight); request; request = next) {
		next = TAILQ_NEXT(request, link);
		if (request->call.deadline_ns <= worker->port.now_ns) {
			request_end(worker, session, request, REQUEST_END_DEADLINE);
			any = true;
		} else if (request->call.deadline_ns < *next_ns) {
			*next_ns = request->call.deadline_ns;
		}
	}
	if (any)
		worker_end(worker);
}

static void on_tick(evutil_socket_t fd, short what, void *arg)
{
	struct worker *worker = arg;
	struct session *session, *next;
	uint64_t next_ns = UINT64_MAX;

	worker->port.now_ns = clock_now_ns();
	worker->tick_ns = 0;
	for (session = LIST_FIRST(&worker->sessions); session; session = next) {
		next = LIST_NEXT(session, link);
		if (session->expires_ns && session->expires_ns <= worker->port.now_ns) {
			log_debug("session %llu: %s", (unsigned long long)session->number,
				  session->state == SESSION_NEW ? "no Hello in time"
								: "half a frame for too long");
			close_session(worker, session);
			continue;
		}
		if (session->expires_ns && session->expires_ns < next_ns)
			next_ns = session->expires_ns;
		if (session->in_flight_count)
			expire_requests(worker, session, &next_ns);
	}
	if (next_ns != UINT64_MAX)
		worker_tick_at(worker, next_ns);
}

/* ---- Inbox ---- */

void worker_post(struct worker *worker, struct post *post)
{
	bool wake;

	pthread_mutex_lock(&worker->inbox_lock);
	STAILQ_INSERT_TAIL(&worker->inbox, post, link);
	wake = !worker->wake_sent;
	worker->wake_sent = true;
	pthread_mutex_unlock(&worker->inbox_lock);
	if (wake)
		worker_wake(worker);
}

static struct attachment *attach(struct worker *worker, struct session *session)
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

/* A session has come: from accept, or from a thread that is stuck. */
static void run_adopt(struct worker *worker, struct post *post)
{
	struct session *session = post->session;
	struct request *request;

	LIST_INSERT_HEAD(&worker->sessions, session, link);
	session->attachment = attach(worker, session);
	if (!session->attachment) {
		log_error("no memory to serve a session; it is closed");
		close_session(worker, session);
		return;
	}
	if (session->state == SESSION_NEW && session->expires_ns == 0)
		expect_within(worker, session, worker->view->limits.hello_ms);
	else if (session->expires_ns)
		worker_tick_at(worker, session->expires_ns);
	TAILQ_FOREACH (request, &session->in_flight, link)
		worker_tick_at(worker, request->call.deadline_ns);
	update_interest(session);
	if (!output_waits(session))
		process(worker, session);
}

void worker_adopt(struct worker *worker, struct session *session)
{
	atomic_fetch_add_explicit(&worker->session_count, 1, memory_order_relaxed);
	/* Nobody's post may come before the session itself. */
	MUTEX_GUARD(&session->route_lock);
	session->worker = worker;
	session->adopt.run = run_adopt;
	session->adopt.session = session_ref(session);
	worker_post(worker, &session->adopt);
}

static void update_view(struct worker *worker)
{
	struct view *view = server_view(worker->server, worker->view);
	struct session *session, *next;

	if (!view)
		return;
	view_unref(worker->view);
	worker->view = view;
	for (session = LIST_FIRST(&worker->sessions); session; session = next) {
		next = LIST_NEXT(session, link);
		if (!session->watch_id || output_waits(session))
			continue;
		worker_begin(worker, session);
		request_watch_event(worker, session);
		worker_end(worker);
	}
}

static void stop_sessions(struct worker *worker)
{
	struct session *session;

	while ((session = LIST_FIRST(&worker->sessions)))
		close_session(worker, session);
	event_base_loopbreak(worker->base);
}

static void on_wake(evutil_socket_t fd, short what, void *arg)
{
	struct worker *worker = arg;
	struct post *post;
	uint64_t count;
	bool stop;

	if (read(fd, &count, sizeof(count)) < 0 && errno != EAGAIN)
		log_debug("eventfd: %m");
	pthread_mutex_lock(&worker->inbox_lock);
	STAILQ_CONCAT(&worker->posts, &worker->inbox);
	worker->wake_sent = false;
	stop = worker->stop;
	pthread_mutex_unlock(&worker->inbox_lock);

	worker->port.now_ns = clock_now_ns();
	update_view(worker);
	while ((post = STAILQ_FIRST(&worker->posts))) {
		struct session *session = post->session;

		STAILQ_REMOVE_HEAD(&worker->posts, link);
		post->run(worker, post);
		session_unref(session);
	}
	if (stop)
		stop_sessions(worker);
}

/* ---- In and out of a call ---- */

static void port_enter(void *ctx)
{
	struct worker *worker = ctx;
	uint64_t phase = atomic_load_explicit(&worker->phase, memory_order_relaxed);

	atomic_store_explicit(&worker->inside_partition, worker->batch.request->call.receiver,
			      memory_order_relaxed);
	atomic_store_explicit(&worker->phase, ((phase & ~(uint64_t)WORKER_PHASE_MASK) + 4) | WORKER_INSIDE,
			      memory_order_seq_cst);
	server_watch_call(worker->server);
}

/* Events that sessions left behind when they were taken away. */
static void drop_stale(struct worker *worker)
{
	struct attachment *attachment;

	while ((attachment = LIST_FIRST(&worker->stale))) {
		LIST_REMOVE(attachment, stale_link);
		event_free(attachment->read);
		event_free(attachment->write);
		free(attachment);
	}
}

static bool port_leave(void *ctx)
{
	struct worker *worker = ctx;
	uint64_t inside = atomic_load_explicit(&worker->phase, memory_order_relaxed);
	uint64_t outside;

	inside = (inside & ~(uint64_t)WORKER_PHASE_MASK) | WORKER_INSIDE;
	outside = inside & ~(uint64_t)WORKER_PHASE_MASK;
	if (atomic_compare_exchange_strong(&worker->phase, &inside, outside))
		return true;

	/* Evacuated: wait until that is complete, then begin with empty hands. */
	MUTEX_GUARD(&worker->evacuation_lock);
	drop_stale(worker);
	worker->batch = (struct batch) { 0 };
	event_del(worker->tick);
	worker->tick_ns = 0;
	atomic_store(&worker->phase, outside);
	log_info("message thread %u is back", worker->index);
	return false;
}

int worker_evacuate(struct worker *worker, uint64_t phase, struct session_list *ret_sessions,
		    struct post_queue *ret_posts)
{
	struct batch *batch = &worker->batch;
	struct session *session;

	MUTEX_GUARD(&worker->evacuation_lock);
	if (!atomic_compare_exchange_strong(&worker->phase, &phase,
					    (phase & ~(uint64_t)WORKER_PHASE_MASK) | WORKER_EVACUATED))
		return 0;
	/* From here on the thread touches nothing of this until it has had the lock. */
	session = batch->session;
	atomic_fetch_add_explicit(&session->account->in_flight, 1, memory_order_relaxed);
	session_track(session, batch->request);
	worker->spare_request = NULL;
	if (keep_input(session, worker->input + batch->input_pos, batch->input_len - batch->input_pos) < 0 ||
	    (batch->output_len && keep_output(worker, session, worker->output, batch->output_len) < 0))
		session_set_state(session, SESSION_DRAINING);

	LIST_INIT(ret_sessions);
	LIST_INIT(&worker->resumable);
	LIST_INIT(&worker->resuming);
	while ((session = LIST_FIRST(&worker->sessions))) {
		LIST_REMOVE(session, link);
		session->resume = false;
		session->attachment->session = NULL;
		LIST_INSERT_HEAD(&worker->stale, session->attachment, stale_link);
		session->attachment = NULL;
		LIST_INSERT_HEAD(ret_sessions, session, link);
	}
	atomic_store_explicit(&worker->session_count, 0, memory_order_relaxed);
	STAILQ_INIT(ret_posts);
	STAILQ_CONCAT(ret_posts, &worker->posts);
	return 1;
}

void worker_take_posts(struct worker *worker, struct post_queue *ret_posts)
{
	MUTEX_GUARD(&worker->inbox_lock);
	STAILQ_INIT(ret_posts);
	STAILQ_CONCAT(ret_posts, &worker->inbox);
}

struct request *worker_request(struct worker *worker)
{
	if (!worker->spare_request) {
		worker->spare_request = calloc(1, sizeof(*worker->spare_request));
		if (!worker->spare_request)
			return NULL;
	}
	worker->batch.request = worker->spare_request;
	return worker->spare_request;
}

void worker_request_gone(struct worker *worker)
{
	worker->spare_request = NULL;
	worker->batch.request = NULL;
}

/* ---- Thread ---- */

static void *worker_main(void *arg)
{
	struct worker *worker = arg;
	int cpu_id = worker->server->broker->calls.cpu_ids[worker->port.cpu];
	char name[16];
	cpu_set_t set;

	snprintf(name, sizeof(name), "ffad-msg/%u", worker->index);
	pthread_setname_np(pthread_self(), name);
	if (!worker->spare && cpu_id >= 0) {
		CPU_ZERO(&set);
		CPU_SET(cpu_id, &set);
		if (pthread_setaffinity_np(pthread_self(), sizeof(set), &set) != 0)
			log_warning("message thread %u cannot be pinned to CPU %d; multiprocessor partitions "
				    "may refuse it",
				    worker->index, cpu_id);
	}
	worker->port.now_ns = clock_now_ns();
	event_base_dispatch(worker->base);
	pthread_mutex_lock(&worker->inbox_lock);
	worker->ended = true;
	pthread_cond_signal(&worker->end);
	pthread_mutex_unlock(&worker->inbox_lock);
	return NULL;
}

static int make_loop(struct worker *worker)
{
	struct event_config *config = event_config_new();

	if (!config)
		return -ENOMEM;
	/* Only its own thread touches the loop. */
	event_config_set_flag(config, EVENT_BASE_FLAG_NOLOCK);
	worker->base = event_base_new_with_config(config);
	event_config_free(config);
	if (!worker->base)
		return -ENOMEM;
	worker->wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (worker->wake_fd < 0)
		return -errno;
	worker->wake = event_new(worker->base, worker->wake_fd, EV_READ | EV_PERSIST, on_wake, worker);
	worker->tick = evtimer_new(worker->base, on_tick, worker);
	worker->resume = evtimer_new(worker->base, on_resume, worker);
	if (!worker->wake || !worker->tick || !worker->resume || event_add(worker->wake, NULL) < 0)
		return -ENOMEM;
	return 0;
}

static void unmake(struct worker *worker)
{
	drop_stale(worker);
	if (worker->wake)
		event_free(worker->wake);
	if (worker->tick)
		event_free(worker->tick);
	if (worker->resume)
		event_free(worker->resume);
	if (worker->base)
		event_base_free(worker->base);
	if (worker->wake_fd >= 0)
		close(worker->wake_fd);
	pthread_cond_destroy(&worker->end);
	pthread_mutex_destroy(&worker->inbox_lock);
	pthread_mutex_destroy(&worker->evacuation_lock);
	view_unref(worker->view);
	free(worker->spare_request);
	free(worker);
}

struct worker *worker_new(struct server *server, unsigned int index, unsigned int cpu, bool spare)
{
	struct worker *worker = aligned_alloc(_Alignof(struct worker), sizeof(*worker));
	pthread_condattr_t condattr;
	pthread_attr_t attr;
	int r;

	if (!worker)
		return NULL;
	/* The buffers at the end are left alone: their pages are touched when they are used. */
	memset(worker, 0, offsetof(struct worker, input));
	worker->server = server;
	worker->index = index;
	worker->spare = spare;
	worker->wake_fd = -1;
	STAILQ_INIT(&worker->inbox);
	STAILQ_INIT(&worker->posts);
	LIST_INIT(&worker->sessions);
	LIST_INIT(&worker->resumable);
	LIST_INIT(&worker->resuming);
	LIST_INIT(&worker->stale);
	pthread_mutex_init(&worker->inbox_lock, NULL);
	pthread_mutex_init(&worker->evacuation_lock, NULL);
	pthread_condattr_init(&condattr);
	pthread_condattr_setclock(&condattr, CLOCK_MONOTONIC);
	pthread_cond_init(&worker->end, &condattr);
	pthread_condattr_destroy(&condattr);
	arena_init(&worker->arena);
	worker->port =
		(struct calls_port) { .cpu = cpu, .ctx = worker, .enter = port_enter, .leave = port_leave };
	worker->view = server_view(server, NULL);
	r = make_loop(worker);
	if (r == 0) {
		pthread_attr_init(&attr);
		pthread_attr_setstacksize(&attr, WORKER_STACK_SIZE);
		r = -pthread_create(&worker->thread, &attr, worker_main, worker);
		pthread_attr_destroy(&attr);
	}
	if (r < 0) {
		log_error("a message thread cannot be started: %s", strerror(-r));
		unmake(worker);
		return NULL;
	}
	return worker;
}

void worker_wake(struct worker *worker)
{
	static const uint64_t one = 1;

	if (write(worker->wake_fd, &one, sizeof(one)) < 0)
		log_debug("eventfd: %m");
}

void worker_stop(struct worker *worker)
{
	pthread_mutex_lock(&worker->inbox_lock);
	worker->stop = true;
	pthread_mutex_unlock(&worker->inbox_lock);
	worker_wake(worker);
}

bool worker_join(struct worker *worker, uint64_t until_ns)
{
	struct timespec ts = clock_timespec(until_ns);
	bool ended;

	pthread_mutex_lock(&worker->inbox_lock);
	while (!worker->ended && pthread_cond_timedwait(&worker->end, &worker->inbox_lock, &ts) == 0)
		;
	ended = worker->ended;
	pthread_mutex_unlock(&worker->inbox_lock);
	return ended && pthread_join(worker->thread, NULL) == 0;
}

struct worker *worker_free(struct worker *worker)
{
	struct post *post;

	while ((post = STAILQ_FIRST(&worker->inbox))) {
		struct session *session = post->session;

		STAILQ_REMOVE_HEAD(&worker->inbox, link);
		post->run(worker, post); /* the session is closed: only frees */
		session_unref(session);
	}
	unmake(worker);
	return NULL;
}
