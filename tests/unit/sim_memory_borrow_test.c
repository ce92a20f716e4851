/* SPDX-License-Identifier: BSD-3-Clause */
/* Retrieving, using and relinquishing memory: partitions as borrowers and lenders, the normal world as both. */
#include "sim_memory_fixture.h"

#include <string.h>

#include "abi/bytes.h"
#include "abi/error.h"
#include "abi/fid.h"
#include "abi/memory_frame.h"
#include "abi/relinquish.h"
#include "abi/version.h"
#include "sim/spmc.h"

#define BORROWER 0x8001
#define OTHER 0x8002

#define RETRIEVE SIM_BORROWER_RETRIEVE
#define RELINQUISH SIM_BORROWER_RELINQUISH
#define WRITABLE SIM_BORROWER_WRITABLE
#define NOT_EXECUTABLE SIM_BORROWER_NOT_EXECUTABLE

static uint8_t *data_of(struct machine_test *test)
{
	return test->ram + (DATA_BASE - RAM_BASE);
}

/* The bytes really change hands, in every profile and with every layout. */
static void test_shared(void **state)
{
	static const char *const profiles[] = { "spec", "hafnium", "el3", "optee" };

	for (size_t i = 0; i < 4; i++) {
		for (uint32_t version = FFA_VERSION_1_0; version <= FFA_VERSION_1_2; version++) {
			struct machine_test *test = test_start_memory(profiles[i], version);
			struct send_test send = test_send_of(FFA_MEMORY_SHARE, BORROWER, 2);
			struct ffa_regs reply;
			uint64_t handle;

			bytes_store32(data_of(test) + PAGE, 0xcafe);
			handle = test_sent(test, &send);
			assert_int_equal(test_told(test, BORROWER, SIM_BORROWER_READ, handle, 0, 0),
					 FFA_DENIED);
			reply = test_tell(test, BORROWER, RETRIEVE, handle, TAG, WRITABLE);
			assert_int_equal(reply.x[3], 0);
			assert_int_equal(reply.x[4], 2);
			assert_int_equal(reply.x[5], 1);
			assert_int_equal(test_tell(test, BORROWER, SIM_BORROWER_READ, handle, PAGE, 0).x[4],
					 0xcafe);
			assert_int_equal(
				test_told(test, BORROWER, SIM_BORROWER_WRITE, handle, PAGE + 4, 0xbeef), 0);
			assert_int_equal(bytes_load32(data_of(test) + PAGE + 4), 0xbeef);
			/* The last word, and the one behind it. */
			assert_int_equal(
				test_told(test, BORROWER, SIM_BORROWER_WRITE, handle, 2 * PAGE - 4, 1), 0);
			assert_int_equal(
				test_told(test, BORROWER, SIM_BORROWER_WRITE, handle, 2 * PAGE - 2, 1),
				FFA_DENIED);
			assert_error(test_reclaim(test, handle, 0), FFA_DENIED);
			assert_int_equal(test_told(test, BORROWER, RELINQUISH, handle, 0, 0), 0);
			assert_int_not_equal(test_told(test, BORROWER, RELINQUISH, handle, 0, 0), 0);
			assert_int_equal(test_told(test, BORROWER, SIM_BORROWER_READ, handle, 0, 0),
					 FFA_DENIED);
			assert_success(test_reclaim(test, handle, 0));
			test_stop(test);
		}
	}
}

static void test_read_only(void **state)
{
	struct machine_test *test = test_start_memory("spec", 0);
	struct send_test send = test_send_of(FFA_MEMORY_SHARE, BORROWER, 1);
	uint64_t handle;

	send.receivers[0].permissions = FFA_MEMORY_DATA_RO;
	handle = test_sent(test, &send);
	assert_int_equal(test_told(test, BORROWER, RETRIEVE, handle, TAG, WRITABLE), FFA_DENIED);
	assert_int_equal(test_told(test, BORROWER, RETRIEVE, handle, TAG, 0), 0);
	assert_int_equal(test_told(test, BORROWER, SIM_BORROWER_READ, handle, 0, 0), 0);
	assert_int_equal(test_told(test, BORROWER, SIM_BORROWER_WRITE, handle, 0, 1), FFA_DENIED);
	test_stop(test);
}

