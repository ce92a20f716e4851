/* SPDX-License-Identifier: BSD-3-Clause */
/* What no honest client sends: each wrong packet costs its own session at most, and never the daemon. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "daemon.h"
#include "manifest.h"
#include "wire.h"

#define ECHO 0x8001
#define YIELDING 0x8101
#define METHOD_LAST FFA__V1__METHOD__METHOD_LIMITS
#define RANDOM_SESSIONS 400
#define AMPLIFYING_SESSIONS 300
#define RSS_GROWTH_MAX (4u << 20)

/* Wire types of protobuf. */
#define VARINT 0
#define LENGTH_DELIMITED 2
#define START_GROUP 3

static struct daemon ffad;
static int bystander;      /* a session that has nothing to do with what happens beside it */
static size_t descriptors; /* of the daemon, with the bystander alone */

static int setup(void **state)
{
	ffad = (struct daemon) { .pid_fd = -1, .notify_fd = -1, .sim_pid_fd = -1 };
	*state = &ffad;
	daemon_start(&ffad, &(struct daemon_options) { .quiet = true });
	bystander = wire_open(ffad.socket);
	descriptors = daemon_descriptors(&ffad);
	return 0;
}

/* The bystander and the daemon are as before; ends the daemon. */
static void finish(void)
{
	int fd;

	wire_ping(bystander);
	wire_echo(bystander, ECHO);
	fd = wire_open(ffad.socket);
	wire_echo(fd, ECHO);
	close(fd);
	daemon_wait_descriptors(&ffad, descriptors);
	close(bystander);
	daemon_stop(&ffad);
}

static void encode_header(uint32_t length, uint16_t method, unsigned int kind, unsigned int fds, uint64_t id,
			  uint8_t ret_bytes[static FFA_FRAME_HEADER_SIZE])
{
	ffa_frame_encode(&(struct ffa_frame) { .length = length,
					       .method = method,
					       .kind = (uint8_t)kind,
					       .fds = (uint8_t)fds,
					       .id = id },
			 ret_bytes);
}

/* A header that is none: a notice and the end. */
static void expect_protocol_error(uint32_t length, uint16_t method, unsigned int kind, unsigned int fds,
				  uint64_t id)
{
	uint8_t bytes[FFA_FRAME_HEADER_SIZE];
	struct wire_status status;
	int fd = wire_open(ffad.socket);

	encode_header(length, method, kind, fds, id, bytes);
	wire_send(fd, bytes, sizeof(bytes));
	status = wire_expect_notice(fd);
	assert_int_equal(status.code, FFA__V1__STATUS_CODE__STATUS_BAD_ARGUMENT);
	close(fd);
	wire_ping(bystander);
}

/* ---- Frames ---- */

static void frame_in_two_parts_at_every_byte(void **state)
{
	const uint64_t args[WIRE_DIRECT_ARGS] = { 1, 2, 3, 4, 5 };
	uint8_t bytes[WIRE_REQUEST_SIZE];
	size_t size = wire_encode_direct(9, ECHO, args, 0, bytes);
	int fd = wire_open(ffad.socket);

	for (size_t cut = 1; cut < size; cut++) {
		wire_send(fd, bytes, cut);
		wire_drain(fd); /* the daemon has read the first part alone */
		wire_send(fd, bytes + cut, size - cut);
		wire_expect_code(fd, 9, FFA__V1__STATUS_CODE__STATUS_OK);
	}
	close(fd);
	finish();
}

static void frame_byte_by_byte(void **state)
{
	const uint64_t args[WIRE_DIRECT_ARGS] = { 1, 2, 3, 4, 5 };
	uint8_t bytes[WIRE_REQUEST_SIZE];
	size_t size = wire_encode_direct(9, ECHO, args, 0, bytes);
	int fd = wire_open(ffad.socket);

	for (size_t i = 0; i < size; i++) {
		wire_send(fd, bytes + i, 1);
		wire_drain(fd);
	}
	wire_expect_code(fd, 9, FFA__V1__STATUS_CODE__STATUS_OK);
	close(fd);
	finish();
}

