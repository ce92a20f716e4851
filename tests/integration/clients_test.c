/* SPDX-License-Identifier: BSD-3-Clause */
/* Clients that are silent, slow, dead, too many or too fast: what they cost is theirs alone. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "daemon.h"
#include "manifest.h"
#include "wire.h"

#define ECHO 0x8001
#define YIELDING 0x8101
#define HANGING 0x8102

#define OK FFA__V1__STATUS_CODE__STATUS_OK
#define QUOTA FFA__V1__STATUS_CODE__STATUS_QUOTA
#define DEADLINE FFA__V1__STATUS_CODE__STATUS_DEADLINE

#define UNREAD_MAX (8u << 20) /* bytes that a client which reads nothing can get rid of */
#define RSS_GROWTH_MAX (8u << 20)

static struct daemon ffad;

static int setup(void **state)
{
	ffad = (struct daemon) { .pid_fd = -1, .notify_fd = -1, .sim_pid_fd = -1 };
	*state = &ffad;
	return 0;
}

static void start(const char *config)
{
	daemon_start(&ffad, &(struct daemon_options) { .config = config, .quiet = true });
}

/* Partitions that keep calls waiting: for 300 ms, and for ever. */
static void load_waiting(int fd)
{
	manifest_load(&(struct manifest_recipe) { .id = YIELDING, .behaviour = "yielder:3:100000" }, fd);
	manifest_load(&(struct manifest_recipe) { .id = HANGING, .behaviour = "slow:forever" }, fd);
}

/* Wait until the daemon counts so many sessions; its count follows the end of a connection. */
static void wait_sessions(int fd, uint32_t count)
{
	for (uint32_t now = UINT32_MAX; now != count;) {
		Ffa__V1__InfoResponse *info = wire_info(fd);

		now = info->session_count;
		ffa__v1__info_response__free_unpacked(info, NULL);
		assert_true(now >= count);
	}
}

/* ---- Half-open ---- */

static void silent_client_is_closed(void **state)
{
	int silent, talking;

	start("[limits]\nhello-timeout-ms = 100\n");
	talking = wire_open(ffad.socket);
	silent = wire_connect(ffad.socket);
	wire_expect_end(silent);
	wire_ping(talking); /* for which the limit ended with Hello */
	close(silent);
	close(talking);
	daemon_stop(&ffad);
}

static void hello_that_does_not_end_is_closed(void **state)
{
	uint8_t bytes[FFA_FRAME_HEADER_SIZE];
	struct ffa_frame frame = {
		.length = 10, .method = FFA__V1__METHOD__METHOD_HELLO, .kind = FFA_FRAME_REQUEST, .id = 1
	};

	start("[limits]\nhello-timeout-ms = 100\n");
	ffa_frame_encode(&frame, bytes);
	for (size_t size = 1; size <= sizeof(bytes); size += 5) {
		int fd = wire_connect(ffad.socket);

		wire_send(fd, bytes, size);
		wire_expect_end(fd);
		close(fd);
	}
	daemon_stop(&ffad);
}

static void half_a_frame_is_closed(void **state)
{
	const uint64_t args[WIRE_DIRECT_ARGS] = { 0 };
	uint8_t bytes[WIRE_REQUEST_SIZE];
	size_t size = wire_encode_direct(1, ECHO, args, 0, bytes);
	int patient;

	start("[limits]\npartial-frame-timeout-ms = 100\n");
	patient = wire_open(ffad.socket);
	for (size_t cut = 1; cut < size; cut += size / 4) {
		int fd = wire_open(ffad.socket);

		wire_send(fd, bytes, cut);
		wire_expect_end(fd);
		close(fd);
	}
	wire_ping(patient); /* who has no frame begun may be silent for long */
	close(patient);
	daemon_stop(&ffad);
}

static void closed_writing_side_still_gets_replies(void **state)
{
	enum {
		ECHOES = 20
	};
	bool seen[ECHOES + 2] = { false };
	struct wire_frame frame;
	int admin, fd;

	start(NULL);
	admin = wire_open(ffad.socket);
	load_waiting(admin);
	fd = wire_open(ffad.socket);
	wire_direct(fd, 1, YIELDING, 0);
	wire_direct(fd, 2, YIELDING, 0);
	for (uint64_t i = 0; i < ECHOES; i++)
		wire_direct(fd, 3 + i, ECHO, 0);
	assert_return_code(shutdown(fd, SHUT_WR), errno);
	for (size_t i = 0; i < ECHOES + 2; i++) {
		assert_true(wire_read(fd, &frame));
		assert_int_equal(wire_status(&frame).code, OK);
		assert_in_range(frame.header.id, 1, ECHOES + 2);
		assert_false(seen[frame.header.id - 1]);
		seen[frame.header.id - 1] = true;
	}
	wire_expect_end(fd);
	close(fd);
	wait_sessions(admin, 1);
	close(admin);
	daemon_stop(&ffad);
}

