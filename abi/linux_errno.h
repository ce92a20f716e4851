/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The Linux error numbers that this layer returns, for builds that have no <errno.h>. They are the same on
 * all architectures that can run FF-A or its tools (x86, Arm, RISC-V).
 */
#pragma once

enum linux_errno {
	LINUX_EINTR = 4,
	LINUX_EAGAIN = 11,
	LINUX_ENOMEM = 12,
	LINUX_EACCES = 13,
	LINUX_EBUSY = 16,
	LINUX_EINVAL = 22,
	LINUX_ENOSPC = 28,
	LINUX_ERANGE = 34,
	LINUX_ENOMSG = 42,
	LINUX_ENODATA = 61,
	LINUX_EBADMSG = 74,
	LINUX_EOVERFLOW = 75,
	LINUX_EOPNOTSUPP = 95,
	LINUX_ECANCELED = 125,
};
