/* SPDX-License-Identifier: BSD-3-Clause */
/* Version negotiation, ids and the RX/TX pair of the simulated SPMC, for every profile. */
#include "sim_fixture.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "abi/error.h"
#include "abi/fid.h"
#include "abi/version.h"
#include "sim/spmc.h"

#define VERSION_BAD UINT32_C(0xffffffff)

static uint32_t version(struct machine_test *test, uint32_t request)
{
	struct ffa_regs reply = test_call(test, FFA_VERSION, request);

	for (unsigned int i = 1; i < FFA_REGS_COUNT; i++)
		assert_int_equal(reply.x[i], 0);
	return ffa_regs_w(&reply, 0);
}

/* The version that the machine works with now, seen by what PARTITION_INFO_GET writes. */
static uint32_t version_in_use(struct machine_test *test)
{
	return test->sim->normal_world.version;
}

static void test_version_answers(void **state)
{
	static const struct {
		const char *profile;
		uint32_t request, reply, in_use;
	} cases[] = {
		{ "spec", FFA_VERSION_1_0, FFA_VERSION_1_2, FFA_VERSION_1_0 },
		{ "spec", FFA_VERSION_1_1, FFA_VERSION_1_2, FFA_VERSION_1_1 },
		{ "spec", FFA_VERSION_1_2, FFA_VERSION_1_2, FFA_VERSION_1_2 },
		{ "spec", FFA_VERSION_1_3, FFA_VERSION_1_2, FFA_VERSION_1_2 },
		{ "spec", FFA_VERSION_MAKE(0, 9), VERSION_BAD, FFA_VERSION_1_2 },
		{ "spec", FFA_VERSION_MAKE(2, 0), VERSION_BAD, FFA_VERSION_1_2 },
		{ "spec", FFA_VERSION_MBZ | FFA_VERSION_1_1, VERSION_BAD, FFA_VERSION_1_2 },
		{ "hafnium", FFA_VERSION_1_0, FFA_VERSION_1_3, FFA_VERSION_1_0 },
		{ "hafnium", FFA_VERSION_1_3, FFA_VERSION_1_3, FFA_VERSION_1_3 },
		{ "hafnium", FFA_VERSION_MAKE(1, 4), VERSION_BAD, FFA_VERSION_1_3 },
		{ "hafnium", FFA_VERSION_MAKE(2, 0), VERSION_BAD, FFA_VERSION_1_3 },
		{ "hafnium", FFA_VERSION_MBZ, VERSION_BAD, FFA_VERSION_1_3 },
		{ "el3", FFA_VERSION_1_1, FFA_VERSION_1_2, FFA_VERSION_1_1 },
		{ "el3", FFA_VERSION_1_3, FFA_VERSION_1_2, FFA_VERSION_1_2 },
		{ "el3", FFA_VERSION_MAKE(2, 0), FFA_VERSION_1_2, FFA_VERSION_1_2 },
		{ "el3", FFA_VERSION_MBZ | FFA_VERSION_1_1, VERSION_BAD, FFA_VERSION_1_2 },
		{ "optee", FFA_VERSION_1_0, FFA_VERSION_1_2, FFA_VERSION_1_0 },
		{ "optee", FFA_VERSION_1_2, FFA_VERSION_1_2, FFA_VERSION_1_2 },
		{ "optee", FFA_VERSION_MAKE(1, 100), FFA_VERSION_1_2, FFA_VERSION_1_2 },
		{ "optee", 0, FFA_VERSION_1_2, FFA_VERSION_1_0 },
		{ "optee", FFA_VERSION_MAKE(2, 2), FFA_VERSION_1_2, FFA_VERSION_1_0 },
		{ "optee", VERSION_BAD, VERSION_BAD, FFA_VERSION_1_0 },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct machine_test *test = test_start(cases[i].profile, 1, 0);

		assert_int_equal(version(test, cases[i].request), cases[i].reply);
		assert_int_equal(version_in_use(test), cases[i].in_use);
		test_stop(test);
	}
}

