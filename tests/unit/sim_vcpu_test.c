/* SPDX-License-Identifier: BSD-3-Clause */
/* Execution contexts of the simulated SPMC: their states, FFA_RUN, the built-in programs and the host's own. */
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
#define REQ(test) test_call(test, FFA_MSG_SEND_DIRECT_REQ, 0x8001, 0, 0x5a)
#define RUN(test) test_call(test, FFA_RUN, 0x80010000)

static const char *const profiles[] = { "spec", "hafnium", "el3", "optee" };
#define PROFILES (sizeof(profiles) / sizeof(profiles[0]))

static struct machine_test *start(const char *profile, struct sim_behaviour behaviour)
{
	struct machine_test *test = test_start(profile, 4, 0);
	struct sim_partition_config config = test_partition(1, behaviour);

	assert_int_equal(test_add(test, &config), 0x8001);
	test_call(test, FFA_VERSION, FFA_VERSION_1_2);
	return test;
}

static enum sim_vcpu_state state_of(struct machine_test *test, unsigned int vcpu)
{
	return test->sim->partitions[0].vcpus[vcpu].state;
}

static void assert_answer(struct ffa_regs reply)
{
	assert_int_equal(reply.x[0], FFA_MSG_SEND_DIRECT_RESP);
	assert_int_equal(reply.x[1], 0x80010000);
	assert_int_equal(reply.x[3], 0x5a);
}

static void test_transitions(void **state)
{
	static const char allowed[SIM_VCPU_STATE_COUNT][SIM_VCPU_STATE_COUNT + 1] = {
		/* to: WRBPA */
		[SIM_VCPU_WAITING] = ".R..A",   [SIM_VCPU_RUNNING] = "W.BPA", [SIM_VCPU_BLOCKED] = ".R..A",
		[SIM_VCPU_PREEMPTED] = ".R..A", [SIM_VCPU_ABORTED] = ".....",
	};

	for (int from = 0; from < SIM_VCPU_STATE_COUNT; from++) {
		assert_non_null(sim_vcpu_state_name((enum sim_vcpu_state)from));
		for (int to = 0; to < SIM_VCPU_STATE_COUNT; to++)
			assert_int_equal(
				sim_vcpu_may_become((enum sim_vcpu_state)from, (enum sim_vcpu_state)to),
				allowed[from][to] != '.');
		assert_false(sim_vcpu_may_become((enum sim_vcpu_state)from, SIM_VCPU_STATE_COUNT));
		assert_false(sim_vcpu_may_become(SIM_VCPU_STATE_COUNT, (enum sim_vcpu_state)from));
	}
	assert_null(sim_vcpu_state_name(SIM_VCPU_STATE_COUNT));
}

static void test_yielder(void **state)
{
	for (size_t p = 0; p < PROFILES; p++) {
		struct machine_test *test = start(
			profiles[p],
			(struct sim_behaviour) { .kind = SIM_YIELDER, .count = 2, .delay_us = 5000000 });

		for (unsigned int round = 0; round < 2; round++) {
			struct ffa_regs reply = REQ(test);

			for (unsigned int i = 0; i < 2; i++) {
				assert_int_equal(reply.x[0], FFA_YIELD);
				assert_int_equal(reply.x[1], 0x80010000);
				/* Five seconds in nanoseconds. */
				assert_true(ffa_regs_w64(&reply, 2) == UINT64_C(5000000000));
				assert_int_equal(state_of(test, 0), SIM_VCPU_BLOCKED);
				assert_error(REQ(test), FFA_BUSY);
				reply = RUN(test);
			}
			assert_answer(reply);
			assert_int_equal(state_of(test, 0), SIM_VCPU_WAITING);
		}
		test_stop(test);
	}
}

static void test_yield_timeout_version(void **state)
{
	static const struct {
		const char *profile;
		uint64_t w2;
	} cases[] = { { "spec", 0 }, { "hafnium", 7000 } };

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct machine_test *test = test_start(cases[i].profile, 1, 0);
		struct sim_partition_config config = test_partition(
			1, (struct sim_behaviour) { .kind = SIM_YIELDER, .count = 1, .delay_us = 7 });
		struct ffa_regs reply;

		test_add(test, &config);
		test_call(test, FFA_VERSION, FFA_VERSION_1_1);
		reply = REQ(test);
		assert_int_equal(reply.x[0], FFA_YIELD);
		assert_int_equal(reply.x[2], cases[i].w2);
		test_stop(test);
	}
}

