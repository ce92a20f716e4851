/* SPDX-License-Identifier: BSD-3-Clause */
#include "channel.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/cleanup.h"

static void channel_set_state(struct channel *channel, enum channel_state state)
{
	channel->state = state;
}

int channel_init(struct channel *channel)
{
	_cleanup_free_ uint8_t *in = malloc(CHANNEL_INPUT_SIZE);
	_cleanup_free_ uint8_t *out = malloc(CHANNEL_OUTPUT_SIZE);

	if (!in || !out)
		return -ENOMEM;
	*channel = (struct channel) {
		.state = CHANNEL_CLOSED,
		.fd = -1,
		.in = take_ptr(in),
		.out = take_ptr(out),
		.out_size = CHANNEL_OUTPUT_SIZE,
		.out_fd = -1,
	};
	return 0;
}

static void channel_drop_buffers(struct channel *channel)
{
	if (channel->out_fd >= 0)
		close(take_fd(&channel->out_fd));
	channel->in_start = channel->in_end = 0;
	channel->out_start = channel->out_end = 0;
}

void channel_lose(struct channel *channel)
{
	if (channel->state != CHANNEL_OPEN)
		return;
	channel_drop_buffers(channel);
	(void)shutdown(channel->fd, SHUT_RDWR);
	channel_set_state(channel, CHANNEL_LOST);
}

void channel_close(struct channel *channel)
{
	channel_drop_buffers(channel);
	if (channel->fd >= 0)
		close(take_fd(&channel->fd));
	channel_set_state(channel, CHANNEL_CLOSED);
}

void channel_done(struct channel *channel)
{
	channel_close(channel);
	free(channel->in);
	free(channel->out);
	channel->in = channel->out = NULL;
}

static void channel_open(struct channel *channel, int fd)
{
	channel_close(channel);
	channel->fd = fd;
	channel_set_state(channel, CHANNEL_OPEN);
}

int channel_open_path(struct channel *channel, const char *path, uint32_t timeout_ms)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	/* connect() waits while the listener's queue is full; nothing else blocks in sending. */
	struct timeval timeout = { .tv_sec = timeout_ms / 1000, .tv_usec = timeout_ms % 1000 * 1000 };
	_cleanup_close_ int fd = -1;

	if (strlen(path) >= sizeof(address.sun_path))
		return -ENAMETOOLONG;
	strcpy(address.sun_path, path);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -errno;
	if (setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &timeout, sizeof(timeout)) < 0)
		return -errno;
	while (connect(fd, (const struct sockaddr *)&address, sizeof(address)) < 0) {
		if (errno == EINTR)
			continue;
		return errno == EAGAIN ? -ETIMEDOUT : -errno;
	}
	channel_open(channel, take_fd(&fd));
	return 0;
}

int channel_open_fd(struct channel *channel, int fd)
{
	int copy = fcntl(fd, F_DUPFD_CLOEXEC, 3);

	if (copy < 0)
		return -errno;
	channel_open(channel, copy);
	return 0;
}

/* Make room for `size` more bytes of output. */
static int channel_reserve(struct channel *channel, size_t size)
{
	size_t waiting = channel->out_end - channel->out_start, new_size;
	uint8_t *out;

	if (channel->out_size - channel->out_end >= size)
		return 0;
	if (size > CHANNEL_OUTPUT_MAX - waiting)
		return -EAGAIN;
	if (channel->out_start > 0) {
		memmove(channel->out, channel->out + channel->out_start, waiting);
		channel->out_fd_at -= channel->out_fd >= 0 ? channel->out_start : 0;
		channel->out_start = 0;
		channel->out_end = waiting;
	}
	for (new_size = channel->out_size; new_size - waiting < size;)
		new_size *= 2;
	if (new_size == channel->out_size)
		return 0;
	out = realloc(channel->out, new_size);
	if (!out)
		return -ENOMEM;
	channel->out = out;
	channel->out_size = new_size;
	return 0;
}

