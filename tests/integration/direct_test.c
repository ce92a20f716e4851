/* SPDX-License-Identifier: BSD-3-Clause */
/* Direct messages through the real ffad: answers, deadlines, cancelling, quotas, partitions that do not come back. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "daemon.h"
#include "manifest.h"
#include "wire.h"

/* The built-in partitions. */
#define ECHO 0x8001
#define ECHO_MP 0x8002
#define REFUSER 0x8003
#define YIELDER 0x8004
#define INTERRUPTIBLE 0x8005
#define BUSY 0x8006
#define SLOW 0x8007
#define ABORTING 0x8008
/* Those of this test. */
#define HANGING 0x8101
#define YIELDING 0x8102 /* 400 ms */
#define ENDLESS 0x8103  /* yields for ever */
#define ALWAYS_BUSY 0x8104
#define NOBODY 0x8fff

#define OK FFA__V1__STATUS_CODE__STATUS_OK
#define FFA_ERROR FFA__V1__STATUS_CODE__STATUS_FFA_ERROR
#define QUOTA FFA__V1__STATUS_CODE__STATUS_QUOTA
#define BAD_ARGUMENT FFA__V1__STATUS_CODE__STATUS_BAD_ARGUMENT
#define GONE FFA__V1__STATUS_CODE__STATUS_GONE
#define DEADLINE FFA__V1__STATUS_CODE__STATUS_DEADLINE
#define CANCELLED FFA__V1__STATUS_CODE__STATUS_CANCELLED

/* FF-A error codes. */
#define FFA_BUSY -4
#define FFA_DENIED -6
#define FFA_ABORTED -8

static struct daemon ffad;
static int client, other; /* two sessions */

static void start(const char *config)
{
	static const struct manifest_recipe recipes[] = {
		{ .id = HANGING, .behaviour = "slow:forever" },
		{ .id = YIELDING, .behaviour = "yielder:2:200000" },
		{ .id = ENDLESS, .behaviour = "yielder:1000000:1000" },
		{ .id = ALWAYS_BUSY, .behaviour = "busy:0" },
	};

	daemon_start(&ffad, &(struct daemon_options) { .config = config });
	client = wire_open(ffad.socket);
	other = wire_open(ffad.socket);
	for (size_t i = 0; i < sizeof(recipes) / sizeof(*recipes); i++)
		manifest_load(&recipes[i], other);
}

static int setup(void **state)
{
	ffad = (struct daemon) { .pid_fd = -1, .notify_fd = -1, .sim_pid_fd = -1 };
	*state = &ffad;
	start(NULL);
	return 0;
}

static int setup_small(void **state)
{
	ffad = (struct daemon) { .pid_fd = -1, .notify_fd = -1, .sim_pid_fd = -1 };
	*state = &ffad;
	start("[limits]\nin-flight-per-session = 4\nin-flight-per-user = 6\ncall-deadline-ms = 300\n");
	return 0;
}

static void finish(void)
{
	wire_ping(other);
	wire_echo(other, ECHO);
	close(client);
	close(other);
	daemon_stop(&ffad);
}

/* Answers of two requests, in whatever order they come. */
static void expect_two(int fd, uint64_t a, int code_a, uint64_t b, int code_b)
{
	struct wire_frame frame;
	unsigned int seen = 0;

	for (unsigned int i = 0; i < 2; i++) {
		bool is_a;

		assert_true(wire_read(fd, &frame));
		assert_true(frame.header.id == a || frame.header.id == b);
		is_a = frame.header.id == a && !(seen & 1);
		assert_int_equal(wire_status(&frame).code, is_a ? code_a : code_b);
		seen |= is_a ? 1 : 2;
	}
	assert_int_equal(seen, 3);
}

static uint32_t parked_calls(void)
{
	Ffa__V1__InfoResponse *info = wire_info(other);
	uint32_t parked = info->parked_calls;

	ffa__v1__info_response__free_unpacked(info, NULL);
	return parked;
}