static void test_interruptible(void **state)
{
	for (size_t p = 0; p < PROFILES; p++) {
		struct machine_test *test =
			start(profiles[p], (struct sim_behaviour) { .kind = SIM_INTERRUPTIBLE, .count = 3 });
		struct ffa_regs reply = REQ(test);

		for (unsigned int i = 0; i < 3; i++) {
			assert_int_equal(reply.x[0], FFA_INTERRUPT);
			assert_int_equal(reply.x[1], 0x80010000);
			assert_int_equal(reply.x[2], 0);
			assert_int_equal(state_of(test, 0), SIM_VCPU_PREEMPTED);
			assert_error(REQ(test), FFA_BUSY);
			reply = RUN(test);
		}
		assert_answer(reply);
		test_stop(test);
	}
}

static void test_interrupts_queued(void **state)
{
	/* ns-interrupts-action 0: the partition runs through. */
	struct machine_test *test = test_start("spec", 1, 0);
	struct sim_partition_config config =
		test_partition(1, (struct sim_behaviour) { .kind = SIM_INTERRUPTIBLE, .count = 3 });

	config.ns_interrupt_queued = true;
	test_add(test, &config);
	assert_answer(REQ(test));
	test_stop(test);
}

static void test_busy(void **state)
{
	struct machine_test *test = start("spec", (struct sim_behaviour) { .kind = SIM_BUSY, .count = 2 });

	for (unsigned int round = 0; round < 3; round++) {
		assert_error(REQ(test), FFA_BUSY);
		assert_error(REQ(test), FFA_BUSY);
		assert_answer(REQ(test));
	}
	test_stop(test);
	test = start("spec", (struct sim_behaviour) { .kind = SIM_BUSY });
	for (unsigned int i = 0; i < 100; i++)
		assert_error(REQ(test), FFA_BUSY);
	test_stop(test);
}

static void test_slow(void **state)
{
	struct machine_test *test =
		start("spec", (struct sim_behaviour) { .kind = SIM_SLOW, .delay_us = 250 });

	assert_answer(REQ(test));
	assert_int_equal(test->delays, 1);
	assert_int_equal(test->delay_us, 250);
	test_stop(test);
	/* A host that ends an endless delay has ended the partition. */
	test = start("spec", (struct sim_behaviour) { .kind = SIM_SLOW, .delay_us = SIM_DELAY_FOREVER });
	assert_error(REQ(test), FFA_ABORTED);
	assert_true(test->delay_us == SIM_DELAY_FOREVER);
	assert_error(REQ(test), FFA_ABORTED);
	test_stop(test);
}

static void test_aborting(void **state)
{
	for (size_t p = 0; p < PROFILES; p++) {
		struct machine_test *test =
			start(profiles[p], (struct sim_behaviour) { .kind = SIM_ABORTING });

		assert_error(REQ(test), FFA_ABORTED);
		assert_int_equal(state_of(test, 0), SIM_VCPU_ABORTED);
		assert_error(REQ(test), FFA_ABORTED);
		assert_error(RUN(test), FFA_ABORTED);
		test_stop(test);
	}
}

static void test_run_waiting(void **state)
{
	for (size_t p = 0; p < PROFILES; p++) {
		struct machine_test *test = start(profiles[p], (struct sim_behaviour) { 0 });
		struct ffa_regs reply = RUN(test);

		if (strcmp(profiles[p], "optee") == 0) {
			assert_error(reply, FFA_DENIED);
		} else {
			assert_int_equal(reply.x[0], FFA_MSG_WAIT);
			for (unsigned int i = 1; i < FFA_REGS_COUNT; i++)
				assert_int_equal(reply.x[i], 0);
		}
		assert_int_equal(state_of(test, 0), SIM_VCPU_WAITING);
		assert_answer(REQ(test));
		test_stop(test);
	}
}

static void test_run_targets(void **state)
{
	static const struct {
		uint32_t target;
		int32_t others, optee;
	} cases[] = {
		{ 0x00000000, INVALID, INVALID },    { 0x00010000, INVALID, INVALID },
		{ 0x80000000, INVALID, INVALID },    { 0x80020000, INVALID, INVALID },
		{ 0xffff0000, INVALID, INVALID },    { 0x00008001, INVALID, INVALID },
		{ 0x80010001, INVALID, FFA_DENIED }, { 0x8001ffff, INVALID, FFA_DENIED },
	};

	for (size_t p = 0; p < PROFILES; p++) {
		struct machine_test *test =
			start(profiles[p], (struct sim_behaviour) { .kind = SIM_YIELDER, .count = 1 });

		for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
			int32_t expected =
				strcmp(profiles[p], "optee") == 0 ? cases[i].optee : cases[i].others;

			assert_error(test_call(test, FFA_RUN, cases[i].target), expected);
		}
		/* The same while a request is under way. */
		assert_int_equal(REQ(test).x[0], FFA_YIELD);
		for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
			int32_t expected =
				strcmp(profiles[p], "optee") == 0 ? cases[i].optee : cases[i].others;

			assert_error(test_call(test, FFA_RUN, cases[i].target), expected);
		}
		assert_error(test_call(test, FFA_RUN_64, 0x80010000), FFA_NOT_SUPPORTED);
		assert_answer(RUN(test));
		test_stop(test);
	}
}