static void test_version_of_host(void **state)
{
	/* Firmware that speaks less than the profile could. */
	struct machine_test *test = test_start("spec", 1, FFA_VERSION_1_1);
	struct sim_host host = test->sim->host;
	const struct sim_profile *profile = sim_profile_find("spec");

	assert_int_equal(version(test, FFA_VERSION_1_2), FFA_VERSION_1_1);
	assert_int_equal(version_in_use(test), FFA_VERSION_1_1);
	assert_int_equal(sim_init(test->sim, profile, &host, 1, FFA_VERSION_1_3), 0);
	assert_int_equal(sim_init(test->sim, profile, &host, 1, FFA_VERSION_1_3 + 1), -EINVAL);
	assert_int_equal(sim_init(test->sim, profile, &host, 1, FFA_VERSION_1_0 - 1), -EINVAL);
	assert_int_equal(sim_init(test->sim, profile, &host, 0, 0), -EINVAL);
	assert_int_equal(sim_init(test->sim, profile, &host, SIM_CPUS_MAX, 0), 0);
	assert_int_equal(sim_init(test->sim, profile, &host, SIM_CPUS_MAX + 1, 0), -EINVAL);
	test_stop(test);
}

static void test_version_lock(void **state)
{
	static const struct {
		const char *profile;
		uint32_t same, older; /* replies after another call */
		uint32_t in_use;
	} cases[] = {
		{ "spec", FFA_VERSION_1_2, VERSION_BAD, FFA_VERSION_1_1 },
		{ "hafnium", FFA_VERSION_1_3, VERSION_BAD, FFA_VERSION_1_1 },
		{ "el3", FFA_VERSION_1_1, FFA_VERSION_1_1, FFA_VERSION_1_1 },
		{ "optee", FFA_VERSION_1_2, FFA_VERSION_1_2, FFA_VERSION_1_0 },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct machine_test *test = test_start(cases[i].profile, 1, 0);

		/* Before any other call it can be negotiated again. */
		version(test, FFA_VERSION_1_0);
		version(test, FFA_VERSION_1_1);
		assert_int_equal(version_in_use(test), FFA_VERSION_1_1);
		assert_success(test_call(test, FFA_ID_GET));
		assert_int_equal(version(test, FFA_VERSION_1_1), cases[i].same);
		assert_int_equal(version(test, FFA_VERSION_1_0), cases[i].older);
		assert_int_equal(version_in_use(test), cases[i].in_use);
		test_stop(test);
	}
}

static void test_version_not_negotiated(void **state)
{
	/* Another call came first: what is in use, and what VERSION answers afterwards. */
	static const struct {
		const char *profile;
		uint32_t in_use, reply;
	} cases[] = {
		{ "spec", FFA_VERSION_1_2, VERSION_BAD },
		{ "hafnium", FFA_VERSION_1_3, VERSION_BAD },
		{ "el3", FFA_VERSION_1_2, VERSION_BAD },
		{ "optee", FFA_VERSION_1_0, FFA_VERSION_1_2 },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct machine_test *test = test_start(cases[i].profile, 1, 0);

		assert_success(test_call(test, FFA_ID_GET));
		assert_int_equal(version_in_use(test), cases[i].in_use);
		assert_int_equal(version(test, FFA_VERSION_1_1), cases[i].reply);
		test_stop(test);
	}
}

static void test_ids(void **state)
{
	for (size_t i = 0; sim_profile_at(i) != NULL; i++) {
		struct machine_test *test = test_start(sim_profile_name(sim_profile_at(i)), 1, 0);
		struct ffa_regs reply = test_call(test, FFA_ID_GET);

		assert_success(reply);
		assert_int_equal(reply.x[2], 0);
		reply = test_call(test, FFA_SPM_ID_GET);
		assert_success(reply);
		assert_int_equal(reply.x[2], 0x8000);
		test_stop(test);
	}
}

static void test_since(void **state)
{
	struct machine_test *test = test_start("spec", 1, 0);

	/* A 1.0 caller does not know what came with 1.1. */
	version(test, FFA_VERSION_1_0);
	assert_error(test_call(test, FFA_SPM_ID_GET), FFA_NOT_SUPPORTED);
	assert_success(test_call(test, FFA_ID_GET));
	test_stop(test);
	test = test_start("hafnium", 1, 0);
	version(test, FFA_VERSION_1_0);
	assert_success(test_call(test, FFA_SPM_ID_GET));
	test_stop(test);
}