static void wait_parked(uint32_t count)
{
	while (parked_calls() != count)
		;
}

/* ---- Answers ---- */

static void every_partition_answers(void **state)
{
	static const uint16_t partitions[] = { ECHO, ECHO_MP, YIELDER, INTERRUPTIBLE, BUSY, SLOW, YIELDING };

	for (size_t round = 0; round < 3; round++)
		for (size_t i = 0; i < sizeof(partitions) / sizeof(*partitions); i++)
			wire_echo(client, partitions[i]);
	finish();
}

static void firmware_errors_are_passed_on(void **state)
{
	struct wire_status status;

	wire_direct(client, 1, REFUSER, 0);
	status = wire_expect(client, 1);
	assert_int_equal(status.code, FFA_ERROR);
	assert_int_equal(status.ffa_error, FFA_DENIED);
	for (uint64_t id = 2; id < 5; id++) {
		wire_direct(client, id, ABORTING, 0);
		status = wire_expect(client, id);
		assert_int_equal(status.code, FFA_ERROR);
		assert_int_equal(status.ffa_error, FFA_ABORTED);
	}
	finish();
}

static void answers_overtake_one_another(void **state)
{
	wire_direct(client, 1, YIELDING, 0);
	wire_direct(client, 2, ECHO, 0);
	wire_direct(client, 3, YIELDER, 0);
	wire_expect_code(client, 2, OK);
	wire_expect_code(client, 3, OK);
	wire_expect_code(client, 1, OK);
	finish();
}

static void requests_queue_for_a_partition(void **state)
{
	for (uint64_t id = 1; id <= 100; id++)
		wire_direct(client, id, YIELDER, 60000);
	for (uint64_t id = 1; id <= 100; id++)
		wire_expect_code(client, id, OK); /* in their order */
	finish();
}

static void wrong_arguments(void **state)
{
	uint64_t args[15] = { 0 };
	uint8_t uuid[16] = { 1 };
	Ffa__V1__DirectRequest direct;

#define EXPECT_BAD(id, ...)                                                                                  \
	do {                                                                                                 \
		ffa__v1__direct_request__init(&direct);                                                      \
		direct.partition = ECHO;                                                                     \
		direct.args = args;                                                                          \
		__VA_ARGS__;                                                                                 \
		wire_request(client, FFA__V1__METHOD__METHOD_DIRECT, id, &direct.base);                      \
		wire_expect_code(client, id, BAD_ARGUMENT);                                                  \
	} while (0)

	EXPECT_BAD(1, direct.partition = 0x10000 + ECHO);
	EXPECT_BAD(2, direct.n_args = 6);
	EXPECT_BAD(3, direct.kind = FFA__V1__DIRECT_KIND__DIRECT_KIND_64, direct.n_args = 6);
	EXPECT_BAD(4, direct.kind = FFA__V1__DIRECT_KIND__DIRECT_KIND_REQ2, direct.n_args = 15);
	EXPECT_BAD(5, direct.uuid.data = uuid, direct.uuid.len = 16);
	EXPECT_BAD(6, direct.kind = FFA__V1__DIRECT_KIND__DIRECT_KIND_REQ2, direct.uuid.data = uuid,
		   direct.uuid.len = 15);
	args[4] = UINT32_MAX + 1ull;
	EXPECT_BAD(7, direct.n_args = 5);
#undef EXPECT_BAD
	finish();
}

static void unknown_partition(void **state)
{
	static const uint16_t ids[] = { 0, 1, NOBODY, 0x7fff, UINT16_MAX };

	for (size_t i = 0; i < sizeof(ids) / sizeof(*ids); i++) {
		wire_direct(client, i + 1, ids[i], 0);
		wire_expect_code(client, i + 1, GONE);
	}
	finish();
}

/* ---- Deadlines ---- */