/* What a borrower can get wrong, and what that leaves behind: nothing. */
static void test_requests(void **state)
{
	static const struct {
		const char *profile;
		int32_t handle, tag, executable, stranger, missing;
	} cases[] = {
		{ "spec", FFA_INVALID_PARAMETERS, FFA_INVALID_PARAMETERS, FFA_INVALID_PARAMETERS,
		  FFA_INVALID_PARAMETERS, FFA_INVALID_PARAMETERS },
		{ "hafnium", FFA_INVALID_PARAMETERS, FFA_INVALID_PARAMETERS, FFA_INVALID_PARAMETERS,
		  FFA_INVALID_PARAMETERS, FFA_INVALID_PARAMETERS },
		{ "optee", FFA_DENIED, FFA_INVALID_PARAMETERS, 0, FFA_DENIED, FFA_DENIED },
	};

	for (size_t i = 0; i < 3; i++) {
		struct machine_test *test = test_start_memory(cases[i].profile, 0);
		struct send_test send = test_send_of(FFA_MEMORY_SHARE, BORROWER, 1);
		uint64_t handle = test_sent(test, &send);

		assert_int_equal(test_add_borrower(test, 2), OTHER);
		assert_int_equal(test_told(test, BORROWER, RETRIEVE, handle + 1, TAG, 0), cases[i].handle);
		assert_int_equal(test_told(test, BORROWER, RETRIEVE, handle, TAG + 1, 0), cases[i].tag);
		assert_int_equal(test_told(test, OTHER, RETRIEVE, handle, TAG, 0), cases[i].stranger);
		assert_int_equal(test_told(test, OTHER, RELINQUISH, handle, 0, 0), cases[i].missing);
		assert_int_equal(test_told(test, BORROWER, RELINQUISH, handle, 0, 0), cases[i].missing);
		assert_int_equal(test_told(test, BORROWER, RETRIEVE, handle, TAG, NOT_EXECUTABLE),
				 cases[i].executable);
		if (cases[i].executable == 0)
			assert_int_equal(test_told(test, BORROWER, RELINQUISH, handle, 0, 0), 0);
		assert_success(test_reclaim(test, handle, 0));
		test_stop(test);
	}
}

/* Holding it twice: counted, or refused. */
static void test_twice(void **state)
{
	static const struct {
		const char *profile;
		bool counted;
	} cases[] = { { "spec", true }, { "el3", true }, { "optee", true }, { "hafnium", false } };

	for (size_t i = 0; i < 4; i++) {
		struct machine_test *test = test_start_memory(cases[i].profile, 0);
		struct send_test send = test_send_of(FFA_MEMORY_SHARE, BORROWER, 1);
		uint64_t handle = test_sent(test, &send);

		assert_int_equal(test_told(test, BORROWER, RETRIEVE, handle, TAG, 0), 0);
		assert_int_equal(test_told(test, BORROWER, RETRIEVE, handle, TAG, 0),
				 cases[i].counted ? 0 : FFA_DENIED);
		assert_int_equal(test_told(test, BORROWER, RELINQUISH, handle, 0, 0), 0);
		if (cases[i].counted) {
			assert_error(test_reclaim(test, handle, 0), FFA_DENIED);
			assert_int_equal(test_told(test, BORROWER, RELINQUISH, handle, 0, 0), 0);
			for (unsigned int n = 0; n < SIM_HOLDS_MAX; n++)
				assert_int_equal(test_told(test, BORROWER, RETRIEVE, handle, TAG, 0), 0);
			assert_int_equal(test_told(test, BORROWER, RETRIEVE, handle, TAG, 0), FFA_DENIED);
			for (unsigned int n = 0; n < SIM_HOLDS_MAX; n++)
				assert_int_equal(test_told(test, BORROWER, RELINQUISH, handle, 0, 0), 0);
		}
		/* It may have it again. */
		assert_int_equal(test_told(test, BORROWER, RETRIEVE, handle, TAG, 0), 0);
		assert_int_equal(test_told(test, BORROWER, RELINQUISH, handle, 0, 0), 0);
		assert_success(test_reclaim(test, handle, 0));
		test_stop(test);
	}
}

