/* SPDX-License-Identifier: BSD-3-Clause */
/* FFA_MEM_SHARE, LEND, DONATE, FRAG_TX and RECLAIM by the normal world: what each profile lets pass. */
#include "sim_memory_fixture.h"

#include <string.h>

#include "abi/bytes.h"
#include "abi/error.h"
#include "abi/fid.h"
#include "abi/memory_frame.h"
#include "abi/version.h"
#include "sim/spmc.h"

#define BORROWER 0x8001
#define OTHER 0x8002

static const enum ffa_memory_op ops[] = { FFA_MEMORY_SHARE, FFA_MEMORY_LEND, FFA_MEMORY_DONATE };

static enum sim_page_access access_of(const struct machine_test *test, uint64_t page)
{
	struct sim_page_state state = { 0 };

	assert_true(sim_page_map_get(&test->sim->memory.pages, page, page + PAGE, &state));
	assert_int_equal(state.owner, 0);
	return (enum sim_page_access)state.access;
}

/* Owner-EA to each other state and back, in every version that has another layout. */
static void test_states(void **state)
{
	static const enum sim_page_access accesses[] = { SIM_PAGE_SHARED, SIM_PAGE_LENT, SIM_PAGE_DONATED };

	for (uint32_t version = FFA_VERSION_1_0; version <= FFA_VERSION_1_2; version++) {
		struct machine_test *test = test_start_memory("spec", version);

		for (size_t i = 0; i < 3; i++) {
			struct send_test send = test_send_of(ops[i], BORROWER, 2);
			uint64_t handle = test_sent(test, &send);

			assert_int_equal(access_of(test, DATA_BASE), accesses[i]);
			assert_int_equal(access_of(test, DATA_BASE + PAGE), accesses[i]);
			assert_int_equal(access_of(test, DATA_BASE + 2 * PAGE), SIM_PAGE_EXCLUSIVE);
			/* Nothing of it can be sent again. */
			for (size_t j = 0; j < 3; j++) {
				send = test_send_of(ops[j], BORROWER, 1);
				send.ranges[0].address = DATA_BASE + PAGE;
				assert_error(test_send(test, &send), FFA_DENIED);
			}
			assert_success(test_reclaim(test, handle, 0));
			assert_int_equal(access_of(test, DATA_BASE), SIM_PAGE_EXCLUSIVE);
			assert_error(test_reclaim(test, handle, 0), FFA_INVALID_PARAMETERS);
		}
		test_stop(test);
	}
}

/* One thing wrong at a time, under the strict profile. */
static void test_strict(void **state)
{
	struct machine_test *test = test_start_memory("spec", 0);
	struct send_test sound = test_send_of(FFA_MEMORY_SHARE, BORROWER, 2), send;
	const int32_t invalid = FFA_INVALID_PARAMETERS;

#define WRONG(error, change)                                                                                 \
	do {                                                                                                 \
		send = sound;                                                                                \
		change;                                                                                      \
		assert_error(test_send(test, &send), error);                                                 \
	} while (0)
	WRONG(invalid, send.transaction.flags = FFA_MEMORY_FLAG_ZERO);
	WRONG(invalid, send.transaction.flags = 4);
	WRONG(invalid, send.transaction.handle = 1);
	WRONG(invalid, send.transaction.attributes = 0);
	WRONG(invalid, send.transaction.attributes |= FFA_MEMORY_NON_SECURE);
	WRONG(invalid, send.transaction.attributes |= 0x80);
	WRONG(FFA_DENIED, send.transaction.attributes = FFA_MEMORY_TYPE_DEVICE);
	WRONG(FFA_DENIED, send.transaction.sender = 1);
	WRONG(FFA_DENIED, send.transaction.sender = OTHER);
	WRONG(invalid, send.receivers[0].id = OTHER);
	WRONG(invalid, send.receivers[0].id = 1);
	WRONG(invalid, send.receivers[0].id = 0);
	WRONG(invalid, send.receivers[0].id = 0x8000);
	WRONG(invalid, send.receivers[0].id = 0xffff);
	WRONG(invalid, send.receivers[0].permissions = 0);
	WRONG(invalid, send.receivers[0].permissions = 3);
	WRONG(invalid, send.receivers[0].permissions |= FFA_MEMORY_INSTRUCTION_NX);
	WRONG(invalid, send.receivers[0].permissions |= 0x10);
	WRONG(invalid, send.receivers[0].flags = 1);
	WRONG(invalid, send.receivers[1] = send.receivers[0]; send.receiver_count = 2);
	WRONG(invalid, send.ranges[0].page_count = 0);
	WRONG(invalid, send.ranges[0].address++);
	WRONG(invalid, send.ranges[1] = send.ranges[0]; send.range_count = 2);
	WRONG(FFA_DENIED, send.ranges[0].address = DEVICE_BASE; send.ranges[0].page_count = 1);
	WRONG(FFA_DENIED, send.ranges[0].address = RAM_BASE + RAM_PAGES * PAGE);
	WRONG(FFA_DENIED, send.ranges[0].address = RAM_BASE + (RAM_PAGES - 1) * PAGE);
	WRONG(FFA_DENIED, send.ranges[0].address = TX_BASE; send.ranges[0].page_count = 1);
	WRONG(FFA_DENIED, send.ranges[0].address = RX_BASE);
	WRONG(invalid, send.fragment = 1);
	WRONG(invalid, send.fragment = PAGE);
	WRONG(invalid, send.ranges[0].address = UINT64_MAX - PAGE + 1);
#undef WRONG
	send = sound;
	send.ranges[0].address = RAM_BASE + (RAM_PAGES - 2) * PAGE;
	assert_success(test_reclaim(test, test_sent(test, &send), 0));
	/* None of it left anything behind. */
	assert_int_equal(test->sim->memory.region_count, 0);
	assert_int_equal(test->sim->memory.pages.count, 0);
	assert_int_equal(test->sim->memory.free_count, SIM_RANGES_MAX);
	test_stop(test);
}

