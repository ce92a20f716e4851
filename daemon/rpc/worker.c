/* SPDX-License-Identifier: BSD-3-Clause */
#include "worker.h"

#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "daemon/core/clock.h"
#include "request.h"
#include "server.h"
#include "view.h"

#define WORKER_STACK_SIZE (256 * 1024)

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

	batch_begin(worker, session);
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
		batch_end(worker);
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
			batch_close(worker, session);
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

/* A session has come: from accept, or from a thread that is stuck. */
static void run_adopt(struct worker *worker, struct post *post)
{
	struct session *session = post->session;
	struct request *request;

	LIST_INSERT_HEAD(&worker->sessions, session, link);
	session->attachment = batch_attach(worker, session);
	if (!session->attachment) {
		log_error("no memory to serve a session; it is closed");
		batch_close(worker, session);
		return;
	}
	if (session->state == SESSION_NEW && session->expires_ns == 0)
		batch_expect_within(worker, session, worker->view->limits.hello_ms);
	else if (session->expires_ns)
		worker_tick_at(worker, session->expires_ns);
	TAILQ_FOREACH (request, &session->in_flight, link)
		worker_tick_at(worker, request->call.deadline_ns);
	batch_update_interest(session);
	if (!batch_output_waits(session))
		batch_serve(worker, session);
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

void worker_refresh_view(struct worker *worker)
{
	struct view *view = server_view(worker->server, worker->view);

	if (!view)
		return;
	view_unref(worker->view);
	worker->view = view;
	worker->watches_behind = true;
}

/* Tell of the newest table those who watch it. */
static void serve_watches(struct worker *worker)
{
	struct session *session, *next;

	if (!worker->watches_behind)
		return;
	worker->watches_behind = false;
	for (session = LIST_FIRST(&worker->sessions); session; session = next) {
		next = LIST_NEXT(session, link);
		if (!session->watch_id || batch_output_waits(session))
			continue;
		batch_begin(worker, session);
		request_watch_event(worker, session);
		batch_end(worker);
	}
}

static void stop_sessions(struct worker *worker)
{
	struct session *session;

	while ((session = LIST_FIRST(&worker->sessions)))
		batch_close(worker, session);
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
	worker_refresh_view(worker);
	serve_watches(worker);
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
		batch_detach(attachment);
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
	if (batch_keep_input(session, worker->input + batch->input_pos, batch->input_len - batch->input_pos) <
		    0 ||
	    (batch->output_len && batch_keep_output(worker, session, worker->output, batch->output_len) < 0))
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
	worker->resume = evtimer_new(worker->base, batch_on_resume, worker);
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

bool worker_is_inside(struct worker *worker)
{
	return (atomic_load(&worker->phase) & WORKER_PHASE_MASK) != WORKER_OUTSIDE;
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
