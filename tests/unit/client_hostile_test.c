/* SPDX-License-Identifier: BSD-3-Clause */
/* A daemon that does not keep to the protocol ends its session, and harms nothing. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "client_fake.h"

static void count_callback(struct ffa_request *request, int result, void *userdata)
{
	int *results = userdata;

	results[0]++;
	results[1] = result;
}

struct session {
	struct fake fake;
	struct ffa_client *client;
	struct ffa_request *request;
	struct fake_request wire; /* of the request, which has been sent */
	int results[2];           /* callbacks, last result */
};

/* A session with a direct message under way. */
static void session_open(struct session *session, enum ffa_message_kind kind)
{
	struct ffa_message *message;

	*session = (struct session) { 0 };
	fake_init(&session->fake);
	session->client = fake_connect(&session->fake);
	assert_int_equal(
		ffa_request_new(session->client, count_callback, session->results, &session->request), 0);
	assert_int_equal(ffa_message_new(kind, 0x8001, &message), 0);
	assert_int_equal(ffa_request_start_direct(session->request, message), 0);
	ffa_message_free(message);
	assert_int_equal(ffa_client_flush(session->client), 0);
	fake_read(&session->fake, &session->wire);
}

static void session_close(struct session *session)
{
	ffa_request_free(session->request);
	ffa_client_free(session->client);
	fake_done(&session->fake);
}

/* What was sent ends the session as a broken protocol; the request completes once, as lost. */
static void expect_broken(struct session *session)
{
	char byte;

	assert_int_equal(ffa_client_dispatch(session->client, -1), -EPROTO);
	assert_int_equal(session->results[0], 1);
	assert_int_equal(session->results[1], -ECONNRESET);
	assert_false(ffa_client_is_connected(session->client));
	assert_int_equal(ffa_client_dispatch(session->client, -1), -ENOTCONN);
	assert_int_equal(recv(session->fake.fd, &byte, 1, 0), 0); /* hung up */
}

/* What was sent is left alone: the request is answered afterwards. */
static void expect_ignored(struct session *session)
{
	assert_int_equal(ffa_client_dispatch(session->client, 0), 0);
	assert_true(ffa_client_is_connected(session->client));
	fake_answer_direct(&session->fake, &session->wire, 0);
	assert_int_equal(ffa_client_dispatch(session->client, -1), 1);
	assert_int_equal(session->results[0], 1);
	assert_int_equal(session->results[1], 0);
}

static void write_header(struct session *session, uint32_t length, unsigned int method, unsigned int kind,
			 unsigned int fds, uint64_t id)
{
	struct ffa_frame frame = {
		.length = length,
		.method = (uint16_t)method,
		.kind = (uint8_t)kind,
		.fds = (uint8_t)fds,
		.id = id,
	};
	uint8_t bytes[FFA_FRAME_HEADER_SIZE];

	ffa_frame_encode(&frame, bytes);
	fake_write(&session->fake, bytes, sizeof(bytes));
}

static void test_bad_headers(void **state)
{
	static const struct {
		uint32_t length;
		int method; /* -1: the request's */
		unsigned int kind, fds;
		bool own_id;
	} bad[] = {
		{ FFA_FRAME_RESPONSE_MAX + 1, -1, FFA_FRAME_RESPONSE, 0, true },
		{ UINT32_MAX, -1, FFA_FRAME_RESPONSE, 0, true },
		{ 0, -1, FFA_FRAME_REQUEST, 0, true },
		{ 0, -1, 0, 0, true },
		{ 0, -1, 4, 0, true },
		{ 0, -1, 255, 0, true },
		{ 0, -1, FFA_FRAME_RESPONSE, 1, true }, /* a descriptor that no answer has */
		{ 0, -1, FFA_FRAME_RESPONSE, 2, true },
		{ 0, -1, FFA_FRAME_RESPONSE, 0, false }, /* id 0 */
		{ 0, FFA__V1__METHOD__METHOD_INFO, FFA_FRAME_RESPONSE, 0, true },
		{ 0, 0xffff, FFA_FRAME_RESPONSE, 0, true },
		{ 0, -1, FFA_FRAME_EVENT, 0, true }, /* nobody subscribed */
	};

	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		struct session session;

		session_open(&session, FFA_MESSAGE_DIRECT_64);
		write_header(&session, bad[i].length,
			     bad[i].method < 0 ? session.wire.frame.method : (unsigned int)bad[i].method,
			     bad[i].kind, bad[i].fds, bad[i].own_id ? session.wire.frame.id : 0);
		expect_broken(&session);
		session_close(&session);
	}
}

