/* SPDX-License-Identifier: BSD-3-Clause */
/* ffad from start to end: readiness, signals, sockets left behind, socket activation, calls under way. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "daemon.h"
#include "manifest.h"
#include "wire.h"

/* Exit statuses, docs/ffad.8. */
#define EXIT_FAILED 1
#define EXIT_USAGE 2
#define EXIT_CONFIG 3
#define EXIT_CONDUIT 4

#define ECHO 0x8001
#define HANGING 0x8101
#define YIELDING 0x8102

static struct daemon ffad;

static int setup(void **state)
{
	ffad = (struct daemon) { .pid_fd = -1, .notify_fd = -1, .sim_pid_fd = -1 };
	*state = &ffad;
	return 0;
}

/* Start with the built-in echo and partitions that do not come back, or not soon. */
static void start_with_parked(struct daemon_options *options)
{
	static char hanging[64], yielding[64];
	static const char *const manifests[] = { hanging, yielding, NULL };

	snprintf(hanging, sizeof(hanging), "/tmp/ffad-test-%d-hanging.dtb", (int)getpid());
	snprintf(yielding, sizeof(yielding), "/tmp/ffad-test-%d-yielding.dtb", (int)getpid());
	manifest_write(&(struct manifest_recipe) { .id = HANGING, .behaviour = "slow:forever" }, hanging);
	manifest_write(&(struct manifest_recipe) { .id = YIELDING, .behaviour = "yielder:1000000:1000" },
		       yielding);
	options->manifests = manifests;
	daemon_start(&ffad, options);
	unlink(hanging);
	unlink(yielding);
}

static void starts_serves_and_ends(void **state)
{
	struct stat st;
	int fd;

	daemon_start(&ffad, NULL);
	assert_return_code(lstat(ffad.socket, &st), errno);
	assert_true(S_ISSOCK(st.st_mode));
	assert_int_equal(st.st_mode & 0777, 0666);
	fd = wire_open(ffad.socket);
	wire_ping(fd);
	wire_echo(fd, ECHO);
	daemon_terminate(&ffad);
	wire_expect_end(fd);
	close(fd);
	daemon_forget(&ffad);
}

static void ends_by_sigint_too(void **state)
{
	int fd;

	daemon_start(&ffad, NULL);
	fd = wire_open(ffad.socket);
	assert_return_code(kill(ffad.pid, SIGINT), errno);
	wire_expect_end(fd);
	close(fd);
	daemon_expect_end(&ffad);
	daemon_forget(&ffad);
}

static void socket_mode_is_as_configured(void **state)
{
	struct stat st;

	daemon_start(&ffad, &(struct daemon_options) { .config = "[daemon]\nsocket-mode = 0660\n" });
	assert_return_code(lstat(ffad.socket, &st), errno);
	assert_int_equal(st.st_mode & 0777, 0660);
	daemon_stop(&ffad);
}

static void bad_configuration_does_not_start(void **state)
{
	const struct daemon_options options = { .config = "[limits]\nsessions = many\n" };

	assert_int_equal(daemon_start_fails(&ffad, &options), EXIT_CONFIG);
	assert_true(daemon_has_logged(&ffad, "ffad.conf:2"));
	assert_int_not_equal(access(ffad.socket, F_OK), 0);
	daemon_forget(&ffad);
}

static void bad_arguments_do_not_start(void **state)
{
	const struct daemon_options options = { .args = (const char *const[]) { "--no-such", NULL } };

	assert_int_equal(daemon_start_fails(&ffad, &options), EXIT_USAGE);
	daemon_forget(&ffad);
}

static void unknown_conduit_does_not_start(void **state)
{
	const struct daemon_options options = { .conduit = "pigeon" };

	assert_int_equal(daemon_start_fails(&ffad, &options), EXIT_CONDUIT);
	assert_true(daemon_has_logged(&ffad, "pigeon"));
	daemon_forget(&ffad);
}

static void missing_ffa_sim_does_not_start(void **state)
{
	const struct daemon_options options = { .conduit = "sim:/nonexistent/sim.sock" };

	assert_int_equal(daemon_start_fails(&ffad, &options), EXIT_CONDUIT);
	assert_true(daemon_has_logged(&ffad, "/nonexistent/sim.sock"));
	daemon_forget(&ffad);
}

static void second_instance_is_refused(void **state)
{
	struct daemon second = { .pid_fd = -1, .notify_fd = -1, .sim_pid_fd = -1 };
	int fd;

	daemon_start(&ffad, NULL);
	fd = wire_open(ffad.socket);
	{
		const char *const args[] = { "--socket", ffad.socket, NULL };
		const struct daemon_options options = { .args = args, .conduit = "sim" };

		assert_int_equal(daemon_start_fails(&second, &options), EXIT_FAILED);
	}
	assert_true(daemon_has_logged(&second, "another ffad"));
	daemon_forget(&second);
	wire_ping(fd);
	close(fd);
	fd = wire_open(ffad.socket);
	close(fd);
	daemon_stop(&ffad);
}

