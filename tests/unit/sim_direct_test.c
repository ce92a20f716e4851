/* SPDX-License-Identifier: BSD-3-Clause */
/* Direct requests to partitions of the simulated SPMC: what is delivered, answered and refused. */
#include "sim_fixture.h"

#include <stdlib.h>
#include <string.h>

#include "abi/direct.h"
#include "abi/error.h"
#include "abi/fid.h"
#include "abi/partition_info.h"
#include "abi/version.h"
#include "sim/program.h"
#include "sim/spmc.h"

#define INVALID FFA_INVALID_PARAMETERS
#define ECHO ((struct sim_behaviour) { .kind = SIM_ECHO })

static const char *const profiles[] = { "spec", "hafnium", "el3", "optee" };

/* A machine of `profile` with version 1.2 negotiated and one echo partition, 0x8001. */
static struct machine_test *start_echo(const char *profile)
{
	struct machine_test *test = test_start(profile, 1, 0);
	struct sim_partition_config config = test_partition(1, ECHO);

	assert_int_equal(test_add(test, &config), 0x8001);
	test_call(test, FFA_VERSION, FFA_VERSION_1_2);
	return test;
}

static void test_echo_32(void **state)
{
	for (size_t p = 0; p < sizeof(profiles) / sizeof(profiles[0]); p++) {
		struct machine_test *test = start_echo(profiles[p]);
		struct ffa_regs reply = test_call(test, FFA_MSG_SEND_DIRECT_REQ, 0x8001 | UINT64_C(5) << 32,
						  0, 3, UINT64_C(0xffffffff00000004), 5, 6, 7);
		const uint64_t expected[] = { FFA_MSG_SEND_DIRECT_RESP, 0x80010000, 0, 3, 4, 5, 6, 7 };

		assert_memory_equal(reply.x, expected, sizeof(expected));
		test_stop(test);
	}
}

static void test_echo_64(void **state)
{
	for (size_t p = 0; p < sizeof(profiles) / sizeof(profiles[0]); p++) {
		struct machine_test *test = start_echo(profiles[p]);
		struct ffa_regs reply = test_call(test, FFA_MSG_SEND_DIRECT_REQ_64, 0x8001, 0, 3, 4, 5, 6,
						  UINT64_C(0x0123456789abcdef));

		assert_int_equal(reply.x[0], FFA_MSG_SEND_DIRECT_RESP_64);
		assert_int_equal(reply.x[1], 0x80010000);
		/* OP-TEE 4.10 hands on half of each argument. */
		assert_true(reply.x[7] ==
			    (strcmp(profiles[p], "optee") == 0 ? 0x89abcdef : UINT64_C(0x0123456789abcdef)));
		test_stop(test);
	}
}

static void uuid_registers(uint8_t number, uint64_t *ret_lo, uint64_t *ret_hi)
{
	struct ffa_uuid uuid = test_uuid(number);

	ffa_uuid_to_u64(&uuid, ret_lo, ret_hi);
}

static void test_echo_req2(void **state)
{
	for (size_t p = 0; p < 3; p++) {
		struct machine_test *test = start_echo(profiles[p]);
		struct ffa_regs call = { .x = { FFA_MSG_SEND_DIRECT_REQ2, 0x8001 } }, reply;

		uuid_registers(1, &call.x[2], &call.x[3]);
		for (unsigned int i = 4; i < FFA_REGS_COUNT; i++)
			call.x[i] = UINT64_C(0x1111111111111111) * (i - 3);
		reply = test_frame(test, 0, call);
		assert_int_equal(reply.x[0], FFA_MSG_SEND_DIRECT_RESP2);
		assert_int_equal(reply.x[1], 0x80010000);
		assert_int_equal(reply.x[2], 0);
		assert_int_equal(reply.x[3], 0);
		assert_memory_equal(reply.x + 4, call.x + 4, 14 * sizeof(uint64_t));
		/* Without a UUID the partition as a whole is meant. */
		call.x[2] = call.x[3] = 0;
		reply = test_frame(test, 0, call);
		assert_int_equal(reply.x[0], FFA_MSG_SEND_DIRECT_RESP2);
		test_stop(test);
	}
}