static void test_several_borrowers(void **state)
{
	struct machine_test *test = test_start_memory("spec", 0);
	struct send_test send = test_send_of(FFA_MEMORY_LEND, BORROWER, 1);
	uint64_t bypass = SIM_BORROWER_BYPASS, handle;

	assert_int_equal(test_add_borrower(test, 2), OTHER);
	send.receiver_count = 2;
	send.receivers[1] = (struct ffa_memory_receiver) { .id = OTHER, .permissions = FFA_MEMORY_DATA_RO };
	send.transaction.attributes = FFA_MEMORY_NORMAL_WB_INNER;
	handle = test_sent(test, &send);
	/* Naming itself only takes the flag, and the flag takes several. */
	assert_int_equal(test_told(test, BORROWER, RETRIEVE, handle, TAG, 0), FFA_INVALID_PARAMETERS);
	assert_int_equal(test_told(test, BORROWER, RETRIEVE, handle, TAG, bypass | WRITABLE), 0);
	assert_int_equal(test_told(test, OTHER, RETRIEVE, handle, TAG, bypass | WRITABLE), FFA_DENIED);
	assert_int_equal(test_told(test, OTHER, RETRIEVE, handle, TAG, bypass), 0);
	assert_int_equal(test_told(test, BORROWER, SIM_BORROWER_WRITE, handle, 0, 7), 0);
	assert_int_equal(test_tell(test, OTHER, SIM_BORROWER_READ, handle, 0, 0).x[4], 7);
	assert_int_equal(test_told(test, BORROWER, RELINQUISH, handle, 0, 0), 0);
	assert_error(test_reclaim(test, handle, 0), FFA_DENIED);
	assert_int_equal(test_told(test, OTHER, RELINQUISH, handle, 0, 0), 0);
	assert_success(test_reclaim(test, handle, 0));

	send = test_send_of(FFA_MEMORY_SHARE, BORROWER, 1);
	handle = test_sent(test, &send);
	assert_int_equal(test_told(test, BORROWER, RETRIEVE, handle, TAG, bypass), FFA_INVALID_PARAMETERS);
	test_stop(test);
}

