/* SPDX-License-Identifier: BSD-3-Clause */
#include "privilege.h"

#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <pwd.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/cleanup.h"

#define PASSWD_SIZE_MAX (64 * 1024) /* text of one user's entry */

static int fail(int error, char **ret_reason, const char *format, ...) __attribute__((format(printf, 3, 4)));

static int fail(int error, char **ret_reason, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	if (vasprintf(ret_reason, format, args) < 0)
		*ret_reason = NULL;
	va_end(args);
	return error;
}

/* ---- Who ---- */

static int find_user(const char *name, struct privilege *ret_privilege, char **ret_reason)
{
	_cleanup_free_ char *text = malloc(PASSWD_SIZE_MAX);
	struct passwd entry, *found;
	int error;

	if (!text)
		return -ENOMEM;
	error = getpwnam_r(name, &entry, text, PASSWD_SIZE_MAX, &found);
	if (error)
		return fail(-error, ret_reason, "user %s cannot be looked up: %s; see nsswitch.conf(5)", name,
			    strerror(error));
	if (!found)
		return fail(-ESRCH, ret_reason,
			    "there is no user %s for ffad to become: make it (systemd-sysusers, or useradd "
			    "--system %s), or name another one with --user",
			    name, name);
	*ret_privilege = (struct privilege) { .change = true, .uid = entry.pw_uid, .gid = entry.pw_gid };
	return 0;
}

int privilege_find(const char *user, bool hardware, struct privilege *ret_privilege, char **ret_reason)
{
	struct privilege privilege = { .change = false };
	uid_t self = geteuid();
	int r;

	if (!user && hardware && self == 0)
		user = PRIVILEGE_DEFAULT_USER;
	if (user) {
		r = find_user(user, &privilege, ret_reason);
		if (r < 0)
			return r;
		if (privilege.uid == self)
			privilege.change = false;
		else if (self != 0)
			return fail(-EPERM, ret_reason,
				    "only root can become user %s: start ffad as root or as %s, or drop the "
				    "setting",
				    user, user);
	}
	*ret_privilege = privilege;
	return 0;
}

/* ---- Dropping ---- */

/* 1: this thread has capabilities; 0: none. */
static int has_capabilities(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3];

	if (syscall(SYS_capget, &header, data) < 0)
		return -errno;
	for (size_t i = 0; i < _LINUX_CAPABILITY_U32S_3; i++)
		if (data[i].effective || data[i].permitted || data[i].inheritable)
			return 1;
	return 0;
}

/* Who has none does not ask: a filter of system calls may forbid it, as that of ffad.service does. */
static int clear_capabilities(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	const struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = { 0 };
	int r = has_capabilities();

	if (r <= 0)
		return r;
	if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) < 0 && errno != EINVAL)
		return -errno;
	return syscall(SYS_capset, &header, none) < 0 ? -errno : 0;
}

/* Without CAP_SETPCAP it stays as it is, which gives no right to a process that cannot gain any by execve(). */
static int clear_bounding_set(void)
{
	for (unsigned long capability = 0; prctl(PR_CAPBSET_READ, capability, 0, 0, 0) >= 0; capability++)
		if (prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) < 0 && errno != EPERM)
			return -errno;
	return 0;
}

static int change_user(const struct privilege *privilege)
{
	if (setgroups(0, NULL) < 0 || setresgid(privilege->gid, privilege->gid, privilege->gid) < 0 ||
	    setresuid(privilege->uid, privilege->uid, privilege->uid) < 0)
		return -errno;
	return 0;
}

/* Do not believe it, look. */
static int check(const struct privilege *privilege)
{
	uid_t real, effective, saved;
	int r = has_capabilities();

	if (r != 0)
		return r < 0 ? r : -EPERM;
	if (getresuid(&real, &effective, &saved) < 0)
		return -errno;
	if (privilege->change &&
	    (real != privilege->uid || effective != privilege->uid || saved != privilege->uid))
		return -EPERM;
	return 0;
}

int privilege_drop(const struct privilege *privilege, char **ret_reason)
{
	int r;

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return fail(-errno, ret_reason, "no_new_privs cannot be set: %s; use Linux 3.5 or later",
			    strerror(errno));
	if (!privilege->change && geteuid() == 0)
		return 0;
	r = clear_bounding_set();
	if (r == 0 && privilege->change)
		r = change_user(privilege);
	if (r == 0)
		r = clear_capabilities();
	if (r == 0)
		r = check(privilege);
	/* What clients send is in this memory, and the device is open. */
	if (r == 0 && prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0)
		r = -errno;
	if (r < 0)
		return fail(r, ret_reason,
			    "privileges cannot be dropped: %s; let ffad have CAP_SETUID and CAP_SETGID, and "
			    "the system call capset, until it has started",
			    strerror(-r));
	return 0;
}