/* Registers beside the descriptor. */
static void test_frames(void **state)
{
	struct machine_test *test = test_start_memory("spec", 0);
	struct send_test send = test_send_of(FFA_MEMORY_SHARE, BORROWER, 1);
	uint32_t size = test_put(test, &send);

	assert_error(test_call(test, FFA_MEM_SHARE, size, size, TX_BASE), FFA_INVALID_PARAMETERS);
	assert_error(test_call(test, FFA_MEM_SHARE, size, size, 0, 1), FFA_INVALID_PARAMETERS);
	assert_error(test_call(test, FFA_MEM_SHARE, size, size, 0, 0, 1), FFA_INVALID_PARAMETERS);
	assert_error(test_call(test, FFA_MEM_SHARE, size, size + 16), FFA_INVALID_PARAMETERS);
	assert_error(test_call(test, FFA_MEM_SHARE, size + 16, size + 16), FFA_INVALID_PARAMETERS);
	assert_error(test_call(test, FFA_MEM_SHARE, size - 16, size - 16), FFA_INVALID_PARAMETERS);
	assert_error(test_call(test, FFA_MEM_SHARE, 0, 0), FFA_INVALID_PARAMETERS);
	assert_error(test_call(test, FFA_MEM_SHARE, UINT32_MAX, PAGE + 16), FFA_INVALID_PARAMETERS);
	assert_error(test_call(test, FFA_MEM_SHARE, UINT32_MAX, UINT32_MAX), FFA_INVALID_PARAMETERS);
	assert_success(test_call(test, FFA_MEM_SHARE, size, size));
	assert_success(test_call(test, FFA_RXTX_UNMAP));
	assert_error(test_call(test, FFA_MEM_SHARE, size, size), FFA_INVALID_PARAMETERS);
	/* Buffers cannot be in memory that was sent. */
	assert_error(test_call(test, FFA_RXTX_MAP_64, DATA_BASE, RX_BASE, 1), FFA_DENIED);
	assert_error(test_call(test, FFA_RXTX_MAP_64, TX_BASE, DATA_BASE, 1), FFA_DENIED);
	test_stop(test);
}

