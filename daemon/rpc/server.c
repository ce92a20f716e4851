/* SPDX-License-Identifier: BSD-3-Clause */
#include "server.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "account.h"
#include "base/cleanup.h"
#include "base/log.h"
#include "daemon/core/clock.h"
#include "ffa.pb-c.h"
#include "peer.h"
#include "session.h"
#include "view.h"
#include "worker.h"

#define ACCEPTS_PER_WAKE 64
#define LISTEN_AGAIN_MS 100
#define WORKER_STOP_NS (500 * NSEC_PER_MSEC)
#define REFUSAL_SIZE 512

/* ---- The view ---- */

struct view *server_view(struct server *server, const struct view *current)
{
	if (current &&
	    current->generation == atomic_load_explicit(&server->view_generation, memory_order_acquire))
		return NULL;
	MUTEX_GUARD(&server->view_lock);
	return view_ref(server->view);
}

static void wake_workers(struct server *server)
{
	unsigned int count = server_worker_count(server);

	for (unsigned int i = 0; i < count; i++)
		worker_wake(server->workers[i]);
}

int server_publish(struct server *server)
{
	uint64_t generation = atomic_load_explicit(&server->view_generation, memory_order_relaxed) + 1;
	struct view *view = view_new(generation, server->broker->table, server->policy, &server->limits);
	struct view *old;

	if (!view)
		return -ENOMEM;
	pthread_mutex_lock(&server->view_lock);
	old = server->view;
	server->view = view;
	atomic_store_explicit(&server->view_generation, generation, memory_order_release);
	pthread_mutex_unlock(&server->view_lock);
	view_unref(old);
	atomic_store_explicit(&server->stall_ns, server->limits.stall_ms * NSEC_PER_MSEC,
			      memory_order_relaxed);
	wake_workers(server);
	return 0;
}

int server_reload(struct server *server, struct policy *policy, const struct limits *limits)
{
	struct policy *old_policy = server->policy;
	struct limits old_limits = server->limits;
	int r;

	server->policy = policy_ref(policy);
	server->limits = *limits;
	r = server_publish(server);
	if (r < 0) {
		policy_unref(server->policy);
		server->policy = old_policy;
		server->limits = old_limits;
		return r;
	}
	policy_unref(old_policy);
	return 0;
}

uint64_t server_stall_ns(const struct server *server)
{
	return atomic_load_explicit(&server->stall_ns, memory_order_relaxed);
}

/* ---- Message threads ---- */

unsigned int server_worker_count(struct server *server)
{
	return atomic_load_explicit(&server->worker_count, memory_order_acquire);
}

/* workers_lock is held. */
static struct worker *add_worker(struct server *server, unsigned int cpu, bool spare)
{
	unsigned int index = server_worker_count(server);
	struct worker *worker;

	if (index == server->workers_max)
		return NULL;
	worker = worker_new(server, index, cpu, spare);
	if (!worker)
		return NULL;
	server->workers[index] = worker;
	atomic_store_explicit(&server->worker_count, index + 1, memory_order_release);
	return worker;
}

struct worker *server_pick_worker(struct server *server, const struct worker *but)
{
	struct worker *best = NULL, *waiting = NULL;
	uint32_t best_count = UINT32_MAX;
	unsigned int count;

	MUTEX_GUARD(&server->workers_lock);
	count = server_worker_count(server);
	for (unsigned int i = 0; i < count; i++) {
		struct worker *worker = server->workers[i];
		uint64_t phase = atomic_load(&worker->phase);
		uint32_t sessions = atomic_load_explicit(&worker->session_count, memory_order_relaxed);

		if (worker == but || (phase & WORKER_PHASE_MASK) == WORKER_EVACUATED)
			continue;
		/* One that is inside a call now may be about to get stuck: better one that is not. */
		if (but && (phase & WORKER_PHASE_MASK) == WORKER_INSIDE) {
			waiting = worker;
			continue;
		}
		if (sessions < best_count) {
			best = worker;
			best_count = sessions;
		}
	}
	if (!best && !waiting)
		best = add_worker(server, but ? but->port.cpu : 0, true);
	return best ? best : waiting;
}

/* ---- Jobs of the control thread ---- */

void server_submit(struct server *server, struct job *job)
{
	static const uint64_t one = 1;

	pthread_mutex_lock(&server->jobs_lock);
	STAILQ_INSERT_TAIL(&server->jobs, job, link);
	pthread_mutex_unlock(&server->jobs_lock);
	if (write(server->jobs_fd, &one, sizeof(one)) < 0)
		log_debug("eventfd: %m");
}

