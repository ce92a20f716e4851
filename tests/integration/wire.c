/* SPDX-License-Identifier: BSD-3-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <linux/sockios.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "wire.h"

#define HELLO_ID 0x48656c6c6f
#define PING_ID 0x50696e67
#define INFO_ID 0x496e666f
#define ECHO_ID 0x4563686f
#define SEND_FDS_MAX 64

/* ---- Connect ---- */

int wire_try_connect(const char *path)
{
	const struct timeval patience = { .tv_sec = WIRE_PATIENCE_S };
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	_cleanup_close_ int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -errno;
	assert_true(strlen(path) < sizeof(address.sun_path));
	strcpy(address.sun_path, path);
	if (setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience)) < 0 ||
	    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof(patience)) < 0 ||
	    connect(fd, (struct sockaddr *)&address, sizeof(address)) < 0)
		return -errno;
	return take_fd(&fd);
}

int wire_connect(const char *path)
{
	int fd = wire_try_connect(path);

	if (fd < 0)
		fail_msg("%s: %s", path, strerror(-fd));
	return fd;
}

int wire_open(const char *path)
{
	Ffa__V1__HelloRequest hello = FFA__V1__HELLO_REQUEST__INIT;
	int fd = wire_connect(path);

	hello.major = FFA_WIRE_MAJOR;
	hello.minor = FFA_WIRE_MINOR;
	hello.client_name = (char *)"test";
	wire_request(fd, FFA__V1__METHOD__METHOD_HELLO, HELLO_ID, &hello.base);
	wire_expect_code(fd, HELLO_ID, FFA__V1__STATUS_CODE__STATUS_OK);
	return fd;
}

/* ---- Send ---- */

void wire_send(int fd, const void *bytes, size_t size)
{
	for (size_t done = 0; done < size;) {
		ssize_t n = send(fd, (const uint8_t *)bytes + done, size - done, MSG_NOSIGNAL);

		if (n < 0)
			fail_msg("send: %s", errno == EAGAIN ? "the daemon does not read" : strerror(errno));
		done += (size_t)n;
	}
}

void wire_send_fds(int fd, const void *bytes, size_t size, const int *fds, size_t count)
{
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(SEND_FDS_MAX * sizeof(int))];
	} control = { 0 };
	struct iovec iov = { .iov_base = (void *)bytes, .iov_len = size };
	struct msghdr message = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = &control };
	struct cmsghdr *cmsg;
	ssize_t n;

	assert_true(count > 0 && count <= SEND_FDS_MAX && size > 0);
	message.msg_controllen = CMSG_SPACE(count * sizeof(int));
	cmsg = CMSG_FIRSTHDR(&message);
	cmsg->cmsg_level = SOL_SOCKET;
	cmsg->cmsg_type = SCM_RIGHTS;
	cmsg->cmsg_len = CMSG_LEN(count * sizeof(int));
	memcpy(CMSG_DATA(cmsg), fds, count * sizeof(int));
	n = sendmsg(fd, &message, MSG_NOSIGNAL);
	assert_return_code(n, errno);
	wire_send(fd, (const uint8_t *)bytes + n, size - (size_t)n);
}

ssize_t wire_send_some(int fd, const void *bytes, size_t size)
{
	ssize_t n = send(fd, bytes, size, MSG_NOSIGNAL | MSG_DONTWAIT);

	return n < 0 ? -errno : n;
}

void wire_drain(int fd)
{
	time_t end = time(NULL) + WIRE_PATIENCE_S;
	int left;

	for (;;) {
		assert_return_code(ioctl(fd, SIOCOUTQ, &left), errno);
		if (left == 0)
			return;
		if (time(NULL) > end)
			fail_msg("the daemon leaves %d bytes in the socket", left);
		sched_yield();
	}
}

size_t wire_encode(uint16_t method, uint64_t id, const ProtobufCMessage *body,
		   uint8_t ret_bytes[static WIRE_REQUEST_SIZE])
{
	size_t size = protobuf_c_message_get_packed_size(body);
	struct ffa_frame frame = {
		.length = (uint32_t)size, .method = method, .kind = FFA_FRAME_REQUEST, .id = id
	};

	assert_true(size <= FFA_FRAME_REQUEST_MAX);
	ffa_frame_encode(&frame, ret_bytes);
	protobuf_c_message_pack(body, ret_bytes + FFA_FRAME_HEADER_SIZE);
	return FFA_FRAME_HEADER_SIZE + size;
}

