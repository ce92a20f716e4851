/* SPDX-License-Identifier: BSD-3-Clause */
#include "session.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/log.h"
#include "worker.h"

static const char *const state_names[SESSION_STATE_COUNT] = {
	[SESSION_NEW] = "new",
	[SESSION_OPEN] = "open",
	[SESSION_DRAINING] = "draining",
	[SESSION_CLOSED] = "closed",
};

const char *session_state_name(enum session_state state)
{
	return state < SESSION_STATE_COUNT ? state_names[state] : "?";
}

void session_set_state(struct session *session, enum session_state state)
{
	log_debug("session %llu (%s): %s → %s", (unsigned long long)session->number, session->name,
		  session_state_name(session->state), session_state_name(state));
	session->state = state;
}

struct session *session_new(int fd, struct peer *peer, struct account *account, uint64_t number)
{
	struct session *session = calloc(1, sizeof(*session));

	if (!session)
		return NULL;
	atomic_init(&session->refs, 1);
	session->fd = fd;
	session->number = number;
	session->peer = *peer;
	*peer = (struct peer) { 0 };
	session->account = account;
	pthread_mutex_init(&session->route_lock, NULL);
	TAILQ_INIT(&session->in_flight);
	return session;
}

struct session *session_ref(struct session *session)
{
	atomic_fetch_add_explicit(&session->refs, 1, memory_order_relaxed);
	return session;
}

struct session *session_unref(struct session *session)
{
	if (!session || atomic_fetch_sub_explicit(&session->refs, 1, memory_order_acq_rel) != 1)
		return NULL;
	if (session->fd >= 0)
		close(session->fd);
	while (session->fd_count)
		close(session->fds[--session->fd_count]);
	if (session->input)
		evbuffer_free(session->input);
	if (session->output)
		evbuffer_free(session->output);
	peer_clear(&session->peer);
	account_put(session->account);
	pthread_mutex_destroy(&session->route_lock);
	free(session->grants);
	free(session);
	return NULL;
}

bool session_post(struct session *session, struct post *post)
{
	MUTEX_GUARD(&session->route_lock);
	if (!session->worker)
		return false;
	post->session = session_ref(session);
	worker_post(session->worker, post);
	return true;
}

void session_track(struct session *session, struct request *request)
{
	call_ref(&request->call);
	request->tracked = true;
	request->session = session_ref(session);
	TAILQ_INSERT_TAIL(&session->in_flight, request, link);
	session->in_flight_count++;
}

void session_untrack(struct session *session, struct request *request)
{
	TAILQ_REMOVE(&session->in_flight, request, link);
	request->tracked = false;
	session->in_flight_count--;
	account_uncharge(&session->account->in_flight);
	call_unref(&request->call);
}

struct request *session_find_request(struct session *session, uint64_t id)
{
	struct request *request;

	TAILQ_FOREACH (request, &session->in_flight, link)
		if (request->id == id)
			return request;
	return NULL;
}

int session_take_fd(struct session *session)
{
	int fd;

	if (session->fd_count == 0)
		return -1;
	fd = session->fds[0];
	session->fd_count--;
	memmove(session->fds, session->fds + 1, session->fd_count * sizeof(*session->fds));
	return fd;
}
