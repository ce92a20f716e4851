/* SPDX-License-Identifier: BSD-3-Clause */
/* Calls in place and in lanes, against a firmware that yields, interrupts, is busy, slow, or answers nonsense. */
#include <errno.h>
#include <pthread.h>
#include <semaphore.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "abi/error.h"
#include "abi/fid.h"
#include "daemon/core/calls.h"
#include "daemon/core/clock.h"
#include "daemon/core/partition_state.h"
#include "fake_conduit.h"

#define PARTITION 0x8001

enum answer {
	ANSWER,
	YIELD,
	INTERRUPT,
	BUSY,
	WRONG_SENDER,
	WRONG_KIND,
	WRONG_TARGET,
	NO_REPLY,
	DENIED,
	HANG,
	UNKNOWN
};

/* What the firmware does with each call, one after the other; the last one repeats. */
struct script {
	const enum answer *answers;
	size_t count;
	_Atomic size_t next;
	_Atomic unsigned int requests, runs;
	_Atomic unsigned int inside, inside_most;
	unsigned int cpus_seen;
	sem_t hanging, go_on;
};

static int play(struct fake_conduit *fake, unsigned int cpu, struct ffa_regs *regs)
{
	struct script *script = fake->test;
	size_t n = atomic_fetch_add(&script->next, 1);
	enum answer answer = script->answers[n < script->count ? n : script->count - 1];
	unsigned int inside = atomic_fetch_add(&script->inside, 1) + 1;
	uint64_t argument = regs->x[3];

	if (inside > atomic_load(&script->inside_most))
		atomic_store(&script->inside_most, inside);
	script->cpus_seen |= 1u << cpu;
	if (regs->x[0] == FFA_RUN) {
		assert_int_equal(regs->x[1], ffa_target(PARTITION, 7));
		atomic_fetch_add(&script->runs, 1);
	} else {
		atomic_fetch_add(&script->requests, 1);
	}
	switch (answer) {
	case HANG:
		sem_post(&script->hanging);
		sem_wait(&script->go_on);
		__attribute__((fallthrough));
	case ANSWER:
		fake_reply(regs, FFA_MSG_SEND_DIRECT_RESP, ffa_src_dst(PARTITION, 0), 0, argument);
		break;
	case YIELD:
		fake_reply(regs, FFA_YIELD, ffa_target(PARTITION, 7), 1000, 0);
		break;
	case INTERRUPT:
		fake_reply(regs, FFA_INTERRUPT, ffa_target(PARTITION, 7), 0, 0);
		break;
	case BUSY:
		fake_reply(regs, FFA_ERROR, 0, (uint32_t)FFA_BUSY, 0);
		break;
	case WRONG_SENDER:
		fake_reply(regs, FFA_MSG_SEND_DIRECT_RESP, ffa_src_dst(PARTITION + 1, 0), 0, 0);
		break;
	case WRONG_KIND:
		fake_reply(regs, FFA_MSG_SEND_DIRECT_RESP_64, ffa_src_dst(PARTITION, 0), 0, 0);
		break;
	case WRONG_TARGET:
		fake_reply(regs, FFA_YIELD, ffa_target(PARTITION + 1, 0), 0, 0);
		break;
	case NO_REPLY:
		fake_reply(regs, FFA_SUCCESS, 0, 0, 0);
		break;
	case DENIED:
		fake_reply(regs, FFA_ERROR, 0, (uint32_t)FFA_DENIED, 0);
		break;
	case UNKNOWN:
		fake_reply(regs, UINT32_MAX, 0, 0, 0);
		break;
	}
	atomic_fetch_sub(&script->inside, 1);
	return 0;
}

struct fixture {
	struct fake_conduit fake;
	struct script script;
	struct partition_states states;
	struct partition_state *partition;
	struct calls calls;
	struct calls_port port;
	bool evacuated; /* what the port says when a call comes back */
};

static const int cpu_ids[] = { -1, -1 };

static void port_enter(void *ctx)
{
}

static bool port_leave(void *ctx)
{
	return !((struct fixture *)ctx)->evacuated;
}