void wire_request(int fd, uint16_t method, uint64_t id, const ProtobufCMessage *body)
{
	uint8_t bytes[WIRE_REQUEST_SIZE];

	wire_send(fd, bytes, wire_encode(method, id, body, bytes));
}

void wire_request_bytes(int fd, uint16_t method, uint64_t id, const void *body, size_t size)
{
	struct ffa_frame frame = {
		.length = (uint32_t)size, .method = method, .kind = FFA_FRAME_REQUEST, .id = id
	};
	uint8_t bytes[WIRE_REQUEST_SIZE];

	assert_true(size <= FFA_FRAME_REQUEST_MAX);
	ffa_frame_encode(&frame, bytes);
	if (size)
		memcpy(bytes + FFA_FRAME_HEADER_SIZE, body, size);
	wire_send(fd, bytes, FFA_FRAME_HEADER_SIZE + size);
}

void wire_request_empty(int fd, uint16_t method, uint64_t id)
{
	wire_request_bytes(fd, method, id, NULL, 0);
}

void wire_cancel(int fd, uint64_t id, uint64_t request_id)
{
	Ffa__V1__CancelRequest cancel = FFA__V1__CANCEL_REQUEST__INIT;

	cancel.request_id = request_id;
	wire_request(fd, FFA__V1__METHOD__METHOD_CANCEL, id, &cancel.base);
}

size_t wire_encode_direct(uint64_t id, uint16_t partition, const uint64_t args[static WIRE_DIRECT_ARGS],
			  uint32_t deadline_ms, uint8_t ret_bytes[static WIRE_REQUEST_SIZE])
{
	Ffa__V1__DirectRequest direct = FFA__V1__DIRECT_REQUEST__INIT;

	direct.partition = partition;
	direct.kind = FFA__V1__DIRECT_KIND__DIRECT_KIND_64;
	direct.n_args = WIRE_DIRECT_ARGS;
	direct.args = (uint64_t *)args;
	direct.deadline_ms = deadline_ms;
	return wire_encode(FFA__V1__METHOD__METHOD_DIRECT, id, &direct.base, ret_bytes);
}

void wire_direct(int fd, uint64_t id, uint16_t partition, uint32_t deadline_ms)
{
	const uint64_t args[WIRE_DIRECT_ARGS] = { id, ~id, partition };
	uint8_t bytes[WIRE_REQUEST_SIZE];

	wire_send(fd, bytes, wire_encode_direct(id, partition, args, deadline_ms, bytes));
}

/* ---- Receive ---- */

/* All bytes, or false when the connection ends; it must not end in the middle. */
static bool read_bytes(int fd, uint8_t *bytes, size_t size, bool begun)
{
	for (size_t done = 0; done < size;) {
		ssize_t n = recv(fd, bytes + done, size - done, 0);

		if (n < 0 && errno == EAGAIN)
			fail_msg("the daemon does not answer");
		if (n <= 0) {
			assert_true(n == 0 || errno == ECONNRESET);
			if (done || begun)
				fail_msg("the connection ended inside a frame");
			return false;
		}
		done += (size_t)n;
	}
	return true;
}

bool wire_read(int fd, struct wire_frame *ret_frame)
{
	uint8_t header[FFA_FRAME_HEADER_SIZE];

	if (!read_bytes(fd, header, sizeof(header), false))
		return false;
	assert_return_code(ffa_frame_decode(header, 1u << FFA_FRAME_RESPONSE | 1u << FFA_FRAME_EVENT,
					    FFA_FRAME_RESPONSE_MAX, &ret_frame->header),
			   0);
	return read_bytes(fd, ret_frame->body, ret_frame->header.length, true);
}

struct wire_status wire_status(const struct wire_frame *frame)
{
	struct wire_status status = { .code = FFA__V1__STATUS_CODE__STATUS_OK };
	/* Status is field 1 of every response, so any type of response finds it. */
	Ffa__V1__CancelResponse *response =
		ffa__v1__cancel_response__unpack(NULL, frame->header.length, frame->body);

	assert_non_null(response);
	if (response->status) {
		status.code = response->status->code;
		status.ffa_error = response->status->ffa_error;
		snprintf(status.message, sizeof(status.message), "%s", response->status->message);
		/* Who is refused is told why. */
		if (status.code != FFA__V1__STATUS_CODE__STATUS_OK)
			assert_true(*status.message);
	}
	ffa__v1__cancel_response__free_unpacked(response, NULL);
	return status;
}