static void test_uniprocessor(void **state)
{
	struct machine_test *test = start("spec", (struct sim_behaviour) { .kind = SIM_YIELDER, .count = 1 });
	struct ffa_regs reply = test_call_on(test, 2, FFA_MSG_SEND_DIRECT_REQ, 0x8001, 0, 0x5a);

	/* It migrates to the CPU of a request, and stays there until it has answered. */
	assert_int_equal(reply.x[0], FFA_YIELD);
	assert_int_equal(reply.x[1], 0x80010000);
	assert_error(REQ(test), FFA_BUSY);
	assert_error(RUN(test), FFA_DENIED);
	assert_answer(test_call_on(test, 2, FFA_RUN, 0x80010000));
	assert_int_equal(REQ(test).x[0], FFA_YIELD);
	assert_answer(RUN(test));
	test_stop(test);
}

static void test_multiprocessor(void **state)
{
	struct machine_test *test = test_start("spec", 4, 0);
	struct sim_partition_config config =
		test_partition(1, (struct sim_behaviour) { .kind = SIM_YIELDER, .count = 1 });

	config.exec_ctx_count = 3;
	test_add(test, &config);
	for (unsigned int cpu = 0; cpu < 3; cpu++) {
		struct ffa_regs reply = test_call_on(test, cpu, FFA_MSG_SEND_DIRECT_REQ, 0x8001, 0, 0x5a);

		/* A context of its own on each CPU. */
		assert_int_equal(reply.x[0], FFA_YIELD);
		assert_int_equal(reply.x[1], 0x80010000 | cpu);
		assert_int_equal(state_of(test, cpu), SIM_VCPU_BLOCKED);
	}
	assert_error(test_call_on(test, 0, FFA_RUN, 0x80010001), INVALID);
	for (unsigned int cpu = 0; cpu < 3; cpu++)
		assert_answer(test_call_on(test, cpu, FFA_RUN, 0x80010000 | cpu));
	/* No context for that CPU. */
	assert_error(test_call_on(test, 3, FFA_MSG_SEND_DIRECT_REQ, 0x8001, 0, 0x5a), INVALID);
	assert_error(test_call_on(test, 3, FFA_RUN, 0x80010003), INVALID);
	test_stop(test);
}

static void test_abort_of_all_contexts(void **state)
{
	struct machine_test *test = test_start("spec", 2, 0);
	struct sim_partition_config config =
		test_partition(1, (struct sim_behaviour) { .kind = SIM_ABORTING });

	config.exec_ctx_count = 2;
	test_add(test, &config);
	assert_error(REQ(test), FFA_ABORTED);
	assert_int_equal(state_of(test, 1), SIM_VCPU_ABORTED);
	assert_error(test_call_on(test, 1, FFA_MSG_SEND_DIRECT_REQ, 0x8001), FFA_ABORTED);
	assert_error(test_call_on(test, 1, FFA_RUN, 0x80010001), FFA_ABORTED);
	test_stop(test);
}

/* A program that makes the calls of a list, one per entry, and keeps what it was entered with. */
struct script {
	struct ffa_regs calls[8], entered[8];
	unsigned int next;
	enum sim_exit exit;
};

static enum sim_exit script_run(struct sim_context *context, struct ffa_regs *regs)
{
	struct script *script = context->config->behaviour.program_ctx;

	assert_true(script->next < 8);
	script->entered[script->next] = *regs;
	*regs = script->calls[script->next++];
	return script->exit;
}

static const struct sim_program script_program = { .run = script_run };

static struct machine_test *start_script(struct script *script)
{
	return start("spec", (struct sim_behaviour) { .program = &script_program, .program_ctx = script });
}

#define CALL(...) ((struct ffa_regs) { .x = { __VA_ARGS__ } })
#define GOOD_RESPONSE CALL(FFA_MSG_SEND_DIRECT_RESP, 0x80010000, 0, 0x5a)

