/* SPDX-License-Identifier: BSD-3-Clause */
#include <setjmp.h>
#include <stdarg.h>

#include "client_fake.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

/* Also from the script's thread, where CMocka's own checks must not be used. */
#define CHECK(condition)                                                                                     \
	do {                                                                                                 \
		if (!(condition)) {                                                                          \
			fprintf(stderr, "%s:%d: %s\n", __FILE__, __LINE__, #condition);                      \
			abort();                                                                             \
		}                                                                                            \
	} while (0)

void fake_init(struct fake *fake)
{
	int fds[2];

	CHECK(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) == 0);
	*fake = (struct fake) { .fd = fds[0], .client_fd = fds[1] };
}

void fake_done(struct fake *fake)
{
	if (fake->fd >= 0)
		close(fake->fd);
	if (fake->client_fd >= 0)
		close(fake->client_fd);
}

struct ffa_client_config *fake_config(const struct fake *fake)
{
	struct ffa_client_config *config;

	CHECK(ffa_client_config_new(&config) == 0);
	ffa_client_config_set_fd(config, fake->client_fd);
	return config;
}

struct ffa_client *fake_connect(struct fake *fake)
{
	struct ffa_client_config *config = fake_config(fake);
	struct ffa_client *client;

	CHECK(ffa_client_new(config, &client) == 0);
	ffa_client_config_free(config);
	fake_play(fake, fake_script_hello);
	CHECK(ffa_client_connect(client) == 0);
	fake_join(fake);
	/* From now on the client's duplicate is the only one: it sees the fake's close, and the fake its own.
	 */
	close(fake->client_fd);
	fake->client_fd = -1;
	return client;
}

static void *fake_thread(void *arg)
{
	struct fake *fake = arg;

	fake->script(fake);
	return NULL;
}

void fake_play(struct fake *fake, void (*script)(struct fake *fake))
{
	fake->script = script;
	CHECK(pthread_create(&fake->thread, NULL, fake_thread, fake) == 0);
}

void fake_join(struct fake *fake)
{
	CHECK(pthread_join(fake->thread, NULL) == 0);
}

void fake_script_hello(struct fake *fake)
{
	Ffa__V1__HelloResponse response = FFA__V1__HELLO_RESPONSE__INIT;
	struct fake_request request;

	fake_expect(fake, FFA__V1__METHOD__METHOD_HELLO, &request);
	fake->hello_id = request.frame.id;
	response.major = FFA_WIRE_MAJOR;
	response.minor = FFA_WIRE_MINOR;
	response.daemon_version = (char *)"9.8.7";
	response.max_in_flight = 256;
	response.admin = true;
	fake_answer(fake, &request, &response.base);
}

/* Like read(2) of exactly that many bytes; a descriptor may come with the first one. */
static void fake_read_bytes(struct fake *fake, void *bytes, size_t size, int *ret_fd)
{
	size_t done = 0;

	while (done < size) {
		union {
			struct cmsghdr header;
			char bytes[CMSG_SPACE(sizeof(int))];
		} control;
		struct iovec iov = { .iov_base = (uint8_t *)bytes + done, .iov_len = size - done };
		struct msghdr message = {
			.msg_iov = &iov,
			.msg_iovlen = 1,
			.msg_control = &control,
			.msg_controllen = sizeof(control.bytes),
		};
		ssize_t n = recvmsg(fake->fd, &message, MSG_CMSG_CLOEXEC);
		struct cmsghdr *header = CMSG_FIRSTHDR(&message);

		CHECK(n > 0);
		if (header) {
			CHECK(ret_fd && done == 0 && header->cmsg_type == SCM_RIGHTS);
			CHECK(header->cmsg_len == CMSG_LEN(sizeof(int)));
			memcpy(ret_fd, CMSG_DATA(header), sizeof(int));
		}
		done += (size_t)n;
	}
}

