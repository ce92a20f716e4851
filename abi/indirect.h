/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Indirect messages (DEN0077 §7): FFA_MSG_SEND2 with its header in the TX and RX buffers, and FFA_MSG_SEND of
 * FF-A 1.0. All functions are pure; a buffer that somebody else can write to must be copied first.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "regs.h"
#include "uuid.h"

#define FFA_INDIRECT_HEADER_SIZE_1_1 20
#define FFA_INDIRECT_HEADER_SIZE_1_2 40
#define FFA_INDIRECT_SIZE_MAX 4096 /* bytes of header and payload, whatever the size of the buffers */

/* One message's header in host form. */
struct ffa_indirect {
	uint16_t sender, receiver;
	uint32_t flags;         /* must be zero */
	struct ffa_uuid uuid;   /* 1.2: the service; nil allowed */
	uint32_t offset, size;  /* of the payload in bytes; the encoder fills them in */
	bool reserved_is_clear; /* set by the decoder: the words without meaning are zero */
};

/* Bytes of the header that a sender of this version writes: 20 or 40. */
size_t ffa_indirect_header_size(uint32_t version);
/*
 * Write header and payload as a sender of `version`. Returns the bytes written. -EINVAL: no indirect messages
 * of this kind in that version. -ENOSPC: more than FFA_INDIRECT_SIZE_MAX or `buf_size`.
 */
int ffa_indirect_encode(uint32_t version, const struct ffa_indirect *message, const void *payload,
			size_t payload_size, void *buf, size_t buf_size);
/*
 * Read the header that a sender of `version` wrote. -EINVAL: as above. -EBADMSG: header or payload are not
 * wholly inside `size` and FFA_INDIRECT_SIZE_MAX bytes, or the payload starts inside the header.
 */
int ffa_indirect_decode(uint32_t version, const void *buf, size_t size, struct ffa_indirect *ret_message);
/*
 * Read what arrived in RX, from a sender of unknown version: the UUID is there when the payload starts behind
 * it. -EBADMSG as above.
 */
int ffa_indirect_decode_received(const void *buf, size_t size, struct ffa_indirect *ret_message);
/*
 * The specification's rules for a message of `caller`: FFA_OK, or FFA_INVALID_PARAMETERS for flags, reserved
 * words, another sender than the caller, or a message to itself.
 */
int32_t ffa_indirect_validate(const struct ffa_indirect *message, uint16_t caller);

/* FFA_MSG_SEND2. */
#define FFA_INDIRECT_DELAY_SRI (1u << 1) /* from secure partitions only */

struct ffa_indirect_send2 {
	uint16_t vm; /* for whom a hypervisor forwards; else 0 */
	uint32_t flags;
};

void ffa_indirect_send2_encode(const struct ffa_indirect_send2 *send, struct ffa_regs *ret_regs);
/* -ENOMSG: another function. */
int ffa_indirect_send2_decode(const struct ffa_regs *regs, struct ffa_indirect_send2 *ret_send);

/* FFA_MSG_SEND, 1.0 only: the whole TX buffer from its start is the message. */
struct ffa_indirect_send {
	uint16_t sender, receiver;
	uint32_t size; /* bytes */
	uint32_t flags;
};

void ffa_indirect_send_encode(const struct ffa_indirect_send *send, struct ffa_regs *ret_regs);
/* -ENOMSG: another function. */
int ffa_indirect_send_decode(const struct ffa_regs *regs, struct ffa_indirect_send *ret_send);
