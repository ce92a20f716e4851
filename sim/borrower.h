/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The built-in partition that borrows and lends memory, told by direct requests of either width. A request has a
 * command in x3, and a handle in x4 (low word) and x5 (high word) unless said otherwise. The response has FFA_OK or
 * the SPMC's error code in x3, as 32 bits; FFA_DENIED for memory that it has no access to. With
 * FFA_MSG_SEND_DIRECT_REQ2 all of that is one register further.
 *
 * What it holds it holds until it is told to relinquish it; with behaviour "borrower:COUNT" it answers BUSY to the
 * first COUNT requests to do so, again after each success.
 */
#pragma once

#include "program.h"

enum sim_borrower_command {
	SIM_BORROWER_ECHO, /* answers with the arguments of the request */
	/* x6 tag, x7 options below. Response: x4 pages, x5 ranges, x6 attributes, x7 permissions, of the result. */
	SIM_BORROWER_RETRIEVE,
	SIM_BORROWER_RELINQUISH, /* x6 flags */
	SIM_BORROWER_READ,       /* x6 offset in bytes. Response: x4-x7 the four 32-bit words there */
	SIM_BORROWER_WRITE,      /* x6 offset in bytes, x7 a 32-bit word */
	SIM_BORROWER_FILL,       /* x6 offset, x7 value of the bytes from there to the end of the page */
	SIM_BORROWER_SUM,        /* x6 pages. Response: x4, x5 low and high word of their FNV-1a-64 */
	/*
	 * Send pages that were donated to it: x4 enum ffa_memory_op, x5 receiver, x6 tag, x7 permissions. All of the
	 * first range of its last donation go. Response: x4, x5 the handle.
	 */
	SIM_BORROWER_SEND,
	SIM_BORROWER_RECLAIM, /* x6 flags */
	SIM_BORROWER_ABORT,   /* crashes, with all that it holds */
	SIM_BORROWER_COMMAND_COUNT,
};

/* Options of SIM_BORROWER_RETRIEVE. */
#define SIM_BORROWER_WRITABLE (1u << 0)       /* read-write, else read-only */
#define SIM_BORROWER_NOT_EXECUTABLE (1u << 1) /* as must be asked for of lent and donated memory */
#define SIM_BORROWER_ZERO (1u << 2)           /* before it is retrieved */
#define SIM_BORROWER_ZERO_AFTER (1u << 3)
#define SIM_BORROWER_BYPASS (1u << 4) /* names itself only, of several borrowers */

/* The program (program.h). */
enum sim_exit sim_borrower_run(struct sim_context *context, struct ffa_regs *regs);