/* Frames that real firmware does not survive are answered, and counted. */
static void test_panics(void **state)
{
	struct machine_test *test = test_start_memory("hafnium", 0);
	struct send_test send = test_send_of(FFA_MEMORY_SHARE, BORROWER, 1);
	uint32_t size = test_put(test, &send);

	assert_error(test_call(test, FFA_MEM_SHARE, 0, 0), FFA_INVALID_PARAMETERS);
	assert_int_equal(test->sim->memory.panics, 1);
	bytes_store32(test->ram + 32, 0xfffffff0);
	assert_error(test_call(test, FFA_MEM_SHARE, size, size), FFA_INVALID_PARAMETERS);
	assert_int_equal(test->sim->memory.panics, 2);
	test_stop(test);

	test = test_start_memory("optee", 0);
	assert_int_equal(test_add_borrower(test, 2), OTHER);
	send = test_send_of(FFA_MEMORY_SHARE, BORROWER, 1);
	assert_int_equal(test_told(test, OTHER, SIM_BORROWER_RETRIEVE, test_sent(test, &send), TAG, 0),
			 FFA_DENIED);
	assert_int_equal(test->sim->memory.panics, 1);
	test_stop(test);

	test = test_start_memory("spec", 0);
	assert_error(test_call(test, FFA_MEM_SHARE, 0, 0), FFA_INVALID_PARAMETERS);
	assert_int_equal(test->sim->memory.panics, 0);
	test_stop(test);
}

/* What profiles differ in. */
static void test_profiles(void **state)
{
	static const struct {
		const char *profile;
		int32_t donate, lend, overlap, zero, unaligned, not_cached, reclaim_flags;
	} cases[] = {
		{ "spec", 0, 0, FFA_DENIED, FFA_INVALID_PARAMETERS, FFA_INVALID_PARAMETERS, 0,
		  FFA_INVALID_PARAMETERS },
		{ "hafnium", 0, 0, FFA_DENIED, FFA_INVALID_PARAMETERS, FFA_INVALID_PARAMETERS, FFA_DENIED,
		  0 },
		{ "el3", FFA_NOT_SUPPORTED, FFA_INVALID_PARAMETERS, FFA_INVALID_PARAMETERS,
		  FFA_INVALID_PARAMETERS, FFA_INVALID_PARAMETERS, 0, FFA_INVALID_PARAMETERS },
		{ "optee", FFA_NOT_SUPPORTED, FFA_DENIED, 0, 0, 0, 0, 0 },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct machine_test *test = test_start_memory(cases[i].profile, 0);
		struct send_test send = test_send_of(FFA_MEMORY_SHARE, BORROWER, 1);
		uint64_t handle = test_sent(test, &send);

#define EXPECT(error, call)                                                                                  \
	do {                                                                                                 \
		if ((error) == FFA_OK)                                                                       \
			assert_success(call);                                                                \
		else                                                                                         \
			assert_error(call, error);                                                           \
	} while (0)
		EXPECT(cases[i].overlap, test_send(test, &send));
		EXPECT(cases[i].reclaim_flags, test_reclaim(test, handle, 0x80000000));
		if (cases[i].reclaim_flags != FFA_OK)
			assert_success(test_reclaim(test, handle, 0));
		send = test_send_of(FFA_MEMORY_DONATE, BORROWER, 1);
		send.ranges[0].address += 8 * PAGE;
		EXPECT(cases[i].donate, test_send(test, &send));
		send = test_send_of(FFA_MEMORY_LEND, BORROWER, 1);
		send.ranges[0].address += 16 * PAGE;
		if (strcmp(cases[i].profile, "el3") != 0)
			EXPECT(cases[i].lend, test_send(test, &send));
		else
			assert_success(test_send(test, &send));
		send = test_send_of(FFA_MEMORY_SHARE, BORROWER, 1);
		send.ranges[0].address += 24 * PAGE;
		send.transaction.flags = FFA_MEMORY_FLAG_ZERO;
		EXPECT(cases[i].zero, test_send(test, &send));
		send.transaction.flags = 0;
		send.ranges[0].address += PAGE + 8;
		EXPECT(cases[i].unaligned, test_send(test, &send));
		send.ranges[0].address += 2 * PAGE - 8;
		send.transaction.attributes = FFA_MEMORY_TYPE_NORMAL | FFA_MEMORY_CACHEABILITY_NC;
		EXPECT(cases[i].not_cached, test_send(test, &send));
		test_stop(test);
	}
}

static void test_handles(void **state)
{
	static const struct {
		const char *profile;
		uint64_t first, second, again;
	} cases[] = {
		{ "spec", 0xffffffc0, 0xffffffc1, 0xffffffc2 },
		{ "el3", 0xffffffc0, 0xffffffc1, 0xffffffc2 },
		{ "hafnium", 0, 1, 0 },
		{ "optee", UINT64_C(0x200000000000), UINT64_C(0x200000000001), UINT64_C(0x200000000000) },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct machine_test *test = test_start_memory(cases[i].profile, 0);
		struct send_test send = test_send_of(FFA_MEMORY_SHARE, BORROWER, 1);

		assert_int_equal(test_sent(test, &send), cases[i].first);
		send.ranges[0].address += PAGE;
		assert_int_equal(test_sent(test, &send), cases[i].second);
		assert_success(test_reclaim(test, cases[i].first, 0));
		send.ranges[0].address += PAGE;
		assert_int_equal(test_sent(test, &send), cases[i].again);
		test_stop(test);
	}
}

