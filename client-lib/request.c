/* SPDX-License-Identifier: BSD-3-Clause */
#include "request.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "client.h"
#include "ffa.pb-c.h"
#include "message.h"

#define SIM_LOAD_INLINE_MAX 3072 /* bytes of a manifest inside the frame */
#define SIM_LOAD_TEXT_MAX 255    /* bytes of file name and behaviour */

bool request_is_under_way(const struct ffa_request *request)
{
	return request_waits(request) || request->queued;
}

void request_drop_results(struct ffa_request *request)
{
	request->info = ffa_info_free(request->info);
	request->features = ffa_feature_list_free(request->features);
	request->partitions = ffa_partition_list_free(request->partitions);
	request->limits = ffa_limit_list_free(request->limits);
}

static void request_deliver(struct ffa_request *request)
{
	if (request->callback)
		request->callback(request, request->outcome.result, request->userdata);
}

int ffa_request_new(struct ffa_client *client, ffa_request_fn callback, void *userdata,
		    struct ffa_request **ret_request)
{
	_cleanup_free_ struct ffa_request *request = calloc(1, sizeof(*request));
	int r;

	if (!request)
		return -ENOMEM;
	request->deliver = request_deliver;
	request->callback = callback;
	request->userdata = userdata;
	r = client_attach(client, request);
	if (r < 0)
		return r;
	*ret_request = take_ptr(request);
	return 0;
}

struct ffa_request *ffa_request_free(struct ffa_request *request)
{
	if (!request)
		return NULL;
	if (request->client) {
		(void)ffa_request_cancel(request); /* its answer, if one comes, finds nobody */
		client_detach(request);
	}
	request_drop_results(request);
	free(request);
	return NULL;
}

int request_start_hello(struct ffa_request *request, const char *client_name)
{
	Ffa__V1__HelloRequest body = FFA__V1__HELLO_REQUEST__INIT;

	body.major = FFA_WIRE_MAJOR;
	body.minor = FFA_WIRE_MINOR;
	body.client_name = (char *)client_name;
	return client_start(request, FFA__V1__METHOD__METHOD_HELLO, &body.base, -1);
}

int ffa_request_start_ping(struct ffa_request *request, const void *payload, size_t size)
{
	Ffa__V1__PingRequest body = FFA__V1__PING_REQUEST__INIT;
	int r;

	if (size > FFA_PING_PAYLOAD_MAX)
		return -EINVAL;
	body.payload.data = (uint8_t *)payload;
	body.payload.len = size;
	r = client_start(request, FFA__V1__METHOD__METHOD_PING, &body.base, -1);
	if (r < 0)
		return r;
	request->payload_size = size;
	if (size > 0)
		memcpy(request->payload, payload, size);
	return 0;
}

int ffa_request_start_direct(struct ffa_request *request, const struct ffa_message *message)
{
	Ffa__V1__DirectRequest body;
	int r;

	message_to_wire(message, &body);
	r = client_start(request, FFA__V1__METHOD__METHOD_DIRECT, &body.base, -1);
	if (r < 0)
		return r;
	request->kind = message->kind;
	return 0;
}

int ffa_request_start_info(struct ffa_request *request)
{
	Ffa__V1__InfoRequest body = FFA__V1__INFO_REQUEST__INIT;

	return client_start(request, FFA__V1__METHOD__METHOD_INFO, &body.base, -1);
}

int ffa_request_start_features(struct ffa_request *request)
{
	Ffa__V1__FeaturesRequest body = FFA__V1__FEATURES_REQUEST__INIT;

	return client_start(request, FFA__V1__METHOD__METHOD_FEATURES, &body.base, -1);
}

int ffa_request_start_list_partitions(struct ffa_request *request, const uint8_t uuid[FFA_UUID_BYTES])
{
	Ffa__V1__PartitionListRequest body = FFA__V1__PARTITION_LIST_REQUEST__INIT;

	if (uuid) {
		body.uuid.data = (uint8_t *)uuid;
		body.uuid.len = FFA_UUID_BYTES;
	}
	return client_start(request, FFA__V1__METHOD__METHOD_PARTITION_LIST, &body.base, -1);
}

int ffa_request_start_limits(struct ffa_request *request)
{
	Ffa__V1__LimitsRequest body = FFA__V1__LIMITS_REQUEST__INIT;

	return client_start(request, FFA__V1__METHOD__METHOD_LIMITS, &body.base, -1);
}

