/* SPDX-License-Identifier: BSD-3-Clause */
/* Blocking calls: what goes out, what comes back, and how each failure looks to the caller. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cmocka.h>

#include "client_session.h"

/* ---- Connecting ---- */

static void test_hello(void **state)
{
	struct session *session = *state;

	assert_true(ffa_client_is_connected(session->client));
	assert_string_equal(ffa_client_get_daemon_version(session->client), "9.8.7");
	assert_int_equal(ffa_client_get_max_in_flight(session->client), 256);
	assert_true(ffa_client_is_admin(session->client));
	assert_string_equal(ffa_client_get_socket_path(session->client), "");
	assert_string_equal(ffa_client_get_message(session->client), "");
	assert_int_equal(ffa_client_connect(session->client), -EISCONN);
	assert_true(ffa_client_is_connected(session->client));
}

static void script_hello_fields(struct fake *fake)
{
	Ffa__V1__HelloResponse response = FFA__V1__HELLO_RESPONSE__INIT;
	Ffa__V1__HelloRequest *hello;
	struct fake_request request;

	fake_expect(fake, FFA__V1__METHOD__METHOD_HELLO, &request);
	hello = fake_unpack(&request, &ffa__v1__hello_request__descriptor);
	CHECK(hello->major == 1 && hello->minor == 0);
	CHECK(strcmp(hello->client_name, "the-name") == 0);
	ffa__v1__hello_request__free_unpacked(hello, NULL);
	response.major = 7;
	response.daemon_version = (char *)"9.8.7";
	fake_answer(fake, &request, &response.base);
}

static void test_hello_other_major(void **state)
{
	struct ffa_client_config *config;
	struct ffa_client *client;
	struct fake fake;

	fake_init(&fake);
	config = fake_config(&fake);
	assert_int_equal(ffa_client_config_set_name(config, "the-name"), 0);
	assert_int_equal(ffa_client_new(config, &client), 0);
	ffa_client_config_free(config);
	fake_play(&fake, script_hello_fields);
	assert_int_equal(ffa_client_connect(client), -EPROTONOSUPPORT);
	fake_join(&fake);
	assert_false(ffa_client_is_connected(client));
	assert_int_equal(ffa_client_get_status(client), FFA_STATUS_LOCAL);
	assert_non_null(strstr(ffa_client_get_message(client), "version 7"));
	assert_int_equal(ffa_client_get_fd(client), -ENOTCONN);
	ffa_client_free(client);
	fake_done(&fake);
}

static void script_refuse_hello(struct fake *fake)
{
	struct fake_request request;

	fake_expect(fake, FFA__V1__METHOD__METHOD_HELLO, &request);
	fake_answer_status(fake, &request, FFA_STATUS_QUOTA, 0, "user 7 has 32 sessions open: close one\n");
	close(fake->fd);
	fake->fd = -1;
}

static void test_hello_refused(void **state)
{
	struct ffa_client_config *config;
	struct ffa_client *client;
	struct fake fake;

	fake_init(&fake);
	config = fake_config(&fake);
	assert_int_equal(ffa_client_new(config, &client), 0);
	ffa_client_config_free(config);
	fake_play(&fake, script_refuse_hello);
	assert_int_equal(ffa_client_connect(client), -EDQUOT);
	fake_join(&fake);
	assert_int_equal(ffa_client_get_status(client), FFA_STATUS_QUOTA);
	/* The daemon's sentence, its control character made harmless. */
	assert_string_equal(ffa_client_get_message(client), "user 7 has 32 sessions open: close one?");
	ffa_client_free(client);
	fake_done(&fake);
}

/* No session at all: ffad says why, and hangs up without a look at Hello. */
static void test_session_refused(void **state)
{
	Ffa__V1__Notice notice = FFA__V1__NOTICE__INIT;
	Ffa__V1__Status status = FFA__V1__STATUS__INIT;
	struct ffa_client_config *config;
	struct ffa_client *client;
	uint8_t bytes[256];
	struct fake fake;

	fake_init(&fake);
	config = fake_config(&fake);
	assert_int_equal(ffa_client_new(config, &client), 0);
	ffa_client_config_free(config);
	status.code = FFA__V1__STATUS_CODE__STATUS_QUOTA;
	status.message = (char *)"too many sessions: close some";
	notice.status = &status;
	fake_write(&fake, bytes, fake_frame(FFA_FRAME_EVENT, 0, UINT64_MAX, &notice.base, bytes));
	close(fake.fd);
	fake.fd = -1;
	assert_int_equal(ffa_client_connect(client), -EDQUOT);
	assert_int_equal(ffa_client_get_status(client), FFA_STATUS_QUOTA);
	assert_string_equal(ffa_client_get_message(client), "too many sessions: close some");
	assert_int_equal(ffa_client_dispatch(client, 0), -ENOTCONN);
	ffa_client_free(client);
	fake_done(&fake);
}