static void deadline_inside(void **state)
{
	wire_direct(client, 1, HANGING, 100);
	wire_direct(client, 2, ECHO, 0);
	expect_two(client, 1, DEADLINE, 2, OK);
	finish();
}

static void deadline_queued(void **state)
{
	wire_direct(client, 1, HANGING, 600000);
	wire_direct(client, 2, HANGING, 100);
	wire_expect_code(client, 2, DEADLINE);
	wire_ping(client);
	wire_cancel(client, 3, 1);
	expect_two(client, 1, CANCELLED, 3, OK);
	finish();
}

static void deadline_parked(void **state)
{
	wire_direct(client, 1, ENDLESS, 100);
	wire_expect_code(client, 1, DEADLINE);
	wire_direct(client, 2, YIELDING, 100);
	wire_expect_code(client, 2, DEADLINE);
	/* The partition has come to its end meanwhile, or does so first. */
	wire_echo(client, YIELDING);
	finish();
}

static void deadline_busy(void **state)
{
	struct wire_status status;

	wire_direct(client, 1, ALWAYS_BUSY, 100);
	status = wire_expect(client, 1);
	assert_int_equal(status.code, DEADLINE);
	assert_int_equal(status.ffa_error, FFA_BUSY);
	finish();
}

static void deadline_of_requests_that_name_none(void **state)
{
	wire_direct(client, 1, HANGING, 0);
	wire_expect_code(client, 1, DEADLINE);
	wire_direct(client, 2, HANGING, 0);
	wire_expect_code(client, 2, DEADLINE);
	finish();
}

static void many_deadlines(void **state)
{
	for (uint64_t id = 1; id <= 200; id++)
		wire_direct(client, id, HANGING, (uint32_t)(1 + id % 7 * 10));
	for (uint64_t i = 0; i < 200; i++) {
		struct wire_frame frame;

		assert_true(wire_read(client, &frame));
		assert_int_equal(wire_status(&frame).code, DEADLINE);
	}
	finish();
}

/* ---- Cancel ---- */

static void cancel_parked(void **state)
{
	wire_direct(client, 1, YIELDING, 0);
	wait_parked(1);
	wire_cancel(client, 2, 1);
	expect_two(client, 1, CANCELLED, 2, OK);
	/* It runs to its end for nobody, and is there for the next. */
	wire_echo(client, YIELDING);
	finish();
}

static void cancel_queued(void **state)
{
	wire_direct(client, 1, YIELDING, 0);
	wire_direct(client, 2, YIELDING, 0);
	wait_parked(1);
	wire_cancel(client, 3, 2);
	expect_two(client, 2, CANCELLED, 3, OK);
	wire_expect_code(client, 1, OK);
	finish();
}

static void cancel_inside(void **state)
{
	wire_direct(client, 1, HANGING, 0);
	wire_cancel(client, 2, 1); /* read when the session has left the stuck thread */
	expect_two(client, 1, CANCELLED, 2, OK);
	wire_echo(client, ECHO);
	finish();
}

static void cancel_nothing(void **state)
{
	wire_cancel(client, 1, 4711);
	wire_expect_code(client, 1, GONE);
	wire_direct(client, 2, ECHO, 0);
	wire_expect_code(client, 2, OK);
	wire_cancel(client, 3, 2);
	wire_expect_code(client, 3, GONE);
	wire_direct(client, 4, YIELDING, 0);
	wire_cancel(client, 5, 4);
	expect_two(client, 4, CANCELLED, 5, OK);
	wire_cancel(client, 6, 4);
	wire_expect_code(client, 6, GONE);
	finish();
}

static void cancel_of_another_session(void **state)
{
	wire_direct(client, 1, YIELDING, 0);
	wait_parked(1);
	wire_cancel(other, 2, 1);
	wire_expect_code(other, 2, GONE);
	wire_expect_code(client, 1, OK);
	finish();
}

/* ---- Ids and quotas ---- */