static void begin(struct fixture *fixture, const enum answer *answers, size_t count, uint16_t contexts)
{
	static const struct calls_settings settings = {
		.slow_ns = 100 * NSEC_PER_MSEC,
		.stop_ns = 5 * NSEC_PER_SEC,
		.lanes_max = 2,
	};

	*fixture = (struct fixture) { .fake = FAKE_CONDUIT(play),
				      .script = { .answers = answers, .count = count } };
	fixture->fake.test = &fixture->script;
	sem_init(&fixture->script.hanging, 0, 0);
	sem_init(&fixture->script.go_on, 0, 0);
	partition_states_init(&fixture->states, 2);
	fixture->partition = partition_states_get(&fixture->states, PARTITION, contexts);
	assert_non_null(fixture->partition);
	assert_int_equal(calls_init(&fixture->calls, &fixture->fake.conduit, cpu_ids, 2, &settings), 0);
	fixture->port = (struct calls_port) {
		.now_ns = clock_now_ns(), .ctx = fixture, .enter = port_enter, .leave = port_leave
	};
}

static void end(struct fixture *fixture)
{
	assert_true(calls_stop(&fixture->calls));
	assert_int_equal(atomic_load(&fixture->calls.parked), 0);
	assert_int_equal(atomic_load(&fixture->partition->lane_calls), 0);
	for (size_t i = 0; i < fixture->partition->context_count; i++)
		assert_false(atomic_load(&fixture->partition->contexts[i].busy));
	calls_deinit(&fixture->calls);
	partition_states_deinit(&fixture->states);
	sem_destroy(&fixture->script.hanging);
	sem_destroy(&fixture->script.go_on);
}

struct waiting {
	struct call call;
	sem_t done;
	_Atomic unsigned int freed;
};

static void waiting_done(struct call *call)
{
	/* First the reference: who waits will look whether it was the last. The memory is the test's. */
	call_unref(call);
	sem_post(&((struct waiting *)call)->done);
}

static void waiting_free(struct call *call)
{
	atomic_fetch_add(&((struct waiting *)call)->freed, 1);
}

static void prepare(struct fixture *fixture, struct waiting *waiting, uint64_t argument)
{
	struct ffa_direct message = { .kind = FFA_DIRECT_32, .receiver = PARTITION, .args = { argument } };

	*waiting = (struct waiting) { 0 };
	sem_init(&waiting->done, 0, 0);
	assert_int_equal(call_init(&waiting->call, &message, fixture->partition), 0);
	waiting->call.done = waiting_done;
	waiting->call.free = waiting_free;
}

/* Execute and, where it goes to the lane, wait for its end with an owner's reference. */
static void execute(struct fixture *fixture, struct waiting *waiting)
{
	switch (calls_execute(&fixture->calls, &waiting->call, &fixture->port)) {
	case CALLS_DONE:
		break;
	case CALLS_TO_LANE:
		call_ref(&waiting->call);
		calls_submit(&fixture->calls, &waiting->call);
		sem_wait(&waiting->done);
		break;
	case CALLS_LEFT_BEHIND:
		fail();
	}
	call_unref(&waiting->call);
	assert_int_equal(waiting->freed, 1);
	sem_destroy(&waiting->done);
}

static void answers_in_place(void **state)
{
	static const enum answer answers[] = { ANSWER };
	struct fixture fixture;
	struct waiting waiting;

	begin(&fixture, answers, 1, 1);
	prepare(&fixture, &waiting, 0x5a);
	assert_int_equal(calls_execute(&fixture.calls, &waiting.call, &fixture.port), CALLS_DONE);
	assert_int_equal(waiting.call.result, 0);
	assert_int_equal(waiting.call.message.args[0], 0x5a);
	assert_int_equal(fixture.calls.lane_count, 0);
	call_unref(&waiting.call);
	sem_destroy(&waiting.done);
	end(&fixture);
}

static void resumes_what_yields_and_is_interrupted(void **state)
{
	static const enum answer answers[] = { YIELD, INTERRUPT, INTERRUPT, YIELD, YIELD, ANSWER };
	struct fixture fixture;
	struct waiting waiting;

	begin(&fixture, answers, 6, 1);
	prepare(&fixture, &waiting, 1);
	execute(&fixture, &waiting);
	assert_int_equal(waiting.call.result, 0);
	assert_int_equal(fixture.script.requests, 1);
	assert_int_equal(fixture.script.runs, 5);
	end(&fixture);
}