static void test_function_ids(void **state)
{
	static const struct {
		const char *profile;
		uint32_t fid;
		bool unknown;
	} cases[] = {
		{ "spec", 0x8400005f, true },     { "spec", 0x84000060, false },
		{ "spec", 0x84000097, false },    { "spec", 0x84000098, true },
		{ "spec", 0x84010066, true },     { "spec", 0x94000066, true },
		{ "spec", 0x04000066, true },     { "spec", 0xc4000064, false },
		{ "hafnium", 0x8400008e, false }, { "hafnium", 0x8400008f, true },
		{ "optee", 0x8400008e, false },   { "optee", 0xc400008f, true },
		{ "el3", 0x84000097, false },     { "el3", 0xc4000098, true },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct machine_test *test = test_start(cases[i].profile, 1, 0);
		struct ffa_regs reply =
			test_call(test, cases[i].fid | UINT64_C(0xbad) << 32, 0x123400000001, 2);

		if (cases[i].unknown) {
			assert_true(reply.x[0] == UINT64_MAX);
			assert_true(reply.x[1] == 0x123400000001);
			assert_int_equal(reply.x[2], 2);
		} else {
			assert_int_equal(reply.x[0], FFA_ERROR);
		}
		test_stop(test);
	}
}

static void test_upper_halves(void **state)
{
	/* An SMC32 call defines the low halves only, of w0 too. */
	struct machine_test *test = test_start("spec", 1, 0);
	struct ffa_regs reply =
		test_call(test, FFA_VERSION | UINT64_C(7) << 32, FFA_VERSION_1_1 | UINT64_C(9) << 32);

	assert_int_equal(reply.x[0], FFA_VERSION_1_2);
	reply = test_call(test, FFA_ID_GET, UINT64_C(1) << 32, UINT64_C(1) << 63);
	assert_success(reply);
	test_stop(test);
}

static void test_reserved_registers(void **state)
{
	struct machine_test *test = test_start("spec", 1, 0);

	assert_error(test_call(test, FFA_ID_GET, 1), FFA_INVALID_PARAMETERS);
	assert_error(test_call(test, FFA_ID_GET, 0, 0, 0, 0, 0, 0, 1), FFA_INVALID_PARAMETERS);
	/* Not part of an SMC32 frame. */
	assert_success(test_call(test, FFA_ID_GET, 0, 0, 0, 0, 0, 0, 0, 1));
	/* Part of an SMC64 frame from 1.2 on. */
	assert_error(test_call(test, FFA_RXTX_MAP_64, TX_BASE, RX_BASE, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
			       0, 1),
		     FFA_INVALID_PARAMETERS);
	test_stop(test);
	test = test_start("spec", 1, FFA_VERSION_1_1);
	assert_success(test_call(test, FFA_RXTX_MAP_64, TX_BASE, RX_BASE, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,
				 0, 0, 1));
	test_stop(test);
	test = test_start("hafnium", 1, 0);
	assert_success(test_call(test, FFA_ID_GET, 1, 2, 3, 4, 5, 6, 7));
	test_stop(test);
}

static void test_high_registers(void **state)
{
	static const struct {
		const char *profile;
		uint64_t x8;
	} cases[] = { { "spec", 0 }, { "el3", 0 }, { "hafnium", 0x1008 }, { "optee", 0x1008 } };

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct machine_test *test = test_start(cases[i].profile, 1, 0);
		struct ffa_regs reply = test_call(test, FFA_ID_GET, 0, 0, 0, 0, 0, 0, 0, 0x1008);

		assert_success(reply);
		assert_int_equal(reply.x[8], cases[i].x8);
		test_stop(test);
	}
}

static void test_wrong_cpu(void **state)
{
	struct machine_test *test = test_start("spec", 2, 0);

	assert_success(test_call_on(test, 1, FFA_ID_GET));
	assert_error(test_call_on(test, 2, FFA_ID_GET), FFA_INVALID_PARAMETERS);
	test_stop(test);
}

