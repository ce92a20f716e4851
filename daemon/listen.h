/* SPDX-License-Identifier: BSD-3-Clause */
/* The main socket: from systemd, or made here. */
#pragma once

#include <stdbool.h>

struct listen_socket {
	int fd;      /* owned until handed to the server */
	char *path;  /* to remove at the end; NULL: systemd's. Owned */
	int lock_fd; /* held while the path is ours; -1. Owned */
};

/*
 * Take the socket that systemd passed, or make one at `path` with `mode`. A socket that another daemon answers on is left
 * alone (-EADDRINUSE); one that nobody answers on is replaced. Negative errno and a sentence in *ret_reason.
 */
int listen_socket_open(const char *path, unsigned int mode, struct listen_socket *ret_socket,
		       char **ret_reason);
/* Remove the path, if it is ours. Idempotent. */
void listen_socket_close(struct listen_socket *socket);