static void retries_busy(void **state)
{
	static const enum answer answers[] = { BUSY, BUSY, BUSY, ANSWER };
	struct fixture fixture;
	struct waiting waiting;

	begin(&fixture, answers, 4, 1);
	prepare(&fixture, &waiting, 0x77);
	execute(&fixture, &waiting);
	assert_int_equal(waiting.call.result, 0);
	assert_int_equal(waiting.call.message.args[0], 0x77);
	assert_int_equal(fixture.script.requests, 4);
	assert_int_equal(fixture.script.runs, 0);
	end(&fixture);
}

static void sorts_bad_replies(void **state)
{
	static const struct {
		enum answer answer;
		int result;
		int32_t error;
	} rows[] = {
		{ WRONG_SENDER, -EBADMSG, 0 },      { WRONG_KIND, -EBADMSG, 0 },
		{ WRONG_TARGET, -EBADMSG, 0 },      { NO_REPLY, -EBADMSG, 0 },
		{ DENIED, -EREMOTEIO, FFA_DENIED }, { UNKNOWN, -EREMOTEIO, FFA_NOT_SUPPORTED },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct fixture fixture;
		struct waiting waiting;

		begin(&fixture, &rows[i].answer, 1, 1);
		prepare(&fixture, &waiting, 0);
		execute(&fixture, &waiting);
		assert_int_equal(waiting.call.result, rows[i].result);
		assert_int_equal(waiting.call.ffa_error, rows[i].error);
		end(&fixture);
	}
}

/* A uniprocessor partition never sees two requests at once; all callers get their own answer. */
static void one_context_serves_many(void **state)
{
	static const enum answer answers[] = { YIELD, ANSWER, YIELD, ANSWER, ANSWER };
	struct fixture fixture;
	struct waiting waitings[20];

	begin(&fixture, answers, 5, 1);
	for (size_t i = 0; i < 20; i++) {
		prepare(&fixture, &waitings[i], i);
		call_ref(&waitings[i].call);
		calls_submit(&fixture.calls, &waitings[i].call);
	}
	for (size_t i = 0; i < 20; i++) {
		sem_wait(&waitings[i].done);
		assert_int_equal(waitings[i].call.result, 0);
		call_unref(&waitings[i].call);
		sem_destroy(&waitings[i].done);
	}
	assert_int_equal(fixture.script.inside_most, 1);
	assert_int_equal(fixture.script.requests, 20);
	end(&fixture);
}

/* While one call hangs, those behind it can be answered by their owners, and never reach the partition. */
static void hanging_partition_holds_only_its_callers(void **state)
{
	static const enum answer answers[] = { HANG, ANSWER };
	struct fixture fixture;
	struct waiting hanging, behind;

	begin(&fixture, answers, 2, 1);
	prepare(&fixture, &hanging, 1);
	call_ref(&hanging.call);
	calls_submit(&fixture.calls, &hanging.call);
	sem_wait(&fixture.script.hanging);
	assert_true(
		partition_state_stalled(fixture.partition, clock_now_ns() + NSEC_PER_SEC, NSEC_PER_SEC / 2));

	prepare(&fixture, &behind, 2);
	assert_int_equal(calls_execute(&fixture.calls, &behind.call, &fixture.port), CALLS_TO_LANE);
	call_ref(&behind.call);
	calls_submit(&fixture.calls, &behind.call);
	assert_true(call_claim_answer(&behind.call)); /* the owner's deadline */
	call_unref(&behind.call);

	sem_post(&fixture.script.go_on);
	sem_wait(&hanging.done);
	assert_int_equal(hanging.call.result, 0);
	call_unref(&hanging.call);
	end(&fixture);
	assert_int_equal(behind.freed, 1);
	assert_int_equal(fixture.script.requests, 1);
	sem_destroy(&hanging.done);
	sem_destroy(&behind.done);
}

/* A parked call is run to its end even when nobody waits for it any more: its partition must not stay blocked. */
static void abandoned_call_is_run_to_its_end(void **state)
{
	static const enum answer answers[] = { YIELD, YIELD, YIELD, ANSWER };
	struct fixture fixture;
	struct waiting waiting;

	begin(&fixture, answers, 4, 1);
	prepare(&fixture, &waiting, 1);
	assert_int_equal(calls_execute(&fixture.calls, &waiting.call, &fixture.port), CALLS_TO_LANE);
	assert_true(call_claim_answer(&waiting.call));
	calls_submit(&fixture.calls, &waiting.call);
	end(&fixture); /* waits for it */
	assert_int_equal(fixture.script.runs, 3);
	assert_int_equal(waiting.freed, 1);
	sem_destroy(&waiting.done);
}