int channel_queue(struct channel *channel, uint16_t method, uint64_t id, const ProtobufCMessage *body, int fd)
{
	size_t length = protobuf_c_message_get_packed_size(body);
	struct ffa_frame frame = {
		.length = (uint32_t)length,
		.method = method,
		.kind = FFA_FRAME_REQUEST,
		.fds = fd >= 0 ? 1 : 0,
		.id = id,
	};
	uint8_t *at;
	int r;

	if (length > FFA_FRAME_REQUEST_MAX)
		return -EMSGSIZE;
	if (fd >= 0 && channel->out_fd >= 0)
		return -EAGAIN;
	r = channel_reserve(channel, FFA_FRAME_HEADER_SIZE + length);
	if (r < 0)
		return r;
	at = channel->out + channel->out_end;
	ffa_frame_encode(&frame, at);
	protobuf_c_message_pack(body, at + FFA_FRAME_HEADER_SIZE);
	if (fd >= 0) {
		channel->out_fd = fd;
		channel->out_fd_at = channel->out_end;
	}
	channel->out_end += FFA_FRAME_HEADER_SIZE + length;
	return 0;
}

/* Send bytes with the waiting descriptor, which goes with the first of them. */
static ssize_t channel_send_fd(struct channel *channel, const void *bytes, size_t size)
{
	union {
		struct cmsghdr header;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control = { 0 };
	struct iovec iov = { .iov_base = (void *)bytes, .iov_len = size };
	struct msghdr message = {
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = &control,
		.msg_controllen = sizeof(control.bytes),
	};
	ssize_t n;

	control.header.cmsg_level = SOL_SOCKET;
	control.header.cmsg_type = SCM_RIGHTS;
	control.header.cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(&control.header), &channel->out_fd, sizeof(int));
	n = sendmsg(channel->fd, &message, MSG_NOSIGNAL | MSG_DONTWAIT);
	if (n > 0)
		close(take_fd(&channel->out_fd));
	return n;
}

int channel_send(struct channel *channel)
{
	while (channel_has_output(channel)) {
		const uint8_t *bytes = channel->out + channel->out_start;
		bool fd_waits = channel->out_fd >= 0;
		size_t end = fd_waits && channel->out_fd_at > channel->out_start ? channel->out_fd_at
										 : channel->out_end;
		size_t size = end - channel->out_start;
		ssize_t n;

		if (fd_waits && channel->out_fd_at == channel->out_start)
			n = channel_send_fd(channel, bytes, size);
		else
			n = send(channel->fd, bytes, size, MSG_NOSIGNAL | MSG_DONTWAIT);
		if (n < 0) {
			if (errno == EINTR)
				continue;
			return errno == EAGAIN ? 1 : -ECONNRESET;
		}
		channel->out_start += (size_t)n;
	}
	channel->out_start = channel->out_end = 0;
	return 0;
}

int channel_receive(struct channel *channel, bool wait)
{
	size_t held = channel->in_end - channel->in_start;
	ssize_t n;

	if (channel->in_start > 0) {
		memmove(channel->in, channel->in + channel->in_start, held);
		channel->in_start = 0;
		channel->in_end = held;
	}
	/* A whole frame of the largest size fits, and channel_next() has taken all whole frames: room is
	   left. Descriptors are not taken in: without room for them the kernel closes them. */
	do
		n = recv(channel->fd, channel->in + held, CHANNEL_INPUT_SIZE - held, wait ? 0 : MSG_DONTWAIT);
	while (n < 0 && errno == EINTR);
	if (n < 0 && errno == EAGAIN)
		return 0;
	if (n <= 0)
		return -ECONNRESET;
	channel->in_end += (size_t)n;
	return 1;
}

int channel_next(struct channel *channel, struct ffa_frame *ret_frame, const uint8_t **ret_body)
{
	const uint8_t *bytes = channel->in + channel->in_start;
	size_t held = channel->in_end - channel->in_start;
	struct ffa_frame frame;

	if (held < FFA_FRAME_HEADER_SIZE)
		return 0;
	if (ffa_frame_decode(bytes, 1u << FFA_FRAME_RESPONSE | 1u << FFA_FRAME_EVENT, FFA_FRAME_RESPONSE_MAX,
			     &frame) < 0)
		return -EPROTO;
	if (frame.fds != 0) /* no answer of this version brings one */
		return -EPROTO;
	if (held - FFA_FRAME_HEADER_SIZE < frame.length)
		return 0;
	channel->in_start += FFA_FRAME_HEADER_SIZE + frame.length;
	*ret_frame = frame;
	*ret_body = bytes + FFA_FRAME_HEADER_SIZE;
	return 1;
}