static void many_frames_in_one_write(void **state)
{
	enum {
		COUNT = 1000
	};
	static uint8_t bytes[COUNT * FFA_FRAME_HEADER_SIZE];
	int fd = wire_open(ffad.socket);

	for (size_t i = 0; i < COUNT; i++)
		encode_header(0, FFA__V1__METHOD__METHOD_PING, FFA_FRAME_REQUEST, 0, i + 1,
			      bytes + i * FFA_FRAME_HEADER_SIZE);
	wire_send(fd, bytes, sizeof(bytes));
	for (size_t i = 0; i < COUNT; i++)
		wire_expect_code(fd, i + 1, FFA__V1__STATUS_CODE__STATUS_OK);
	close(fd);
	finish();
}

static void empty_body(void **state)
{
	int fd = wire_open(ffad.socket);

	wire_request_empty(fd, FFA__V1__METHOD__METHOD_PING, 1);
	wire_expect_code(fd, 1, FFA__V1__STATUS_CODE__STATUS_OK);
	/* A direct message to partition 0, which is nobody. */
	wire_request_empty(fd, FFA__V1__METHOD__METHOD_DIRECT, 2);
	wire_expect_code(fd, 2, FFA__V1__STATUS_CODE__STATUS_GONE);
	wire_request_empty(fd, FFA__V1__METHOD__METHOD_SIM_LOAD, 3);
	wire_expect_code(fd, 3, FFA__V1__STATUS_CODE__STATUS_BAD_ARGUMENT);
	wire_ping(fd);
	close(fd);
	finish();
}

static void longest_body(void **state)
{
	/* One unknown field that fills the frame: tag, two bytes of length, content. */
	uint8_t body[FFA_FRAME_REQUEST_MAX] = { 15 << 3 | LENGTH_DELIMITED };
	size_t content = sizeof(body) - 3;
	int fd = wire_open(ffad.socket);

	body[1] = (uint8_t)(content & 0x7f) | 0x80;
	body[2] = (uint8_t)(content >> 7);
	wire_request_bytes(fd, FFA__V1__METHOD__METHOD_PING, 1, body, sizeof(body));
	wire_expect_code(fd, 1, FFA__V1__STATUS_CODE__STATUS_OK);
	wire_ping(fd);
	close(fd);
	finish();
}

static void too_long_body(void **state)
{
	expect_protocol_error(FFA_FRAME_REQUEST_MAX + 1, FFA__V1__METHOD__METHOD_PING, FFA_FRAME_REQUEST, 0,
			      1);
	expect_protocol_error(INT32_MAX, FFA__V1__METHOD__METHOD_PING, FFA_FRAME_REQUEST, 0, 1);
	expect_protocol_error(UINT32_MAX, FFA__V1__METHOD__METHOD_PING, FFA_FRAME_REQUEST, 0, 1);
	/* So long that header and body together come round to little. */
	expect_protocol_error(UINT32_MAX - FFA_FRAME_HEADER_SIZE + 1, FFA__V1__METHOD__METHOD_PING,
			      FFA_FRAME_REQUEST, 0, 1);
	finish();
}

static void wrong_kind(void **state)
{
	static const unsigned int kinds[] = { 0, FFA_FRAME_RESPONSE, FFA_FRAME_EVENT, 4, 31, 32, 33, 255 };

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++)
		expect_protocol_error(0, FFA__V1__METHOD__METHOD_PING, kinds[i], 0, 1);
	finish();
}

static void request_without_id(void **state)
{
	expect_protocol_error(0, FFA__V1__METHOD__METHOD_PING, FFA_FRAME_REQUEST, 0, 0);
	finish();
}

static void unknown_method(void **state)
{
	static const uint16_t methods[] = {
		0, METHOD_LAST + 1, METHOD_LAST + 2, 255, 256, 32768, UINT16_MAX
	};
	int fd = wire_open(ffad.socket);

	for (size_t i = 0; i < sizeof(methods) / sizeof(*methods); i++) {
		wire_request_bytes(fd, methods[i], i + 1, "what is this", 12);
		wire_expect_code(fd, i + 1, FFA__V1__STATUS_CODE__STATUS_UNIMPLEMENTED);
	}
	wire_ping(fd);
	close(fd);
	finish();
}

/* ---- Bodies ---- */

static void garbage_in_every_body(void **state)
{
	uint8_t garbage[64];

	memset(garbage, 0xff, sizeof(garbage));
	for (uint16_t method = 1; method <= METHOD_LAST; method++) {
		int fd = wire_open(ffad.socket);

		wire_request_bytes(fd, method, 7, garbage, sizeof(garbage));
		wire_expect_code(fd, 7, FFA__V1__STATUS_CODE__STATUS_BAD_ARGUMENT);
		wire_expect_end(fd);
		close(fd);
		wire_ping(bystander);
	}
	finish();
}

