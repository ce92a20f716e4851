/* SPDX-License-Identifier: BSD-3-Clause */
/* FFA_MEM_RELINQUISH: the descriptor that a borrower puts into TX (DEN0140). All functions are pure. */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "regs.h"

#define FFA_RELINQUISH_HEADER_SIZE 16

#define FFA_RELINQUISH_ZERO (1u << 0)       /* zero the memory */
#define FFA_RELINQUISH_TIME_SLICE (1u << 1) /* the operation may be interrupted */
#define FFA_RELINQUISH_FLAGS (FFA_RELINQUISH_ZERO | FFA_RELINQUISH_TIME_SLICE)

struct ffa_relinquish {
	uint64_t handle;
	uint32_t flags;
	uint32_t endpoint_count;  /* set by the decoder */
	const uint8_t *endpoints; /* set by the decoder: wire form, inside its buffer */
};

/*
 * Returns the bytes written. -ENOSPC: `size` is too small. -EOVERFLOW: more endpoints than the descriptor can
 * count.
 */
int ffa_relinquish_encode(const struct ffa_relinquish *relinquish, const uint16_t *endpoints, size_t count,
			  void *buf, size_t size);
/* `buf` stays the caller's and must not change. -EBADMSG: the endpoints are not wholly inside. */
int ffa_relinquish_decode(const void *buf, size_t size, struct ffa_relinquish *ret_relinquish);
/* Endpoint `index`. -ERANGE from endpoint_count on. */
int ffa_relinquish_endpoint(const struct ffa_relinquish *relinquish, uint32_t index, uint16_t *ret_endpoint);
/* FFA_OK, or FFA_INVALID_PARAMETERS for reserved flags or a count other than one. */
int32_t ffa_relinquish_validate(const struct ffa_relinquish *relinquish);
/* The call itself. */
void ffa_relinquish_encode_call(struct ffa_regs *ret_regs);