/* A session that ffad ends: the call is lost, for the reason that ffad gave. */
static void test_session_ended(void **state)
{
	Ffa__V1__Notice notice = FFA__V1__NOTICE__INIT;
	Ffa__V1__Status status = FFA__V1__STATUS__INIT;
	struct session *session = *state;
	uint8_t bytes[256];

	status.code = FFA__V1__STATUS_CODE__STATUS_UNAVAILABLE;
	status.message = (char *)"shutting down";
	notice.status = &status;
	fake_write(&session->fake, bytes, fake_frame(FFA_FRAME_EVENT, 0, UINT64_MAX, &notice.base, bytes));
	close(session->fake.fd);
	session->fake.fd = -1;
	assert_int_equal(ffa_client_ping(session->client, NULL, 0), -ECONNRESET);
	assert_int_equal(ffa_client_get_status(session->client), FFA_STATUS_UNAVAILABLE);
	assert_string_equal(ffa_client_get_message(session->client), "shutting down");
}

/* The daemon that never answers: ended by the connect timeout alone. */
static void test_hello_timeout(void **state)
{
	struct ffa_client_config *config;
	struct ffa_client *client;
	struct fake fake;

	fake_init(&fake);
	config = fake_config(&fake);
	ffa_client_config_set_connect_timeout(config, 1);
	assert_int_equal(ffa_client_new(config, &client), 0);
	ffa_client_config_free(config);
	assert_int_equal(ffa_client_connect(client), -ETIMEDOUT);
	assert_false(ffa_client_is_connected(client));
	ffa_client_free(client);
	fake_done(&fake);
}

static void test_hello_hangup(void **state)
{
	struct ffa_client_config *config;
	struct ffa_client *client;
	struct fake fake;

	fake_init(&fake);
	config = fake_config(&fake);
	assert_int_equal(ffa_client_new(config, &client), 0);
	ffa_client_config_free(config);
	close(fake.fd);
	fake.fd = -1;
	assert_int_equal(ffa_client_connect(client), -ECONNRESET);
	assert_true(strlen(ffa_client_get_message(client)) > 0);
	ffa_client_free(client);
	fake_done(&fake);
}

/* A directory of its own for sockets. */
static void make_directory(char *path)
{
	strcpy(path, "/tmp/ffa-client-test-XXXXXX");
	assert_non_null(mkdtemp(path));
}

static void test_connect_errors(void **state)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	struct ffa_client_config *config;
	struct ffa_client *client;
	char directory[64], path[96];
	int fd;

	make_directory(directory);
	snprintf(path, sizeof(path), "%s/ffad.sock", directory);
	assert_int_equal(ffa_client_config_new(&config), 0);
	assert_int_equal(ffa_client_config_set_socket_path(config, path), 0);
	ffa_client_config_set_connect_timeout(config, 1);
	assert_int_equal(ffa_client_new(config, &client), 0);
	ffa_client_config_free(config);

	assert_int_equal(ffa_client_connect(client), -ENOENT);
	assert_non_null(strstr(ffa_client_get_message(client), path));
	assert_non_null(strstr(ffa_client_get_message(client), "start ffad"));
	assert_int_equal(ffa_client_get_status(client), FFA_STATUS_LOCAL);

	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_true(fd >= 0);
	strcpy(address.sun_path, path);
	assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof(address)), 0);
	assert_int_equal(ffa_client_connect(client), -ECONNREFUSED);
	assert_non_null(strstr(ffa_client_get_message(client), "nobody listens"));

	/* Accepted by the kernel, answered by nobody. Then the queue is full. */
	assert_int_equal(listen(fd, 0), 0);
	assert_int_equal(ffa_client_connect(client), -ETIMEDOUT);
	assert_int_equal(ffa_client_connect(client), -ETIMEDOUT);
	close(fd);

	ffa_client_free(client);
	unlink(path);
	rmdir(directory);
}

static void test_not_connected(void **state)
{
	uint64_t args[FFA_MESSAGE_ARGS] = { 1 };
	struct ffa_partition_list *list = NULL;
	struct ffa_client *client;

	assert_int_equal(ffa_client_new(NULL, &client), 0);
	assert_false(ffa_client_is_connected(client));
	assert_int_equal(ffa_client_ping(client, NULL, 0), -ENOTCONN);
	assert_non_null(strstr(ffa_client_get_message(client), "connect"));
	assert_int_equal(ffa_client_direct64(client, 1, args, 0, args), -ENOTCONN);
	assert_int_equal(args[0], 1);
	assert_int_equal(ffa_client_list_partitions(client, NULL, &list), -ENOTCONN);
	assert_null(list);
	assert_int_equal(ffa_client_get_fd(client), -ENOTCONN);
	assert_int_equal(ffa_client_dispatch(client, -1), -ENOTCONN);
	assert_int_equal(ffa_client_flush(client), -ENOTCONN);
	assert_string_equal(ffa_client_get_daemon_version(client), "");
	ffa_client_free(client);
}

/* ---- The calls ---- */

