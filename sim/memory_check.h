/* SPDX-License-Identifier: BSD-3-Clause */
/* The rules of memory transactions: which one a call breaks. */
#pragma once

#include "abi/memory_descriptor.h"
#include "abi/memory_frame.h"
#include "abi/relinquish.h"

#include "mailbox.h"
#include "memory.h"
#include "memory_profile.h"
#include "spmc.h"

/* One call on its way through the rules: each stage adds what the next ones look at. */
struct sim_memory_call {
	const struct sim_call *call;
	struct sim_memory *memory;
	struct sim_mailbox mailbox;

	/* A call that passes a descriptor. */
	struct ffa_memory_frame frame;
	bool own_buffer; /* of the caller's, and not TX */
	bool readable;
	struct ffa_memory_descriptor descriptor; /* in memory->copy */
	uint32_t faults;

	/* A call about a transaction. */
	struct sim_region *region;               /* NULL: none has that handle */
	struct sim_borrower *borrower;           /* that the call speaks for; NULL: none of the region */
	const struct ffa_memory_receiver *asked; /* what it asks for; NULL: not in the request */
	struct sim_retrieval *retrieval;         /* that goes on */
	struct ffa_relinquish relinquish;
	uint16_t endpoint; /* that relinquishes, or that FRAG_RX and FRAG_TX name */
	uint32_t reclaim_flags;
	uint32_t size, offset; /* of a fragment */
};

/* FFA_OK, or the error of the first rule that the call breaks. */
int32_t sim_memory_check(const struct sim_memory_call *c, const struct sim_memory_rule *rules);