struct map_case {
	uint64_t tx, rx, pages;
	int32_t spec, hafnium, el3, optee;
};

static void test_map_arguments(void **state)
{
#define INVALID FFA_INVALID_PARAMETERS
#define DENIED FFA_DENIED
	static const struct map_case cases[] = {
		{ TX_BASE, RX_BASE, 1, 0, 0, 0, 0 },
		{ TX_BASE, RX_BASE, 0, INVALID, INVALID, INVALID, INVALID },
		{ TX_BASE, TX_BASE + 2 * PAGE, 2, 0, INVALID, 0, 0 },
		{ TX_BASE, TX_BASE + 63 * PAGE, 63, 0, INVALID, 0, 0 },
		{ TX_BASE, TX_BASE + 64 * PAGE, 64, INVALID, INVALID, INVALID, INVALID },
		{ TX_BASE, RX_BASE, 1 | 1 << 6, INVALID, INVALID, 0, INVALID },
		{ TX_BASE, RX_BASE, 1 | UINT64_C(1) << 32, INVALID, 0, 0, INVALID },
		{ TX_BASE, TX_BASE, 1, INVALID, INVALID, INVALID, 0 },
		{ TX_BASE, RX_BASE, 2, INVALID, INVALID, INVALID, 0 },
		{ RX_BASE, TX_BASE, 2, INVALID, INVALID, INVALID, 0 },
		{ TX_BASE + 8, RX_BASE, 1, INVALID, INVALID, INVALID, INVALID },
		{ TX_BASE, RX_BASE + 0x800, 1, INVALID, INVALID, INVALID, INVALID },
		{ DEVICE_BASE, RX_BASE, 1, INVALID, DENIED, INVALID, INVALID },
		{ TX_BASE, DEVICE_BASE, 1, INVALID, DENIED, INVALID, INVALID },
		{ 0, RX_BASE, 1, INVALID, DENIED, INVALID, INVALID },
		{ TX_BASE, UINT64_C(0xfffffffffffff000), 1, INVALID, DENIED, INVALID, INVALID },
		{ RAM_BASE + (RAM_PAGES - 1) * PAGE, TX_BASE, 1, 0, 0, 0, 0 },
		{ RAM_BASE + RAM_PAGES * PAGE, TX_BASE, 1, INVALID, DENIED, INVALID, INVALID },
	};
	static const char *const profiles[] = { "spec", "hafnium", "el3", "optee" };

	for (size_t p = 0; p < sizeof(profiles) / sizeof(profiles[0]); p++) {
		for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
			const int32_t expected[] = { cases[i].spec, cases[i].hafnium, cases[i].el3,
						     cases[i].optee };
			struct machine_test *test = test_start(profiles[p], 1, 0);
			struct ffa_regs reply =
				test_call(test, FFA_RXTX_MAP_64, cases[i].tx, cases[i].rx, cases[i].pages);

			if (expected[p] == 0)
				assert_success(reply);
			else
				assert_error(reply, expected[p]);
			assert_int_equal(test->sim->normal_world.rxtx.mapped, expected[p] == 0);
			test_stop(test);
		}
	}
}

static void test_map_twice(void **state)
{
	/* What comes first: that a pair is mapped, or that the page count is wrong. */
	static const struct {
		const char *profile;
		int32_t twice, no_pages, unaligned;
	} cases[] = {
		{ "spec", DENIED, INVALID, DENIED },
		{ "hafnium", DENIED, DENIED, DENIED },
		{ "el3", DENIED, DENIED, DENIED },
		{ "optee", DENIED, INVALID, DENIED },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct machine_test *test = test_start(cases[i].profile, 1, 0);

		test_map(test);
		assert_error(test_call(test, FFA_RXTX_MAP_64, TX_BASE, RX_BASE, 1), cases[i].twice);
		assert_error(test_call(test, FFA_RXTX_MAP_64, TX_BASE, RX_BASE, 0), cases[i].no_pages);
		assert_error(test_call(test, FFA_RXTX_MAP_64, TX_BASE + 8, RX_BASE, 1), cases[i].unaligned);
		assert_success(test_call(test, FFA_RXTX_UNMAP));
		test_map(test);
		test_stop(test);
	}
}