static void script_ping(struct fake *fake)
{
	Ffa__V1__PingResponse response = FFA__V1__PING_RESPONSE__INIT;
	struct fake_request request;

	for (int i = 0; i < 3; i++) {
		Ffa__V1__PingRequest *ping;

		fake_expect(fake, FFA__V1__METHOD__METHOD_PING, &request);
		ping = fake_unpack(&request, &ffa__v1__ping_request__descriptor);
		response.payload = ping->payload;
		if (i == 2)
			ping->payload.data[255] ^= 1;
		fake_answer(fake, &request, &response.base);
		ffa__v1__ping_request__free_unpacked(ping, NULL);
	}
}

static void test_ping(void **state)
{
	struct session *session = *state;
	uint8_t payload[FFA_PING_PAYLOAD_MAX + 1] = { 1, 2, 3 };

	fake_play(&session->fake, script_ping);
	assert_int_equal(ffa_client_ping(session->client, NULL, 0), 0);
	assert_int_equal(ffa_client_ping(session->client, payload, FFA_PING_PAYLOAD_MAX), 0);
	assert_int_equal(ffa_client_ping(session->client, payload, FFA_PING_PAYLOAD_MAX + 1), -EINVAL);
	assert_int_equal(ffa_client_get_status(session->client), FFA_STATUS_LOCAL);
	/* Something else came back. */
	assert_int_equal(ffa_client_ping(session->client, payload, FFA_PING_PAYLOAD_MAX), -EPROTO);
	assert_false(ffa_client_is_connected(session->client));
	fake_join(&session->fake);
}

static void script_direct(struct fake *fake)
{
	static const uint8_t uuid[FFA_UUID_BYTES] = { 0xaa, 0xbb };
	Ffa__V1__DirectRequest *direct;
	struct fake_request request;

	fake_expect(fake, FFA__V1__METHOD__METHOD_DIRECT, &request);
	direct = fake_unpack(&request, &ffa__v1__direct_request__descriptor);
	CHECK(direct->partition == 0x8001 && direct->kind == FFA__V1__DIRECT_KIND__DIRECT_KIND_32);
	CHECK(direct->n_args == 5 && direct->args[4] == UINT32_MAX && direct->deadline_ms == 250);
	CHECK(direct->uuid.len == 0);
	ffa__v1__direct_request__free_unpacked(direct, NULL);
	fake_answer_direct(fake, &request, 0);

	fake_expect(fake, FFA__V1__METHOD__METHOD_DIRECT, &request);
	direct = fake_unpack(&request, &ffa__v1__direct_request__descriptor);
	CHECK(direct->kind == FFA__V1__DIRECT_KIND__DIRECT_KIND_64 && direct->args[0] == UINT64_MAX - 1);
	ffa__v1__direct_request__free_unpacked(direct, NULL);
	fake_answer_direct(fake, &request, 1);

	fake_expect(fake, FFA__V1__METHOD__METHOD_DIRECT, &request);
	direct = fake_unpack(&request, &ffa__v1__direct_request__descriptor);
	CHECK(direct->kind == FFA__V1__DIRECT_KIND__DIRECT_KIND_REQ2 && direct->args[13] == 14);
	CHECK(direct->uuid.len == FFA_UUID_BYTES && memcmp(direct->uuid.data, uuid, sizeof(uuid)) == 0);
	ffa__v1__direct_request__free_unpacked(direct, NULL);
	fake_answer_direct(fake, &request, 100);

	/* By message object, in place; then without wanting the answer. */
	fake_expect(fake, FFA__V1__METHOD__METHOD_DIRECT, &request);
	fake_answer_direct(fake, &request, 5);
	fake_expect(fake, FFA__V1__METHOD__METHOD_DIRECT, &request);
	fake_answer_direct(fake, &request, 5);
	/* An answer that leaves the arguments out. */
	fake_expect(fake, FFA__V1__METHOD__METHOD_DIRECT, &request);
	fake_answer_status(fake, &request, 0, 0, NULL);
}

