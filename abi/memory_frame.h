/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Register frames of memory management (DEN0140): FFA_MEM_DONATE, LEND, SHARE, RETRIEVE_REQ and RESP, RECLAIM,
 * FRAG_RX, FRAG_TX, and the success that carries a handle. Encoders write every register. Decoders return
 * -ENOMSG for another function and otherwise take the registers as they are. All are pure.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "memory_descriptor.h"
#include "regs.h"

/* A call that passes a transaction descriptor. */
struct ffa_memory_frame {
	enum ffa_memory_op op;
	bool is_64;             /* convention */
	uint32_t total_size;    /* bytes of the descriptor */
	uint32_t fragment_size; /* bytes of it in the buffer now */
	uint64_t address;       /* of a buffer of the caller's; 0: the TX buffer */
	uint32_t page_count;    /* of that buffer; 0 with TX */
};

/* -EINVAL: op, or an address over 32 bits in an SMC32 frame. */
int ffa_memory_frame_encode(const struct ffa_memory_frame *frame, struct ffa_regs *ret_regs);
int ffa_memory_frame_decode(const struct ffa_regs *regs, struct ffa_memory_frame *ret_frame);

/* FFA_MEM_RETRIEVE_RESP: the descriptor, or its first fragment, is in RX. Sizes in bytes. */
void ffa_memory_retrieve_resp_encode(uint32_t total_size, uint32_t fragment_size, struct ffa_regs *ret_regs);
int ffa_memory_retrieve_resp_decode(const struct ffa_regs *regs, uint32_t *ret_total_size,
				    uint32_t *ret_fragment_size);

/* FFA_SUCCESS with the handle of a finished send. */
void ffa_memory_handle_encode(uint64_t handle, struct ffa_regs *ret_regs);
int ffa_memory_handle_decode(const struct ffa_regs *regs, uint64_t *ret_handle);

#define FFA_MEMORY_RECLAIM_FLAGS (FFA_MEMORY_FLAG_ZERO | FFA_MEMORY_FLAG_TIME_SLICE)

/* FFA_MEM_RECLAIM. */
struct ffa_memory_reclaim {
	uint64_t handle;
	uint32_t flags;
};

void ffa_memory_reclaim_encode(const struct ffa_memory_reclaim *reclaim, struct ffa_regs *ret_regs);
int ffa_memory_reclaim_decode(const struct ffa_regs *regs, struct ffa_memory_reclaim *ret_reclaim);

/* FFA_MEM_FRAG_RX: the next fragment is wanted. */
struct ffa_memory_frag_rx {
	uint64_t handle;
	uint32_t offset;   /* bytes that have arrived: where the wanted fragment starts */
	uint16_t endpoint; /* of the sender; 0 between an OS kernel and the SPMC */
};

void ffa_memory_frag_rx_encode(const struct ffa_memory_frag_rx *frag, struct ffa_regs *ret_regs);
int ffa_memory_frag_rx_decode(const struct ffa_regs *regs, struct ffa_memory_frag_rx *ret_frag);

/* FFA_MEM_FRAG_TX: a fragment is in the buffer. */
struct ffa_memory_frag_tx {
	uint64_t handle;
	uint32_t size; /* of the fragment in bytes */
	uint16_t endpoint;
};

void ffa_memory_frag_tx_encode(const struct ffa_memory_frag_tx *frag, struct ffa_regs *ret_regs);
int ffa_memory_frag_tx_decode(const struct ffa_regs *regs, struct ffa_memory_frag_tx *ret_frag);

/*
 * May a follow-on fragment of `size` bytes come after `done` of `total` bytes, through a buffer of `buffer_size`?
 * It holds at least one range and only whole ones, and is not longer than what is missing or the buffer.
 */
bool ffa_memory_fragment_fits(uint32_t total, uint32_t done, uint32_t size, uint32_t buffer_size);
/*
 * May a retrieve go on at `offset`, when the last fragment was [previous, next)? Only at its end, or at its
 * start to have it again.
 */
bool ffa_memory_offset_follows(uint32_t previous, uint32_t next, uint32_t total, uint32_t offset);