static void duplicate_ids_are_both_answered(void **state)
{
	wire_direct(client, 1, YIELDING, 0);
	wire_direct(client, 1, ECHO, 0);
	wire_direct(client, 1, YIELDING, 0);
	for (size_t i = 0; i < 3; i++)
		(void)wire_expect(client, 1);
	wire_ping(client);
	finish();
}

static void in_flight_quotas(void **state)
{
	for (uint64_t id = 1; id <= 4; id++)
		wire_direct(client, id, HANGING, 600000);
	wire_direct(client, 5, HANGING, 600000);
	wire_expect_code(client, 5, QUOTA);
	/* What needs no waiting still goes. */
	wire_echo(client, ECHO);
	wire_ping(client);
	wire_direct(other, 1, HANGING, 600000);
	wire_direct(other, 2, HANGING, 600000);
	wire_direct(other, 3, HANGING, 600000);
	wire_expect_code(other, 3, QUOTA); /* of the user, over both sessions */
	for (uint64_t id = 1; id <= 4; id++) {
		wire_cancel(client, 10 + id, id);
		expect_two(client, id, CANCELLED, 10 + id, OK);
	}
	/* And then there is room again. */
	for (uint64_t id = 21; id <= 24; id++)
		wire_direct(client, id, YIELDER, 60000);
	for (uint64_t id = 21; id <= 24; id++)
		wire_expect_code(client, id, OK);
	finish();
}

/* ---- Partitions that do not come back ---- */

static void hanging_partitions_hold_their_callers_alone(void **state)
{
	enum {
		PARTITIONS = 6
	};
	int fds[PARTITIONS];

	for (uint16_t i = 0; i < PARTITIONS; i++) {
		const struct manifest_recipe recipe = { .id = (uint16_t)(0x8201 + i),
							.behaviour = "slow:forever" };

		manifest_load(&recipe, other);
		fds[i] = wire_open(ffad.socket);
	}
	for (uint16_t i = 0; i < PARTITIONS; i++)
		wire_direct(fds[i], 1, (uint16_t)(0x8201 + i), 2000);
	for (size_t round = 0; round < 100; round++) {
		wire_echo(client, ECHO);
		wire_echo(other, ECHO_MP);
		wire_ping(fds[round % PARTITIONS]);
	}
	for (size_t i = 0; i < PARTITIONS; i++) {
		wire_expect_code(fds[i], 1, DEADLINE);
		wire_echo(fds[i], ECHO);
		close(fds[i]);
	}
	finish();
}

static void slow_partition_holds_its_callers_alone(void **state)
{
	for (uint64_t id = 1; id <= 50; id++)
		wire_direct(other, id, SLOW, 60000);
	for (size_t i = 0; i < 100; i++)
		wire_echo(client, ECHO);
	for (uint64_t id = 1; id <= 50; id++)
		wire_expect_code(other, id, OK);
	finish();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, daemon_teardown)
#define TEST_SMALL(name) cmocka_unit_test_setup_teardown(name, setup_small, daemon_teardown)
		TEST(every_partition_answers),
		TEST(firmware_errors_are_passed_on),
		TEST(answers_overtake_one_another),
		TEST(requests_queue_for_a_partition),
		TEST(wrong_arguments),
		TEST(unknown_partition),
		TEST(deadline_inside),
		TEST(deadline_queued),
		TEST(deadline_parked),
		TEST(deadline_busy),
		TEST_SMALL(deadline_of_requests_that_name_none),
		TEST(many_deadlines),
		TEST(cancel_parked),
		TEST(cancel_queued),
		TEST(cancel_inside),
		TEST(cancel_nothing),
		TEST(cancel_of_another_session),
		TEST(duplicate_ids_are_both_answered),
		TEST_SMALL(in_flight_quotas),
		TEST(hanging_partitions_hold_their_callers_alone),
		TEST(slow_partition_holds_its_callers_alone),
	};

	return cmocka_run_group_tests_name("direct", tests, NULL, NULL);
}