static void test_direct(void **state)
{
	static const uint8_t uuid[FFA_UUID_BYTES] = { 0xaa, 0xbb };
	struct session *session = *state;
	uint32_t args32[FFA_MESSAGE_ARGS] = { 1, 0, 0, 0, UINT32_MAX };
	uint64_t args64[FFA_MESSAGE_ARGS] = { UINT64_MAX - 1, 0, 7 };
	uint64_t req2[FFA_MESSAGE_REQ2_ARGS] = { 0 };
	struct ffa_message *message, *other;

	for (size_t i = 0; i < FFA_MESSAGE_REQ2_ARGS; i++)
		req2[i] = i + 1;
	fake_play(&session->fake, script_direct);
	assert_int_equal(ffa_client_direct32(session->client, 0x8001, args32, 250, args32), 0);
	assert_int_equal(args32[0], 1);
	assert_true(args32[4] == UINT32_MAX);
	assert_int_equal(ffa_client_direct64(session->client, 0x8001, args64, 0, args64), 0);
	assert_true(args64[0] == UINT64_MAX);
	assert_int_equal(args64[2], 8);
	assert_int_equal(args64[4], 0); /* trailing zeroes are not sent */
	assert_int_equal(ffa_client_direct_req2(session->client, 0x8001, uuid, req2, 0, req2), 0);
	assert_int_equal(req2[0], 101);
	assert_int_equal(req2[13], 114);

	assert_int_equal(ffa_message_new(FFA_MESSAGE_DIRECT_64, 0x8002, &message), 0);
	assert_int_equal(ffa_message_new(FFA_MESSAGE_DIRECT_32, 0x8002, &other), 0);
	assert_int_equal(ffa_message_set_args(message, (const uint64_t[]) { 10 }, 1), 0);
	assert_int_equal(ffa_client_direct(session->client, message, other), -EINVAL); /* kinds differ */
	assert_int_equal(ffa_client_direct(session->client, message, message), 0);
	assert_int_equal(ffa_message_get_args(message)[0], 15);
	assert_int_equal(ffa_client_direct(session->client, message, NULL), 0);
	assert_int_equal(ffa_message_get_args(message)[0], 15);
	ffa_message_free(message);
	ffa_message_free(other);

	assert_int_equal(ffa_client_direct64(session->client, 0x8001, args64, 0, args64), 0);
	assert_int_equal(args64[0], 0);
	fake_join(&session->fake);
}

/* The example of docs/wire.md. */
static void test_example_frame(void **state)
{
	static const uint8_t body[] = { 0x08, 0x81, 0x80, 0x02, 0x10, 0x01, 0x1a, 0x10, 1, 0, 0, 0,
					0,    0,    0,    0,    2,    0,    0,    0,    0, 0, 0, 0 };
	static const uint8_t header[] = { sizeof(body), 0, 0, 0, 8, 0, 1, 0 };
	struct session *session = *state;
	struct ffa_request *request;
	struct ffa_message *message;
	uint8_t bytes[FFA_FRAME_HEADER_SIZE + sizeof(body) + 1];

	assert_int_equal(ffa_message_new(FFA_MESSAGE_DIRECT_64, 0x8001, &message), 0);
	assert_int_equal(ffa_message_set_args(message, (const uint64_t[]) { 1, 2 }, 2), 0);
	assert_int_equal(ffa_request_new(session->client, NULL, NULL, &request), 0);
	assert_int_equal(ffa_request_start_direct(request, message), 0);
	assert_int_equal(ffa_client_flush(session->client), 0);
	assert_int_equal(recv(session->fake.fd, bytes, sizeof(bytes), 0), sizeof(bytes) - 1);
	assert_memory_equal(bytes, header, sizeof(header)); /* the id is the client's business */
	assert_memory_equal(bytes + FFA_FRAME_HEADER_SIZE, body, sizeof(body));
	ffa_message_free(message);
	ffa_request_free(request);
}

static void script_info(struct fake *fake)
{
	Ffa__V1__InfoResponse response = FFA__V1__INFO_RESPONSE__INIT;
	struct fake_request request;

	fake_expect(fake, FFA__V1__METHOD__METHOD_INFO, &request);
	response.ffa_version = 0x10002;
	response.firmware_version = 0x10003;
	response.endpoint_id = 3;
	response.spmc_id = 0x8000;
	response.conduit = (char *)"sim\x1b[2J";
	response.cpus = 4;
	response.rxtx_pages = 1;
	response.partition_count = 6;
	response.daemon_version = (char *)"9.8.7";
	response.session_count = 2;
	response.parked_calls = 5;
	response.direct_calls = UINT64_C(1) << 40;
	fake_answer(fake, &request, &response.base);
}

static void test_info(void **state)
{
	struct session *session = *state;
	struct ffa_info *info;

	fake_play(&session->fake, script_info);
	assert_int_equal(ffa_client_query_info(session->client, &info), 0);
	fake_join(&session->fake);
	assert_int_equal(ffa_info_get_ffa_version(info), 0x10002);
	assert_int_equal(ffa_info_get_firmware_version(info), 0x10003);
	assert_int_equal(ffa_info_get_endpoint_id(info), 3);
	assert_int_equal(ffa_info_get_spmc_id(info), 0x8000);
	assert_string_equal(ffa_info_get_conduit(info), "sim?[2J");
	assert_int_equal(ffa_info_get_cpu_count(info), 4);
	assert_int_equal(ffa_info_get_rxtx_pages(info), 1);
	assert_int_equal(ffa_info_get_partition_count(info), 6);
	assert_string_equal(ffa_info_get_daemon_version(info), "9.8.7");
	assert_int_equal(ffa_info_get_session_count(info), 2);
	assert_int_equal(ffa_info_get_parked_calls(info), 5);
	assert_true(ffa_info_get_direct_calls(info) == UINT64_C(1) << 40);
	ffa_info_free(info);
}

