/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim_memory_fixture.h"

#include <string.h>

#include "abi/fid.h"
#include "abi/memory_frame.h"
#include "abi/version.h"
#include "sim/spmc.h"

struct send_test test_send_of(enum ffa_memory_op op, uint16_t receiver, uint32_t pages)
{
	struct send_test send = {
		.op = op,
		.transaction = { .tag = TAG },
		.receiver_count = 1,
		.receivers = { { .id = receiver } },
		.range_count = 1,
		.ranges = { { .address = DATA_BASE, .page_count = pages } },
	};

	if (op != FFA_MEMORY_DONATE)
		send.receivers[0].permissions = FFA_MEMORY_DATA_RW;
	if (op == FFA_MEMORY_SHARE)
		send.transaction.attributes = FFA_MEMORY_NORMAL_WB_INNER;
	return send;
}

uint32_t test_put(struct machine_test *test, const struct send_test *send)
{
	struct ffa_memory_extent extent;

	memset(test->ram, 0, PAGE);
	assert_int_equal(ffa_memory_descriptor_encode(test->sim->normal_world.version, &send->transaction,
						      send->receiver_size, send->receivers,
						      send->receiver_count, send->ranges, send->range_count,
						      test->ram, PAGE, &extent),
			 0);
	return extent.total_size;
}

struct ffa_regs test_send(struct machine_test *test, const struct send_test *send)
{
	struct ffa_memory_frame frame = { .op = send->op, .is_64 = true };
	struct ffa_regs regs;

	frame.total_size = test_put(test, send);
	frame.fragment_size = send->fragment != 0 ? send->fragment : frame.total_size;
	assert_int_equal(ffa_memory_frame_encode(&frame, &regs), 0);
	return test_frame(test, 0, regs);
}

uint64_t test_sent(struct machine_test *test, const struct send_test *send)
{
	struct ffa_regs reply = test_send(test, send);
	uint64_t handle = 0;

	assert_success(reply);
	assert_int_equal(ffa_memory_handle_decode(&reply, &handle), 0);
	return handle;
}

struct ffa_regs test_reclaim(struct machine_test *test, uint64_t handle, uint32_t flags)
{
	struct ffa_memory_reclaim reclaim = { .handle = handle, .flags = flags };
	struct ffa_regs regs;

	ffa_memory_reclaim_encode(&reclaim, &regs);
	return test_frame(test, 0, regs);
}

uint16_t test_add_borrower(struct machine_test *test, uint8_t number)
{
	struct sim_partition_config config =
		test_partition(number, (struct sim_behaviour) { .kind = SIM_BORROWER });

	return test_add(test, &config);
}

struct machine_test *test_start_memory(const char *profile, uint32_t version)
{
	struct machine_test *test = test_start(profile, 1, 0);

	test_call(test, FFA_VERSION, version != 0 ? version : FFA_VERSION_1_2);
	test_map(test);
	assert_int_equal(test_add_borrower(test, 1), 0x8001);
	return test;
}

struct ffa_regs test_tell(struct machine_test *test, uint16_t borrower, enum sim_borrower_command command,
			  uint64_t handle, uint64_t x6, uint64_t x7)
{
	struct ffa_regs reply = test_call(test, FFA_MSG_SEND_DIRECT_REQ_64, borrower, 0, command,
					  (uint32_t)handle, handle >> 32, x6, x7);

	assert_int_equal(reply.x[0], FFA_MSG_SEND_DIRECT_RESP_64);
	return reply;
}

int32_t test_told(struct machine_test *test, uint16_t borrower, enum sim_borrower_command command,
		  uint64_t handle, uint64_t x6, uint64_t x7)
{
	return (int32_t)test_tell(test, borrower, command, handle, x6, x7).x[3];
}