static void test_map_32(void **state)
{
	struct machine_test *test = test_start("spec", 1, 0);

	assert_success(test_call(test, FFA_RXTX_MAP, TX_BASE | UINT64_C(1) << 40, RX_BASE, 1));
	assert_true(test->sim->normal_world.rxtx.tx == TX_BASE);
	test_stop(test);
	test = test_start("hafnium", 1, 0);
	assert_error(test_call(test, FFA_RXTX_MAP, TX_BASE, RX_BASE, 1), FFA_NOT_SUPPORTED);
	test_stop(test);
}

static void test_unmap(void **state)
{
	static const struct {
		const char *profile;
		uint32_t w1;
		int32_t error;
	} cases[] = {
		{ "spec", 1, INVALID },      { "spec", 0x10000, INVALID },    { "hafnium", 1, 0 },
		{ "hafnium", 0xffff, 0 },    { "hafnium", 0x10000, INVALID }, { "el3", 0xffff, 0 },
		{ "el3", 0x10000, INVALID }, { "optee", 0xffffffff, 0 },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct machine_test *test = test_start(cases[i].profile, 1, 0);

		assert_error(test_call(test, FFA_RXTX_UNMAP), INVALID);
		test_map(test);
		if (cases[i].error == 0) {
			assert_success(test_call(test, FFA_RXTX_UNMAP, cases[i].w1));
			assert_error(test_call(test, FFA_RXTX_UNMAP, cases[i].w1), INVALID);
		} else {
			assert_error(test_call(test, FFA_RXTX_UNMAP, cases[i].w1), cases[i].error);
			assert_success(test_call(test, FFA_RXTX_UNMAP));
		}
		test_stop(test);
	}
}

static void fill_rx(struct machine_test *test)
{
	struct sim_partition_config config = test_partition(1, (struct sim_behaviour) { 0 });

	if (test->sim->partition_count == 0)
		test_add(test, &config);
	assert_success(test_call(test, FFA_PARTITION_INFO_GET));
	assert_int_equal(test->sim->normal_world.rxtx.rx_state, SIM_RX_FULL);
}

static void test_rx_release(void **state)
{
	static const struct {
		const char *profile;
		int32_t unmapped;
	} cases[] = { { "spec", INVALID }, { "hafnium", DENIED }, { "el3", DENIED }, { "optee", DENIED } };

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct machine_test *test = test_start(cases[i].profile, 1, 0);

		assert_error(test_call(test, FFA_RX_RELEASE), cases[i].unmapped);
		test_map(test);
		assert_error(test_call(test, FFA_RX_RELEASE), DENIED);
		fill_rx(test);
		assert_error(test_call(test, FFA_PARTITION_INFO_GET), FFA_BUSY);
		assert_success(test_call(test, FFA_RX_RELEASE));
		assert_error(test_call(test, FFA_RX_RELEASE), DENIED);
		assert_success(test_call(test, FFA_PARTITION_INFO_GET));
		test_stop(test);
	}
}

static void test_rx_release_id(void **state)
{
	static const struct {
		const char *profile;
		uint32_t w1;
		int32_t error;
	} cases[] = {
		{ "spec", 1, INVALID },    { "spec", 0x10000, INVALID },  { "hafnium", 0x10000, 0 },
		{ "hafnium", 1, INVALID }, { "hafnium", 0x8001, DENIED }, { "hafnium", 0xffff, INVALID },
		{ "el3", 0xffff, 0 },      { "optee", 0xffffffff, 0 },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct machine_test *test = test_start(cases[i].profile, 1, 0);
		struct ffa_regs reply;

		test_map(test);
		fill_rx(test);
		reply = test_call(test, FFA_RX_RELEASE, cases[i].w1);
		if (cases[i].error == 0)
			assert_success(reply);
		else
			assert_error(reply, cases[i].error);
		assert_int_equal(test->sim->normal_world.rxtx.rx_state,
				 cases[i].error == 0 ? SIM_RX_EMPTY : SIM_RX_FULL);
		test_stop(test);
	}
}