/* Some prefixes of a body are bodies themselves; what matters is that each gets an answer. */
static void body_cut_at_every_byte(void **state)
{
	const uint64_t args[WIRE_DIRECT_ARGS] = { 1, 2, 3, 4, 5 };
	uint8_t bytes[WIRE_REQUEST_SIZE];
	size_t size = wire_encode_direct(7, ECHO, args, 10000, bytes) - FFA_FRAME_HEADER_SIZE;
	size_t refused = 0;

	for (size_t cut = 0; cut < size; cut++) {
		int fd = wire_open(ffad.socket);
		struct wire_frame frame;

		wire_request_bytes(fd, FFA__V1__METHOD__METHOD_DIRECT, 7, bytes + FFA_FRAME_HEADER_SIZE, cut);
		assert_true(wire_read(fd, &frame));
		assert_int_equal(frame.header.id, 7);
		refused += wire_status(&frame).code == FFA__V1__STATUS_CODE__STATUS_BAD_ARGUMENT;
		close(fd);
	}
	assert_true(refused > size / 2);
	finish();
}

static void unknown_fields_are_ignored(void **state)
{
	static const uint8_t body[] = {
		1 << 3 | LENGTH_DELIMITED,
		2,
		'h',
		'i', /* payload */
		9 << 3 | VARINT,
		1, /* fields of a later version */
		10 << 3 | LENGTH_DELIMITED,
		3,
		1,
		2,
		3, /**/
		11 << 3 | 1,
		0,
		0,
		0,
		0,
		0,
		0,
		0,
		0, /* fixed64 */
		12 << 3 | 5,
		0,
		0,
		0,
		0, /* fixed32 */
	};
	int fd = wire_open(ffad.socket);

	wire_request_bytes(fd, FFA__V1__METHOD__METHOD_PING, 1, body, sizeof(body));
	wire_expect_code(fd, 1, FFA__V1__STATUS_CODE__STATUS_OK);
	close(fd);
	finish();
}

static void unknown_enumerators(void **state)
{
	Ffa__V1__DirectRequest direct = FFA__V1__DIRECT_REQUEST__INIT;
	static const int kinds[] = { 3, 77, INT32_MAX, -1, INT32_MIN };
	int fd = wire_open(ffad.socket);

	direct.partition = ECHO;
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		direct.kind = (Ffa__V1__DirectKind)kinds[i];
		wire_request(fd, FFA__V1__METHOD__METHOD_DIRECT, i + 1, &direct.base);
		wire_expect_code(fd, i + 1, FFA__V1__STATUS_CODE__STATUS_UNIMPLEMENTED);
	}
	wire_ping(fd);
	close(fd);
	finish();
}

/* Fill a body with copies of `unit`. */
static void fill(uint8_t body[static FFA_FRAME_REQUEST_MAX], const void *unit, size_t size)
{
	memset(body, 0, FFA_FRAME_REQUEST_MAX);
	for (size_t i = 0; i + size <= FFA_FRAME_REQUEST_MAX; i += size)
		memcpy(body + i, unit, size);
}