struct wire_status wire_expect(int fd, uint64_t id)
{
	struct wire_status status;
	struct wire_frame frame;

	if (!wire_read(fd, &frame))
		fail_msg("the connection ended before the answer to request %llu", (unsigned long long)id);
	status = wire_status(&frame);
	if (frame.header.kind != FFA_FRAME_RESPONSE || frame.header.id != id)
		fail_msg("frame of kind %u for request %llu instead of a response to %llu; its status is %d: "
			 "%s",
			 frame.header.kind, (unsigned long long)frame.header.id, (unsigned long long)id,
			 status.code, status.message);
	return status;
}

void wire_expect_code(int fd, uint64_t id, int code)
{
	struct wire_status status = wire_expect(fd, id);

	if (status.code != code)
		fail_msg("request %llu: status %d instead of %d: %s", (unsigned long long)id, status.code,
			 code, status.message);
}

struct wire_status wire_expect_notice(int fd)
{
	struct wire_frame frame;
	struct wire_status status;

	if (!wire_read(fd, &frame))
		fail_msg("the connection ended without a word");
	assert_int_equal(frame.header.kind, FFA_FRAME_EVENT);
	assert_int_equal(frame.header.method, FFA__V1__METHOD__METHOD_UNSPECIFIED);
	status = wire_status(&frame);
	assert_int_not_equal(status.code, FFA__V1__STATUS_CODE__STATUS_OK);
	wire_expect_end(fd);
	return status;
}

void wire_expect_end(int fd)
{
	struct wire_frame frame;

	if (wire_read(fd, &frame))
		fail_msg("a frame of kind %u for request %llu instead of the end", frame.header.kind,
			 (unsigned long long)frame.header.id);
}

ProtobufCMessage *wire_unpack(const struct wire_frame *frame, const ProtobufCMessageDescriptor *descriptor)
{
	struct wire_status status = wire_status(frame);
	ProtobufCMessage *message;

	if (status.code != FFA__V1__STATUS_CODE__STATUS_OK)
		fail_msg("request %llu: status %d: %s", (unsigned long long)frame->header.id, status.code,
			 status.message);
	message = protobuf_c_message_unpack(descriptor, NULL, frame->header.length, frame->body);
	assert_non_null(message);
	return message;
}

/* ---- Whole exchanges ---- */

void wire_ping(int fd)
{
	Ffa__V1__PingRequest ping = FFA__V1__PING_REQUEST__INIT;
	uint8_t payload[] = { 'p', 'i', 'n', 'g' };
	Ffa__V1__PingResponse *response;
	struct wire_frame frame;

	ping.payload = (ProtobufCBinaryData) { sizeof(payload), payload };
	wire_request(fd, FFA__V1__METHOD__METHOD_PING, PING_ID, &ping.base);
	assert_true(wire_read(fd, &frame));
	assert_int_equal(frame.header.id, PING_ID);
	response = (Ffa__V1__PingResponse *)wire_unpack(&frame, &ffa__v1__ping_response__descriptor);
	assert_int_equal(response->payload.len, sizeof(payload));
	assert_memory_equal(response->payload.data, payload, sizeof(payload));
	ffa__v1__ping_response__free_unpacked(response, NULL);
}

Ffa__V1__InfoResponse *wire_info(int fd)
{
	struct wire_frame frame;

	wire_request_empty(fd, FFA__V1__METHOD__METHOD_INFO, INFO_ID);
	assert_true(wire_read(fd, &frame));
	assert_int_equal(frame.header.id, INFO_ID);
	return (Ffa__V1__InfoResponse *)wire_unpack(&frame, &ffa__v1__info_response__descriptor);
}

void wire_echo(int fd, uint16_t partition)
{
	const uint64_t args[WIRE_DIRECT_ARGS] = { 1, UINT64_MAX, partition, 0, 0x0123456789abcdef };
	uint8_t bytes[WIRE_REQUEST_SIZE];
	Ffa__V1__DirectResponse *response;
	struct wire_frame frame;

	wire_send(fd, bytes, wire_encode_direct(ECHO_ID, partition, args, 0, bytes));
	assert_true(wire_read(fd, &frame));
	assert_int_equal(frame.header.id, ECHO_ID);
	response = (Ffa__V1__DirectResponse *)wire_unpack(&frame, &ffa__v1__direct_response__descriptor);
	assert_int_equal(response->n_args, WIRE_DIRECT_ARGS);
	assert_memory_equal(response->args, args, sizeof(args));
	ffa__v1__direct_response__free_unpacked(response, NULL);
}
