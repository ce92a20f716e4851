/* SPDX-License-Identifier: BSD-3-Clause */
#include "calls.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "ffa.pb-c.h"
#include "process.h"
#include "proto/frame.h"

#define PING_SIZE 40       /* makes frames of about 64 bytes */
#define FRAME_SIZE_MAX 160 /* of the requests and replies here */

struct ffa_client *calls_connect(const char *socket)
{
	struct ffa_client_config *config;
	struct ffa_client *client;
	int r;

	r = ffa_client_config_new(&config);
	if (r == 0)
		r = ffa_client_config_set_socket_path(config, socket);
	if (r == 0)
		r = ffa_client_new(config, &client);
	if (r < 0)
		process_fail("client: %s", strerror(-r));
	ffa_client_config_free(config);
	r = ffa_client_connect(client);
	if (r < 0)
		process_fail("connect: %s", ffa_client_get_message(client));
	return client;
}

void calls_ping(struct ffa_client *client, size_t count, struct samples *samples)
{
	static const char payload[PING_SIZE] = "ping";

	for (size_t i = 0; i < count; i++) {
		uint64_t start_ns = stats_now_ns();

		if (ffa_client_ping(client, payload, sizeof(payload)) < 0)
			process_fail("ping: %s", ffa_client_get_message(client));
		samples_add(samples, (double)(stats_now_ns() - start_ns));
	}
}

void calls_direct(struct ffa_client *client, size_t count, struct samples *samples)
{
	for (size_t i = 0; i < count; i++) {
		const uint64_t args[FFA_MESSAGE_ARGS] = { i, 2, 3, 4, ~i };
		uint64_t answer[FFA_MESSAGE_ARGS], start_ns = stats_now_ns();

		if (ffa_client_direct64(client, CALLS_ECHO, args, 0, answer) < 0)
			process_fail("direct message: %s", ffa_client_get_message(client));
		samples_add(samples, (double)(stats_now_ns() - start_ns));
		if (memcmp(args, answer, sizeof(args)) != 0)
			process_fail("direct message: the answer is another one's");
	}
}

/* ---- Pipelined ---- */

struct pipeline {
	struct ffa_message *message;
	size_t to_start, under_way;
};

static void start_one(struct pipeline *pipeline, struct ffa_request *request)
{
	if (pipeline->to_start == 0)
		return;
	if (ffa_request_start_direct(request, pipeline->message) < 0)
		process_fail("pipelined direct message cannot be started");
	pipeline->to_start--;
	pipeline->under_way++;
}

static void on_done(struct ffa_request *request, int result, void *userdata)
{
	struct pipeline *pipeline = userdata;

	if (result < 0)
		process_fail("pipelined direct message: %s", ffa_request_get_message(request));
	pipeline->under_way--;
	start_one(pipeline, request);
}

double calls_pipelined(struct ffa_client *client, size_t count)
{
	static const uint64_t args[FFA_MESSAGE_ARGS] = { 1, 2, 3, 4, 5 };
	struct ffa_request *requests[CALLS_DEPTH];
	struct pipeline pipeline = { .to_start = count };
	uint64_t start_ns;

	if (ffa_message_new(FFA_MESSAGE_DIRECT_64, CALLS_ECHO, &pipeline.message) < 0 ||
	    ffa_message_set_args(pipeline.message, args, FFA_MESSAGE_ARGS) < 0)
		process_fail("out of memory");
	for (size_t i = 0; i < CALLS_DEPTH; i++)
		if (ffa_request_new(client, on_done, &pipeline, &requests[i]) < 0)
			process_fail("out of memory");
	start_ns = stats_now_ns();
	for (size_t i = 0; i < CALLS_DEPTH; i++)
		start_one(&pipeline, requests[i]);
	while (pipeline.under_way > 0)
		if (ffa_client_dispatch(client, -1) < 0)
			process_fail("the connection is lost");
	start_ns = stats_now_ns() - start_ns;
	for (size_t i = 0; i < CALLS_DEPTH; i++)
		ffa_request_free(requests[i]);
	ffa_message_free(pipeline.message);
	return (double)start_ns / (double)count;
}

