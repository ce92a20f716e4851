/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * One client connection. It belongs to one message thread at a time, which alone reads, executes and writes for it; when
 * that thread is stuck inside a call, the watchdog hands the session to another one.
 */
#pragma once

#include <event2/buffer.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

#include "account.h"
#include "daemon/core/call.h"
#include "daemon/policy/policy.h"
#include "peer.h"

#define SESSION_NAME_SIZE 64
#define SESSION_FDS_MAX 4 /* received and not yet claimed by a frame */

struct attachment;
struct session;
struct worker;

/* Something for a message thread to do, from another thread. */
struct post {
	STAILQ_ENTRY(post) link;
	/* Message thread; `session` belongs to `worker`. */
	void (*run)(struct worker *worker, struct post *post);
	struct session *session; /* one reference, dropped after run() */
};

STAILQ_HEAD(post_queue, post);

/* A direct message of a client. */
struct request {
	struct call call;
	struct post post;          /* brings the result home */
	struct session *session;   /* one reference from tracking on; dropped when the request is freed */
	TAILQ_ENTRY(request) link; /* in session->in_flight */
	bool tracked;              /* is in in_flight, and charged */
	uint64_t id;
	uint16_t method;
};

TAILQ_HEAD(request_list, request);

enum session_state {
	SESSION_NEW, /* Hello has not come */
	SESSION_OPEN,
	SESSION_DRAINING, /* no more input; closed when the last reply is out */
	SESSION_CLOSED,
	SESSION_STATE_COUNT,
};

struct session {
	_Atomic unsigned int refs;
	enum session_state state;
	int fd;          /* owned; -1 when closed */
	uint64_t number; /* for logs */
	struct peer peer;
	struct account *account;
	char name[SESSION_NAME_SIZE]; /* as the client calls itself; printable */

	pthread_mutex_t route_lock;    /* protects `worker` against posts from other threads */
	struct worker *worker;         /* NULL when closed */
	struct attachment *attachment; /* to the worker's event loop; the worker's */
	LIST_ENTRY(session) link;      /* worker->sessions */
	struct post adopt;             /* brings the session to its next worker */

	struct evbuffer *input;  /* bytes read and not yet executed; NULL while there are none */
	struct evbuffer *output; /* replies that the socket did not take; NULL while there are none */
	int fds[SESSION_FDS_MAX];
	unsigned int fd_count;
	bool resume; /* stopped for fairness, input is waiting */
	LIST_ENTRY(session) resume_link;
	uint64_t expires_ns; /* Hello or the rest of a frame must be here by then; 0: no such wait */

	struct request_list in_flight; /* in lanes, or inside a stuck thread */
	uint32_t in_flight_count;

	uint64_t grants_generation; /* of the view they were worked out from */
	uint8_t *grants;            /* policy verbs for each partition of the table; owned */
	uint8_t admin_grant;

	uint64_t watch_id;   /* request that subscribed to the partition table; 0: none */
	uint64_t watch_sent; /* table generation that the client was told of */
};

const char *session_state_name(enum session_state state);
/* The one place where the state changes. */
void session_set_state(struct session *session, enum session_state state);

/* Takes over fd and peer on success. One reference. NULL: no memory. */
struct session *session_new(int fd, struct peer *peer, struct account *account, uint64_t number);
struct session *session_ref(struct session *session);
struct session *session_unref(struct session *session); /* accepts NULL, returns NULL */

/* Queue `post` at the session's worker, any thread. Takes a reference to the session for it. False: the session is
 * closed, nothing was queued. */
bool session_post(struct session *session, struct post *post);

/* Remember a request whose call goes on without its thread. Takes a reference to the call; the account's in_flight has
 * been charged by the caller. */
void session_track(struct session *session, struct request *request);
/* Forget it: uncharges, drops the reference. */
void session_untrack(struct session *session, struct request *request);
struct request *session_find_request(struct session *session, uint64_t id);

/* One fd that came with the frame now being executed; -1: none is there. The caller's to close. */
int session_take_fd(struct session *session);