static void test_rx_and_unmap(void **state)
{
	static const struct {
		const char *profile;
		bool kept;
	} cases[] = { { "spec", false }, { "hafnium", true }, { "el3", false }, { "optee", false } };

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct machine_test *test = test_start(cases[i].profile, 1, 0);

		test_map(test);
		fill_rx(test);
		assert_success(test_call(test, FFA_RXTX_UNMAP));
		test_map(test);
		if (cases[i].kept) {
			assert_error(test_call(test, FFA_PARTITION_INFO_GET), FFA_BUSY);
			assert_success(test_call(test, FFA_RXTX_UNMAP));
			assert_success(test_call(test, FFA_RX_RELEASE));
		} else {
			assert_success(test_call(test, FFA_PARTITION_INFO_GET));
		}
		test_stop(test);
	}
}

static void test_rx_acquire(void **state)
{
	struct machine_test *test = test_start("hafnium", 1, 0);

	assert_error(test_call(test, FFA_RX_ACQUIRE), INVALID);
	test_map(test);
	assert_error(test_call(test, FFA_RX_ACQUIRE, 1), INVALID);
	assert_error(test_call(test, FFA_RX_ACQUIRE, 0x8001), FFA_NOT_SUPPORTED);
	assert_success(test_call(test, FFA_RX_ACQUIRE));
	assert_error(test_call(test, FFA_RX_ACQUIRE), DENIED);
	assert_error(test_call(test, FFA_PARTITION_INFO_GET), FFA_BUSY);
	assert_success(test_call(test, FFA_RX_RELEASE));
	fill_rx(test);
	assert_error(test_call(test, FFA_RX_ACQUIRE), DENIED);
	test_stop(test);
	for (size_t i = 0; sim_profile_at(i) != NULL; i++) {
		if (strcmp(sim_profile_name(sim_profile_at(i)), "hafnium") == 0)
			continue;
		test = test_start(sim_profile_name(sim_profile_at(i)), 1, 0);
		test_map(test);
		assert_error(test_call(test, FFA_RX_ACQUIRE), FFA_NOT_SUPPORTED);
		test_stop(test);
	}
}

static void test_names(void **state)
{
	for (int i = 0; i < SIM_RX_STATE_COUNT; i++)
		assert_non_null(sim_rx_state_name((enum sim_rx_state)i));
	assert_null(sim_rx_state_name(SIM_RX_STATE_COUNT));
	assert_null(sim_profile_find("specs"));
	assert_null(sim_profile_find(""));
	assert_null(sim_profile_at(4));
	for (size_t i = 0; i < 4; i++)
		assert_ptr_equal(sim_profile_find(sim_profile_name(sim_profile_at(i))), sim_profile_at(i));
}

static void test_not_simulated(void **state)
{
	assert_true(sim_simulates(FFA_VERSION, false));
	assert_true(sim_simulates(FFA_MSG_WAIT, false));
	assert_true(sim_simulates(0x84000099, false));
	assert_false(sim_simulates(FFA_MEM_OP_RESUME, false));
	assert_true(sim_simulates(FFA_MSG_WAIT, true));
	assert_true(sim_simulates(FFA_MSG_SEND_DIRECT_RESP, true));
	assert_false(sim_simulates(FFA_MSG_SEND_DIRECT_REQ, true));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_version_answers),
		cmocka_unit_test(test_version_of_host),
		cmocka_unit_test(test_version_lock),
		cmocka_unit_test(test_version_not_negotiated),
		cmocka_unit_test(test_ids),
		cmocka_unit_test(test_since),
		cmocka_unit_test(test_function_ids),
		cmocka_unit_test(test_upper_halves),
		cmocka_unit_test(test_reserved_registers),
		cmocka_unit_test(test_high_registers),
		cmocka_unit_test(test_wrong_cpu),
		cmocka_unit_test(test_map_arguments),
		cmocka_unit_test(test_map_twice),
		cmocka_unit_test(test_map_32),
		cmocka_unit_test(test_unmap),
		cmocka_unit_test(test_rx_release),
		cmocka_unit_test(test_rx_release_id),
		cmocka_unit_test(test_rx_and_unmap),
		cmocka_unit_test(test_rx_acquire),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_not_simulated),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
