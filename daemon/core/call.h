/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * One direct message on its way: the request frame, and in the end the reply or the reason why there is none.
 *
 * A call has an executor (the message thread that issues it, or a lane) and, once it does not finish at
 * once, an owner that waits for it. Each holds a reference. Whoever sets `answered` first speaks to the
 * client: the executor with the result, or the owner because of deadline, cancel or disconnect.
 */
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>

#include "abi/direct.h"
#include "abi/regs.h"

struct partition_context;
struct partition_state;

enum call_state {
	CALL_NEW,         /* not issued */
	CALL_INSIDE,      /* issued, the CPU has not come back */
	CALL_INTERRUPTED, /* came back by FFA_INTERRUPT; FFA_RUN as soon as others have been served */
	CALL_YIELDED,     /* came back by FFA_YIELD; FFA_RUN when its time has come */
	CALL_REFUSED,     /* the firmware said BUSY; the request is issued again later */
	CALL_FINISHED,
	CALL_STATE_COUNT,
};

struct call {
	struct ffa_regs request;
	struct ffa_regs reply;     /* valid when result is 0 or -EREMOTEIO */
	struct ffa_direct message; /* decoded reply when result is 0 */
	enum ffa_direct_kind kind;
	uint16_t sender, receiver;
	struct partition_state *partition;
	uint64_t deadline_ns; /* the owner's business; a lane only reads it */

	/* Result: 0; -EREMOTEIO with ffa_error; -EBADMSG: a reply that is none; -ESHUTDOWN; the conduit's errno. */
	int result;
	int32_t ffa_error;

	/* The executor's. */
	enum call_state state;
	unsigned int cpu;
	struct partition_context *context; /* held while inside or parked */
	uint32_t run_target;
	uint32_t backoff_us;
	uint64_t wake_ns;
	TAILQ_ENTRY(call) lane_link;

	_Atomic bool answered;
	_Atomic int32_t last_ffa_error; /* BUSY while it is being retried, for the deadline's answer */
	_Atomic unsigned int refs;
	void (*done)(struct call *call); /* executor's thread; takes over the executor's reference */
	void (*free)(struct call *call);
};

const char *call_state_name(enum call_state state);

/* Set up for a request in host form. -EINVAL when it cannot be encoded. One reference: the executor's. */
int call_init(struct call *call, const struct ffa_direct *request, struct partition_state *partition);
struct call *call_ref(struct call *call);
struct call *call_unref(struct call *call); /* accepts NULL, returns NULL */
/* The right to answer the client; true for exactly one asker. */
bool call_claim_answer(struct call *call);
/* Executor: the result stands. Hands the executor's reference over or drops it. */
void call_finish(struct call *call);

/* What the reply frame means: sets state, and result when it is FINISHED. `now_ns` is for wake times. */
void call_take_reply(struct call *call, uint64_t now_ns);
