/* SPDX-License-Identifier: BSD-3-Clause */
/* ffad behind ffa-sim: the firmware is another process, which can go away. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "daemon.h"
#include "manifest.h"
#include "wire.h"

#define ECHO 0x8001
#define HANGING 0x8101
#define YIELDING 0x8102
#define PARKING 0x8103 /* as the other, but not for so long */

#define OK FFA__V1__STATUS_CODE__STATUS_OK
#define UNAVAILABLE FFA__V1__STATUS_CODE__STATUS_UNAVAILABLE

static struct daemon ffad;
static int client, other;

static int setup(void **state)
{
	ffad = (struct daemon) { .pid_fd = -1, .notify_fd = -1, .sim_pid_fd = -1 };
	*state = &ffad;
	daemon_start(&ffad, NULL);
	assert_int_not_equal(ffad.sim_pid, 0);
	client = wire_open(ffad.socket);
	other = wire_open(ffad.socket);
	manifest_load(&(struct manifest_recipe) { .id = HANGING, .behaviour = "slow:forever" }, other);
	manifest_load(&(struct manifest_recipe) { .id = YIELDING, .behaviour = "yielder:100:100000" }, other);
	manifest_load(&(struct manifest_recipe) { .id = PARKING, .behaviour = "yielder:5:1000" }, other);
	return 0;
}

static void expect_unavailable(int fd, uint64_t id)
{
	struct wire_status status = wire_expect(fd, id);

	assert_int_equal(status.code, UNAVAILABLE);
	assert_non_null(strstr(status.message, "firmware"));
}

static void serves(void **state)
{
	for (size_t i = 0; i < 100; i++)
		wire_echo(i % 2 ? client : other, ECHO);
	close(client);
	close(other);
	daemon_stop(&ffad);
}

static void lost_firmware_makes_requests_unavailable(void **state)
{
	Ffa__V1__InfoResponse *info;
	uint32_t parked = 0;

	wire_echo(client, ECHO);
	wire_direct(client, 1, HANGING, 60000);  /* inside */
	wire_direct(client, 2, HANGING, 60000);  /* waits */
	wire_direct(client, 3, YIELDING, 60000); /* parked */
	while (parked == 0) {
		info = wire_info(other);
		parked = info->parked_calls;
		ffa__v1__info_response__free_unpacked(info, NULL);
	}
	daemon_kill_sim(&ffad);
	for (size_t i = 0; i < 3; i++) {
		struct wire_frame frame;

		assert_true(wire_read(client, &frame));
		assert_in_range(frame.header.id, 1, 3);
		assert_int_equal(wire_status(&frame).code, UNAVAILABLE);
	}
	for (uint64_t id = 10; id < 30; id++) {
		wire_direct(client, id, ECHO, 0);
		expect_unavailable(client, id);
	}
	/* The daemon itself is well. */
	wire_ping(client);
	wire_ping(other);
	close(client);
	client = wire_open(ffad.socket);
	info = wire_info(client);
	assert_int_equal(info->parked_calls, 0);
	ffa__v1__info_response__free_unpacked(info, NULL);
	close(client);
	close(other);
	daemon_stop(&ffad);
}

/* A new ffa-sim at the same path is other firmware: it knows nothing of this ffad. */
static void new_firmware_is_not_taken_for_the_old(void **state)
{
	struct daemon_options options = { 0 };

	daemon_kill_sim(&ffad);
	wire_direct(client, 1, ECHO, 0);
	expect_unavailable(client, 1);
	close(client);
	close(other);
	daemon_terminate(&ffad);
	/* Started again, ffad finds firmware again: the harness starts one at the old path. */
	daemon_start_again(&ffad, &options);
	client = wire_open(ffad.socket);
	wire_echo(client, ECHO);
	close(client);
	daemon_stop(&ffad);
}

/* The firmware outlives a killed ffad, in whatever state that left it. */
static void killed_daemon_leaves_firmware_usable(void **state)
{
	Ffa__V1__InfoResponse *info;

	wire_direct(client, 1, PARKING, 60000);
	wire_direct(client, 2, YIELDING, 60000);
	wire_ping(client);
	daemon_kill(&ffad);
	close(client);
	close(other);
	daemon_start_again(&ffad, NULL);
	client = wire_open(ffad.socket);
	wire_echo(client, ECHO);
	/* What the old one left mapped and parked is no obstacle. */
	info = wire_info(client);
	assert_int_equal(info->rxtx_pages, 1);
	ffa__v1__info_response__free_unpacked(info, NULL);
	wire_direct(client, 3, PARKING, 60000);
	assert_int_equal(wire_expect(client, 3).code, OK);
	close(client);
	daemon_stop(&ffad);
}

static void stopped_firmware_holds_nobody_but_its_callers(void **state)
{
	siginfo_t info;

	assert_return_code(kill(ffad.sim_pid, SIGSTOP), errno);
	assert_return_code(waitid(P_PID, (id_t)ffad.sim_pid, &info, WSTOPPED), errno);
	wire_direct(client, 1, ECHO, 500);
	for (size_t i = 0; i < 100; i++)
		wire_ping(other);
	wire_expect_code(client, 1, FFA__V1__STATUS_CODE__STATUS_DEADLINE);
	wire_ping(client);
	kill(ffad.sim_pid, SIGCONT);
	wire_echo(client, ECHO);
	close(client);
	close(other);
	daemon_stop(&ffad);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, daemon_teardown)
		TEST(serves),
		TEST(lost_firmware_makes_requests_unavailable),
		TEST(new_firmware_is_not_taken_for_the_old),
		TEST(killed_daemon_leaves_firmware_usable),
		TEST(stopped_firmware_holds_nobody_but_its_callers),
	};

	return cmocka_run_group_tests_name("remote", tests, NULL, NULL);
}