static void killed_daemon_is_replaced(void **state)
{
	int fd, again;

	daemon_start(&ffad, NULL);
	fd = wire_open(ffad.socket);
	wire_direct(fd, 1, ECHO, 0);
	daemon_kill(&ffad);
	assert_return_code(access(ffad.socket, F_OK), errno);
	assert_int_equal(wire_try_connect(ffad.socket), -ECONNREFUSED);
	daemon_start_again(&ffad, NULL);
	again = wire_open(ffad.socket);
	wire_echo(again, ECHO);
	close(again);
	close(fd);
	daemon_stop(&ffad);
}

static void other_files_are_not_replaced(void **state)
{
	struct daemon_options options = { .config = "" };
	FILE *file;

	daemon_start(&ffad, &options);
	daemon_terminate(&ffad);
	file = fopen(ffad.socket, "we");
	assert_non_null(file);
	fclose(file);
	assert_int_equal(daemon_start_fails(&ffad, &options), EXIT_FAILED);
	assert_return_code(access(ffad.socket, F_OK), errno);
	daemon_forget(&ffad);
}

static void foreign_sockets_are_not_replaced(void **state)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	struct daemon_options options = { .config = "" };
	_cleanup_close_ int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	daemon_start(&ffad, &options);
	daemon_terminate(&ffad);
	snprintf(address.sun_path, sizeof(address.sun_path), "%s", ffad.socket);
	assert_return_code(bind(fd, (struct sockaddr *)&address, sizeof(address)), errno);
	assert_return_code(listen(fd, 1), errno);
	assert_int_equal(daemon_start_fails(&ffad, &options), EXIT_FAILED);
	assert_return_code(access(ffad.socket, F_OK), errno);
	daemon_forget(&ffad);
}

static void socket_activation(void **state)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	_cleanup_close_ int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/tmp/ffad-test-%d-activated", (int)getpid());
	snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
	unlink(path);
	assert_return_code(bind(listener, (struct sockaddr *)&address, sizeof(address)), errno);
	assert_return_code(listen(listener, 16), errno);
	/* Who connects before the daemon is there is served when it is. */
	fd = wire_connect(path);
	wire_request_empty(fd, FFA__V1__METHOD__METHOD_PING, 1);
	daemon_start(&ffad, &(struct daemon_options) { .listen_fd = listener });
	wire_expect_code(fd, 1, FFA__V1__STATUS_CODE__STATUS_BAD_ARGUMENT); /* no Hello */
	wire_expect_end(fd);
	close(fd);
	fd = wire_open(path);
	wire_echo(fd, ECHO);
	close(fd);
	daemon_stop(&ffad);
	/* The socket is its maker's. */
	assert_return_code(access(path, F_OK), errno);
	unlink(path);
}

static void ends_with_parked_calls(void **state)
{
	struct daemon_options options = { 0 };
	Ffa__V1__InfoResponse *info;
	uint32_t parked = 0;
	int fd, other;

	start_with_parked(&options);
	fd = wire_open(ffad.socket);
	other = wire_open(ffad.socket);
	wire_direct(fd, 1, YIELDING, 60000);
	wire_direct(fd, 2, YIELDING, 60000); /* waits for the first */
	wire_ping(fd);
	while (parked == 0) {
		info = wire_info(other);
		parked = info->parked_calls;
		ffa__v1__info_response__free_unpacked(info, NULL);
	}
	daemon_terminate(&ffad);
	close(fd);
	close(other);
	daemon_forget(&ffad);
}

static void ends_with_a_call_that_does_not_come_back(void **state)
{
	struct daemon_options options = { 0 };
	int fd;

	start_with_parked(&options);
	fd = wire_open(ffad.socket);
	wire_direct(fd, 1, HANGING, 60000);
	wire_ping(fd); /* answered when the session has been moved away from the stuck thread */
	daemon_terminate(&ffad);
	close(fd);
	daemon_forget(&ffad);
}

static void ends_with_clients_that_talk(void **state)
{
	uint8_t bytes[WIRE_REQUEST_SIZE];
	const uint64_t args[WIRE_DIRECT_ARGS] = { 0 };
	size_t size = wire_encode_direct(7, ECHO, args, 0, bytes);
	int fds[32];

	daemon_start(&ffad, NULL);
	for (size_t i = 0; i < 32; i++)
		fds[i] = wire_open(ffad.socket);
	for (size_t round = 0; round < 50; round++)
		for (size_t i = 0; i < 32; i++)
			(void)wire_send_some(fds[i], bytes, size);
	daemon_terminate(&ffad);
	for (size_t i = 0; i < 32; i++)
		close(fds[i]);
	daemon_forget(&ffad);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, daemon_teardown)
		TEST(starts_serves_and_ends),           TEST(ends_by_sigint_too),
		TEST(socket_mode_is_as_configured),     TEST(bad_configuration_does_not_start),
		TEST(bad_arguments_do_not_start),       TEST(unknown_conduit_does_not_start),
		TEST(missing_ffa_sim_does_not_start),   TEST(second_instance_is_refused),
		TEST(killed_daemon_is_replaced),        TEST(other_files_are_not_replaced),
		TEST(foreign_sockets_are_not_replaced), TEST(socket_activation),
		TEST(ends_with_parked_calls),           TEST(ends_with_a_call_that_does_not_come_back),
		TEST(ends_with_clients_that_talk),
	};

	return cmocka_run_group_tests_name("lifecycle", tests, NULL, NULL);
}
