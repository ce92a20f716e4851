/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/conformance/exchange.h"

#include <inttypes.h>

#define SEED_FACTOR UINT32_C(2654435761)

/* 64-bit arguments reach partitions of OP-TEE 4.10 as their low halves. */
static const struct expect truncated = EXPECT(0, 0, 0, 1);

struct ffa_direct exchange_request(enum ffa_direct_kind kind, uint16_t receiver, uint32_t seed)
{
	struct ffa_direct request = { .kind = kind, .receiver = receiver };

	for (unsigned int i = 0; i < ffa_direct_args(kind); i++) {
		request.args[i] = (uint32_t)((seed + i + 1) * SEED_FACTOR);
		if (kind != FFA_DIRECT_32)
			request.args[i] |= (uint64_t)~request.args[i] << 32;
	}
	/* Partitions whose first argument is a command echo what has command 0. */
	if (kind != FFA_DIRECT_REQ2)
		request.args[0] = 0;
	return request;
}

struct ffa_regs exchange_send(struct probe *probe, unsigned int cpu, const struct ffa_direct *request)
{
	struct ffa_regs call;

	if (ffa_direct_encode_req(request, &call) < 0)
		probe_fail(probe, "the request cannot be encoded");
	return probe_call(probe, cpu, &call);
}

bool exchange_echoed(struct probe *probe, const struct ffa_direct *request, const struct ffa_regs *reply)
{
	struct ffa_direct response;

	if (ffa_direct_decode_resp(reply, &response) < 0) {
		if (probe_is(reply, FFA_ERROR))
			return probe_success(probe, reply, "a direct request");
		return probe_fail(probe, "the reply %#x is no direct response", ffa_regs_w(reply, 0));
	}
	if (response.kind != request->kind)
		return probe_fail(probe, "the response is of another kind than the request");
	if (response.sender != request->receiver || response.receiver != request->sender)
		return probe_fail(probe, "the response is from %#x to %#x", response.sender,
				  response.receiver);
	if (response.flags != 0)
		return probe_fail(probe, "w2 of the response is %#x", response.flags);
	if (request->kind == FFA_DIRECT_REQ2 && (reply->x[2] != 0 || reply->x[3] != 0))
		return probe_fail(probe, "x2 or x3 of the response is not zero");
	for (unsigned int i = 0; i < ffa_direct_args(request->kind); i++) {
		uint64_t expected = request->args[i];

		if (probe_want(probe, &truncated))
			expected = (uint32_t)expected;
		if (response.args[i] != expected)
			return probe_fail(probe, "argument %u is %#" PRIx64 ", expected %#" PRIx64, i,
					  response.args[i], expected);
	}
	return true;
}

bool exchange_finish(struct probe *probe, unsigned int cpu, const struct ffa_direct *request,
		     struct ffa_regs reply, unsigned int *ret_interrupts, unsigned int *ret_yields)
{
	unsigned int interrupts = 0, yields = 0;

	while (probe_is(&reply, FFA_INTERRUPT) || probe_is(&reply, FFA_YIELD)) {
		uint32_t target = ffa_regs_w(&reply, 1);

		if (target >> 16 != request->receiver)
			return probe_fail(probe, "the reply is of partition %#x, the request was to %#x",
					  target >> 16, request->receiver);
		if (interrupts + yields == PROBE_ROUNDS_MAX)
			return probe_fail(probe, "no response after %u times FFA_RUN", PROBE_ROUNDS_MAX);
		if (probe_is(&reply, FFA_YIELD))
			yields++;
		else
			interrupts++;
		reply = CALL_ON(probe, cpu, FFA_RUN, target);
	}
	if (!exchange_echoed(probe, request, &reply))
		return false;
	if (ret_interrupts)
		*ret_interrupts = interrupts;
	if (ret_yields)
		*ret_yields = yields;
	return true;
}

bool exchange_echo(struct probe *probe, unsigned int cpu, const struct ffa_direct *request,
		   unsigned int *ret_interrupts, unsigned int *ret_yields)
{
	struct ffa_regs reply = exchange_send(probe, cpu, request);

	return exchange_finish(probe, cpu, request, reply, ret_interrupts, ret_yields);
}

bool exchange_block(struct probe *probe, unsigned int cpu, const struct ffa_direct *request,
		    struct ffa_regs *ret_yield)
{
	struct ffa_regs reply = exchange_send(probe, cpu, request);

	if (!probe_is(&reply, FFA_YIELD))
		return probe_fail(probe, "the reply %#x is no FFA_YIELD", ffa_regs_w(&reply, 0));
	if (ffa_regs_w(&reply, 1) >> 16 != request->receiver)
		return probe_fail(probe, "FFA_YIELD is of partition %#x, the request was to %#x",
				  ffa_regs_w(&reply, 1) >> 16, request->receiver);
	*ret_yield = reply;
	return true;
}
