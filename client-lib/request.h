/* SPDX-License-Identifier: BSD-3-Clause */
/* One call: from its start to the delivery of what it brought. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

#include "ffa-client.h"
#include "outcome.h"

enum request_state {
	REQUEST_IDLE,       /* never started */
	REQUEST_PENDING,    /* queued or sent, not answered */
	REQUEST_SUBSCRIBED, /* answered; events follow (watch only) */
	REQUEST_DONE,       /* the outcome is there */
};

#define REQUEST_DAEMON_VERSION_SIZE 64

/* What Hello brought. */
struct request_hello {
	uint32_t major, max_in_flight;
	bool admin;
	char daemon_version[REQUEST_DAEMON_VERSION_SIZE];
};

struct ffa_request {
	struct ffa_client *client; /* NULL: freed before the request */
	size_t slot;               /* in the client's table */
	uint64_t id;               /* of the last call */
	enum request_state state;
	bool queued; /* in the client's queue of what is to be delivered */
	TAILQ_ENTRY(ffa_request) ready;
	void (*deliver)(struct ffa_request *request); /* NULL: nobody is told (the blocking calls' request) */
	ffa_request_fn callback;
	void *userdata;

	uint16_t method;
	enum ffa_message_kind kind; /* of the direct message */
	struct outcome outcome;     /* valid in REQUEST_DONE */

	/* Results, by method; what has been taken is NULL. */
	struct ffa_info *info;
	struct ffa_feature_list *features;
	struct ffa_partition_list *partitions;
	struct ffa_limit_list *limits;
	uint16_t partition; /* of SimLoad */
	struct request_hello hello;
	uint64_t args[FFA_MESSAGE_REQ2_ARGS];
	size_t payload_size; /* of Ping, until it is back */
	uint8_t payload[FFA_PING_PAYLOAD_MAX];
};

/* Free what a call brought and nobody took. */
void request_drop_results(struct ffa_request *request);
/* Not to be started again yet: not answered, or not delivered. */
bool request_is_under_way(const struct ffa_request *request);
/* Frames for it are expected. */
static inline bool request_waits(const struct ffa_request *request)
{
	return request->state == REQUEST_PENDING || request->state == REQUEST_SUBSCRIBED;
}

/* Starts that only blocking calls use; results as those of the public ones. */
int request_start_hello(struct ffa_request *request, const char *client_name);
int request_start_sim_load(struct ffa_request *request, const char *file_name, const void *dtb, size_t size,
			   const char *behaviour);