static void test_ids(void **state)
{
	static const struct {
		uint32_t ids;
		int32_t spec, others; /* 0: delivered */
	} cases[] = {
		{ 0x00008001, 0, 0 },
		{ 0x00018001, INVALID, 0 },
		{ 0x7fff8001, INVALID, 0 },
		{ 0x80008001, INVALID, INVALID },
		{ 0x80018001, INVALID, INVALID },
		{ 0xffff8001, INVALID, INVALID },
		{ 0x00000000, INVALID, INVALID },
		{ 0x00000001, INVALID, INVALID },
		{ 0x00007fff, INVALID, INVALID },
		{ 0x00008000, INVALID, INVALID },
		{ 0x00008002, INVALID, INVALID },
		{ 0x0000ffff, INVALID, INVALID },
	};

	for (size_t p = 0; p < sizeof(profiles) / sizeof(profiles[0]); p++) {
		struct machine_test *test = start_echo(profiles[p]);

		for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
			int32_t expected = p == 0 ? cases[i].spec : cases[i].others;
			struct ffa_regs reply = test_call(test, FFA_MSG_SEND_DIRECT_REQ, cases[i].ids, 0, 1);

			if (expected != 0) {
				assert_error(reply, expected);
				continue;
			}
			assert_int_equal(reply.x[0], FFA_MSG_SEND_DIRECT_RESP);
			assert_int_equal(reply.x[1], 0x80010000 | cases[i].ids >> 16);
		}
		test_stop(test);
	}
}

static void test_flags(void **state)
{
	static const struct {
		uint32_t flags;
		int32_t others, optee;
	} cases[] = {
		{ 1, INVALID, INVALID },
		{ 0x40000000, INVALID, INVALID },
		{ 0x80000000, INVALID, FFA_NOT_SUPPORTED },
		{ 0x80000004, INVALID, INVALID }, /* nobody subscribed */
		{ 0x80000005, INVALID, FFA_NOT_SUPPORTED },
		{ 0x80000006, INVALID, INVALID },
		{ 0x80000008, INVALID, FFA_NOT_SUPPORTED },
		{ 0x80000104, INVALID, INVALID },
		{ 0xffffffff, INVALID, FFA_NOT_SUPPORTED },
	};

	for (size_t p = 0; p < sizeof(profiles) / sizeof(profiles[0]); p++) {
		struct machine_test *test = start_echo(profiles[p]);

		for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
			int32_t expected =
				strcmp(profiles[p], "optee") == 0 ? cases[i].optee : cases[i].others;

			assert_error(test_call(test, FFA_MSG_SEND_DIRECT_REQ, 0x8001, cases[i].flags),
				     expected);
			assert_error(test_call(test, FFA_MSG_SEND_DIRECT_REQ_64, 0x8001, cases[i].flags),
				     expected);
		}
		test_stop(test);
	}
}

static void test_vm_messages(void **state)
{
	for (size_t p = 0; p < sizeof(profiles) / sizeof(profiles[0]); p++) {
		struct machine_test *test = test_start(profiles[p], 1, 0);
		struct sim_partition_config config = test_partition(1, ECHO);
		struct ffa_regs reply;
		bool strict = p == 0;

		config.properties |= FFA_PARTITION_VM_CREATED;
		test_add(test, &config);
		reply = test_call(test, FFA_MSG_SEND_DIRECT_REQ, 0x8001, 0x80000004, UINT32_MAX, UINT32_MAX,
				  7);
		assert_int_equal(reply.x[0], FFA_MSG_SEND_DIRECT_RESP);
		assert_int_equal(reply.x[2], 0x80000005);
		for (unsigned int i = 3; i < 8; i++)
			assert_int_equal(reply.x[i], 0);
		/* It did not subscribe to the end of VMs. */
		assert_error(test_call(test, FFA_MSG_SEND_DIRECT_REQ, 0x8001, 0x80000006, 0, 0, 7), INVALID);
		/* Not the id of a VM; reserved registers. */
		reply = test_call(test, FFA_MSG_SEND_DIRECT_REQ, 0x8001, 0x80000004, 0, 0, 0x8007);
		assert_int_equal(reply.x[0], strict ? FFA_ERROR : FFA_MSG_SEND_DIRECT_RESP);
		reply = test_call(test, FFA_MSG_SEND_DIRECT_REQ, 0x8001, 0x80000004, 0, 0, 7, 1);
		assert_int_equal(reply.x[0], strict ? FFA_ERROR : FFA_MSG_SEND_DIRECT_RESP);
		reply = test_call(test, FFA_MSG_SEND_DIRECT_REQ, 0x8001, 0x80000004, 0, 0, 7, 0, 1);
		assert_int_equal(reply.x[0], strict ? FFA_ERROR : FFA_MSG_SEND_DIRECT_RESP);
		/* A type that only looks like it. */
		reply = test_call(test, FFA_MSG_SEND_DIRECT_REQ, 0x8001, 0x80000104, 0, 0, 7);
		assert_int_equal(reply.x[0], p == 3 ? FFA_MSG_SEND_DIRECT_RESP : FFA_ERROR);
		test_stop(test);
	}
}