static void test_zeroing(void **state)
{
	struct machine_test *test = test_start_memory("spec", 0);
	struct send_test send = test_send_of(FFA_MEMORY_LEND, BORROWER, 1);
	uint64_t options = NOT_EXECUTABLE | WRITABLE, handle;

	/* Before it is handed over: only when the lender lets that happen. */
	memset(data_of(test), 0x55, 2 * PAGE);
	handle = test_sent(test, &send);
	assert_int_equal(test_told(test, BORROWER, RETRIEVE, handle, TAG, options | SIM_BORROWER_ZERO),
			 FFA_DENIED);
	assert_int_equal(test_told(test, BORROWER, RETRIEVE, handle, TAG, options), 0);
	assert_int_equal(data_of(test)[0], 0x55);
	assert_int_equal(test_told(test, BORROWER, RELINQUISH, handle, FFA_RELINQUISH_ZERO, 0), 0);
	assert_int_equal(data_of(test)[PAGE - 1], 0);
	assert_int_equal(data_of(test)[PAGE], 0x55);
	assert_success(test_reclaim(test, handle, 0));

	memset(data_of(test), 0x55, PAGE);
	send.transaction.flags = FFA_MEMORY_FLAG_ZERO;
	handle = test_sent(test, &send);
	assert_int_equal(test_told(test, BORROWER, RETRIEVE, handle, TAG, options | SIM_BORROWER_ZERO), 0);
	assert_int_equal(test_tell(test, BORROWER, SIM_BORROWER_READ, handle, 0, 0).x[4], 0);
	assert_int_equal(test_told(test, BORROWER, SIM_BORROWER_FILL, handle, 0, 0x66), 0);
	assert_int_equal(data_of(test)[PAGE - 1], 0x66);
	assert_int_equal(data_of(test)[PAGE], 0x55);
	assert_int_equal(test_told(test, BORROWER, RELINQUISH, handle, 0, 0), 0);
	/* As asked for when it was retrieved. */
	assert_int_equal(test_told(test, BORROWER, RETRIEVE, handle, TAG, options | SIM_BORROWER_ZERO_AFTER),
			 0);
	assert_int_equal(test_told(test, BORROWER, RELINQUISH, handle, 0, 0), 0);
	assert_int_equal(data_of(test)[0], 0);
	memset(data_of(test), 0x55, PAGE);
	assert_success(test_reclaim(test, handle, FFA_MEMORY_FLAG_ZERO));
	assert_int_equal(data_of(test)[0], 0);

	send = test_send_of(FFA_MEMORY_SHARE, BORROWER, 1);
	handle = test_sent(test, &send);
	assert_int_equal(test_told(test, BORROWER, RETRIEVE, handle, TAG, SIM_BORROWER_ZERO_AFTER | WRITABLE),
			 FFA_INVALID_PARAMETERS);
	assert_int_equal(test_told(test, BORROWER, RETRIEVE, handle, TAG, WRITABLE), 0);
	assert_int_equal(test_told(test, BORROWER, RELINQUISH, handle, FFA_RELINQUISH_ZERO, 0),
			 FFA_INVALID_PARAMETERS);
	assert_int_equal(test_told(test, BORROWER, RELINQUISH, handle, 4, 0), FFA_INVALID_PARAMETERS);
	test_stop(test);
}

/* A borrower's buffers are small: many ranges come in several fragments. */
static void test_long_response(void **state)
{
	static const char *const profiles[] = { "spec", "hafnium", "el3" };

	for (size_t i = 0; i < 3; i++) {
		struct machine_test *test = test_start_memory(profiles[i], 0);
		struct send_test send = test_send_of(FFA_MEMORY_SHARE, BORROWER, 1);
		struct ffa_regs reply;
		uint64_t handle;

		send.range_count = 16;
		for (unsigned int n = 0; n < 16; n++)
			send.ranges[n] = (struct ffa_memory_range) { DATA_BASE + 2 * n * PAGE, 1 };
		handle = test_sent(test, &send);
		bytes_store32(data_of(test) + 30 * PAGE, 0x77);
		reply = test_tell(test, BORROWER, RETRIEVE, handle, TAG, 0);
		assert_int_equal(reply.x[3], 0);
		assert_int_equal(reply.x[4], 16);
		assert_int_equal(reply.x[5], 16);
		assert_int_equal(test_tell(test, BORROWER, SIM_BORROWER_READ, handle, 15 * PAGE, 0).x[4],
				 0x77);
		assert_int_equal(test_told(test, BORROWER, RELINQUISH, handle, 0, 0), 0);
		assert_success(test_reclaim(test, handle, 0));
		test_stop(test);
	}
}

static struct ffa_regs retrieve(struct machine_test *test, const struct send_test *request)
{
	struct send_test without = *request;
	uint32_t size;

	without.op = FFA_MEMORY_RETRIEVE;
	without.range_count = 0;
	size = test_put(test, &without);
	return test_call(test, FFA_MEM_RETRIEVE_REQ_64, size, size);
}

static struct ffa_regs relinquish(struct machine_test *test, uint64_t handle, uint16_t id)
{
	struct ffa_relinquish descriptor = { .handle = handle };
	struct ffa_regs regs;

	assert_true(ffa_relinquish_encode(&descriptor, &id, 1, test->ram, PAGE) > 0);
	ffa_relinquish_encode_call(&regs);
	return test_frame(test, 0, regs);
}