/* Bodies that cost many times their size in memory when they are decoded without a bound. */
static void amplifying_bodies_cost_bounded_memory(void **state)
{
	static const struct {
		uint16_t method;
		uint8_t unit[16];
		size_t size;
	} bodies[] = {
		{ FFA__V1__METHOD__METHOD_PING, { 15 << 3 | VARINT, 0 }, 2 },           /* unknown */
		{ FFA__V1__METHOD__METHOD_PING, { 15 << 3 | LENGTH_DELIMITED, 0 }, 2 }, /* unknown, empty */
		{ FFA__V1__METHOD__METHOD_PING, { 15 << 3 | START_GROUP }, 1 },         /* nesting */
		{ FFA__V1__METHOD__METHOD_PING, { 1 << 3 | LENGTH_DELIMITED, 0 }, 2 },  /* payload again */
		{ FFA__V1__METHOD__METHOD_HELLO, { 3 << 3 | LENGTH_DELIMITED, 0 }, 2 }, /* name again */
		{ FFA__V1__METHOD__METHOD_HELLO, { 3 << 3 | LENGTH_DELIMITED, 1, 'x' }, 3 },
		{ FFA__V1__METHOD__METHOD_DIRECT, { 3 << 3 | LENGTH_DELIMITED, 0 }, 2 }, /* no arguments */
		{ FFA__V1__METHOD__METHOD_DIRECT, { 3 << 3 | 1 }, 9 },                   /* unpacked */
		{ FFA__V1__METHOD__METHOD_SIM_LOAD, { 1 << 3 | LENGTH_DELIMITED, 0 }, 2 },
	};
	uint8_t body[FFA_FRAME_REQUEST_MAX];
	size_t before = 0;

	for (size_t round = 0; round < AMPLIFYING_SESSIONS; round++) {
		size_t i = round % (sizeof(bodies) / sizeof(*bodies));
		int fd = wire_open(ffad.socket);
		struct wire_frame frame;

		fill(body, bodies[i].unit, bodies[i].size);
		wire_request_bytes(fd, bodies[i].method, 7, body, sizeof(body));
		assert_true(wire_read(fd, &frame)); /* an answer, whatever it says */
		assert_int_equal(frame.header.id, 7);
		close(fd);
		if (round == AMPLIFYING_SESSIONS / 2)
			before = daemon_rss(&ffad);
	}
	if (!daemon_is_sanitized())
		assert_true(daemon_rss(&ffad) < before + RSS_GROWTH_MAX);
	finish();
}

static void strings_with_anything_in_them(void **state)
{
	static const char *const names[] = {
		"\n\n[daemon] forged\n", "\x1b[2J\x07", "%s%n%s%n", "\xff\xfe\xc0\xaf", "", NULL
	};
	char longest[3000];

	memset(longest, 'x', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		Ffa__V1__HelloRequest hello = FFA__V1__HELLO_REQUEST__INIT;
		int fd = wire_connect(ffad.socket);

		hello.major = FFA_WIRE_MAJOR;
		hello.client_name = (char *)(names[i] ? names[i] : longest);
		wire_request(fd, FFA__V1__METHOD__METHOD_HELLO, 1, &hello.base);
		wire_expect_code(fd, 1, FFA__V1__STATUS_CODE__STATUS_OK);
		close(fd);
	}
	finish();
}

/* ---- Hello ---- */

static void something_else_before_hello(void **state)
{
	for (uint16_t method = 0; method <= METHOD_LAST + 1; method++) {
		int fd = wire_connect(ffad.socket);

		if (method == FFA__V1__METHOD__METHOD_HELLO) {
			close(fd);
			continue;
		}
		wire_request_empty(fd, method, 3);
		wire_expect_code(fd, 3, FFA__V1__STATUS_CODE__STATUS_BAD_ARGUMENT);
		wire_expect_end(fd);
		close(fd);
	}
	finish();
}

static void unknown_major_version(void **state)
{
	static const uint32_t majors[] = { 0, FFA_WIRE_MAJOR + 1, UINT32_MAX };

	for (size_t i = 0; i < sizeof(majors) / sizeof(*majors); i++) {
		Ffa__V1__HelloRequest hello = FFA__V1__HELLO_REQUEST__INIT;
		int fd = wire_connect(ffad.socket);

		hello.major = majors[i];
		wire_request(fd, FFA__V1__METHOD__METHOD_HELLO, 1, &hello.base);
		wire_expect_code(fd, 1, FFA__V1__STATUS_CODE__STATUS_UNIMPLEMENTED);
		wire_expect_end(fd);
		close(fd);
	}
	finish();
}

static void newer_minor_version(void **state)
{
	Ffa__V1__HelloRequest hello = FFA__V1__HELLO_REQUEST__INIT;
	int fd = wire_connect(ffad.socket);

	hello.major = FFA_WIRE_MAJOR;
	hello.minor = UINT32_MAX;
	wire_request(fd, FFA__V1__METHOD__METHOD_HELLO, 1, &hello.base);
	wire_expect_code(fd, 1, FFA__V1__STATUS_CODE__STATUS_OK);
	wire_ping(fd);
	close(fd);
	finish();
}

/* ---- File descriptors ---- */

static int make_fd(void)
{
	int fd = memfd_create("test", MFD_CLOEXEC);

	assert_true(fd >= 0);
	return fd;
}