static void script_lists(struct fake *fake)
{
	Ffa__V1__FeaturesResponse features = FFA__V1__FEATURES_RESPONSE__INIT;
	Ffa__V1__Feature feature = FFA__V1__FEATURE__INIT, *feature_list[] = { &feature };
	Ffa__V1__LimitsResponse limits = FFA__V1__LIMITS_RESPONSE__INIT;
	Ffa__V1__Limit limit = FFA__V1__LIMIT__INIT, *limit_list[] = { &limit };
	struct fake_request request;

	fake_expect(fake, FFA__V1__METHOD__METHOD_FEATURES, &request);
	feature.id = 0x84000073;
	feature.name = (char *)"FFA_MEM_SHARE";
	feature.supported = true;
	feature.properties2 = 1;
	feature.properties3 = 2;
	features.n_features = 1;
	features.features = feature_list;
	fake_answer(fake, &request, &features.base);

	fake_expect(fake, FFA__V1__METHOD__METHOD_LIMITS, &request);
	limit.name = (char *)"sessions";
	limit.description = (char *)"sessions at once";
	limit.value = 4096;
	limit.used = 3;
	limits.n_limits = 1;
	limits.limits = limit_list;
	fake_answer(fake, &request, &limits.base);
}

static void test_features_and_limits(void **state)
{
	struct session *session = *state;
	struct ffa_feature_list *features;
	struct ffa_limit_list *limits;

	fake_play(&session->fake, script_lists);
	assert_int_equal(ffa_client_query_features(session->client, &features), 0);
	assert_int_equal(ffa_client_query_limits(session->client, &limits), 0);
	fake_join(&session->fake);

	assert_int_equal(ffa_feature_list_get_count(features), 1);
	assert_null(ffa_feature_list_get(features, 1));
	assert_int_equal(ffa_feature_get_id(ffa_feature_list_get(features, 0)), 0x84000073);
	assert_string_equal(ffa_feature_get_name(ffa_feature_list_get(features, 0)), "FFA_MEM_SHARE");
	assert_true(ffa_feature_is_supported(ffa_feature_list_get(features, 0)));
	assert_int_equal(ffa_feature_get_w2(ffa_feature_list_get(features, 0)), 1);
	assert_int_equal(ffa_feature_get_w3(ffa_feature_list_get(features, 0)), 2);
	ffa_feature_list_free(features);

	assert_int_equal(ffa_limit_list_get_count(limits), 1);
	assert_null(ffa_limit_list_get(limits, 1));
	assert_string_equal(ffa_limit_get_name(ffa_limit_list_get(limits, 0)), "sessions");
	assert_string_equal(ffa_limit_get_description(ffa_limit_list_get(limits, 0)), "sessions at once");
	assert_int_equal(ffa_limit_get_value(ffa_limit_list_get(limits, 0)), 4096);
	assert_int_equal(ffa_limit_get_used(ffa_limit_list_get(limits, 0)), 3);
	ffa_limit_list_free(limits);
}

#define MANY_PARTITIONS 1000

static void script_partitions(struct fake *fake)
{
	static uint8_t uuid[FFA_UUID_BYTES] = { 9, 8, 7 };
	Ffa__V1__PartitionListResponse response = FFA__V1__PARTITION_LIST_RESPONSE__INIT;
	Ffa__V1__Partition partition = FFA__V1__PARTITION__INIT, *list[MANY_PARTITIONS];
	Ffa__V1__PartitionListRequest *body;
	struct fake_request request;

	fake_expect(fake, FFA__V1__METHOD__METHOD_PARTITION_LIST, &request);
	body = fake_unpack(&request, &ffa__v1__partition_list_request__descriptor);
	CHECK(body->uuid.len == 0);
	ffa__v1__partition_list_request__free_unpacked(body, NULL);
	partition.id = 0x8001;
	partition.exec_ctx_count = 8;
	partition.properties = FFA_PROPERTY_DIRECT_REQ_RECV | 2 << 4;
	partition.uuid = (ProtobufCBinaryData) { .len = sizeof(uuid), .data = uuid };
	partition.image_uuid = partition.uuid;
	partition.ffa_version = 0x10003;
	partition.claimed = partition.direct_allowed = partition.stalled = true;
	for (size_t i = 0; i < MANY_PARTITIONS; i++)
		list[i] = &partition;
	response.n_partitions = 1;
	response.partitions = list;
	response.generation = 77;
	fake_answer(fake, &request, &response.base);

	fake_expect(fake, FFA__V1__METHOD__METHOD_PARTITION_LIST, &request);
	body = fake_unpack(&request, &ffa__v1__partition_list_request__descriptor);
	CHECK(body->uuid.len == FFA_UUID_BYTES && memcmp(body->uuid.data, uuid, sizeof(uuid)) == 0);
	ffa__v1__partition_list_request__free_unpacked(body, NULL);
	response.n_partitions = 0;
	fake_answer(fake, &request, &response.base);

	/* As many as a response can carry. */
	fake_expect(fake, FFA__V1__METHOD__METHOD_PARTITION_LIST, &request);
	response.n_partitions = MANY_PARTITIONS;
	CHECK(protobuf_c_message_get_packed_size(&response.base) <= FFA_FRAME_RESPONSE_MAX);
	fake_answer(fake, &request, &response.base);
}