/* A sealed memfd with these bytes: ffad can map it and knows that it stays as it is. */
static int sealed_memfd(const char *name, const void *bytes, size_t size)
{
	_cleanup_close_ int fd = memfd_create(name, MFD_CLOEXEC | MFD_ALLOW_SEALING);
	size_t done = 0;

	if (fd < 0)
		return -errno;
	while (done < size) {
		ssize_t n = write(fd, (const uint8_t *)bytes + done, size - done);

		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n < 0 ? -errno : -EIO;
		done += (size_t)n;
	}
	if (fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_SEAL) < 0)
		return -errno;
	return take_fd(&fd);
}

int request_start_sim_load(struct ffa_request *request, const char *file_name, const void *dtb, size_t size,
			   const char *behaviour)
{
	Ffa__V1__SimLoadRequest body = FFA__V1__SIM_LOAD_REQUEST__INIT;
	_cleanup_close_ int fd = -1;
	int r;

	if (size == 0 || strlen(file_name) > SIM_LOAD_TEXT_MAX ||
	    (behaviour && strlen(behaviour) > SIM_LOAD_TEXT_MAX))
		return -EINVAL;
	body.file_name = (char *)file_name;
	if (behaviour)
		body.behaviour = (char *)behaviour;
	if (size <= SIM_LOAD_INLINE_MAX) {
		body.dtb.data = (uint8_t *)dtb;
		body.dtb.len = size;
	} else {
		fd = sealed_memfd("ffa-manifest", dtb, size);
		if (fd < 0)
			return fd;
	}
	r = client_start(request, FFA__V1__METHOD__METHOD_SIM_LOAD, &body.base, fd);
	if (r < 0)
		return r;
	(void)take_fd(&fd);
	return 0;
}

int ffa_request_cancel(struct ffa_request *request)
{
	Ffa__V1__CancelRequest body = FFA__V1__CANCEL_REQUEST__INIT;

	if (request->state != REQUEST_PENDING)
		return -EALREADY;
	body.request_id = request->id;
	return client_post(request->client, FFA__V1__METHOD__METHOD_CANCEL, &body.base);
}

int ffa_request_get_result(const struct ffa_request *request)
{
	if (request->state == REQUEST_IDLE)
		return -EINVAL;
	return request_is_under_way(request) ? -EINPROGRESS : request->outcome.result;
}

/* What an earlier call left does not speak for the one under way. */
static const struct outcome *request_outcome(const struct ffa_request *request)
{
	static const struct outcome none = { .status = FFA_STATUS_OK };

	return request->state == REQUEST_DONE ? &request->outcome : &none;
}

enum ffa_status ffa_request_get_status(const struct ffa_request *request)
{
	return request_outcome(request)->status;
}

int32_t ffa_request_get_ffa_code(const struct ffa_request *request)
{
	return request_outcome(request)->ffa_code;
}

const char *ffa_request_get_message(const struct ffa_request *request)
{
	return request_outcome(request)->message;
}

struct ffa_client *ffa_request_get_client(const struct ffa_request *request)
{
	return request->client;
}

int ffa_request_get_args(const struct ffa_request *request, size_t count, uint64_t *ret_args)
{
	if (request->state != REQUEST_DONE || request->outcome.result < 0 ||
	    request->method != FFA__V1__METHOD__METHOD_DIRECT)
		return -ENODATA;
	for (size_t i = 0; i < count; i++)
		ret_args[i] = i < FFA_MESSAGE_REQ2_ARGS ? request->args[i] : 0;
	return 0;
}

#define TAKE(member, ret)                                                                                    \
	({                                                                                                   \
		int taken_r_ = -ENODATA;                                                                     \
		if (request->member) {                                                                       \
			*(ret) = take_ptr(request->member);                                                  \
			taken_r_ = 0;                                                                        \
		}                                                                                            \
		taken_r_;                                                                                    \
	})

int ffa_request_take_info(struct ffa_request *request, struct ffa_info **ret_info)
{
	return TAKE(info, ret_info);
}

int ffa_request_take_features(struct ffa_request *request, struct ffa_feature_list **ret_list)
{
	return TAKE(features, ret_list);
}

int ffa_request_take_partitions(struct ffa_request *request, struct ffa_partition_list **ret_list)
{
	return TAKE(partitions, ret_list);
}

int ffa_request_take_limits(struct ffa_request *request, struct ffa_limit_list **ret_list)
{
	return TAKE(limits, ret_list);
}