/* ---- Without the library ---- */

static size_t encode(uint16_t method, uint64_t id, const ProtobufCMessage *message, uint8_t *ret_bytes)
{
	size_t size = protobuf_c_message_get_packed_size(message);
	const struct ffa_frame frame = {
		.length = (uint32_t)size, .method = method, .kind = FFA_FRAME_REQUEST, .id = id
	};

	if (size + FFA_FRAME_HEADER_SIZE > FRAME_SIZE_MAX)
		process_fail("a request is longer than expected");
	ffa_frame_encode(&frame, ret_bytes);
	protobuf_c_message_pack(message, ret_bytes + FFA_FRAME_HEADER_SIZE);
	return size + FFA_FRAME_HEADER_SIZE;
}

/* Read `count` replies; they are counted, not decoded. */
static void read_replies(int fd, size_t count)
{
	static uint8_t bytes[CALLS_DEPTH * FRAME_SIZE_MAX];
	size_t fill = 0, done = 0;

	while (count > 0) {
		ssize_t n = recv(fd, bytes + fill, sizeof(bytes) - fill, 0);

		if (n <= 0)
			process_fail("the connection is lost");
		fill += (size_t)n;
		while (fill - done >= FFA_FRAME_HEADER_SIZE) {
			struct ffa_frame frame;

			if (ffa_frame_decode(bytes + done, 1u << FFA_FRAME_RESPONSE, FRAME_SIZE_MAX, &frame) <
			    0)
				process_fail("a reply is none, or longer than expected");
			if (fill - done < FFA_FRAME_HEADER_SIZE + frame.length)
				break;
			done += FFA_FRAME_HEADER_SIZE + frame.length;
			count--;
		}
		memmove(bytes, bytes + done, fill - done);
		fill -= done;
		done = 0;
	}
}

static int open_bare(const char *path)
{
	Ffa__V1__HelloRequest hello = FFA__V1__HELLO_REQUEST__INIT;
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	uint8_t bytes[FRAME_SIZE_MAX];
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	size_t size;

	strncpy(address.sun_path, path, sizeof(address.sun_path) - 1);
	hello.major = FFA_WIRE_MAJOR;
	size = encode(FFA__V1__METHOD__METHOD_HELLO, 1, &hello.base, bytes);
	if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof(address)) < 0 ||
	    send(fd, bytes, size, MSG_NOSIGNAL) != (ssize_t)size)
		process_fail("%s: %s", path, strerror(errno));
	read_replies(fd, 1);
	return fd;
}

double calls_pipelined_bare(const char *socket, size_t count)
{
	static uint8_t bytes[CALLS_DEPTH * FRAME_SIZE_MAX];
	uint64_t args[FFA_MESSAGE_ARGS] = { 1, 2, 3, 4, 5 };
	Ffa__V1__DirectRequest direct = FFA__V1__DIRECT_REQUEST__INIT;
	size_t size = 0, batches = count / CALLS_DEPTH;
	int fd = open_bare(socket);
	uint64_t start_ns;

	direct.partition = CALLS_ECHO;
	direct.kind = FFA__V1__DIRECT_KIND__DIRECT_KIND_64;
	direct.n_args = FFA_MESSAGE_ARGS;
	direct.args = args;
	for (size_t i = 0; i < CALLS_DEPTH; i++)
		size += encode(FFA__V1__METHOD__METHOD_DIRECT, i + 1, &direct.base, bytes + size);
	start_ns = stats_now_ns();
	for (size_t i = 0; i < batches; i++) {
		if (send(fd, bytes, size, MSG_NOSIGNAL) != (ssize_t)size)
			process_fail("send: %s", strerror(errno));
		read_replies(fd, CALLS_DEPTH);
	}
	start_ns = stats_now_ns() - start_ns;
	close(fd);
	return (double)start_ns / (double)(batches * CALLS_DEPTH);
}