void fake_read(struct fake *fake, struct fake_request *ret_request)
{
	uint8_t header[FFA_FRAME_HEADER_SIZE];

	ret_request->fd = -1;
	fake_read_bytes(fake, header, sizeof(header), &ret_request->fd);
	CHECK(ffa_frame_decode(header, 1u << FFA_FRAME_REQUEST, FFA_FRAME_REQUEST_MAX, &ret_request->frame) ==
	      0);
	CHECK(ret_request->frame.fds == (ret_request->fd >= 0));
	if (ret_request->frame.length > 0)
		fake_read_bytes(fake, ret_request->body, ret_request->frame.length, NULL);
}

void fake_expect(struct fake *fake, Ffa__V1__Method method, struct fake_request *ret_request)
{
	fake_read(fake, ret_request);
	CHECK(ret_request->frame.method == (unsigned int)method);
}

void *fake_unpack(const struct fake_request *request, const ProtobufCMessageDescriptor *descriptor)
{
	void *message = protobuf_c_message_unpack(descriptor, NULL, request->frame.length, request->body);

	CHECK(message);
	return message;
}

void fake_expect_silence(struct fake *fake)
{
	char byte;

	CHECK(recv(fake->fd, &byte, 1, MSG_DONTWAIT | MSG_PEEK) < 0 && errno == EAGAIN);
}

size_t fake_frame(enum ffa_frame_kind kind, unsigned int method, uint64_t id, const ProtobufCMessage *body,
		  uint8_t *ret_bytes)
{
	struct ffa_frame frame = {
		.length = (uint32_t)protobuf_c_message_get_packed_size(body),
		.method = (uint16_t)method,
		.kind = (uint8_t)kind,
		.id = id,
	};

	ffa_frame_encode(&frame, ret_bytes);
	protobuf_c_message_pack(body, ret_bytes + FFA_FRAME_HEADER_SIZE);
	return FFA_FRAME_HEADER_SIZE + frame.length;
}

void fake_write(struct fake *fake, const void *bytes, size_t size)
{
	size_t done = 0;

	while (done < size) {
		ssize_t n = send(fake->fd, (const uint8_t *)bytes + done, size - done, MSG_NOSIGNAL);

		CHECK(n > 0);
		done += (size_t)n;
	}
}

static void fake_send(struct fake *fake, enum ffa_frame_kind kind, const struct fake_request *request,
		      const ProtobufCMessage *body)
{
	size_t size = FFA_FRAME_HEADER_SIZE + protobuf_c_message_get_packed_size(body);
	uint8_t *bytes = malloc(size);

	CHECK(bytes);
	fake_frame(kind, request->frame.method, request->frame.id, body, bytes);
	fake_write(fake, bytes, size);
	free(bytes);
}

void fake_answer(struct fake *fake, const struct fake_request *request, const ProtobufCMessage *body)
{
	fake_send(fake, FFA_FRAME_RESPONSE, request, body);
}

void fake_event(struct fake *fake, const struct fake_request *request, const ProtobufCMessage *body)
{
	fake_send(fake, FFA_FRAME_EVENT, request, body);
}

void fake_answer_status(struct fake *fake, const struct fake_request *request, int code, int32_t ffa_error,
			const char *message)
{
	Ffa__V1__PartitionWatchResponse response = FFA__V1__PARTITION_WATCH_RESPONSE__INIT;
	Ffa__V1__Status status = FFA__V1__STATUS__INIT;

	status.code = (Ffa__V1__StatusCode)code;
	status.ffa_error = ffa_error;
	status.message = (char *)message;
	response.status = code == 0 ? NULL : &status;
	fake_answer(fake, request, &response.base);
}

void fake_answer_direct(struct fake *fake, const struct fake_request *request, uint64_t add)
{
	Ffa__V1__DirectRequest *direct = fake_unpack(request, &ffa__v1__direct_request__descriptor);
	Ffa__V1__DirectResponse response = FFA__V1__DIRECT_RESPONSE__INIT;

	for (size_t i = 0; i < direct->n_args; i++)
		direct->args[i] += add;
	response.n_args = direct->n_args;
	response.args = direct->args;
	fake_answer(fake, request, &response.base);
	ffa__v1__direct_request__free_unpacked(direct, NULL);
}
