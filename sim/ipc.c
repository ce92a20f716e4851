/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim/ipc.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "base/cleanup.h"

#define DESCRIPTORS_MAX 4 /* taken in, so that surplus ones can be closed */

size_t ipc_size(uint32_t kind)
{
	switch (kind) {
	case IPC_HELLO:
		return sizeof(struct ipc_hello);
	case IPC_CALL:
		return sizeof(struct ipc_call);
	case IPC_PLUG:
	case IPC_UNPLUG:
		return sizeof(struct ipc_memory);
	case IPC_LOAD:
		return sizeof(struct ipc_load);
	case IPC_INSPECT:
		return sizeof(struct ipc_inspect);
	default:
		return 0;
	}
}

static int send_with_fd(int fd, const void *message, size_t size, int passed_fd)
{
	union {
		char buffer[CMSG_SPACE(sizeof(int))];
		struct cmsghdr align;
	} control = { { 0 } };
	struct iovec iov = { .iov_base = (void *)message, .iov_len = size };
	struct msghdr msg = {
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = control.buffer,
		.msg_controllen = sizeof(control.buffer),
	};
	struct cmsghdr *cmsg = CMSG_FIRSTHDR(&msg);
	ssize_t n;

	cmsg->cmsg_level = SOL_SOCKET;
	cmsg->cmsg_type = SCM_RIGHTS;
	cmsg->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(cmsg), &passed_fd, sizeof(int));
	do {
		n = sendmsg(fd, &msg, MSG_NOSIGNAL);
	} while (n < 0 && errno == EINTR);
	return n < 0 ? -errno : 0;
}

int ipc_send(int fd, const void *message, size_t size, int passed_fd)
{
	ssize_t n;
	int error;

	if (passed_fd >= 0) {
		error = send_with_fd(fd, message, size, passed_fd);
	} else {
		do {
			n = send(fd, message, size, MSG_NOSIGNAL);
		} while (n < 0 && errno == EINTR);
		error = n < 0 ? -errno : 0;
	}
	return error == -EPIPE || error == -ECONNRESET || error == -ENOTCONN ? -EIO : error;
}

/* Take the descriptors out of a received message; those beyond the first are closed. */
static bool collect_fds(struct msghdr *msg, int *ret_fd)
{
	bool surplus = false;

	for (struct cmsghdr *cmsg = CMSG_FIRSTHDR(msg); cmsg; cmsg = CMSG_NXTHDR(msg, cmsg)) {
		size_t count;

		if (cmsg->cmsg_level != SOL_SOCKET || cmsg->cmsg_type != SCM_RIGHTS)
			continue;
		count = (cmsg->cmsg_len - CMSG_LEN(0)) / sizeof(int);
		for (size_t i = 0; i < count; i++) {
			int fd;

			memcpy(&fd, CMSG_DATA(cmsg) + i * sizeof(int), sizeof(int));
			if (*ret_fd < 0) {
				*ret_fd = fd;
			} else {
				close(fd);
				surplus = true;
			}
		}
	}
	return !surplus && !(msg->msg_flags & MSG_CTRUNC);
}

int ipc_receive(int fd, void *message, size_t size, int *ret_fd)
{
	union {
		char buffer[CMSG_SPACE(DESCRIPTORS_MAX * sizeof(int))];
		struct cmsghdr align;
	} control;
	struct iovec iov = { .iov_base = message, .iov_len = size };
	struct msghdr msg = {
		.msg_iov = &iov,
		.msg_iovlen = 1,
		.msg_control = control.buffer,
		.msg_controllen = sizeof(control.buffer),
	};
	_cleanup_close_ int passed = -1;
	bool sound;
	ssize_t n;

	do {
		n = recvmsg(fd, &msg, MSG_CMSG_CLOEXEC);
	} while (n < 0 && errno == EINTR);
	if (n < 0)
		return errno == ECONNRESET ? -EIO : -errno;
	sound = collect_fds(&msg, &passed);
	if (!sound || (msg.msg_flags & MSG_TRUNC) || (passed >= 0 && !ret_fd))
		return -EBADMSG;
	if (ret_fd)
		*ret_fd = take_fd(&passed);
	return (int)n;
}

int ipc_exchange(int fd, void *message, size_t size, int passed_fd, int *ret_fd)
{
	const struct ipc_header request = *(const struct ipc_header *)message;
	const struct ipc_header *reply = message;
	int n;

	n = ipc_send(fd, message, size, passed_fd);
	if (n < 0)
		return n;
	n = ipc_receive(fd, message, size, ret_fd);
	if (n < 0)
		return n;
	if (n == 0)
		return -EIO;
	if ((size_t)n != size || reply->kind != request.kind || reply->result > 0) {
		if (ret_fd && *ret_fd >= 0)
			close(take_fd(ret_fd));
		return -EPROTO;
	}
	return 0;
}

int ipc_connect(const char *path, int *ret_fd, struct ipc_hello *ret_hello)
{
	struct ipc_hello hello = { .header.kind = IPC_HELLO, .magic = IPC_MAGIC, .version = IPC_VERSION };
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	_cleanup_close_ int fd = -1;
	int error;

	if (strlen(path) >= sizeof(address.sun_path))
		return -ENAMETOOLONG;
	strcpy(address.sun_path, path);
	fd = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof(address)) < 0)
		return -errno;
	error = ipc_exchange(fd, &hello, sizeof(hello), -1, NULL);
	if (error < 0)
		return error;
	if (hello.magic != IPC_MAGIC || hello.version != IPC_VERSION)
		return -EPROTO;
	if (hello.header.result < 0)
		return hello.header.result;
	hello.profile[sizeof(hello.profile) - 1] = '\0';
	*ret_fd = take_fd(&fd);
	*ret_hello = hello;
	return 0;
}