static void test_wrong_responses(void **state)
{
	struct script script = { .calls = {
					 CALL(FFA_MSG_SEND_DIRECT_RESP, 0x80020000, 0,
					      0x5a), /* as somebody else */
					 CALL(FFA_MSG_SEND_DIRECT_RESP, 0x80010001, 0,
					      0x5a), /* to somebody else */
					 CALL(FFA_MSG_SEND_DIRECT_RESP_64, 0x80010000, 0,
					      0x5a), /* of another width */
					 CALL(FFA_MSG_SEND_DIRECT_RESP2, 0x80010000, 0, 0,
					      0x5a), /* of another kind */
					 CALL(FFA_MSG_SEND_DIRECT_RESP, 0x80010000, 0x80000005,
					      0),            /* to a framework message */
					 CALL(FFA_MSG_WAIT), /* owing an answer */
					 GOOD_RESPONSE,
				 } };
	static const int32_t refused[] = { INVALID, INVALID, FFA_DENIED, FFA_DENIED, INVALID, FFA_DENIED };
	struct machine_test *test = start_script(&script);

	assert_answer(REQ(test));
	assert_int_equal(script.next, 7);
	assert_int_equal(script.entered[0].x[0], FFA_MSG_SEND_DIRECT_REQ);
	assert_int_equal(script.entered[0].x[1], 0x8001);
	assert_int_equal(script.entered[0].x[3], 0x5a);
	for (unsigned int i = 0; i < 6; i++)
		assert_error(script.entered[i + 1], refused[i]);
	test_stop(test);
}

static void test_run_model(void **state)
{
	/* Under FFA_RUN there is nothing to respond to. */
	struct script script = { .calls = { GOOD_RESPONSE, CALL(FFA_YIELD, 0, 11, 22), CALL(FFA_MSG_WAIT) } };
	struct machine_test *test = start_script(&script);
	struct ffa_regs reply = RUN(test);

	assert_int_equal(script.entered[0].x[0], FFA_RUN);
	assert_error(script.entered[1], FFA_DENIED);
	assert_int_equal(reply.x[0], FFA_YIELD);
	assert_int_equal(reply.x[2], 11);
	assert_int_equal(reply.x[3], 22);
	assert_int_equal(state_of(test, 0), SIM_VCPU_BLOCKED);
	assert_int_equal(RUN(test).x[0], FFA_MSG_WAIT);
	assert_int_equal(script.entered[2].x[0], FFA_SUCCESS);
	assert_int_equal(script.next, 3);
	test_stop(test);
}

static void test_calls_of_partition(void **state)
{
	struct script script = { .calls = {
					 CALL(FFA_ID_GET),
					 CALL(FFA_SPM_ID_GET),
					 CALL(FFA_VERSION, FFA_VERSION_1_2),
					 CALL(FFA_MSG_SEND_DIRECT_REQ, 0x80018001),
					 CALL(0x84000099, 7),
					 CALL(FFA_PARTITION_INFO_GET_REGS),
					 CALL(FFA_RXTX_UNMAP),
					 GOOD_RESPONSE,
				 } };
	struct machine_test *test = start_script(&script);

	assert_answer(REQ(test));
	assert_int_equal(script.entered[1].x[2], 0x8001);
	assert_int_equal(script.entered[2].x[2], 0x8000);
	assert_int_equal(script.entered[3].x[0], FFA_VERSION_1_2);
	assert_error(script.entered[4], FFA_NOT_SUPPORTED);
	assert_true(script.entered[5].x[0] == UINT64_MAX);
	assert_int_equal(script.entered[6].x[0], FFA_SUCCESS_64);
	assert_error(script.entered[7], FFA_NOT_SUPPORTED);
	test_stop(test);
}

static void test_abort_call(void **state)
{
	struct script script = { .calls = { CALL(FFA_ABORT) } };
	struct machine_test *test = start_script(&script);

	assert_error(REQ(test), FFA_ABORTED);
	assert_error(REQ(test), FFA_ABORTED);
	assert_int_equal(script.next, 1);
	test_stop(test);
}

static void test_preempted_program(void **state)
{
	/* It finds its registers as it left them. */
	struct script script = { .calls = { CALL(1, 2, 3) }, .exit = SIM_EXIT_PREEMPTED };
	struct machine_test *test = start_script(&script);

	assert_int_equal(REQ(test).x[0], FFA_INTERRUPT);
	script.exit = SIM_EXIT_CALL;
	script.calls[1] = GOOD_RESPONSE;
	assert_answer(RUN(test));
	assert_memory_equal(&script.entered[1], &script.calls[0], sizeof(struct ffa_regs));
	test_stop(test);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_transitions),
		cmocka_unit_test(test_yielder),
		cmocka_unit_test(test_yield_timeout_version),
		cmocka_unit_test(test_interruptible),
		cmocka_unit_test(test_interrupts_queued),
		cmocka_unit_test(test_busy),
		cmocka_unit_test(test_slow),
		cmocka_unit_test(test_aborting),
		cmocka_unit_test(test_run_waiting),
		cmocka_unit_test(test_run_targets),
		cmocka_unit_test(test_uniprocessor),
		cmocka_unit_test(test_multiprocessor),
		cmocka_unit_test(test_abort_of_all_contexts),
		cmocka_unit_test(test_wrong_responses),
		cmocka_unit_test(test_run_model),
		cmocka_unit_test(test_calls_of_partition),
		cmocka_unit_test(test_abort_call),
		cmocka_unit_test(test_preempted_program),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
