/* SPDX-License-Identifier: BSD-3-Clause */
/* Who is at the other end of a socket: asked of the kernel once, at connect, and never of the client. */
#pragma once

#include <stddef.h>
#include <sys/types.h>

#define PEER_GROUPS_MAX 65536 /* NGROUPS_MAX of Linux */

struct peer {
	uid_t uid;
	gid_t gid;
	pid_t pid; /* for messages only: the number may be another process's by now */
	size_t group_count;
	gid_t *groups; /* supplementary ones. Owned */
};

/* Negative errno: the identity is not known, and the connection must be refused. */
int peer_read(int fd, struct peer *ret_peer);
void peer_clear(struct peer *peer); /* idempotent */