static void closed_writing_side_before_hello(void **state)
{
	int fd, admin;

	start(NULL);
	admin = wire_open(ffad.socket);
	fd = wire_connect(ffad.socket);
	assert_return_code(shutdown(fd, SHUT_WR), errno);
	wire_expect_end(fd);
	close(fd);
	wait_sessions(admin, 1);
	close(admin);
	daemon_stop(&ffad);
}

/* ---- Slow readers ---- */

/* Send requests without reading until the daemon takes no more; whole requests that went out, and the rest of the last. */
static size_t send_until_blocked(int fd, const uint8_t *request, size_t size, size_t *ret_begun)
{
	struct timeval short_wait = { .tv_usec = 500000 };
	size_t total = 0;

	/* A socket that takes nothing for so long belongs to a daemon that has stopped reading. */
	assert_return_code(setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &short_wait, sizeof(short_wait)), errno);
	for (;;) {
		size_t begun = total % size;
		ssize_t n = send(fd, request + begun, size - begun, MSG_NOSIGNAL);

		if (n < 0)
			break;
		total += (size_t)n;
		if (total > UNREAD_MAX)
			fail_msg("the daemon takes %zu bytes of requests without getting rid of replies",
				 total);
	}
	*ret_begun = total % size;
	return total / size;
}

/* A client that does not read its replies is not read from; nothing is lost when it goes on. */
static void slow_reader_is_paused(void **state)
{
	const uint64_t args[WIRE_DIRECT_ARGS] = { 1, 2, 3, 4, 5 };
	uint8_t request[WIRE_REQUEST_SIZE];
	size_t size = wire_encode_direct(77, ECHO, args, 0, request), count, begun, rss;
	int fd, other;

	/* However slow the machine is, this is a quick partition: what waits for one is limited. */
	start("[limits]\nslow-call-us = 1000000\n");
	other = wire_open(ffad.socket);
	wire_echo(other, ECHO);
	fd = wire_open(ffad.socket);
	rss = daemon_rss(&ffad);
	count = send_until_blocked(fd, request, size, &begun);
	assert_true(count > 100);
	for (size_t i = 0; i < 100; i++)
		wire_echo(other, ECHO);
	if (!daemon_is_sanitized())
		assert_true(daemon_rss(&ffad) < rss + RSS_GROWTH_MAX);
	for (size_t i = 0; i < count; i++)
		wire_expect_code(fd, 77, OK);
	if (begun) {
		wire_send(fd, request + begun, size - begun);
		wire_expect_code(fd, 77, OK);
	}
	wire_ping(fd);
	close(fd);
	close(other);
	daemon_stop(&ffad);
}

/* The same with replies many times as long as the requests, and with many clients. */
static void slow_readers_of_long_replies(void **state)
{
	enum {
		READERS = 16
	};
	struct ffa_frame frame = { .method = FFA__V1__METHOD__METHOD_LIMITS,
				   .kind = FFA_FRAME_REQUEST,
				   .id = 5 };
	uint8_t request[FFA_FRAME_HEADER_SIZE];
	size_t begun, rss;
	int fds[READERS], other;

	start("[limits]\noutput-bytes-per-session = 131072\n");
	ffa_frame_encode(&frame, request);
	other = wire_open(ffad.socket);
	wire_echo(other, ECHO);
	rss = daemon_rss(&ffad);
	for (size_t i = 0; i < READERS; i++) {
		fds[i] = wire_open(ffad.socket);
		send_until_blocked(fds[i], request, sizeof(request), &begun);
	}
	for (size_t i = 0; i < 100; i++)
		wire_echo(other, ECHO);
	if (!daemon_is_sanitized())
		assert_true(daemon_rss(&ffad) < rss + RSS_GROWTH_MAX);
	for (size_t i = 0; i < READERS; i++)
		close(fds[i]);
	wait_sessions(other, 1);
	close(other);
	daemon_stop(&ffad);
}

/* ---- Death ---- */

