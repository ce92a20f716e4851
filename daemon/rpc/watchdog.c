/* SPDX-License-Identifier: BSD-3-Clause */
#include "watchdog.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "daemon/core/clock.h"
#include "server.h"
#include "worker.h"

#define WATCHDOG_STACK_SIZE (128 * 1024)
#define QUIET_LOOKS_TO_SLEEP 50

static bool is_inside(uint64_t phase)
{
	return (phase & WORKER_PHASE_MASK) == WORKER_INSIDE;
}

/* Send the posts of sessions that have moved to where they are now. */
static void forward_posts(struct worker *target, struct post_queue *posts)
{
	struct post *post;

	while ((post = STAILQ_FIRST(posts))) {
		struct session *session = post->session;

		STAILQ_REMOVE_HEAD(posts, link);
		if (post == &session->adopt)
			worker_adopt(target, session); /* came while the thread was stuck */
		else if (!session_post(session, post))
			post->run(target, post); /* closed: only frees */
		session_unref(session);
	}
}

static void evacuate(struct watchdog *watchdog, struct worker *worker, uint64_t phase)
{
	struct worker *target = server_pick_worker(watchdog->server, worker);
	struct session_list sessions;
	struct post_queue posts;
	struct session *session;
	unsigned int count = 0;
	char id[8];

	if (!target) {
		static struct log_limit limit = LOG_LIMIT_INIT;

		if (log_limit_pass(&limit))
			log_error(
				"all message threads are inside calls that do not come back; raise the limit "
				"spare-workers, or stop the partitions that do this");
		return;
	}
	if (!worker_evacuate(worker, phase, &sessions, &posts))
		return;
	while ((session = LIST_FIRST(&sessions))) {
		LIST_REMOVE(session, link);
		worker_adopt(target, session);
		count++;
	}
	forward_posts(target, &posts);
	/* Those that came before the sessions had a new address. */
	worker_take_posts(worker, &posts);
	forward_posts(target, &posts);
	snprintf(id, sizeof(id), "0x%04x", worker->inside_partition);
	log_write_fields(
		LOG_WARNING, (const struct log_field[]) { { "FFA_PARTITION", id }, { NULL, NULL } },
		"message thread %u does not come back from partition %s; its %u sessions go to thread %u",
		worker->index, id, count, target->index);
}

/* One look at all workers; true when any of them has made a call since the last one. */
static bool look(struct watchdog *watchdog, uint64_t now_ns, uint64_t stall_ns)
{
	unsigned int count = server_worker_count(watchdog->server);
	bool busy = false;

	for (unsigned int i = 0; i < count; i++) {
		struct worker *worker = watchdog->server->workers[i];
		struct watchdog_sight *sight = &watchdog->sights[i];
		uint64_t phase = atomic_load(&worker->phase);

		if (phase != sight->phase) {
			*sight = (struct watchdog_sight) { .phase = phase, .since_ns = now_ns };
			busy = true;
		} else if (is_inside(phase)) {
			busy = true;
			if (now_ns - sight->since_ns >= stall_ns)
				evacuate(watchdog, worker, phase);
		}
	}
	return busy;
}

static void wait_ns(struct watchdog *watchdog, uint64_t ns)
{
	struct timespec ts = clock_timespec(clock_now_ns() + ns);

	if (!watchdog->stop)
		pthread_cond_timedwait(&watchdog->wake, &watchdog->lock, &ts);
}

/* Until a call is made. Who makes one sets its phase first and looks at `asleep` then; we do it the other way round. */
static void sleep_until_call(struct watchdog *watchdog)
{
	atomic_store(&watchdog->asleep, true);
	if (!look(watchdog, clock_now_ns(), UINT64_MAX))
		while (!watchdog->stop && atomic_load(&watchdog->asleep))
			pthread_cond_wait(&watchdog->wake, &watchdog->lock);
	atomic_store(&watchdog->asleep, false);
}

static void *watchdog_main(void *arg)
{
	struct watchdog *watchdog = arg;
	unsigned int quiet = 0;

	pthread_setname_np(pthread_self(), "ffad-watchdog");
	pthread_mutex_lock(&watchdog->lock);
	while (!watchdog->stop) {
		uint64_t stall_ns = server_stall_ns(watchdog->server);

		quiet = look(watchdog, clock_now_ns(), stall_ns) ? 0 : quiet + 1;
		if (quiet < QUIET_LOOKS_TO_SLEEP) {
			wait_ns(watchdog, stall_ns / 2);
			continue;
		}
		sleep_until_call(watchdog);
		quiet = 0;
	}
	pthread_mutex_unlock(&watchdog->lock);
	return NULL;
}

int watchdog_start(struct watchdog *watchdog, struct server *server, unsigned int workers_max)
{
	pthread_condattr_t condattr;
	pthread_attr_t attr;
	int r;

	*watchdog = (struct watchdog) { .server = server };
	watchdog->sights = calloc(workers_max, sizeof(*watchdog->sights));
	if (!watchdog->sights)
		return -ENOMEM;
	pthread_mutex_init(&watchdog->lock, NULL);
	pthread_condattr_init(&condattr);
	pthread_condattr_setclock(&condattr, CLOCK_MONOTONIC);
	pthread_cond_init(&watchdog->wake, &condattr);
	pthread_condattr_destroy(&condattr);
	pthread_attr_init(&attr);
	pthread_attr_setstacksize(&attr, WATCHDOG_STACK_SIZE);
	r = -pthread_create(&watchdog->thread, &attr, watchdog_main, watchdog);
	pthread_attr_destroy(&attr);
	watchdog->running = r == 0;
	return r;
}

void watchdog_stop(struct watchdog *watchdog)
{
	if (watchdog->running) {
		pthread_mutex_lock(&watchdog->lock);
		watchdog->stop = true;
		pthread_cond_signal(&watchdog->wake);
		pthread_mutex_unlock(&watchdog->lock);
		pthread_join(watchdog->thread, NULL);
		watchdog->running = false;
	}
}

void watchdog_deinit(struct watchdog *watchdog)
{
	if (!watchdog->sights)
		return;
	pthread_cond_destroy(&watchdog->wake);
	pthread_mutex_destroy(&watchdog->lock);
	free(watchdog->sights);
	*watchdog = (struct watchdog) { 0 };
}

void watchdog_wake(struct watchdog *watchdog)
{
	MUTEX_GUARD(&watchdog->lock);
	atomic_store(&watchdog->asleep, false);
	pthread_cond_signal(&watchdog->wake);
}
