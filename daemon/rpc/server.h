/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The server: listening sockets, message threads, the published view, and the control thread's loop.
 */
#pragma once

#include <event2/event.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "daemon/core/broker.h"
#include "daemon/policy/limits.h"
#include "daemon/policy/policy.h"
#include "job.h"
#include "watchdog.h"

#define SERVER_LISTENERS_MAX 4

struct session;
struct view;
struct worker;

struct listener {
	struct server *server;
	int fd; /* owned */
	struct event *event;
};

struct server {
	struct event_base *base; /* the control thread's; the caller's */
	struct broker *broker;   /* the caller's */
	uint32_t rxtx_pages;

	struct worker **workers; /* first one for each CPU, then spare ones; only ever grows */
	_Atomic unsigned int worker_count;
	unsigned int workers_max;
	pthread_mutex_t workers_lock;
	struct watchdog watchdog;

	pthread_mutex_t view_lock;
	struct view *view;
	_Atomic uint64_t view_generation;
	struct policy *policy; /* one reference */
	struct limits limits;
	_Atomic uint64_t stall_ns;

	struct listener listeners[SERVER_LISTENERS_MAX];
	size_t listener_count;
	struct event *listen_again; /* after the descriptors ran out */
	int reserve_fd;             /* to accept and refuse politely then */
	_Atomic uint32_t session_count;
	uint64_t next_number;

	pthread_mutex_t jobs_lock;
	struct job_queue jobs;
	int jobs_fd;
	struct event *jobs_event;
};

/*
 * Start message threads for every CPU of the broker. Takes a reference to the policy. Control thread. -ENOMEM, -EAGAIN. On
 * failure server_stop() must still be called.
 */
int server_start(struct server *server, struct event_base *base, struct broker *broker, struct policy *policy,
		 const struct limits *limits);
/* Accept from a listening socket; takes over the fd. */
int server_listen(struct server *server, int fd);
/* Close all sessions and end the threads. False when one of them is inside a call: nothing may be freed then, and the
 * process should end at once. */
bool server_stop(struct server *server);

/* New policy and limits (limits that size threads keep their values until a restart). -ENOMEM: the old ones stay. */
int server_reload(struct server *server, struct policy *policy, const struct limits *limits);
/* Let all threads see the broker's newest partition table. Control thread. */
int server_publish(struct server *server);

/* ---- For the parts of the server; any thread. ---- */

/* The newest view, with a reference, unless it is `current`: NULL then. */
struct view *server_view(struct server *server, const struct view *current);
unsigned int server_worker_count(struct server *server);
/* Best worker for a session: few sessions, not inside a call for long; never `but`. Starts a spare one if need be. */
struct worker *server_pick_worker(struct server *server, const struct worker *but);
uint64_t server_stall_ns(const struct server *server);
/* Give a job to the control thread. */
void server_submit(struct server *server, struct job *job);
void server_session_closed(struct server *server, struct session *session);

/* A message thread is about to make a call. */
static inline void server_watch_call(struct server *server)
{
	if (atomic_load(&server->watchdog.asleep))
		watchdog_wake(&server->watchdog);
}