/* A conversation of `size` bytes, cut off after `sent` bytes and `read` bytes of replies. */
static void die_after(const uint8_t *bytes, size_t sent, size_t read)
{
	uint8_t reply[4096];
	int fd = wire_open(ffad.socket);

	wire_send(fd, bytes, sent);
	for (size_t done = 0; done < read;) {
		ssize_t n = recv(fd, reply, read - done < sizeof(reply) ? read - done : sizeof(reply), 0);

		assert_true(n > 0);
		done += (size_t)n;
	}
	close(fd);
}

static void clients_die_between_request_and_reply(void **state)
{
	uint8_t bytes[8 * 128 + WIRE_REQUEST_SIZE];
	const uint64_t args[WIRE_DIRECT_ARGS] = { 0 };
	static const uint16_t partitions[] = { ECHO, YIELDING, ECHO, 0x8004, HANGING, ECHO };
	size_t size = 0, descriptors, rss;
	Ffa__V1__InfoResponse *info;
	int admin;

	start(NULL);
	admin = wire_open(ffad.socket);
	load_waiting(admin);
	for (size_t i = 0; i < sizeof(partitions) / sizeof(*partitions); i++)
		size += wire_encode_direct(i + 1, partitions[i], args, 200, bytes + size);
	descriptors = daemon_descriptors(&ffad);
	die_after(bytes, size, 0);
	rss = daemon_rss(&ffad);
	for (size_t sent = 0; sent <= size; sent += 3) {
		die_after(bytes, sent, 0);
		/* The first echo is answered before anything waits: 16 bytes of header and some more. */
		die_after(bytes, size, sent % 60);
	}
	wait_sessions(admin, 1);
	wire_ping(admin);
	wire_echo(admin, ECHO);
	/* A stuck thread and one for the waiting calls are all that may have come. */
	daemon_wait_descriptors(&ffad, descriptors == DAEMON_UNKNOWN ? descriptors : descriptors + 6);
	if (!daemon_is_sanitized())
		assert_true(daemon_rss(&ffad) < rss + RSS_GROWTH_MAX);
	do {
		info = wire_info(admin);
		size = info->parked_calls;
		ffa__v1__info_response__free_unpacked(info, NULL);
	} while (size > 0);
	close(admin);
	daemon_stop(&ffad);
}

static void clients_die_before_hello(void **state)
{
	int admin;

	start(NULL);
	admin = wire_open(ffad.socket);
	for (size_t i = 0; i < 500; i++) {
		int fd = wire_connect(ffad.socket);

		if (i % 2)
			wire_request_empty(fd, FFA__V1__METHOD__METHOD_HELLO, 1);
		close(fd);
	}
	wait_sessions(admin, 1);
	close(admin);
	daemon_stop(&ffad);
}

/* ---- Floods ---- */

/* Child: send and read as fast as possible, until killed. */
static pid_t start_flooder(size_t connections)
{
	enum {
		DEPTH = 64
	};
	static uint8_t bytes[DEPTH * 128 + WIRE_REQUEST_SIZE], replies[65536];
	const uint64_t args[WIRE_DIRECT_ARGS] = { 9 };
	int fds[16];
	size_t size = 0;
	pid_t pid, parent = getpid();

	assert_true(connections <= 16);
	for (size_t i = 0; i < DEPTH; i++)
		size += wire_encode_direct(i + 1, ECHO, args, 0, bytes + size);
	for (size_t i = 0; i < connections; i++)
		fds[i] = wire_open(ffad.socket);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (getppid() != parent)
			_exit(1);
		for (;;)
			for (size_t i = 0; i < connections; i++) {
				if (send(fds[i], bytes, size, MSG_NOSIGNAL) != (ssize_t)size)
					_exit(1); /* the daemon has ended */
				if (recv(fds[i], replies, sizeof(replies), 0) <= 0)
					_exit(1);
			}
	}
	for (size_t i = 0; i < connections; i++)
		close(fds[i]);
	return pid;
}

static void flood_does_not_starve_others(void **state)
{
	pid_t flooders[2];
	int fd;

	start(NULL);
	for (size_t i = 0; i < 2; i++)
		flooders[i] = start_flooder(8);
	/* Sessions on each of the message threads. */
	for (size_t round = 0; round < 4; round++) {
		fd = wire_open(ffad.socket);
		for (size_t i = 0; i < 50; i++) {
			wire_ping(fd);
			wire_echo(fd, ECHO);
		}
		close(fd);
	}
	for (size_t i = 0; i < 2; i++) {
		int status;

		/* The flood was there to the end. */
		assert_int_equal(waitpid(flooders[i], &status, WNOHANG), 0);
		kill(flooders[i], SIGKILL);
		waitpid(flooders[i], &status, 0);
	}
	fd = wire_open(ffad.socket);
	wait_sessions(fd, 1);
	close(fd);
	daemon_stop(&ffad);
}