static void test_partitions(void **state)
{
	static const uint8_t uuid[FFA_UUID_BYTES] = { 9, 8, 7 };
	struct session *session = *state;
	const struct ffa_partition *partition;
	struct ffa_partition_list *list;

	fake_play(&session->fake, script_partitions);
	assert_int_equal(ffa_client_list_partitions(session->client, NULL, &list), 0);
	assert_int_equal(ffa_partition_list_get_count(list), 1);
	assert_int_equal(ffa_partition_list_get_generation(list), 77);
	assert_null(ffa_partition_list_get(list, 1));
	partition = ffa_partition_list_get(list, 0);
	assert_int_equal(ffa_partition_get_id(partition), 0x8001);
	assert_int_equal(ffa_partition_get_exec_ctx_count(partition), 8);
	assert_int_equal(ffa_partition_get_properties(partition), FFA_PROPERTY_DIRECT_REQ_RECV | 2 << 4);
	assert_int_equal(ffa_partition_get_type(partition), FFA_PARTITION_TYPE_SEPID_DEPENDENT);
	assert_memory_equal(ffa_partition_get_uuid(partition), uuid, sizeof(uuid));
	assert_memory_equal(ffa_partition_get_image_uuid(partition), uuid, sizeof(uuid));
	assert_int_equal(ffa_partition_get_ffa_version(partition), 0x10003);
	assert_true(ffa_partition_is_claimed(partition));
	assert_true(ffa_partition_is_direct_allowed(partition));
	assert_true(ffa_partition_is_stalled(partition));
	ffa_partition_list_free(list);

	assert_int_equal(ffa_client_list_partitions(session->client, uuid, &list), 0);
	assert_int_equal(ffa_partition_list_get_count(list), 0);
	ffa_partition_list_free(list);

	assert_int_equal(ffa_client_list_partitions(session->client, NULL, &list), 0);
	assert_int_equal(ffa_partition_list_get_count(list), MANY_PARTITIONS);
	ffa_partition_list_free(list);
	fake_join(&session->fake);
}

/* ---- Manifests ---- */

#define LARGE_MANIFEST 100000

static void script_sim_load(struct fake *fake)
{
	Ffa__V1__SimLoadResponse response = FFA__V1__SIM_LOAD_RESPONSE__INIT;
	Ffa__V1__SimLoadRequest *load;
	struct fake_request request;
	struct stat stat;
	uint8_t byte;

	fake_expect(fake, FFA__V1__METHOD__METHOD_SIM_LOAD, &request);
	CHECK(request.fd < 0);
	load = fake_unpack(&request, &ffa__v1__sim_load_request__descriptor);
	CHECK(load->dtb.len == 3072 && load->dtb.data[3071] == 0xd0);
	CHECK(strcmp(load->file_name, "small.dtb") == 0 && strcmp(load->behaviour, "echo") == 0);
	ffa__v1__sim_load_request__free_unpacked(load, NULL);
	response.partition = 0x8005;
	fake_answer(fake, &request, &response.base);

	fake_expect(fake, FFA__V1__METHOD__METHOD_SIM_LOAD, &request);
	CHECK(request.fd >= 0);
	load = fake_unpack(&request, &ffa__v1__sim_load_request__descriptor);
	CHECK(load->dtb.len == 0 && strcmp(load->behaviour, "") == 0);
	ffa__v1__sim_load_request__free_unpacked(load, NULL);
	CHECK(fcntl(request.fd, F_GET_SEALS) == (F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE));
	CHECK(fstat(request.fd, &stat) == 0 && stat.st_size == LARGE_MANIFEST);
	CHECK(pread(request.fd, &byte, 1, LARGE_MANIFEST - 1) == 1 && byte == 0xd0);
	close(request.fd);
	response.partition = 0x8006;
	fake_answer(fake, &request, &response.base);
}

static void test_sim_load(void **state)
{
	struct session *session = *state;
	uint8_t *manifest = malloc(LARGE_MANIFEST);
	uint16_t partition = 0;

	assert_non_null(manifest);
	memset(manifest, 0xd0, LARGE_MANIFEST);
	fake_play(&session->fake, script_sim_load);
	assert_int_equal(
		ffa_client_sim_load(session->client, "small.dtb", manifest, 3072, "echo", &partition), 0);
	assert_int_equal(partition, 0x8005);
	assert_int_equal(
		ffa_client_sim_load(session->client, "large.dtb", manifest, LARGE_MANIFEST, NULL, &partition),
		0);
	assert_int_equal(partition, 0x8006);
	fake_join(&session->fake);
	assert_int_equal(ffa_client_sim_load(session->client, "empty.dtb", manifest, 0, NULL, &partition),
			 -EINVAL);
	free(manifest);
}

/* ---- Failures ---- */

struct failure {
	int status;
	int32_t code;
	const char *sentence;
	int error;
	const char *message; /* NULL: the sentence */
};

