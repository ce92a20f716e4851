/* SPDX-License-Identifier: BSD-3-Clause */
#include "peer.h"

#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "base/cleanup.h"

static int read_groups(int fd, gid_t **ret_groups, size_t *ret_count)
{
	_cleanup_free_ gid_t *groups = NULL;
	socklen_t size = 0;

	if (getsockopt(fd, SOL_SOCKET, SO_PEERGROUPS, NULL, &size) < 0 && errno != ERANGE)
		return -errno;
	if (size > PEER_GROUPS_MAX * sizeof(gid_t))
		return -E2BIG;
	if (size) {
		groups = malloc(size);
		if (!groups)
			return -ENOMEM;
		/* The peer's groups were fixed when it connected, so the size is too. */
		if (getsockopt(fd, SOL_SOCKET, SO_PEERGROUPS, groups, &size) < 0)
			return -errno;
	}
	*ret_count = size / sizeof(gid_t);
	*ret_groups = take_ptr(groups);
	return 0;
}

int peer_read(int fd, struct peer *ret_peer)
{
	struct peer peer = { 0 };
	struct ucred cred = { .uid = (uid_t)-1, .gid = (gid_t)-1 };
	socklen_t size = sizeof(cred);
	int r;

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &cred, &size) < 0)
		return -errno;
	if (size != sizeof(cred) || cred.uid == (uid_t)-1 || cred.gid == (gid_t)-1)
		return -EACCES;
	peer.uid = cred.uid;
	peer.gid = cred.gid;
	peer.pid = cred.pid;
	r = read_groups(fd, &peer.groups, &peer.group_count);
	if (r < 0)
		return r;
	*ret_peer = peer;
	return 0;
}

void peer_clear(struct peer *peer)
{
	free(take_ptr(peer->groups));
	peer->group_count = 0;
}
