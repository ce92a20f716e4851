/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What ffad may do once it has opened what only root may open: as much as an ordinary user, and no capability.
 */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

#define PRIVILEGE_DEFAULT_USER "ffad"

/* Whose rights ffad goes on with. */
struct privilege {
	bool change; /* false: the user stays the one who started ffad */
	uid_t uid;   /* with `change` */
	gid_t gid;   /* with `change`: the user's primary group; there are no supplementary ones */
};

/*
 * Find the user that ffad becomes. `user`: a name, or NULL: PRIVILEGE_DEFAULT_USER when root runs ffad on
 * hardware, else whoever runs it. Looks the name up, which may block. -ESRCH: there is no such user; -EPERM:
 * only root can become another user; each with a sentence in *ret_reason that the caller frees.
 */
int privilege_find(const char *user, bool hardware, struct privilege *ret_privilege, char **ret_reason);

/*
 * Give everything else up, for good: user and groups, capabilities (the bounding set too where ffad may change
 * it), new privileges by execve(2), core files and ptrace(2) by others. Root stays root only when
 * privilege_find() said so. Before the first thread is started: capabilities belong to threads. Negative errno
 * with a sentence in *ret_reason: do not go on.
 */
int privilege_drop(const struct privilege *privilege, char **ret_reason);