static void on_jobs(evutil_socket_t fd, short what, void *arg)
{
	struct server *server = arg;
	struct job_queue jobs = STAILQ_HEAD_INITIALIZER(jobs);
	struct job *job;
	uint64_t count;

	if (read(fd, &count, sizeof(count)) < 0)
		log_debug("eventfd: %m");
	pthread_mutex_lock(&server->jobs_lock);
	STAILQ_CONCAT(&jobs, &server->jobs);
	pthread_mutex_unlock(&server->jobs_lock);
	while ((job = STAILQ_FIRST(&jobs))) {
		STAILQ_REMOVE_HEAD(&jobs, link);
		job_run(server, job);
	}
}

/* ---- Sessions ---- */

/* A connection that cannot be served gets a sentence, if its socket takes it, and is closed. Takes over the fd. */
static void refuse(int fd, const char *text)
{
	_cleanup_close_ int owned = fd;
	Ffa__V1__Notice notice = FFA__V1__NOTICE__INIT;
	Ffa__V1__Status status = FFA__V1__STATUS__INIT;
	uint8_t bytes[FFA_FRAME_HEADER_SIZE + REFUSAL_SIZE];
	struct ffa_frame frame = { .kind = FFA_FRAME_EVENT, .id = UINT64_MAX };

	status.code = FFA__V1__STATUS_CODE__STATUS_QUOTA;
	status.message = (char *)text;
	notice.status = &status;
	frame.length = (uint32_t)ffa__v1__notice__get_packed_size(&notice);
	if (frame.length > REFUSAL_SIZE)
		return;
	ffa_frame_encode(&frame, bytes);
	ffa__v1__notice__pack(&notice, bytes + FFA_FRAME_HEADER_SIZE);
	(void)send(owned, bytes, FFA_FRAME_HEADER_SIZE + frame.length, MSG_NOSIGNAL | MSG_DONTWAIT);
}

static void cleanup_peer(struct peer *peer)
{
	peer_clear(peer);
}

/* Takes over the fd. */
static void new_session(struct server *server, int accepted)
{
	static struct log_limit limit = LOG_LIMIT_INIT;
	_cleanup_close_ int fd = accepted;
	_cleanup_(cleanup_peer) struct peer peer = { 0 };
	struct account *account;
	struct session *session;
	struct worker *worker;
	int r;

	r = peer_read(fd, &peer);
	if (r < 0) {
		if (log_limit_pass(&limit))
			log_notice("a connection of unknown identity is refused: %s", strerror(-r));
		return;
	}
	account = account_get(peer.uid);
	if (!account)
		return;
	if (!account_charge(&server->session_count, server->limits.sessions)) {
		account_put(account);
		refuse(take_fd(&fd),
		       "ffad has all the sessions it may have (limit sessions): try again later");
		return;
	}
	if (!account_charge(&account->sessions, server->limits.sessions_per_user)) {
		account_uncharge(&server->session_count);
		account_put(account);
		refuse(take_fd(&fd), "this user has all the sessions it may have (limit sessions-per-user): "
				     "close some first");
		return;
	}
	worker = server_pick_worker(server, NULL);
	session = worker ? session_new(fd, &peer, account, ++server->next_number) : NULL;
	if (!session) {
		account_uncharge(&account->sessions);
		account_uncharge(&server->session_count);
		account_put(account);
		refuse(take_fd(&fd), "ffad has no thread or memory for another session: try again later");
		return;
	}
	(void)take_fd(&fd);
	log_debug("session %llu: uid %u, pid %d", (unsigned long long)session->number, session->peer.uid,
		  session->peer.pid);
	worker_adopt(worker, session);
}

void server_session_closed(struct server *server, struct session *session)
{
	account_uncharge(&session->account->sessions);
	account_uncharge(&server->session_count);
}

/* Out of descriptors: refuse one connection with the one in reserve, then leave the others in the backlog for a while. */
static void on_descriptors_gone(struct server *server, int listen_fd)
{
	static const struct timeval again = { .tv_usec = LISTEN_AGAIN_MS * 1000 };
	static struct log_limit limit = LOG_LIMIT_INIT;
	int fd;

	if (log_limit_pass(&limit))
		log_warning("out of file descriptors: new clients wait; raise LimitNOFILE= or lower the "
			    "limit sessions");
	if (server->reserve_fd >= 0)
		close(take_fd(&server->reserve_fd));
	fd = accept4(listen_fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
	if (fd >= 0)
		refuse(fd, "ffad is out of file descriptors: try again later");
	server->reserve_fd = open("/dev/null", O_RDONLY | O_CLOEXEC);
	for (size_t i = 0; i < server->listener_count; i++)
		event_del(server->listeners[i].event);
	event_add(server->listen_again, &again);
}

static void on_listen_again(evutil_socket_t fd, short what, void *arg)
{
	struct server *server = arg;

	for (size_t i = 0; i < server->listener_count; i++)
		event_add(server->listeners[i].event, NULL);
}

static void on_accept(evutil_socket_t listen_fd, short what, void *arg)
{
	struct listener *listener = arg;

	for (unsigned int i = 0; i < ACCEPTS_PER_WAKE; i++) {
		int fd = accept4(listen_fd, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);

		if (fd >= 0) {
			new_session(listener->server, fd);
			continue;
		}
		if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM)
			on_descriptors_gone(listener->server, listen_fd);
		else if (errno == ECONNABORTED || errno == EINTR)
			continue;
		else if (errno != EAGAIN)
			log_warning("accept: %m");
		return;
	}
}