static const struct failure failures[] = {
	{ FFA_STATUS_FFA_ERROR, -1, "a", -EOPNOTSUPP, NULL },
	{ FFA_STATUS_FFA_ERROR, -2, "a", -EINVAL, NULL },
	{ FFA_STATUS_FFA_ERROR, -3, "a", -ENOMEM, NULL },
	{ FFA_STATUS_FFA_ERROR, -4, "a", -EBUSY, NULL },
	{ FFA_STATUS_FFA_ERROR, -5, "a", -EINTR, NULL },
	{ FFA_STATUS_FFA_ERROR, -6, "a", -EACCES, NULL },
	{ FFA_STATUS_FFA_ERROR, -7, "a", -EAGAIN, NULL },
	{ FFA_STATUS_FFA_ERROR, -8, "a", -ECANCELED, NULL },
	{ FFA_STATUS_FFA_ERROR, -9, "a", -ENODATA, NULL },
	{ FFA_STATUS_FFA_ERROR, -10, "a", -EAGAIN, NULL },
	{ FFA_STATUS_FFA_ERROR, -6, "", -EACCES, "ffad answered DENIED" },
	{ FFA_STATUS_FFA_ERROR, -77, "", -EINVAL, "ffad answered status 1, error -77" },
	{ FFA_STATUS_FFA_ERROR, 0, "a", -EIO, NULL },
	{ FFA_STATUS_DENIED_BY_POLICY, 0, "ask for a rule", -EPERM, NULL },
	{ FFA_STATUS_DENIED_BY_POLICY, 0, "", -EPERM, "ffad answered DENIED_BY_POLICY" },
	{ FFA_STATUS_QUOTA, 0, "a", -EDQUOT, NULL },
	{ FFA_STATUS_BAD_ARGUMENT, 0, "a", -EINVAL, NULL },
	{ FFA_STATUS_GONE, 0, "a", -ENODEV, NULL },
	{ FFA_STATUS_DEADLINE, 0, "a", -ETIMEDOUT, NULL },
	{ FFA_STATUS_DEADLINE, -4, "stayed busy", -ETIMEDOUT, NULL },
	{ FFA_STATUS_UNIMPLEMENTED, 0, "a", -ENOSYS, NULL },
	{ FFA_STATUS_UNAVAILABLE, 0, "a", -ESHUTDOWN, NULL },
	{ FFA_STATUS_CANCELLED, 0, "a", -ECANCELED, NULL },
	{ FFA_STATUS_CLAIMED, 0, "a", -EPERM, NULL },
	{ 4711, 0, "from the future", -EIO, NULL },
};

#define FAILURES (sizeof(failures) / sizeof(failures[0]))

static void script_failures(struct fake *fake)
{
	struct fake_request request;

	for (size_t i = 0; i < FAILURES; i++) {
		fake_expect(fake, FFA__V1__METHOD__METHOD_DIRECT, &request);
		fake_answer_status(fake, &request, failures[i].status, failures[i].code,
				   failures[i].sentence);
	}
	fake_expect(fake, FFA__V1__METHOD__METHOD_DIRECT, &request);
	fake_answer_direct(fake, &request, 0);
}

static void test_failures(void **state)
{
	struct session *session = *state;
	uint64_t args[FFA_MESSAGE_ARGS] = { 1, 2, 3, 4, 5 };

	fake_play(&session->fake, script_failures);
	for (size_t i = 0; i < FAILURES; i++) {
		const struct failure *failure = &failures[i];

		assert_int_equal(ffa_client_direct64(session->client, 0x8001, args, 0, args), failure->error);
		assert_int_equal(args[0], 1);
		assert_int_equal(ffa_client_get_status(session->client), failure->status);
		assert_int_equal(ffa_client_get_ffa_code(session->client), failure->code);
		assert_string_equal(ffa_client_get_message(session->client),
				    failure->message ? failure->message : failure->sentence);
	}
	/* Success leaves nothing of it behind, and a failure of the library does not show the daemon's. */
	assert_int_equal(ffa_client_direct64(session->client, 0x8001, args, 0, args), 0);
	assert_int_equal(ffa_client_get_status(session->client), FFA_STATUS_OK);
	assert_int_equal(ffa_client_get_ffa_code(session->client), 0);
	assert_string_equal(ffa_client_get_message(session->client), "");
	fake_join(&session->fake);
}

static void script_einval(struct fake *fake)
{
	struct fake_request request;

	fake_expect(fake, FFA__V1__METHOD__METHOD_PING, &request);
	fake_answer_status(fake, &request, FFA_STATUS_BAD_ARGUMENT, 0, "the daemon's");
}

static void test_local_error_is_not_the_daemons(void **state)
{
	struct session *session = *state;
	uint8_t payload[FFA_PING_PAYLOAD_MAX + 1] = { 0 };

	fake_play(&session->fake, script_einval);
	assert_int_equal(ffa_client_ping(session->client, NULL, 0), -EINVAL);
	assert_string_equal(ffa_client_get_message(session->client), "the daemon's");
	assert_int_equal(ffa_client_ping(session->client, payload, sizeof(payload)), -EINVAL);
	assert_int_equal(ffa_client_get_status(session->client), FFA_STATUS_LOCAL);
	assert_string_not_equal(ffa_client_get_message(session->client), "the daemon's");
	fake_join(&session->fake);
}