/* Donated memory is its new owner's, who can share it with the normal world. */
static void test_donated_and_lent_back(void **state)
{
	struct machine_test *test = test_start_memory("spec", 0);
	struct send_test send = test_send_of(FFA_MEMORY_DONATE, BORROWER, 2), request;
	uint64_t handle = test_sent(test, &send);
	struct ffa_memory_descriptor response;
	struct ffa_memory_range range;
	struct ffa_regs reply;

	assert_int_equal(test_told(test, BORROWER, RETRIEVE, handle, TAG, NOT_EXECUTABLE | WRITABLE), 0);
	assert_error(test_reclaim(test, handle, 0), FFA_INVALID_PARAMETERS);
	assert_error(test_send(test, &send), FFA_DENIED);
	assert_int_equal(test_told(test, BORROWER, RELINQUISH, handle, 0, 0), FFA_INVALID_PARAMETERS);

	reply = test_tell(test, BORROWER, SIM_BORROWER_SEND, FFA_MEMORY_SHARE, 9, FFA_MEMORY_DATA_RW);
	assert_int_equal(reply.x[3], 0);
	handle = reply.x[4] | reply.x[5] << 32;
	/* Not the normal world's to reclaim, and not shared with it twice. */
	assert_error(test_reclaim(test, handle, 0), FFA_INVALID_PARAMETERS);
	reply = test_tell(test, BORROWER, SIM_BORROWER_SEND, FFA_MEMORY_SHARE, 9, FFA_MEMORY_DATA_RW);
	assert_int_equal((int32_t)reply.x[3], FFA_DENIED);

	request = test_send_of(FFA_MEMORY_SHARE, 0, 1);
	request.transaction =
		(struct ffa_memory_transaction) { .sender = BORROWER, .handle = handle, .tag = 9 };
	reply = retrieve(test, &request);
	assert_int_equal(reply.x[0], FFA_MEM_RETRIEVE_RESP);
	assert_int_equal(ffa_memory_descriptor_decode(FFA_VERSION_1_2, test->ram + PAGE, (uint32_t)reply.x[2],
						      (uint32_t)reply.x[1], &response),
			 0);
	assert_int_equal(response.transaction.sender, BORROWER);
	assert_int_equal(response.transaction.attributes, FFA_MEMORY_NORMAL_WB_INNER | FFA_MEMORY_NON_SECURE);
	assert_int_equal(ffa_memory_descriptor_range(&response, 0, &range), 0);
	assert_int_equal(range.address, DATA_BASE);
	assert_int_equal(range.page_count, 2);
	/* RX is full now. */
	assert_error(retrieve(test, &request), FFA_BUSY);
	assert_success(test_call(test, FFA_RX_RELEASE));
	assert_int_equal(test_told(test, BORROWER, SIM_BORROWER_RECLAIM, handle, 0, 0), FFA_DENIED);
	assert_error(relinquish(test, handle, BORROWER), FFA_INVALID_PARAMETERS);
	assert_success(relinquish(test, handle, 0));
	assert_error(relinquish(test, handle, 0), FFA_INVALID_PARAMETERS);
	assert_int_equal(test_told(test, BORROWER, SIM_BORROWER_RECLAIM, handle, 0, 0), 0);
	test_stop(test);
}

/* A hypervisor looks at a transaction of its own without holding it, in fragments. */
static void test_hypervisor_retrieves(void **state)
{
	struct machine_test *test = test_start_memory("spec", 0);
	struct send_test send = test_send_of(FFA_MEMORY_SHARE, BORROWER, 3), request = { 0 };
	struct ffa_memory_descriptor response;
	struct ffa_memory_receiver receiver;
	uint64_t handle = test_sent(test, &send);
	struct ffa_regs reply;

	request.transaction.handle = handle;
	reply = retrieve(test, &request);
	assert_int_equal(reply.x[0], FFA_MEM_RETRIEVE_RESP);
	assert_int_equal(ffa_memory_descriptor_decode(FFA_VERSION_1_2, test->ram + PAGE, (uint32_t)reply.x[2],
						      (uint32_t)reply.x[1], &response),
			 0);
	assert_int_equal(response.page_count, 3);
	assert_int_equal(response.transaction.tag, TAG);
	assert_int_equal(response.transaction.flags, FFA_MEMORY_FLAG_TYPE_SHARE);
	assert_int_equal(ffa_memory_descriptor_receiver(&response, 0, &receiver), 0);
	assert_int_equal(receiver.id, BORROWER);
	assert_success(test_call(test, FFA_RX_RELEASE));
	assert_success(test_reclaim(test, handle, 0));
	assert_error(retrieve(test, &request), FFA_INVALID_PARAMETERS);
	test_stop(test);

	test = test_start_memory("optee", 0);
	assert_error(retrieve(test, &request), FFA_NOT_SUPPORTED);
	test_stop(test);
}