static void test_unknown_ids(void **state)
{
	struct session session;

	session_open(&session, FFA_MESSAGE_DIRECT_64);
	write_header(&session, 0, session.wire.frame.method, FFA_FRAME_RESPONSE, 0, UINT64_MAX);
	write_header(&session, 0, session.wire.frame.method, FFA_FRAME_EVENT, 0, 1);
	write_header(&session, 0, 0xffff, FFA_FRAME_RESPONSE, 0, session.wire.frame.id + (1 << 24));
	write_header(&session, 0, session.wire.frame.method, FFA_FRAME_RESPONSE, 0,
		     session.wire.frame.id + 1);
	write_header(&session, 0, FFA__V1__METHOD__METHOD_HELLO, FFA_FRAME_RESPONSE, 0,
		     session.fake.hello_id);
	expect_ignored(&session);
	/* A second answer finds nobody either. */
	fake_answer_direct(&session.fake, &session.wire, 0);
	assert_int_equal(ffa_client_dispatch(session.client, 0), 0);
	assert_int_equal(session.results[0], 1);
	assert_true(ffa_client_is_connected(session.client));
	session_close(&session);
}

static void test_largest_frame(void **state)
{
	uint8_t *body = calloc(1, FFA_FRAME_RESPONSE_MAX);
	struct session session;

	assert_non_null(body);
	session_open(&session, FFA_MESSAGE_DIRECT_64);
	/* For nobody, in pieces, with the answer right behind it. */
	write_header(&session, FFA_FRAME_RESPONSE_MAX, 1, FFA_FRAME_RESPONSE, 0, 1);
	fake_write(&session.fake, body, FFA_FRAME_RESPONSE_MAX / 2);
	assert_int_equal(ffa_client_dispatch(session.client, 0), 0);
	fake_write(&session.fake, body, FFA_FRAME_RESPONSE_MAX / 2);
	expect_ignored(&session);
	free(body);
	session_close(&session);
}

static void write_body(struct session *session, const void *body, size_t size)
{
	write_header(session, (uint32_t)size, session->wire.frame.method, FFA_FRAME_RESPONSE, 0,
		     session->wire.frame.id);
	fake_write(&session->fake, body, size);
}

static void test_garbage_bodies(void **state)
{
	static const struct {
		const char *bytes;
		size_t size;
	} bodies[] = {
		{ "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff", 12 }, /* a tag that does not end */
		{ "\x0a\x7f", 2 },                                          /* status longer than the body */
		{ "\x0a\x02\x08", 3 },                                      /* cut off inside */
		{ "\x12\x07\x01\x02\x03\x04\x05\x06\x07", 9 },              /* packed fixed64 of 7 bytes */
		{ "\x0f", 1 },                                              /* a wire type that is none */
		{ "\x0a\xff\xff\xff\xff\x0f", 6 },                          /* length of 4 GiB */
	};

	for (size_t i = 0; i < sizeof(bodies) / sizeof(bodies[0]); i++) {
		struct session session;

		session_open(&session, FFA_MESSAGE_DIRECT_64);
		write_body(&session, bodies[i].bytes, bodies[i].size);
		expect_broken(&session);
		session_close(&session);
	}
}