/* Hafnium looks at the last range of the first fragment, and at each range for itself. */
static void test_last_range(void **state)
{
	struct machine_test *test = test_start_memory("hafnium", 0);
	struct send_test send = test_send_of(FFA_MEMORY_SHARE, BORROWER, 1);
	uint64_t first = test_sent(test, &send), second;

	send.range_count = 2;
	send.ranges[1] = (struct ffa_memory_range) { DATA_BASE - PAGE, 1 };
	second = test_sent(test, &send);
	send.ranges[0] = (struct ffa_memory_range) { DATA_BASE + PAGE, 1 };
	send.ranges[1] = (struct ffa_memory_range) { DATA_BASE, 1 };
	assert_error(test_send(test, &send), FFA_DENIED);
	send.range_count = 1;
	send.ranges[0] = (struct ffa_memory_range) { DATA_BASE, 2 };
	assert_error(test_send(test, &send), FFA_DENIED);
	assert_success(test_reclaim(test, second, 0));
	assert_success(test_reclaim(test, first, 0));
	test_stop(test);
}

static struct ffa_regs next_fragment(struct machine_test *test, const struct send_test *send, uint64_t handle,
				     size_t first, size_t count)
{
	struct ffa_memory_frag_tx fragment = { .handle = handle };
	struct ffa_regs regs;

	fragment.size = (uint32_t)ffa_memory_ranges_encode(send->ranges + first, count, test->ram, PAGE);
	ffa_memory_frag_tx_encode(&fragment, &regs);
	return test_frame(test, 0, regs);
}

static void test_fragments(void **state)
{
	static const struct {
		const char *profile;
		bool kept; /* after a bad fragment */
	} cases[] = { { "spec", false }, { "hafnium", true }, { "el3", false } };

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct machine_test *test = test_start_memory(cases[i].profile, 0);
		struct send_test send = test_send_of(FFA_MEMORY_SHARE, BORROWER, 1);
		struct ffa_memory_frag_rx wanted;
		struct ffa_regs reply;

		send.range_count = 6;
		for (unsigned int n = 0; n < 6; n++)
			send.ranges[n] = (struct ffa_memory_range) { DATA_BASE + 2 * n * PAGE, 1 };
		send.fragment = 48 + 32 + 16 + 2 * 16;
		reply = test_send(test, &send);
		assert_int_equal(ffa_memory_frag_rx_decode(&reply, &wanted), 0);
		assert_int_equal(wanted.offset, send.fragment);
		assert_error(test_reclaim(test, wanted.handle, 0), FFA_INVALID_PARAMETERS);
		assert_int_equal(test_told(test, BORROWER, SIM_BORROWER_RETRIEVE, wanted.handle, TAG, 0),
				 FFA_INVALID_PARAMETERS);
		reply = next_fragment(test, &send, wanted.handle, 2, 3);
		assert_int_equal(ffa_memory_frag_rx_decode(&reply, &wanted), 0);
		assert_int_equal(wanted.offset, send.fragment + 48);
		assert_success(next_fragment(test, &send, wanted.handle, 5, 1));
		assert_error(next_fragment(test, &send, wanted.handle, 5, 1), FFA_INVALID_PARAMETERS);
		assert_success(test_reclaim(test, wanted.handle, 0));

		reply = test_send(test, &send);
		assert_int_equal(ffa_memory_frag_rx_decode(&reply, &wanted), 0);
		assert_error(
			test_call(test, FFA_MEM_FRAG_TX, (uint32_t)wanted.handle, wanted.handle >> 32, 8),
			FFA_INVALID_PARAMETERS);
		if (cases[i].kept)
			assert_success(next_fragment(test, &send, wanted.handle, 2, 4));
		else
			assert_error(next_fragment(test, &send, wanted.handle, 2, 4), FFA_INVALID_PARAMETERS);
		test_stop(test);
	}
}