static void script_long_sentence(struct fake *fake)
{
	struct fake_request request;
	char *sentence = malloc(10000);

	CHECK(sentence);
	memset(sentence, 'x', 9999);
	sentence[9999] = '\0';
	fake_expect(fake, FFA__V1__METHOD__METHOD_PING, &request);
	fake_answer_status(fake, &request, FFA_STATUS_UNAVAILABLE, 0, sentence);
	free(sentence);
}

static void test_long_sentence(void **state)
{
	struct session *session = *state;

	fake_play(&session->fake, script_long_sentence);
	assert_int_equal(ffa_client_ping(session->client, NULL, 0), -ESHUTDOWN);
	assert_in_range(strlen(ffa_client_get_message(session->client)), 100, 1000);
	fake_join(&session->fake);
}

/* The library's own limit: the call ends, is cancelled, and the late answer does no harm. */
static void script_late(struct fake *fake)
{
	struct fake_request late, request;
	Ffa__V1__CancelRequest *cancel;

	fake_expect(fake, FFA__V1__METHOD__METHOD_DIRECT, &late);
	fake_expect(fake, FFA__V1__METHOD__METHOD_CANCEL, &request);
	cancel = fake_unpack(&request, &ffa__v1__cancel_request__descriptor);
	CHECK(cancel->request_id == late.frame.id);
	ffa__v1__cancel_request__free_unpacked(cancel, NULL);
	fake_answer_status(fake, &request, 0, 0, NULL);
	fake_answer_direct(fake, &late, 0);
}

static void script_pong(struct fake *fake)
{
	struct fake_request request;

	fake_expect(fake, FFA__V1__METHOD__METHOD_PING, &request);
	fake_answer_status(fake, &request, 0, 0, NULL);
}

static void test_call_timeout(void **state)
{
	uint64_t args[FFA_MESSAGE_ARGS] = { 1 };
	struct ffa_client_config *config;
	struct ffa_client *client;
	struct fake fake;

	fake_init(&fake);
	config = fake_config(&fake);
	ffa_client_config_set_call_timeout(config, 1);
	assert_int_equal(ffa_client_new(config, &client), 0);
	ffa_client_config_free(config);
	fake_play(&fake, fake_script_hello);
	assert_int_equal(ffa_client_connect(client), 0);
	fake_join(&fake);

	assert_int_equal(ffa_client_direct64(client, 1, args, 0, args), -ETIMEDOUT);
	assert_int_equal(ffa_client_get_status(client), FFA_STATUS_LOCAL);
	assert_true(ffa_client_is_connected(client));
	fake_play(&fake, script_late);
	fake_join(&fake);
	assert_int_equal(args[0], 1);
	/* Both answers are here by now. They find nobody. */
	assert_int_equal(ffa_client_dispatch(client, 0), 0);
	assert_true(ffa_client_is_connected(client));
	ffa_client_free(client);
	fake_done(&fake);
}

static void test_still_usable(void **state)
{
	struct session *session = *state;

	fake_play(&session->fake, script_pong);
	assert_int_equal(ffa_client_ping(session->client, NULL, 0), 0);
	fake_join(&session->fake);
	close(session->fake.fd);
	session->fake.fd = -1;
	assert_int_equal(ffa_client_ping(session->client, NULL, 0), -ECONNRESET);
	assert_int_equal(ffa_client_ping(session->client, NULL, 0), -ENOTCONN);
	assert_int_equal(ffa_client_dispatch(session->client, -1), -ENOTCONN);
	assert_true(ffa_client_get_fd(session->client) >= 0); /* may still be in somebody's poll set */
}

#define SESSION_TEST(test) cmocka_unit_test_setup_teardown(test, session_setup, session_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		SESSION_TEST(test_hello),
		cmocka_unit_test(test_hello_other_major),
		cmocka_unit_test(test_hello_refused),
		cmocka_unit_test(test_session_refused),
		SESSION_TEST(test_session_ended),
		cmocka_unit_test(test_hello_timeout),
		cmocka_unit_test(test_hello_hangup),
		cmocka_unit_test(test_connect_errors),
		cmocka_unit_test(test_not_connected),
		SESSION_TEST(test_ping),
		SESSION_TEST(test_direct),
		SESSION_TEST(test_example_frame),
		SESSION_TEST(test_info),
		SESSION_TEST(test_features_and_limits),
		SESSION_TEST(test_partitions),
		SESSION_TEST(test_sim_load),
		SESSION_TEST(test_failures),
		SESSION_TEST(test_local_error_is_not_the_daemons),
		SESSION_TEST(test_long_sentence),
		cmocka_unit_test(test_call_timeout),
		SESSION_TEST(test_still_usable),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
