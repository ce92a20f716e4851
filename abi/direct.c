/* SPDX-License-Identifier: BSD-3-Clause */
#include "direct.h"

#include <stddef.h>

#include "fid.h"
#include "linux_errno.h"

static const struct {
	uint32_t req, resp;
	unsigned int first, args;
} kinds[FFA_DIRECT_KIND_COUNT] = {
	[FFA_DIRECT_32] = { FFA_MSG_SEND_DIRECT_REQ, FFA_MSG_SEND_DIRECT_RESP, 3, FFA_DIRECT_ARGS },
	[FFA_DIRECT_64] = { FFA_MSG_SEND_DIRECT_REQ_64, FFA_MSG_SEND_DIRECT_RESP_64, 3, FFA_DIRECT_ARGS },
	[FFA_DIRECT_REQ2] = { FFA_MSG_SEND_DIRECT_REQ2, FFA_MSG_SEND_DIRECT_RESP2, 4, FFA_DIRECT_REQ2_ARGS },
};

unsigned int ffa_direct_args(enum ffa_direct_kind kind)
{
	return (unsigned int)kind < FFA_DIRECT_KIND_COUNT ? kinds[kind].args : 0;
}

static int encode(const struct ffa_direct *msg, bool request, struct ffa_regs *ret_regs)
{
	struct ffa_regs regs = { { 0 } };

	if ((unsigned int)msg->kind >= FFA_DIRECT_KIND_COUNT)
		return -LINUX_EINVAL;
	regs.x[0] = request ? kinds[msg->kind].req : kinds[msg->kind].resp;
	regs.x[1] = ffa_src_dst(msg->sender, msg->receiver);
	if (msg->kind != FFA_DIRECT_REQ2)
		regs.x[2] = msg->flags;
	else if (request)
		ffa_uuid_to_u64(&msg->uuid, &regs.x[2], &regs.x[3]);
	for (unsigned int i = 0; i < kinds[msg->kind].args; i++) {
		if (msg->kind == FFA_DIRECT_32 && msg->args[i] > UINT32_MAX)
			return -LINUX_EINVAL;
		regs.x[kinds[msg->kind].first + i] = msg->args[i];
	}
	*ret_regs = regs;
	return 0;
}

static int decode(const struct ffa_regs *regs, bool request, struct ffa_direct *ret_msg)
{
	uint32_t fid = ffa_regs_w(regs, 0), src_dst = ffa_regs_w(regs, 1);
	struct ffa_direct msg = { .sender = (uint16_t)(src_dst >> 16), .receiver = (uint16_t)src_dst };
	unsigned int kind;

	for (kind = 0; kind < FFA_DIRECT_KIND_COUNT; kind++)
		if (fid == (request ? kinds[kind].req : kinds[kind].resp))
			break;
	if (kind == FFA_DIRECT_KIND_COUNT)
		return -LINUX_ENOMSG;
	msg.kind = (enum ffa_direct_kind)kind;
	if (msg.kind != FFA_DIRECT_REQ2)
		msg.flags = ffa_regs_w(regs, 2);
	else if (request)
		msg.uuid = ffa_uuid_from_u64(regs->x[2], regs->x[3]);
	for (unsigned int i = 0; i < kinds[kind].args; i++) {
		unsigned int n = kinds[kind].first + i;

		msg.args[i] = msg.kind == FFA_DIRECT_32 ? ffa_regs_w(regs, n) : regs->x[n];
	}
	*ret_msg = msg;
	return 0;
}

int ffa_direct_encode_req(const struct ffa_direct *msg, struct ffa_regs *ret_regs)
{
	return encode(msg, true, ret_regs);
}

int ffa_direct_encode_resp(const struct ffa_direct *msg, struct ffa_regs *ret_regs)
{
	return encode(msg, false, ret_regs);
}

int ffa_direct_decode_req(const struct ffa_regs *regs, struct ffa_direct *ret_msg)
{
	return decode(regs, true, ret_msg);
}

int ffa_direct_decode_resp(const struct ffa_regs *regs, struct ffa_direct *ret_msg)
{
	return decode(regs, false, ret_msg);
}

void ffa_run_encode(uint32_t target, struct ffa_regs *ret_regs)
{
	*ret_regs = (struct ffa_regs) { { FFA_RUN, target } };
}