static void test_bad_arguments(void **state)
{
	static const struct {
		enum ffa_message_kind kind;
		size_t count;
		uint64_t value;
		bool ok;
	} cases[] = {
		{ FFA_MESSAGE_DIRECT_64, 5, UINT64_MAX, true },
		{ FFA_MESSAGE_DIRECT_64, 6, 0, false },
		{ FFA_MESSAGE_DIRECT_32, 5, UINT32_MAX, true },
		{ FFA_MESSAGE_DIRECT_32, 6, 0, false },
		{ FFA_MESSAGE_DIRECT_32, 1, UINT64_C(1) << 32, false },
		{ FFA_MESSAGE_DIRECT_REQ2, 14, UINT64_MAX, true },
		{ FFA_MESSAGE_DIRECT_REQ2, 15, 0, false },
		{ FFA_MESSAGE_DIRECT_REQ2, 8000, 0, false },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		Ffa__V1__DirectResponse response = FFA__V1__DIRECT_RESPONSE__INIT;
		uint64_t *args = calloc(cases[i].count, sizeof(*args));
		struct session session;

		assert_non_null(args);
		args[cases[i].count - 1] = cases[i].value;
		session_open(&session, cases[i].kind);
		response.n_args = cases[i].count;
		response.args = args;
		fake_answer(&session.fake, &session.wire, &response.base);
		if (cases[i].ok)
			assert_int_equal(ffa_client_dispatch(session.client, -1), 1);
		else
			expect_broken(&session);
		free(args);
		session_close(&session);
	}
}

/* Sixty-four KiB that would decode to many times that: refused by the arena's cap. */
static void test_decoding_bomb(void **state)
{
	uint8_t *body = malloc(FFA_FRAME_RESPONSE_MAX);
	struct ffa_request *list;
	struct session session;
	struct fake_request wire;

	assert_non_null(body);
	for (size_t i = 0; i < FFA_FRAME_RESPONSE_MAX; i += 2) {
		body[i] = 0x12; /* partitions, each of no bytes */
		body[i + 1] = 0;
	}
	session_open(&session, FFA_MESSAGE_DIRECT_64);
	assert_int_equal(ffa_request_new(session.client, NULL, NULL, &list), 0);
	assert_int_equal(ffa_request_start_list_partitions(list, NULL), 0);
	assert_int_equal(ffa_client_flush(session.client), 0);
	fake_read(&session.fake, &wire);
	write_header(&session, FFA_FRAME_RESPONSE_MAX, wire.frame.method, FFA_FRAME_RESPONSE, 0,
		     wire.frame.id);
	fake_write(&session.fake, body, FFA_FRAME_RESPONSE_MAX);
	expect_broken(&session);
	assert_int_equal(ffa_request_get_result(list), -ECONNRESET);
	free(body);
	ffa_request_free(list);
	session_close(&session);
}

static void test_bad_partitions(void **state)
{
	static uint8_t uuid[17];
	Ffa__V1__Partition bad[5];

	for (size_t i = 0; i < 5; i++)
		ffa__v1__partition__init(&bad[i]);
	bad[0].id = 0x10000;
	bad[1].exec_ctx_count = UINT32_MAX;
	bad[2].uuid = (ProtobufCBinaryData) { .len = 15, .data = uuid };
	bad[3].uuid = (ProtobufCBinaryData) { .len = 17, .data = uuid };
	bad[4].image_uuid = (ProtobufCBinaryData) { .len = 1, .data = uuid };
	for (size_t i = 0; i < 5; i++) {
		Ffa__V1__PartitionListResponse response = FFA__V1__PARTITION_LIST_RESPONSE__INIT;
		Ffa__V1__Partition *list[] = { &bad[i] };
		struct session session;
		struct ffa_request *request;
		struct fake_request wire;

		session_open(&session, FFA_MESSAGE_DIRECT_64);
		assert_int_equal(ffa_request_new(session.client, NULL, NULL, &request), 0);
		assert_int_equal(ffa_request_start_list_partitions(request, NULL), 0);
		assert_int_equal(ffa_client_flush(session.client), 0);
		fake_read(&session.fake, &wire);
		response.n_partitions = 1;
		response.partitions = list;
		fake_answer(&session.fake, &wire, &response.base);
		expect_broken(&session);
		assert_int_equal(ffa_request_get_result(request), -ECONNRESET);
		ffa_request_free(request);
		session_close(&session);
	}
}

static unsigned int count_descriptors(void)
{
	DIR *directory = opendir("/proc/self/fd");
	unsigned int count = 0;

	assert_non_null(directory);
	while (readdir(directory))
		count++;
	closedir(directory);
	return count;
}