static void fd_where_none_is_declared(void **state)
{
	uint8_t bytes[FFA_FRAME_HEADER_SIZE];
	int fd = wire_open(ffad.socket), extra = make_fd();

	encode_header(0, FFA__V1__METHOD__METHOD_PING, FFA_FRAME_REQUEST, 0, 5, bytes);
	wire_send_fds(fd, bytes, sizeof(bytes), &extra, 1);
	wire_expect_code(fd, 5, FFA__V1__STATUS_CODE__STATUS_OK);
	wire_expect_notice(fd);
	close(fd);
	close(extra);
	finish();
}

static void fd_without_use(void **state)
{
	uint8_t bytes[FFA_FRAME_HEADER_SIZE];
	int fd = wire_open(ffad.socket), extra = make_fd();

	for (unsigned int i = 0; i < 20; i++) {
		encode_header(0, FFA__V1__METHOD__METHOD_PING, FFA_FRAME_REQUEST, 1, 5, bytes);
		wire_send_fds(fd, bytes, sizeof(bytes), &extra, 1);
		wire_expect_code(fd, 5, FFA__V1__STATUS_CODE__STATUS_OK);
		encode_header(0, METHOD_LAST + 1, FFA_FRAME_REQUEST, 1, 6, bytes);
		wire_send_fds(fd, bytes, sizeof(bytes), &extra, 1);
		wire_expect_code(fd, 6, FFA__V1__STATUS_CODE__STATUS_UNIMPLEMENTED);
	}
	wire_ping(fd);
	/* Not one of them is kept. */
	daemon_wait_descriptors(&ffad, descriptors == DAEMON_UNKNOWN ? descriptors : descriptors + 1);
	close(fd);
	close(extra);
	finish();
}

static void fd_declared_but_missing(void **state)
{
	uint8_t bytes[FFA_FRAME_HEADER_SIZE];
	int fd = wire_open(ffad.socket);

	encode_header(0, FFA__V1__METHOD__METHOD_SIM_LOAD, FFA_FRAME_REQUEST, 1, 5, bytes);
	wire_send(fd, bytes, sizeof(bytes));
	wire_expect_code(fd, 5, FFA__V1__STATUS_CODE__STATUS_BAD_ARGUMENT);
	wire_expect_end(fd);
	close(fd);
	finish();
}

static void too_many_fds_declared(void **state)
{
	expect_protocol_error(0, FFA__V1__METHOD__METHOD_SIM_LOAD, FFA_FRAME_REQUEST, FFA_FRAME_FDS_MAX + 1,
			      1);
	expect_protocol_error(0, FFA__V1__METHOD__METHOD_SIM_LOAD, FFA_FRAME_REQUEST, 255, 1);
	finish();
}

/* From two, which fit into any receiver's buffer, to so many that the kernel cuts the list off. */
static void too_many_fds_sent(void **state)
{
	static const size_t counts[] = { 2, 4, 5, 6, 63 };

	for (size_t i = 0; i < sizeof(counts) / sizeof(*counts); i++) {
		uint8_t bytes[FFA_FRAME_HEADER_SIZE];
		int fd = wire_open(ffad.socket), extra = make_fd(), fds[64];
		struct wire_frame frame;
		bool notice = false;

		for (size_t k = 0; k < counts[i]; k++)
			fds[k] = extra;
		encode_header(0, FFA__V1__METHOD__METHOD_PING, FFA_FRAME_REQUEST, 1, 5, bytes);
		wire_send_fds(fd, bytes, sizeof(bytes), fds, counts[i]);
		/* The request itself may be answered; the end comes with a reason. */
		while (wire_read(fd, &frame))
			notice = frame.header.kind == FFA_FRAME_EVENT;
		assert_true(notice);
		close(fd);
		close(extra);
		wire_ping(bystander);
		daemon_wait_descriptors(&ffad, descriptors);
	}
	finish();
}

