/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A batch: what one session is served at a time. Read once, execute the frames that came, write their replies at once. All
 * of it happens on the session's message thread.
 */
#pragma once

#include <event2/event.h>
#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/queue.h>

#include "proto/frame.h"

struct request;
struct session;
struct worker;

#define BATCH_INPUT_SIZE (32 * 1024)
#define BATCH_OUTPUT_FLUSH (64 * 1024) /* replies are written at the latest when there are so many bytes */
#define BATCH_OUTPUT_SIZE (BATCH_OUTPUT_FLUSH + FFA_FRAME_HEADER_SIZE + FFA_FRAME_RESPONSE_MAX)

/* A session's place in an event loop. Stays with the loop when the session has moved on. */
struct attachment {
	struct session *session; /* NULL when it has moved on */
	struct event *read, *write;
	LIST_ENTRY(attachment) stale_link;
};

/* The session that is being served, and what has not gone back into it yet. */
struct batch {
	struct session *session;
	size_t input_pos, input_len; /* of worker->input: not executed yet */
	size_t output_len;           /* of worker->output: not written yet */
	struct request *request;     /* whose call is inside the firmware */
	bool broken;                 /* the socket took no more: close */
};

/* Serve what the session has kept: executes its input, tells of what it watches, writes. */
void batch_serve(struct worker *worker, struct session *session);

/* Begin and end serving a session for another reason; the end writes what was sent, and may close the session. */
void batch_begin(struct worker *worker, struct session *session);
void batch_end(struct worker *worker);
/* Append one frame to the batch's output. -EMSGSIZE: longer than FFA_FRAME_RESPONSE_MAX. Any other error: the session ends
 * with the batch. */
int batch_send(struct worker *worker, uint8_t kind, uint16_t method, uint64_t id,
	       const ProtobufCMessage *message);

/* Events for the session in the worker's loop; none is added yet. NULL: no memory. */
struct attachment *batch_attach(struct worker *worker, struct session *session);
void batch_detach(struct attachment *attachment); /* accepts NULL */
/* Wait for what the session can do now: reading, or writing what waits. */
void batch_update_interest(struct session *session);
/* End the session. */
void batch_close(struct worker *worker, struct session *session);
/* Event: those that stopped for others' sake have their turn. `arg` is the worker. */
void batch_on_resume(evutil_socket_t fd, short what, void *arg);

/* The client has `ms` milliseconds for what it owes. */
void batch_expect_within(struct worker *worker, struct session *session, uint32_t ms);
bool batch_output_waits(const struct session *session);
/* Put bytes that are not executed, or not written, back into the session. -ENOMEM; -ENOBUFS: over its limit. */
int batch_keep_input(struct session *session, const uint8_t *data, size_t size);
int batch_keep_output(struct worker *worker, struct session *session, const uint8_t *data, size_t size);
