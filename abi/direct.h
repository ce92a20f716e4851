/* SPDX-License-Identifier: BSD-3-Clause */
/* Direct messages: FFA_MSG_SEND_DIRECT_REQ/RESP (32, 64) and REQ2/RESP2 (DEN0077 §7, §15). */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "regs.h"
#include "uuid.h"

enum ffa_direct_kind {
	FFA_DIRECT_32,
	FFA_DIRECT_64,
	FFA_DIRECT_REQ2,
	FFA_DIRECT_KIND_COUNT,
};

#define FFA_DIRECT_ARGS 5       /* x3-x7 */
#define FFA_DIRECT_REQ2_ARGS 14 /* x4-x17 */
#define FFA_DIRECT_ARGS_MAX FFA_DIRECT_REQ2_ARGS

#define FFA_DIRECT_FRAMEWORK (UINT32_C(1) << 31) /* w2 of REQ/RESP: a framework message */
#define FFA_DIRECT_FRAMEWORK_TYPE_MASK 0xffu
#define FFA_FRAMEWORK_VM_CREATED 4
#define FFA_FRAMEWORK_VM_CREATED_RESP 5
#define FFA_FRAMEWORK_VM_DESTROYED 6
#define FFA_FRAMEWORK_VM_DESTROYED_RESP 7

/* One message in host form. */
struct ffa_direct {
	enum ffa_direct_kind kind;
	uint16_t sender, receiver;
	uint32_t flags;                     /* w2 of REQ/RESP: 0 or framework type */
	struct ffa_uuid uuid;               /* REQ2 only; nil allowed */
	uint64_t args[FFA_DIRECT_ARGS_MAX]; /* the first ffa_direct_args(kind) count; 32 bit each for
					       FFA_DIRECT_32 */
};

unsigned int ffa_direct_args(enum ffa_direct_kind kind);
/* Build a request frame (every register written). -EINVAL: kind, or a FFA_DIRECT_32 argument over 32 bits. */
int ffa_direct_encode_req(const struct ffa_direct *msg, struct ffa_regs *ret_regs);
int ffa_direct_encode_resp(const struct ffa_direct *msg, struct ffa_regs *ret_regs);
/* -ENOMSG when x0 is no direct request (response). SMC32: upper halves are masked away. */
int ffa_direct_decode_req(const struct ffa_regs *regs, struct ffa_direct *ret_msg);
int ffa_direct_decode_resp(const struct ffa_regs *regs, struct ffa_direct *ret_msg);

/* w1 of messages: [31:16] sender, [15:0] receiver. */
static inline uint32_t ffa_src_dst(uint16_t sender, uint16_t receiver)
{
	return (uint32_t)sender << 16 | receiver;
}

/* w1 of RUN, INTERRUPT, YIELD, ERROR: [31:16] endpoint, [15:0] vCPU. */
static inline uint32_t ffa_target(uint16_t endpoint, uint16_t vcpu)
{
	return (uint32_t)endpoint << 16 | vcpu;
}

/* Request frame of FFA_RUN for the target word of an INTERRUPT or YIELD reply. */
void ffa_run_encode(uint32_t target, struct ffa_regs *ret_regs);

#define FFA_ENDPOINT_SECURE (1u << 15)
#define FFA_ENDPOINT_SPMD 0xffff
