/* SPDX-License-Identifier: BSD-3-Clause */
/* Memory calls for tests of the simulated SPMC: descriptors in TX, and a partition that borrows. */
#pragma once

#include "abi/memory_descriptor.h"
#include "sim/borrower.h"
#include "sim/memory.h"
#include "sim_fixture.h"

#define DATA_BASE (RAM_BASE + 4 * PAGE) /* pages that tests send */
#define TAG UINT64_C(0x55667788)        /* OP-TEE hands on 32 bits of a direct argument */

/* What a test sends; test_send() makes a descriptor of it. */
struct send_test {
	enum ffa_memory_op op;
	struct ffa_memory_transaction transaction;
	size_t receiver_size; /* 0: the version's */
	size_t receiver_count, range_count;
	struct ffa_memory_receiver receivers[SIM_BORROWERS_MAX];
	struct ffa_memory_range ranges[16];
	uint32_t fragment; /* bytes in the first fragment; 0: all */
};

/* A sound send of `pages` pages from DATA_BASE on to one receiver. */
struct send_test test_send_of(enum ffa_memory_op op, uint16_t receiver, uint32_t pages);
/* Put the descriptor into TX, in the layout of the version that the normal world speaks; its total size. */
uint32_t test_put(struct machine_test *test, const struct send_test *send);
/* Put it there and issue the call. */
struct ffa_regs test_send(struct machine_test *test, const struct send_test *send);
/* The same, which must succeed; the handle. */
uint64_t test_sent(struct machine_test *test, const struct send_test *send);

struct ffa_regs test_reclaim(struct machine_test *test, uint64_t handle, uint32_t flags);

/* A machine with mapped buffers and one borrower, 0x8001, at `version` (0: the profile's). */
struct machine_test *test_start_memory(const char *profile, uint32_t version);
uint16_t test_add_borrower(struct machine_test *test, uint8_t number);

/* Tell a borrower something; its response. */
struct ffa_regs test_tell(struct machine_test *test, uint16_t borrower, enum sim_borrower_command command,
			  uint64_t handle, uint64_t x6, uint64_t x7);
/* The status of that alone. */
int32_t test_told(struct machine_test *test, uint16_t borrower, enum sim_borrower_command command,
		  uint64_t handle, uint64_t x6, uint64_t x7);
