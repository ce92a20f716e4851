/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The client: its session, the requests under way, and the queue of what is to be delivered. Callbacks are
 * called from that queue only, so that blocking calls and the event loop can share one connection.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

#include "arena.h"
#include "channel.h"
#include "config.h"
#include "ffa-client.h"
#include "request.h"

/* A request's id: its slot, so that its answer finds it at once, below a number that is never used again. */
#define CLIENT_SLOT_BITS 24
#define CLIENT_SLOTS_MAX (1u << CLIENT_SLOT_BITS)
#define CLIENT_SLOT_NOBODY 0 /* for requests whose answer is not wanted */
#define CLIENT_SLOTS_FIRST 16

struct ffa_client {
	struct ffa_client_config config;
	struct channel channel;
	struct arena arena;
	struct request_hello hello; /* of the present or last session */

	struct ffa_request **slots; /* NULL: free; the requests are their owners' */
	size_t slot_count;
	uint64_t sequence;
	size_t waiting; /* requests pending or subscribed, blocking_request not counted */

	struct ffa_request blocking_request;
	struct ffa_partition_watch *watch; /* its owner's; NULL: none */

	TAILQ_HEAD(, ffa_request) ready;
	size_t ready_count;

	int loss;              /* why the session ended: -ECONNRESET, -EPROTO; 0: it did not */
	bool loss_reported;    /* a call has returned it */
	struct outcome notice; /* what ffad said about ending the session; result 0: nothing */
	unsigned int depth;    /* of dispatching: callbacks may dispatch and free */
	bool freed;            /* by a callback: goes when dispatching ends */
};

/* Give a request a slot. -ENOMEM. */
int client_attach(struct ffa_client *client, struct ffa_request *request);
/* Take slot and place in the queue away; the request no longer completes. */
void client_detach(struct ffa_request *request);

/* The request that waits for frames with this id; NULL: nobody, or nobody any more. */
struct ffa_request *client_find(const struct ffa_client *client, uint64_t id);
/* The only way to change a request's state. */
void client_set_request_state(struct ffa_client *client, struct ffa_request *request,
			      enum request_state state);
/* The outcome is there. */
void client_complete(struct ffa_client *client, struct ffa_request *request);
/* Have a request delivered by the next dispatch; nothing when that is so already. */
void client_queue_ready(struct ffa_request *request);

/*
 * Queue a request. fd: to send along, the channel's on success; -1: none. -ENOTCONN, -EBUSY, -EAGAIN,
 * -ENOMEM, -EMSGSIZE.
 */
int client_start(struct ffa_request *request, uint16_t method, const ProtobufCMessage *body, int fd);
/* Queue a request whose answer is not wanted. */
int client_post(struct ffa_client *client, uint16_t method, const ProtobufCMessage *body);

/* Around the start of a blocking request: make room for it, wait for its end. r: what the start returned. */
int client_begin(struct ffa_client *client);
int client_end(struct ffa_client *client, int r);