static void thread_that_lost_its_work_delivers_all_the_same(void **state)
{
	static const enum answer answers[] = { ANSWER, YIELD, ANSWER };
	struct fixture fixture;
	struct waiting waiting;

	begin(&fixture, answers, 3, 1);
	fixture.evacuated = true;
	for (unsigned int i = 0; i < 2; i++) {
		prepare(&fixture, &waiting, 1);
		call_ref(&waiting.call); /* the owner that the watchdog registered */
		assert_int_equal(calls_execute(&fixture.calls, &waiting.call, &fixture.port),
				 CALLS_LEFT_BEHIND);
		sem_wait(&waiting.done);
		assert_int_equal(waiting.call.result, 0);
		call_unref(&waiting.call);
		assert_int_equal(waiting.freed, 1);
		sem_destroy(&waiting.done);
	}
	end(&fixture);
}

static void slow_partition_goes_to_its_lane(void **state)
{
	static const enum answer answers[] = { ANSWER };
	struct fixture fixture;
	struct waiting waiting;

	begin(&fixture, answers, 1, 1);
	for (unsigned int i = 0; i < 3; i++)
		partition_state_measure(fixture.partition, NSEC_PER_SEC, fixture.calls.settings.slow_ns);
	prepare(&fixture, &waiting, 1);
	assert_int_equal(calls_execute(&fixture.calls, &waiting.call, &fixture.port), CALLS_TO_LANE);
	call_ref(&waiting.call);
	calls_submit(&fixture.calls, &waiting.call);
	sem_wait(&waiting.done);
	call_unref(&waiting.call);
	sem_destroy(&waiting.done);
	/* It has become quick: eight quick calls bring it back. */
	for (unsigned int i = 0; i < 8; i++)
		partition_state_measure(fixture.partition, 1, fixture.calls.settings.slow_ns);
	assert_false(atomic_load(&fixture.partition->slow));
	end(&fixture);
}

static void stopping_answers_what_waits(void **state)
{
	static const enum answer answers[] = { BUSY };
	struct fixture fixture;
	struct waiting waiting;

	begin(&fixture, answers, 1, 1);
	prepare(&fixture, &waiting, 1);
	assert_int_equal(calls_execute(&fixture.calls, &waiting.call, &fixture.port), CALLS_TO_LANE);
	call_ref(&waiting.call);
	calls_submit(&fixture.calls, &waiting.call);
	assert_true(calls_stop(&fixture.calls));
	sem_wait(&waiting.done);
	assert_int_equal(waiting.call.result, -ESHUTDOWN);
	assert_int_equal(waiting.call.last_ffa_error, FFA_BUSY);
	call_unref(&waiting.call);
	sem_destroy(&waiting.done);
	calls_deinit(&fixture.calls);
	partition_states_deinit(&fixture.states);
}

/* Multiprocessor: one context for each CPU, and a lane issues from the CPU where the call began. */
static void contexts_belong_to_cpus(void **state)
{
	static const enum answer answers[] = { YIELD, ANSWER };
	struct fixture fixture;
	struct waiting waiting;

	begin(&fixture, answers, 2, 8);
	assert_int_equal(fixture.partition->context_count, 2);
	fixture.port.cpu = 1;
	prepare(&fixture, &waiting, 1);
	execute(&fixture, &waiting);
	assert_int_equal(fixture.script.cpus_seen, 1u << 1);
	end(&fixture);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(answers_in_place),
		cmocka_unit_test(resumes_what_yields_and_is_interrupted),
		cmocka_unit_test(retries_busy),
		cmocka_unit_test(sorts_bad_replies),
		cmocka_unit_test(one_context_serves_many),
		cmocka_unit_test(hanging_partition_holds_only_its_callers),
		cmocka_unit_test(abandoned_call_is_run_to_its_end),
		cmocka_unit_test(thread_that_lost_its_work_delivers_all_the_same),
		cmocka_unit_test(slow_partition_goes_to_its_lane),
		cmocka_unit_test(stopping_answers_what_waits),
		cmocka_unit_test(contexts_belong_to_cpus),
	};

	return cmocka_run_group_tests_name("calls", tests, NULL, NULL);
}