/* A session that ends because of what it sent executes nothing of what comes behind. */
static void nothing_is_executed_after_the_end(void **state)
{
	const uint64_t args[WIRE_DIRECT_ARGS] = { 0 };
	uint8_t bytes[FFA_FRAME_HEADER_SIZE], direct[WIRE_REQUEST_SIZE];
	size_t size = wire_encode_direct(6, ECHO, args, 0, direct);
	const struct manifest_recipe yielding = { .id = YIELDING, .behaviour = "yielder:2:200000" };
	int fd = wire_open(ffad.socket), extra = make_fd(), fds[8];
	Ffa__V1__InfoResponse *info;
	struct wire_frame frame;
	uint64_t before;

	manifest_load(&yielding, bystander);
	info = wire_info(bystander);
	before = info->direct_calls;
	ffa__v1__info_response__free_unpacked(info, NULL);
	for (size_t i = 0; i < 8; i++)
		fds[i] = extra;
	encode_header(0, FFA__V1__METHOD__METHOD_PING, FFA_FRAME_REQUEST, 1, 5, bytes);
	/* The session has a call parked meanwhile. */
	wire_direct(fd, 4, YIELDING, 0);
	wire_drain(fd);
	wire_send_fds(fd, bytes, sizeof(bytes), fds, 8);
	(void)wire_send_some(fd, direct, size);
	while (wire_read(fd, &frame))
		assert_int_not_equal(frame.header.id, 6);
	info = wire_info(bystander);
	assert_int_equal(info->direct_calls, before + 1);
	ffa__v1__info_response__free_unpacked(info, NULL);
	close(fd);
	close(extra);
	finish();
}

/* ---- Chance ---- */

static uint32_t random_state;

static uint32_t random_number(void)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 17;
	random_state ^= random_state << 5;
	return random_state;
}

/* Read all there is, until the daemon ends the session or has nothing more to say after our end. */
static void drain_and_close(int fd)
{
	uint8_t bytes[4096];

	shutdown(fd, SHUT_WR);
	while (recv(fd, bytes, sizeof(bytes), 0) > 0)
		;
	close(fd);
}

static void random_bytes(void **state)
{
	uint8_t bytes[2048];

	random_state = 0x66666164;
	for (size_t i = 0; i < RANDOM_SESSIONS; i++) {
		int fd = i % 2 ? wire_open(ffad.socket) : wire_connect(ffad.socket);
		size_t size = random_number() % sizeof(bytes) + 1;

		for (size_t k = 0; k < size; k++)
			bytes[k] = (uint8_t)random_number();
		(void)wire_send_some(fd, bytes, size);
		drain_and_close(fd);
	}
	finish();
}

/* A good conversation with a few bytes changed, in odd-sized pieces. */
static void mutated_conversations(void **state)
{
	static uint8_t good[16384], bytes[sizeof(good)];
	size_t size = 0;

	random_state = 0x73696d31;
	for (uint16_t method = 1; method <= METHOD_LAST; method++) {
		encode_header(0, method, FFA_FRAME_REQUEST, 0, method, good + size);
		size += FFA_FRAME_HEADER_SIZE;
		size += wire_encode_direct(100 + method, (uint16_t)(0x8000 + method),
					   (uint64_t[5]) { method }, 20, good + size);
	}
	for (size_t i = 0; i < RANDOM_SESSIONS; i++) {
		int fd = wire_open(ffad.socket);
		size_t changes = random_number() % 4;

		memcpy(bytes, good, size);
		for (size_t k = 0; k < changes; k++)
			bytes[random_number() % size] ^= (uint8_t)(1u << random_number() % 8);
		for (size_t done = 0; done < size;) {
			size_t piece = random_number() % 143 + 1;
			ssize_t n =
				wire_send_some(fd, bytes + done, piece < size - done ? piece : size - done);

			if (n < 0)
				break;
			done += (size_t)n;
		}
		drain_and_close(fd);
	}
	finish();
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, daemon_teardown)
		TEST(frame_in_two_parts_at_every_byte),
		TEST(frame_byte_by_byte),
		TEST(many_frames_in_one_write),
		TEST(empty_body),
		TEST(longest_body),
		TEST(too_long_body),
		TEST(wrong_kind),
		TEST(request_without_id),
		TEST(unknown_method),
		TEST(garbage_in_every_body),
		TEST(body_cut_at_every_byte),
		TEST(unknown_fields_are_ignored),
		TEST(unknown_enumerators),
		TEST(amplifying_bodies_cost_bounded_memory),
		TEST(strings_with_anything_in_them),
		TEST(something_else_before_hello),
		TEST(unknown_major_version),
		TEST(newer_minor_version),
		TEST(fd_where_none_is_declared),
		TEST(fd_without_use),
		TEST(fd_declared_but_missing),
		TEST(too_many_fds_declared),
		TEST(too_many_fds_sent),
		TEST(nothing_is_executed_after_the_end),
		TEST(random_bytes),
		TEST(mutated_conversations),
	};

	return cmocka_run_group_tests_name("malformed", tests, NULL, NULL);
}