/* Every table has an end, and what came before it stays. */
static void test_full(void **state)
{
	struct machine_test *test = test_start_memory("hafnium", 0);
	struct send_test send = test_send_of(FFA_MEMORY_SHARE, BORROWER, 1);
	struct ffa_memory_frag_rx wanted;
	struct ffa_regs reply = { 0 };

	for (unsigned int i = 0; i < 100; i++) {
		send.ranges[0].address = DATA_BASE + i * PAGE;
		assert_int_equal(test_sent(test, &send), i);
	}
	send.ranges[0].address += PAGE;
	assert_error(test_send(test, &send), FFA_NO_MEMORY);
	assert_success(test_reclaim(test, 50, 0));
	assert_int_equal(test_sent(test, &send), 50);
	assert_success(test_reclaim(test, 50, 0));

	send.range_count = 16;
	for (unsigned int n = 1; n < 16; n++)
		send.ranges[n] = (struct ffa_memory_range) { DATA_BASE + (100 + n) * PAGE, 1 };
	send.fragment = 48 + 32 + 16 + 16;
	/* A fragment with too many ranges is one more for Hafnium, which never gets to the end. */
	for (unsigned int i = 0; i < 20; i++) {
		reply = i == 0 ? test_send(test, &send) : next_fragment(test, &send, wanted.handle, 0, 16);
		assert_int_equal(ffa_memory_frag_rx_decode(&reply, &wanted), 0);
	}
	assert_error(next_fragment(test, &send, wanted.handle, 0, 1), FFA_NO_MEMORY);
	test_stop(test);
}

static void test_caller_buffers(void **state)
{
	struct machine_test *test = test_start("optee", 1, 0);
	struct sim_partition_config config = test_partition(1, (struct sim_behaviour) { .kind = SIM_ECHO });
	struct send_test send = test_send_of(FFA_MEMORY_SHARE, BORROWER, 1);
	uint32_t size;

	config.logical = true;
	assert_int_equal(test_add(test, &config), BORROWER);
	test_call(test, FFA_VERSION, FFA_VERSION_1_2);
	size = test_put(test, &send);
	assert_error(test_call(test, FFA_MEM_SHARE_64, size, size), FFA_DENIED);
	assert_error(test_call(test, FFA_MEM_SHARE_64, size, size, 0, 1), FFA_INVALID_PARAMETERS);
	assert_error(test_call(test, FFA_MEM_SHARE_64, size, size, RAM_BASE), FFA_INVALID_PARAMETERS);
	assert_error(test_call(test, FFA_MEM_SHARE_64, size, size, DEVICE_BASE, 1), FFA_INVALID_PARAMETERS);
	assert_error(test_call(test, FFA_MEM_SHARE_64, size, size, RAM_BASE, RAM_PAGES + 1),
		     FFA_INVALID_PARAMETERS);
	assert_error(test_call(test, FFA_MEM_SHARE_64, PAGE + 16, PAGE + 16, RAM_BASE, 1),
		     FFA_INVALID_PARAMETERS);
	assert_success(test_call(test, FFA_MEM_SHARE_64, size, size, RAM_BASE, 1));
	assert_success(test_reclaim(test, UINT64_C(0x100000000000), 0));
	test_stop(test);
}

static void test_region_states(void **state)
{
	assert_true(sim_region_may_become(SIM_REGION_FREE, SIM_REGION_SENDING));
	assert_true(sim_region_may_become(SIM_REGION_SENDING, SIM_REGION_LIVE));
	assert_true(sim_region_may_become(SIM_REGION_SENDING, SIM_REGION_FREE));
	assert_true(sim_region_may_become(SIM_REGION_LIVE, SIM_REGION_FREE));
	assert_false(sim_region_may_become(SIM_REGION_FREE, SIM_REGION_LIVE));
	assert_false(sim_region_may_become(SIM_REGION_LIVE, SIM_REGION_SENDING));
	assert_false(sim_region_may_become(SIM_REGION_STATE_COUNT, SIM_REGION_FREE));
	assert_string_equal(sim_region_state_name(SIM_REGION_SENDING), "sending");
	assert_null(sim_region_state_name(SIM_REGION_STATE_COUNT));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_states),        cmocka_unit_test(test_strict),
		cmocka_unit_test(test_frames),        cmocka_unit_test(test_panics),
		cmocka_unit_test(test_profiles),      cmocka_unit_test(test_handles),
		cmocka_unit_test(test_last_range),    cmocka_unit_test(test_fragments),
		cmocka_unit_test(test_full),          cmocka_unit_test(test_caller_buffers),
		cmocka_unit_test(test_region_states),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
