/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The library's reply parser: a client with one request of each method and a watch under way, to which the
 * input is sent over a real socket. The input is records of
 *     selector (1 byte), length (2 bytes, little endian), that many bytes
 * where the selector says whether the bytes are the answer to a request, an event for it, or raw; so that the
 * fuzzer need not guess request ids.
 */
#include <poll.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "client-lib/client.h"
#include "client-lib/watch.h"
#include "ffa.pb-c.h"
#include "proto/frame.h"

#define REQUESTS 6
#define RAW 0x80
#define EVENT 0x40
#define RECORD_HEADER 3

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void fuzz_write(int fd, const void *bytes, size_t size)
{
	/* What does not fit is lost: then the client sees the rest as garbage. */
	(void)!send(fd, bytes, size, MSG_NOSIGNAL | MSG_DONTWAIT);
}

static void fuzz_frame(int fd, unsigned int kind, const struct ffa_request *request, const uint8_t *body,
		       size_t size)
{
	struct ffa_frame frame = {
		.length = (uint32_t)size,
		.method = request->method,
		.kind = (uint8_t)kind,
		.id = request->id,
	};
	uint8_t header[FFA_FRAME_HEADER_SIZE];

	ffa_frame_encode(&frame, header);
	fuzz_write(fd, header, sizeof(header));
	fuzz_write(fd, body, size);
}

static void fuzz_callback(struct ffa_request *request, int result, void *userdata)
{
	struct ffa_partition_list *partitions;
	struct ffa_feature_list *features;
	struct ffa_limit_list *limits;
	struct ffa_info *info;
	size_t *count = userdata;

	(*count)++;
	if (result < 0 && strlen(ffa_request_get_message(request)) == 0)
		abort(); /* every failure is explained */
	if (ffa_request_take_info(request, &info) == 0)
		ffa_info_free(info);
	if (ffa_request_take_features(request, &features) == 0)
		ffa_feature_list_free(features);
	if (ffa_request_take_limits(request, &limits) == 0)
		ffa_limit_list_free(limits);
	if (ffa_request_take_partitions(request, &partitions) == 0) {
		for (size_t i = 0; i < ffa_partition_list_get_count(partitions); i++)
			*count += ffa_partition_get_uuid(ffa_partition_list_get(partitions, i))[15] & 1;
		ffa_partition_list_free(partitions);
	}
}

static void fuzz_watch(struct ffa_partition_watch *watch, int result, const struct ffa_partition_list *list,
		       void *userdata)
{
	size_t *count = userdata;

	if ((result == 0) != (list != NULL))
		abort();
	*count += list ? ffa_partition_list_get_count(list) : 1;
	(void)ffa_partition_watch_start(watch);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ffa_request *requests[REQUESTS], *targets[REQUESTS + 1];
	struct ffa_partition_watch *watch;
	struct ffa_message *message;
	struct ffa_client *client;
	size_t count = 0;
	int fds[2];

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) < 0 ||
	    ffa_client_new(NULL, &client) < 0 || ffa_message_new(FFA_MESSAGE_DIRECT_32, 1, &message) < 0)
		abort();
	/* Hello has its own way in; here the session is there already. */
	if (channel_open_fd(&client->channel, fds[1]) < 0)
		abort();
	close(fds[1]);
	for (size_t i = 0; i < REQUESTS; i++) {
		if (ffa_request_new(client, fuzz_callback, &count, &requests[i]) < 0)
			abort();
		targets[i] = requests[i];
	}
	if (ffa_partition_watch_new(client, fuzz_watch, &count, &watch) < 0)
		abort();
	targets[REQUESTS] = &watch->request;
	(void)ffa_request_start_ping(requests[0], "ping", 4);
	(void)ffa_request_start_direct(requests[1], message);
	(void)ffa_request_start_info(requests[2]);
	(void)ffa_request_start_features(requests[3]);
	(void)ffa_request_start_list_partitions(requests[4], NULL);
	(void)ffa_request_start_limits(requests[5]);
	(void)ffa_partition_watch_start(watch);

	while (size >= RECORD_HEADER && ffa_client_is_connected(client)) {
		uint8_t selector = data[0];
		size_t length = (size_t)data[1] | (size_t)data[2] << 8;

		data += RECORD_HEADER;
		size -= RECORD_HEADER;
		if (length > size)
			length = size;
		if (selector & RAW)
			fuzz_write(fds[0], data, length);
		else
			fuzz_frame(fds[0], selector & EVENT ? FFA_FRAME_EVENT : FFA_FRAME_RESPONSE,
				   targets[(selector & 0x3f) % (REQUESTS + 1)], data, length);
		(void)ffa_client_dispatch(client, 0);
		data += length;
		size -= length;
	}

	ffa_client_free(client);
	for (size_t i = 0; i < REQUESTS; i++)
		ffa_request_free(requests[i]);
	ffa_partition_watch_free(watch);
	ffa_message_free(message);
	close(fds[0]);
	return 0;
}