static void test_methods(void **state)
{
	/* One service takes requests of the old kind, the other those of the new kind. */
	for (size_t p = 0; p < 3; p++) {
		struct machine_test *test = test_start(profiles[p], 1, 0);
		struct sim_partition_config config = test_partition(1, ECHO);
		uint64_t lo, hi;

		config.services[0].properties = FFA_PARTITION_DIRECT_REQ_RECV;
		config.services[1] = (struct sim_service) { test_uuid(2), FFA_PARTITION_DIRECT_REQ2_RECV };
		config.service_count = 2;
		test_add(test, &config);
		assert_int_equal(test_call(test, FFA_MSG_SEND_DIRECT_REQ, 0x8001).x[0],
				 FFA_MSG_SEND_DIRECT_RESP);
		uuid_registers(1, &lo, &hi);
		assert_error(test_call(test, FFA_MSG_SEND_DIRECT_REQ2, 0x8001, lo, hi), FFA_DENIED);
		uuid_registers(2, &lo, &hi);
		assert_int_equal(test_call(test, FFA_MSG_SEND_DIRECT_REQ2, 0x8001, lo, hi).x[0],
				 FFA_MSG_SEND_DIRECT_RESP2);
		uuid_registers(3, &lo, &hi);
		assert_error(test_call(test, FFA_MSG_SEND_DIRECT_REQ2, 0x8001, lo, hi), INVALID);
		assert_int_equal(test_call(test, FFA_MSG_SEND_DIRECT_REQ2, 0x8001).x[0],
				 FFA_MSG_SEND_DIRECT_RESP2);
		test_stop(test);
	}
}

static void test_refuser(void **state)
{
	for (size_t p = 0; p < sizeof(profiles) / sizeof(profiles[0]); p++) {
		struct machine_test *test = test_start(profiles[p], 1, 0);
		struct sim_partition_config config =
			test_partition(1, (struct sim_behaviour) { .kind = SIM_REFUSER });

		test_add(test, &config);
		assert_error(test_call(test, FFA_MSG_SEND_DIRECT_REQ, 0x8001), FFA_DENIED);
		assert_error(test_call(test, FFA_MSG_SEND_DIRECT_REQ_64, 0x8001), FFA_DENIED);
		assert_error(test_call(test, FFA_MSG_SEND_DIRECT_REQ2, 0x8001),
			     p == 3 ? FFA_NOT_SUPPORTED : FFA_DENIED);
		test_stop(test);
	}
}

static void test_req2_versions(void **state)
{
	static const struct {
		const char *profile;
		uint32_t caller, partition;
		int32_t error;
	} cases[] = {
		{ "spec", FFA_VERSION_1_2, FFA_VERSION_1_2, 0 },
		{ "spec", FFA_VERSION_1_1, FFA_VERSION_1_2, FFA_NOT_SUPPORTED },
		{ "spec", FFA_VERSION_1_2, FFA_VERSION_1_1, FFA_DENIED },
		{ "hafnium", FFA_VERSION_1_1, FFA_VERSION_1_2, FFA_DENIED },
		{ "hafnium", FFA_VERSION_1_2, FFA_VERSION_1_1, FFA_DENIED },
		{ "el3", FFA_VERSION_1_1, FFA_VERSION_1_2, FFA_NOT_SUPPORTED },
		{ "optee", FFA_VERSION_1_2, FFA_VERSION_1_2, FFA_NOT_SUPPORTED },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct machine_test *test = test_start(cases[i].profile, 1, 0);
		struct sim_partition_config config = test_partition(1, ECHO);
		struct ffa_regs reply;

		config.ffa_version = cases[i].partition;
		test_add(test, &config);
		test_call(test, FFA_VERSION, cases[i].caller);
		reply = test_call(test, FFA_MSG_SEND_DIRECT_REQ2, 0x8001);
		if (cases[i].error == 0)
			assert_int_equal(reply.x[0], FFA_MSG_SEND_DIRECT_RESP2);
		else
			assert_error(reply, cases[i].error);
		test_stop(test);
	}
}