int server_listen(struct server *server, int fd)
{
	struct listener *listener = &server->listeners[server->listener_count];

	if (server->listener_count == SERVER_LISTENERS_MAX)
		return -ENOSPC;
	if (fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK) < 0)
		return -errno;
	listener->event = event_new(server->base, fd, EV_READ | EV_PERSIST, on_accept, listener);
	if (!listener->event || event_add(listener->event, NULL) < 0)
		return -ENOMEM;
	listener->server = server;
	listener->fd = fd;
	server->listener_count++;
	return 0;
}

/* ---- Start and stop ---- */

int server_start(struct server *server, struct event_base *base, struct broker *broker, struct policy *policy,
		 const struct limits *limits)
{
	int r;

	*server = (struct server) {
		.base = base,
		.broker = broker,
		.policy = policy_ref(policy),
		.limits = *limits,
		.workers_max = broker->calls.cpus + limits->spare_workers,
		.rxtx_pages = broker->rxtx.state == RXTX_FREE ? (uint32_t)broker->rxtx.page_count : 0,
		.reserve_fd = open("/dev/null", O_RDONLY | O_CLOEXEC),
		.jobs_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK),
	};
	STAILQ_INIT(&server->jobs);
	pthread_mutex_init(&server->workers_lock, NULL);
	pthread_mutex_init(&server->view_lock, NULL);
	pthread_mutex_init(&server->jobs_lock, NULL);
	if (server->jobs_fd < 0)
		return -errno;
	server->jobs_event = event_new(base, server->jobs_fd, EV_READ | EV_PERSIST, on_jobs, server);
	server->listen_again = evtimer_new(base, on_listen_again, server);
	server->workers = calloc(server->workers_max, sizeof(*server->workers));
	if (!server->jobs_event || !server->listen_again || !server->workers ||
	    event_add(server->jobs_event, NULL) < 0)
		return -ENOMEM;
	r = server_publish(server);
	if (r == 0)
		r = watchdog_start(&server->watchdog, server, server->workers_max);
	for (unsigned int cpu = 0; r == 0 && cpu < broker->calls.cpus; cpu++) {
		MUTEX_GUARD(&server->workers_lock);
		if (!add_worker(server, cpu, false))
			r = -EAGAIN;
	}
	return r;
}

static bool stop_workers(struct server *server)
{
	unsigned int count = server_worker_count(server);
	uint64_t until = clock_now_ns() + WORKER_STOP_NS;
	bool all = true;

	for (unsigned int i = 0; i < count; i++)
		worker_stop(server->workers[i]);
	for (unsigned int i = 0; i < count; i++) {
		bool ended = worker_join(server->workers[i], until);

		/* Only a call that does not come back is a reason to leave a thread: the others are on their way. */
		while (!ended && !worker_is_inside(server->workers[i]))
			ended = worker_join(server->workers[i], clock_now_ns() + WORKER_STOP_NS);
		all = all && ended;
	}
	return all;
}

bool server_stop(struct server *server)
{
	unsigned int count = server_worker_count(server);
	struct job *job;

	for (size_t i = 0; i < server->listener_count; i++) {
		event_free(server->listeners[i].event);
		close(take_fd(&server->listeners[i].fd));
	}
	server->listener_count = 0;
	watchdog_stop(&server->watchdog);
	if (!stop_workers(server))
		return false;

	while ((job = STAILQ_FIRST(&server->jobs))) {
		STAILQ_REMOVE_HEAD(&server->jobs, link);
		job_free(job);
	}
	for (unsigned int i = 0; i < count; i++)
		server->workers[i] = worker_free(server->workers[i]);
	watchdog_deinit(&server->watchdog);
	free(take_ptr(server->workers));
	if (server->jobs_event)
		event_free(server->jobs_event);
	if (server->listen_again)
		event_free(server->listen_again);
	if (server->jobs_fd >= 0)
		close(take_fd(&server->jobs_fd));
	if (server->reserve_fd >= 0)
		close(take_fd(&server->reserve_fd));
	server->view = view_unref(server->view);
	server->policy = policy_unref(server->policy);
	pthread_mutex_destroy(&server->workers_lock);
	pthread_mutex_destroy(&server->view_lock);
	pthread_mutex_destroy(&server->jobs_lock);
	return true;
}