static void test_fragments_of_a_response(void **state)
{
	struct machine_test *test = test_start_memory("hafnium", 0);
	struct send_test send = test_send_of(FFA_MEMORY_SHARE, BORROWER, 1), request = { 0 };
	struct ffa_memory_frag_tx fragment = { 0 };
	uint32_t prefix = 48 + 32 + 16;
	struct ffa_regs reply, next = { 0 };

	send.range_count = 3;
	for (unsigned int n = 0; n < 3; n++)
		send.ranges[n] = (struct ffa_memory_range) { DATA_BASE + 2 * n * PAGE, 1 };
	send.fragment = prefix + 16;
	assert_int_equal(test_send(test, &send).x[0], FFA_MEM_FRAG_RX);
	fragment.size = (uint32_t)ffa_memory_ranges_encode(send.ranges + 1, 2, test->ram, PAGE);
	ffa_memory_frag_tx_encode(&fragment, &next);
	assert_success(test_frame(test, 0, next));
	/* The response comes in the fragments that the sender made. */
	reply = retrieve(test, &request);
	assert_int_equal(reply.x[1], prefix + 48);
	assert_int_equal(reply.x[2], prefix + 16);
	assert_error(test_call(test, FFA_MEM_FRAG_RX, 0, 0, prefix + 16), FFA_BUSY);
	assert_success(test_call(test, FFA_RX_RELEASE));
	assert_error(retrieve(test, &request), FFA_DENIED);
	assert_error(test_call(test, FFA_MEM_FRAG_RX, 0, 0, prefix + 32), FFA_INVALID_PARAMETERS);
	assert_error(test_call(test, FFA_MEM_FRAG_RX, 0, 0, 0), FFA_INVALID_PARAMETERS);
	assert_error(test_call(test, FFA_MEM_FRAG_RX, 0, 0, 0xffffffff), FFA_INVALID_PARAMETERS);
	reply = test_call(test, FFA_MEM_FRAG_RX, 0, 0, prefix + 16);
	assert_int_equal(reply.x[0], FFA_MEM_FRAG_TX);
	assert_int_equal(reply.x[3], 32);
	assert_success(test_call(test, FFA_RX_RELEASE));
	assert_error(test_call(test, FFA_MEM_FRAG_RX, 0, 0, prefix + 48), FFA_INVALID_PARAMETERS);
	test_stop(test);
}

/* Partitions that do not let go: for a while, and for ever. */
static void test_unwilling(void **state)
{
	struct machine_test *test = test_start_memory("spec", 0);
	struct sim_partition_config config =
		test_partition(2, (struct sim_behaviour) { .kind = SIM_BORROWER, .count = 2 });
	struct send_test send = test_send_of(FFA_MEMORY_SHARE, OTHER, 1);
	uint64_t handle;

	assert_int_equal(test_add(test, &config), OTHER);
	handle = test_sent(test, &send);
	assert_int_equal(test_told(test, OTHER, RETRIEVE, handle, TAG, 0), 0);
	assert_int_equal(test_told(test, OTHER, RELINQUISH, handle, 0, 0), FFA_BUSY);
	assert_int_equal(test_told(test, OTHER, RELINQUISH, handle, 0, 0), FFA_BUSY);
	assert_error(test_reclaim(test, handle, 0), FFA_DENIED);
	assert_int_equal(test_told(test, OTHER, RELINQUISH, handle, 0, 0), 0);
	assert_success(test_reclaim(test, handle, 0));
	test_stop(test);
}

