/* SPDX-License-Identifier: BSD-3-Clause */
#include "call.h"

#include <errno.h>

#include "abi/error.h"
#include "abi/fid.h"
#include "base/log.h"
#include "clock.h"

#define YIELD_DEFAULT_NS NSEC_PER_MSEC   /* a YIELD that names no time */
#define YIELD_MAX_NS (10 * NSEC_PER_SEC) /* a partition cannot park a call for longer without asking again */
#define BUSY_FIRST_US 50
#define BUSY_MAX_US 10000

static const char *const state_names[CALL_STATE_COUNT] = {
	[CALL_NEW] = "new",         [CALL_INSIDE] = "inside",   [CALL_INTERRUPTED] = "interrupted",
	[CALL_YIELDED] = "yielded", [CALL_REFUSED] = "refused", [CALL_FINISHED] = "finished",
};

const char *call_state_name(enum call_state state)
{
	return state < CALL_STATE_COUNT ? state_names[state] : "?";
}

static void set_state(struct call *call, enum call_state state)
{
	call->state = state;
}

int call_init(struct call *call, const struct ffa_direct *request, struct partition_state *partition)
{
	int r = ffa_direct_encode_req(request, &call->request);

	if (r < 0)
		return -EINVAL;
	call->kind = request->kind;
	call->sender = request->sender;
	call->receiver = request->receiver;
	call->partition = partition;
	call->result = 0;
	call->ffa_error = 0;
	set_state(call, CALL_NEW);
	call->context = NULL;
	call->backoff_us = 0;
	call->wake_ns = 0;
	atomic_store_explicit(&call->answered, false, memory_order_relaxed);
	atomic_store_explicit(&call->last_ffa_error, 0, memory_order_relaxed);
	atomic_store_explicit(&call->refs, 1, memory_order_relaxed);
	return 0;
}

struct call *call_ref(struct call *call)
{
	atomic_fetch_add_explicit(&call->refs, 1, memory_order_relaxed);
	return call;
}

struct call *call_unref(struct call *call)
{
	if (call && atomic_fetch_sub_explicit(&call->refs, 1, memory_order_acq_rel) == 1)
		call->free(call);
	return NULL;
}

bool call_claim_answer(struct call *call)
{
	return !atomic_exchange_explicit(&call->answered, true, memory_order_acq_rel);
}

void call_finish(struct call *call)
{
	set_state(call, CALL_FINISHED);
	if (call_claim_answer(call))
		call->done(call);
	else
		call_unref(call);
}

static void finish_with(struct call *call, int result, int32_t ffa_error)
{
	call->result = result;
	call->ffa_error = ffa_error;
	set_state(call, CALL_FINISHED);
}

/* The partition asks to be run again; -EBADMSG when it is not the partition that we called. */
static int take_target(struct call *call)
{
	uint32_t target = ffa_regs_w(&call->reply, 1);

	if (target >> 16 != call->receiver)
		return -EBADMSG;
	call->run_target = target;
	return 0;
}

static uint64_t yield_ns(const struct call *call)
{
	uint64_t ns = ffa_regs_w64(&call->reply, 2);

	if (ns == 0)
		return YIELD_DEFAULT_NS;
	return ns < YIELD_MAX_NS ? ns : YIELD_MAX_NS;
}

static void take_error(struct call *call, uint64_t now_ns)
{
	int32_t error = (int32_t)ffa_regs_w(&call->reply, 2);

	if (error == FFA_BUSY) {
		atomic_store_explicit(&call->last_ffa_error, error, memory_order_relaxed);
		call->backoff_us = call->backoff_us ? call->backoff_us * 2 : BUSY_FIRST_US;
		if (call->backoff_us > BUSY_MAX_US)
			call->backoff_us = BUSY_MAX_US;
		call->wake_ns = now_ns + call->backoff_us * NSEC_PER_USEC;
		set_state(call, CALL_REFUSED);
		return;
	}
	if (error >= 0)
		finish_with(call, -EBADMSG, 0);
	else
		finish_with(call, -EREMOTEIO, error);
}

void call_take_reply(struct call *call, uint64_t now_ns)
{
	switch (ffa_regs_w(&call->reply, 0)) {
	case FFA_MSG_SEND_DIRECT_RESP:
	case FFA_MSG_SEND_DIRECT_RESP_64:
	case FFA_MSG_SEND_DIRECT_RESP2:
		/* From the one we asked, to us, of the kind we sent. */
		if (ffa_direct_decode_resp(&call->reply, &call->message) < 0 ||
		    call->message.kind != call->kind || call->message.sender != call->receiver ||
		    call->message.receiver != call->sender)
			finish_with(call, -EBADMSG, 0);
		else
			finish_with(call, 0, 0);
		return;
	case FFA_INTERRUPT:
	case FFA_INTERRUPT_64:
		if (take_target(call) < 0) {
			finish_with(call, -EBADMSG, 0);
			return;
		}
		call->wake_ns = now_ns;
		set_state(call, CALL_INTERRUPTED);
		return;
	case FFA_YIELD:
	case FFA_YIELD_64:
		if (take_target(call) < 0) {
			finish_with(call, -EBADMSG, 0);
			return;
		}
		call->wake_ns = now_ns + yield_ns(call);
		set_state(call, CALL_YIELDED);
		return;
	case FFA_ERROR:
	case FFA_ERROR_64:
		take_error(call, now_ns);
		return;
	case UINT32_MAX: /* SMCCC: unknown function */
		finish_with(call, -EREMOTEIO, FFA_NOT_SUPPORTED);
		return;
	default:
		finish_with(call, -EBADMSG, 0);
		return;
	}
}