/* One that is over the limit is told so; when another has gone there is room again. */
static void expect_limit(const char *limit, size_t count)
{
	struct wire_status status;
	int fds[16], extra;

	assert_true(count <= 16);
	for (size_t i = 0; i < count; i++)
		fds[i] = wire_open(ffad.socket);
	for (size_t i = 0; i < 3; i++) {
		extra = wire_connect(ffad.socket);
		status = wire_expect_notice(extra);
		assert_int_equal(status.code, QUOTA);
		assert_non_null(strstr(status.message, limit));
		close(extra);
	}
	for (size_t i = 0; i < count; i++)
		wire_ping(fds[i]);
	close(fds[0]);
	wait_sessions(fds[1], (uint32_t)count - 1);
	extra = wire_open(ffad.socket);
	wire_echo(extra, ECHO);
	close(extra);
	for (size_t i = 1; i < count; i++)
		close(fds[i]);
}

static void sessions_limit(void **state)
{
	start("[limits]\nsessions = 8\n");
	expect_limit("(limit sessions)", 8);
	daemon_stop(&ffad);
}

static void sessions_per_user_limit(void **state)
{
	start("[limits]\nsessions-per-user = 5\n");
	expect_limit("(limit sessions-per-user)", 5);
	daemon_stop(&ffad);
}

/* Connections beyond what the daemon's descriptors allow: old sessions go on, new ones wait or are told. */
static void descriptors_run_out(void **state)
{
	enum {
		LIMIT = 64,
		CLIENTS = 100
	};
	size_t served = 0, refused = 0;
	int fds[CLIENTS], keeper;

	daemon_start(&ffad, &(struct daemon_options) { .descriptors = LIMIT, .quiet = true });
	keeper = wire_open(ffad.socket);
	for (size_t i = 0; i < CLIENTS; i++) {
		Ffa__V1__HelloRequest hello = FFA__V1__HELLO_REQUEST__INIT;
		uint8_t bytes[WIRE_REQUEST_SIZE];

		hello.major = FFA_WIRE_MAJOR;
		hello.client_name = (char *)"crowd";
		fds[i] = wire_connect(ffad.socket);
		/* One that has been refused already takes nothing. */
		(void)wire_send_some(fds[i], bytes,
				     wire_encode(FFA__V1__METHOD__METHOD_HELLO, 1, &hello.base, bytes));
	}
	for (size_t i = 0; i < CLIENTS; i++) {
		struct wire_frame frame;

		wire_echo(keeper, ECHO);
		assert_true(wire_read(fds[i], &frame));
		if (frame.header.kind == FFA_FRAME_EVENT) {
			assert_int_equal(wire_status(&frame).code, QUOTA);
			refused++;
		} else {
			assert_int_equal(wire_status(&frame).code, OK);
			wire_ping(fds[i]);
			served++;
		}
		/* What it held is free for those who wait. */
		close(fds[i]);
	}
	assert_true(served > LIMIT / 4);
	assert_true(refused > 0);
	wait_sessions(keeper, 1);
	fds[0] = wire_open(ffad.socket);
	wire_echo(fds[0], ECHO);
	close(fds[0]);
	close(keeper);
	daemon_stop(&ffad);
}

static void connections_come_and_go(void **state)
{
	size_t descriptors;
	int admin;

	start(NULL);
	admin = wire_open(ffad.socket);
	descriptors = daemon_descriptors(&ffad);
	for (size_t i = 0; i < 2000; i++) {
		int fd = wire_open(ffad.socket);

		if (i % 10 == 0)
			wire_echo(fd, ECHO);
		close(fd);
	}
	wait_sessions(admin, 1);
	daemon_wait_descriptors(&ffad, descriptors);
	close(admin);
	daemon_stop(&ffad);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, daemon_teardown)
		TEST(silent_client_is_closed),
		TEST(hello_that_does_not_end_is_closed),
		TEST(half_a_frame_is_closed),
		TEST(closed_writing_side_still_gets_replies),
		TEST(closed_writing_side_before_hello),
		TEST(slow_reader_is_paused),
		TEST(slow_readers_of_long_replies),
		TEST(clients_die_between_request_and_reply),
		TEST(clients_die_before_hello),
		TEST(flood_does_not_starve_others),
		TEST(sessions_limit),
		TEST(sessions_per_user_limit),
		TEST(descriptors_run_out),
		TEST(connections_come_and_go),
	};

	return cmocka_run_group_tests_name("clients", tests, NULL, NULL);
}