static void test_aborted(void **state)
{
	static const struct {
		const char *profile;
		bool relinquished;
	} cases[] = { { "spec", false }, { "hafnium", true }, { "el3", false }, { "optee", false } };

	for (size_t i = 0; i < 4; i++) {
		struct machine_test *test = test_start_memory(cases[i].profile, 0);
		struct send_test send = test_send_of(FFA_MEMORY_SHARE, BORROWER, 1);
		uint64_t handle = test_sent(test, &send);

		assert_int_equal(test_told(test, BORROWER, RETRIEVE, handle, TAG, 0), 0);
		assert_error(test_call(test, FFA_MSG_SEND_DIRECT_REQ, BORROWER, 0, SIM_BORROWER_ABORT),
			     FFA_ABORTED);
		if (cases[i].relinquished)
			assert_success(test_reclaim(test, handle, 0));
		else
			assert_error(test_reclaim(test, handle, 0), FFA_DENIED);
		test_stop(test);
	}
}

static void test_impdef(void **state)
{
	struct machine_test *test = test_start_memory("spec", 0);
	struct send_test send = test_send_of(FFA_MEMORY_SHARE, BORROWER, 1);
	uint64_t handle;

	send.receivers[0].impdef[1] = 5;
	handle = test_sent(test, &send);
	/* The borrower gives none. */
	assert_int_equal(test_told(test, BORROWER, RETRIEVE, handle, TAG, 0), FFA_INVALID_PARAMETERS);
	assert_success(test_reclaim(test, handle, 0));
	test_stop(test);
}

static void test_commands(void **state)
{
	struct machine_test *test = test_start_memory("spec", 0);
	struct send_test send = test_send_of(FFA_MEMORY_SHARE, BORROWER, 1);
	uint64_t handle = test_sent(test, &send);
	struct ffa_regs reply = test_tell(test, BORROWER, SIM_BORROWER_ECHO, 1, 2, 3);

	assert_int_equal(reply.x[4], 1);
	assert_int_equal(reply.x[7], 3);
	assert_int_equal(test_told(test, BORROWER, SIM_BORROWER_COMMAND_COUNT, 0, 0, 0), FFA_NOT_SUPPORTED);
	assert_int_equal(test_told(test, BORROWER, SIM_BORROWER_SEND, FFA_MEMORY_SHARE, 0, 0), FFA_DENIED);
	assert_int_equal(test_told(test, BORROWER, SIM_BORROWER_SUM, handle, 1, 0), FFA_DENIED);
	assert_int_equal(test_told(test, BORROWER, SIM_BORROWER_FILL, handle, 0, 0), FFA_DENIED);
	assert_int_equal(test_told(test, BORROWER, RETRIEVE, handle, TAG, 0), 0);
	reply = test_tell(test, BORROWER, SIM_BORROWER_SUM, handle, 1, 0);
	/* FNV-1a-64 of a page of zeros. */
	assert_int_equal(reply.x[4] | reply.x[5] << 32, UINT64_C(0xb93a0c83ce3b6325));
	assert_int_equal(test_told(test, BORROWER, SIM_BORROWER_SUM, handle, 2, 0), FFA_DENIED);
	test_stop(test);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_shared),
		cmocka_unit_test(test_read_only),
		cmocka_unit_test(test_requests),
		cmocka_unit_test(test_twice),
		cmocka_unit_test(test_several_borrowers),
		cmocka_unit_test(test_zeroing),
		cmocka_unit_test(test_long_response),
		cmocka_unit_test(test_donated_and_lent_back),
		cmocka_unit_test(test_hypervisor_retrieves),
		cmocka_unit_test(test_fragments_of_a_response),
		cmocka_unit_test(test_unwilling),
		cmocka_unit_test(test_aborted),
		cmocka_unit_test(test_impdef),
		cmocka_unit_test(test_commands),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
