/* SPDX-License-Identifier: BSD-3-Clause */
/* From a frame to its answer: decode, authorise, execute, reply. One handler for each method. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "proto/frame.h"
#include "session.h"

struct partition;
struct worker;

enum request_outcome {
	REQUEST_DONE,  /* go on with the next frame */
	REQUEST_CLOSE, /* answered, and the session has to end */
	REQUEST_TAKEN, /* the session was moved away meanwhile: touch nothing */
};

/* Work out what the client may do to each partition, if the view is new. -ENOMEM. */
int request_update_grants(struct worker *worker, struct session *session);
/* May the client of an up-to-date session do that to the partition? */
bool request_granted(const struct worker *worker, const struct session *session,
		     const struct partition *partition, enum policy_verb verb);

/* Execute one frame of the worker's batch session. */
enum request_outcome request_execute(struct worker *worker, const struct ffa_frame *frame,
				     const uint8_t *body);

/* The result of a call that did not finish in place; `request` is tracked. Frees it. */
void request_answer(struct worker *worker, struct request *request);
/* The owner answers instead of the partition, if it is first. */
enum request_end {
	REQUEST_END_DEADLINE,
	REQUEST_END_CANCELLED,
	REQUEST_END_CLOSED
};
void request_end(struct worker *worker, struct session *session, struct request *request,
		 enum request_end why);

/* A frame that is not the protocol: say so; the session ends. */
void request_protocol_error(struct worker *worker, uint64_t id, int error);
/* Tell a session that watches of the present table, unless it knows. */
void request_watch_event(struct worker *worker, struct session *session);

/* An executor is done with a call (call->done). */
void request_done(struct call *call);
