/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A message thread: one CPU, one event loop, its share of the sessions. It reads a batch of frames, executes them in place and
 * writes the replies of the batch at once.
 */
#pragma once

#include <event2/event.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

#include "arena.h"
#include "batch.h"
#include "daemon/core/calls.h"
#include "session.h"

struct server;
struct view;

/* Where the thread is: low bits of `phase`, the rest counts calls. */
enum worker_phase {
	WORKER_OUTSIDE = 0,
	WORKER_INSIDE = 1,    /* in a call */
	WORKER_EVACUATED = 2, /* in a call for so long that its sessions have been taken away */
	WORKER_PHASE_MASK = 3,
};

struct worker {
	struct server *server;
	unsigned int index;
	bool spare; /* started in place of a stuck one; not pinned */
	pthread_t thread;
	struct event_base *base;
	struct event *wake, *tick, *resume;
	int wake_fd;
	uint64_t tick_ns; /* when the tick is due; 0: not armed */

	_Alignas(64) pthread_mutex_t inbox_lock;
	struct post_queue inbox;
	bool wake_sent;
	bool stop, ended;
	pthread_cond_t end; /* with inbox_lock: ended */

	_Alignas(64) _Atomic uint64_t phase;
	_Atomic uint16_t inside_partition; /* whose call it was in last */
	pthread_mutex_t evacuation_lock;   /* held while sessions are taken away */
	LIST_HEAD(, attachment) stale;     /* left behind by sessions that were */

	LIST_HEAD(session_list, session) sessions;
	_Atomic uint32_t session_count;
	LIST_HEAD(, session) resumable, resuming; /* stopped for fairness; whose turn it is */
	struct post_queue posts;                  /* from the inbox, being run */
	struct view *view;
	bool watches_behind; /* the view is newer than what watching sessions were told */
	struct calls_port port;
	struct request *spare_request; /* for the next call */
	struct arena arena;
	struct batch batch;
	uint8_t input[BATCH_INPUT_SIZE];
	uint8_t output[BATCH_OUTPUT_SIZE];
};

/* Start a thread. `cpu`: index of the CPU that its calls come from. NULL: no memory, no thread. */
struct worker *worker_new(struct server *server, unsigned int index, unsigned int cpu, bool spare);
/* Any thread: have it look at the newest view. */
void worker_wake(struct worker *worker);
/* Any thread: have it close its sessions and end. */
void worker_stop(struct worker *worker);
/* Is it inside a call? Any thread. */
bool worker_is_inside(struct worker *worker);
/* Wait for its end until the clock says `until_ns`; false: stuck inside a call. */
bool worker_join(struct worker *worker, uint64_t until_ns);
struct worker *worker_free(struct worker *worker); /* after worker_join(); returns NULL */

/* Queue; any thread. post->session is set or NULL. */
void worker_post(struct worker *worker, struct post *post);
/* Give a session without a worker to this one, any thread. */
void worker_adopt(struct worker *worker, struct session *session);

/*
 * Watchdog: if the thread is still in the call that `phase` was read in, take its sessions, posts and batch away. 1:
 * taken, all sessions are on `ret_sessions` with their remaining input and output; 0: it has come back.
 */
int worker_evacuate(struct worker *worker, uint64_t phase, struct session_list *ret_sessions,
		    struct post_queue *ret_posts);

/* The posts that have come since; for sessions that have been taken away. */
void worker_take_posts(struct worker *worker, struct post_queue *ret_posts);

/* ---- For the handlers: the session being served. ---- */

/* Have the thread look at deadlines at `at_ns`. */
void worker_tick_at(struct worker *worker, uint64_t at_ns);
/* See what has been published: before a batch is executed, so that nobody's old rights outlive a reload. */
void worker_refresh_view(struct worker *worker);
/* A request for the next call; NULL: no memory. Stays the worker's until worker_request_gone(). */
struct request *worker_request(struct worker *worker);
void worker_request_gone(struct worker *worker);