static void test_responses_refused(void **state)
{
	static const struct {
		const char *profile;
		int32_t response, response2, resume_32, resume_64;
	} cases[] = {
		{ "spec", FFA_NOT_SUPPORTED, FFA_NOT_SUPPORTED, FFA_NOT_SUPPORTED, FFA_NOT_SUPPORTED },
		{ "hafnium", INVALID, INVALID, FFA_DENIED, FFA_NOT_SUPPORTED },
		{ "el3", FFA_NOT_SUPPORTED, FFA_NOT_SUPPORTED, FFA_DENIED, FFA_NOT_SUPPORTED },
		{ "optee", FFA_NOT_SUPPORTED, FFA_NOT_SUPPORTED, FFA_DENIED, FFA_NOT_SUPPORTED },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct machine_test *test = start_echo(cases[i].profile);

		assert_error(test_call(test, FFA_MSG_SEND_DIRECT_RESP, 0x8001), cases[i].response);
		assert_error(test_call(test, FFA_MSG_SEND_DIRECT_RESP_64, 0x8001), cases[i].response);
		assert_error(test_call(test, FFA_MSG_SEND_DIRECT_RESP2, 0x8001), cases[i].response2);
		assert_error(test_call(test, FFA_NORMAL_WORLD_RESUME), cases[i].resume_32);
		assert_error(test_call(test, FFA_FID_64(0x7c)), cases[i].resume_64);
		assert_error(test_call(test, FFA_MSG_WAIT), FFA_NOT_SUPPORTED);
		assert_error(test_call(test, FFA_YIELD), FFA_NOT_SUPPORTED);
		test_stop(test);
	}
}

static void test_logical(void **state)
{
	/* OP-TEE's own endpoint inside its SPMC. */
	for (size_t p = 0; p < sizeof(profiles) / sizeof(profiles[0]); p++) {
		struct machine_test *test = test_start(profiles[p], 1, 0);
		struct sim_partition_config config = test_partition(1, ECHO);
		bool optee = strcmp(profiles[p], "optee") == 0;
		struct ffa_regs reply;

		config.logical = true;
		config.exec_ctx_count = 4;
		config.properties |= FFA_PARTITION_VM_CREATED;
		test_add(test, &config);
		assert_int_equal(test_call(test, FFA_MSG_SEND_DIRECT_REQ, 0x8001).x[0],
				 FFA_MSG_SEND_DIRECT_RESP);
		assert_error(test_call(test, FFA_RUN, 0x80010000), INVALID);
		reply = test_call(test, FFA_MSG_SEND_DIRECT_REQ, 0x8001, 1);
		assert_int_equal(reply.x[0], optee ? FFA_MSG_SEND_DIRECT_RESP : FFA_ERROR);
		assert_error(test_call(test, FFA_MSG_SEND_DIRECT_REQ, 0x8001, 0x80000004),
			     optee ? FFA_NOT_SUPPORTED : INVALID);
		reply = test_call(test, FFA_MSG_SEND_DIRECT_REQ, 0x8001, 0x80000008, FFA_VERSION_1_1);
		if (optee) {
			assert_int_equal(reply.x[0], FFA_MSG_SEND_DIRECT_RESP);
			assert_int_equal(reply.x[2], 0x80000009);
			assert_int_equal(reply.x[3], FFA_VERSION_1_2);
		} else {
			assert_error(reply, INVALID);
		}
		test_stop(test);
	}
}

static void test_many_partitions(void **state)
{
	struct machine_test *test = test_start("spec", 1, 0);
	struct sim_partition_config config = test_partition(1, ECHO);

	for (unsigned int i = 0; i < SIM_PARTITIONS_MAX; i++)
		test_add(test, &config);
	for (uint32_t i = 0; i < SIM_PARTITIONS_MAX; i++) {
		struct ffa_regs reply = test_call(test, FFA_MSG_SEND_DIRECT_REQ, 0x8001 + i, 0, i);

		assert_int_equal(reply.x[1], (uint64_t)(0x8001 + i) << 16);
		assert_int_equal(reply.x[3], i);
	}
	assert_error(test_call(test, FFA_MSG_SEND_DIRECT_REQ, 0x8001 + SIM_PARTITIONS_MAX), INVALID);
	test_stop(test);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_echo_32),       cmocka_unit_test(test_echo_64),
		cmocka_unit_test(test_echo_req2),     cmocka_unit_test(test_ids),
		cmocka_unit_test(test_flags),         cmocka_unit_test(test_vm_messages),
		cmocka_unit_test(test_methods),       cmocka_unit_test(test_refuser),
		cmocka_unit_test(test_req2_versions), cmocka_unit_test(test_responses_refused),
		cmocka_unit_test(test_logical),       cmocka_unit_test(test_many_partitions),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
