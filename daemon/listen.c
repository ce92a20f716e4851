/* SPDX-License-Identifier: BSD-3-Clause */
#include "listen.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <systemd/sd-daemon.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/log.h"

#define LISTEN_BACKLOG 1024

static void explain(char **ret_reason, const char *path, const char *what, int error)
{
	if (asprintf(ret_reason, "socket %s: %s: %s", path, what, strerror(error)) < 0)
		*ret_reason = NULL;
}

/* One daemon for each path: whoever has the lock may replace a socket that was left behind. */
static int take_lock(const char *path, int *ret_fd, char **ret_reason)
{
	_cleanup_free_ char *lock = NULL;
	_cleanup_close_ int fd = -1;

	if (asprintf(&lock, "%s.lock", path) < 0)
		return -ENOMEM;
	fd = open(lock, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0) {
		int error = errno;

		explain(ret_reason, lock,
			"cannot be opened; does its folder exist, and may this user write to it?", error);
		return -error;
	}
	if (flock(fd, LOCK_EX | LOCK_NB) < 0) {
		explain(ret_reason, path,
			"another ffad uses it: stop that one, or choose another path with --socket",
			EADDRINUSE);
		return -EADDRINUSE;
	}
	*ret_fd = take_fd(&fd);
	return 0;
}

/* Remove what is at the path if it is a socket that nobody answers on. */
static int clear_path(const char *path, const struct sockaddr_un *address, char **ret_reason)
{
	_cleanup_close_ int probe = -1;
	struct stat st;

	if (lstat(path, &st) < 0)
		return errno == ENOENT ? 0 : -errno;
	if (!S_ISSOCK(st.st_mode)) {
		explain(ret_reason, path,
			"is there and is no socket: move it away, or choose another path with --socket",
			EEXIST);
		return -EEXIST;
	}
	probe = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (probe < 0)
		return -errno;
	if (connect(probe, (const struct sockaddr *)address, sizeof(*address)) == 0 ||
	    errno != ECONNREFUSED) {
		explain(ret_reason, path,
			"another program answers there: stop it, or choose another path with --socket",
			EADDRINUSE);
		return -EADDRINUSE;
	}
	return unlink(path) < 0 ? -errno : 0;
}

static int make(const char *path, unsigned int mode, struct listen_socket *ret_socket, char **ret_reason)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	_cleanup_close_ int fd = -1, lock_fd = -1;
	_cleanup_free_ char *copy = NULL;
	mode_t mask;
	int r;

	if (strlen(path) >= sizeof(address.sun_path) || *path != '/') {
		explain(ret_reason, path, "has to be an absolute path of less than 108 bytes", EINVAL);
		return -EINVAL;
	}
	strcpy(address.sun_path, path);
	r = take_lock(path, &lock_fd, ret_reason);
	if (r < 0)
		return r;
	r = clear_path(path, &address, ret_reason);
	if (r < 0)
		return r;
	copy = strdup(path);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (!copy || fd < 0)
		return -ENOMEM;
	mask = umask(0777 & ~mode);
	r = bind(fd, (const struct sockaddr *)&address, sizeof(address)) < 0 ? -errno : 0;
	umask(mask);
	if (r == 0 && listen(fd, LISTEN_BACKLOG) < 0)
		r = -errno;
	if (r < 0) {
		explain(ret_reason, path,
			"cannot be made; does its folder exist, and may this user write to it?", -r);
		return r;
	}
	*ret_socket = (struct listen_socket) { .fd = take_fd(&fd),
					       .path = take_ptr(copy),
					       .lock_fd = take_fd(&lock_fd) };
	return 0;
}

int listen_socket_open(const char *path, unsigned int mode, struct listen_socket *ret_socket,
		       char **ret_reason)
{
	int count = sd_listen_fds(1);

	if (count < 0)
		return count;
	for (int fd = SD_LISTEN_FDS_START; fd < SD_LISTEN_FDS_START + count; fd++) {
		if (sd_is_socket_unix(fd, SOCK_STREAM, 1, NULL, 0) <= 0)
			continue;
		*ret_socket = (struct listen_socket) { .fd = fd, .lock_fd = -1 };
		return 0;
	}
	return make(path, mode, ret_socket, ret_reason);
}

void listen_socket_close(struct listen_socket *socket)
{
	if (socket->fd >= 0)
		close(take_fd(&socket->fd));
	if (socket->path && unlink(socket->path) < 0 && errno != ENOENT)
		log_notice("%s stays behind: %m; nobody answers there, and the next ffad replaces it",
			   socket->path);
	free(take_ptr(socket->path));
	/* The lock's file stays: removing it would let two daemons lock two files of one name. */
	if (socket->lock_fd >= 0)
		close(take_fd(&socket->lock_fd));
}