/* Descriptors that come unasked stay out of the process. */
static void test_unasked_descriptor(void **state)
{
	union {
		struct cmsghdr header;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control = { 0 };
	struct ffa_frame frame = { .kind = FFA_FRAME_RESPONSE };
	uint8_t bytes[FFA_FRAME_HEADER_SIZE];
	struct iovec iov = { .iov_base = bytes, .iov_len = sizeof(bytes) };
	struct msghdr message = {
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof(control.bytes),
	};
	struct session session;
	unsigned int before;

	session_open(&session, FFA_MESSAGE_DIRECT_64);
	before = count_descriptors();
	frame.id = session.wire.frame.id;
	frame.method = session.wire.frame.method;
	ffa_frame_encode(&frame, bytes);
	control.header.cmsg_level = SOL_SOCKET;
	control.header.cmsg_type = SCM_RIGHTS;
	control.header.cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(&control.header), &session.fake.fd, sizeof(int));
	assert_int_equal(sendmsg(session.fake.fd, &message, 0), sizeof(bytes));
	assert_int_equal(ffa_client_dispatch(session.client, -1), 1);
	assert_int_equal(session.results[1], 0);
	assert_int_equal(count_descriptors(), before);
	session_close(&session);
}

/* Garbage right behind a good answer: the answer counts, the session ends. */
static void test_answer_then_garbage(void **state)
{
	uint8_t garbage[64];
	struct session session;

	memset(garbage, 0xff, sizeof(garbage));
	session_open(&session, FFA_MESSAGE_DIRECT_64);
	fake_answer_direct(&session.fake, &session.wire, 0);
	fake_write(&session.fake, garbage, sizeof(garbage));
	assert_int_equal(ffa_client_dispatch(session.client, -1), -EPROTO);
	assert_int_equal(session.results[0], 1);
	assert_int_equal(session.results[1], 0);
	session_close(&session);
}

static void script_garbage(struct fake *fake)
{
	static const uint8_t garbage[] = "HTTP/1.1 400 Bad Request\r\n\r\n";
	struct fake_request request;

	fake_read(fake, &request);
	fake_write(fake, garbage, sizeof(garbage));
}

static void test_not_ffad(void **state)
{
	struct ffa_client_config *config;
	struct ffa_client *client;
	struct fake fake;

	fake_init(&fake);
	config = fake_config(&fake);
	assert_int_equal(ffa_client_new(config, &client), 0);
	ffa_client_config_free(config);
	fake_play(&fake, script_garbage);
	assert_int_equal(ffa_client_connect(client), -EPROTO);
	fake_join(&fake);
	assert_non_null(strstr(ffa_client_get_message(client), "does not speak"));
	ffa_client_free(client);
	fake_done(&fake);
}

/* The last words of a daemon that has hung up: a refusal is told, not only the loss. */
static void test_refusal_then_hangup(void **state)
{
	struct session session;

	session_open(&session, FFA_MESSAGE_DIRECT_64);
	fake_answer_status(&session.fake, &session.wire, FFA_STATUS_UNAVAILABLE, 0, "shutting down");
	close(session.fake.fd);
	session.fake.fd = -1;
	assert_int_equal(ffa_client_ping(session.client, NULL, 0), -ECONNRESET);
	assert_int_equal(ffa_client_dispatch(session.client, -1), 1);
	assert_int_equal(session.results[1], -ESHUTDOWN);
	assert_string_equal(ffa_request_get_message(session.request), "shutting down");
	session_close(&session);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bad_headers),         cmocka_unit_test(test_unknown_ids),
		cmocka_unit_test(test_largest_frame),       cmocka_unit_test(test_garbage_bodies),
		cmocka_unit_test(test_bad_arguments),       cmocka_unit_test(test_decoding_bomb),
		cmocka_unit_test(test_bad_partitions),      cmocka_unit_test(test_unasked_descriptor),
		cmocka_unit_test(test_answer_then_garbage), cmocka_unit_test(test_not_ffad),
		cmocka_unit_test(test_refusal_then_hangup),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
