/* SPDX-License-Identifier: BSD-3-Clause */
/* The kernel shim: real firmware by SMC or HVC. */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "daemon/conduit/backend.h"
#include "daemon/conduit/pinned.h"
#include "kmod-shim/uapi/linux/ffa_shim.h"

#define SHIM_DEVICE "/dev/ffa-shim"
#define ARM_FFA_BUS "/sys/bus/arm_ffa" /* there when the kernel's own FF-A driver is loaded */

_Static_assert(sizeof(struct ffa_shim_frame) == sizeof(struct ffa_regs), "a frame is its registers");

struct conduit_shim {
	struct ffa_conduit conduit;
	int fd; /* owned */
	struct pinned pinned;
};

static struct conduit_shim *from_conduit(struct ffa_conduit *conduit)
{
	return (struct conduit_shim *)conduit;
}

static int shim_call(struct ffa_conduit *conduit, unsigned int cpu, struct ffa_regs *regs)
{
	/* The calling thread is pinned to its CPU: that is where the kernel issues the frame. */
	return ioctl(from_conduit(conduit)->fd, FFA_SHIM_CALL, regs) < 0 ? -errno : 0;
}

static int shim_pages_alloc(struct ffa_conduit *conduit, size_t count, struct ffa_pages *ret_pages)
{
	return pinned_alloc(&from_conduit(conduit)->pinned, count, ret_pages);
}

static void shim_pages_free(struct ffa_conduit *conduit, struct ffa_pages *pages)
{
	pinned_free(pages);
}

static int shim_event_fd(struct ffa_conduit *conduit)
{
	return from_conduit(conduit)->fd;
}

static int shim_irqs_set(struct ffa_conduit *conduit, uint32_t schedule_receiver,
			 uint32_t notification_pending)
{
	const struct ffa_shim_irqs irqs = { .schedule_receiver = schedule_receiver,
					    .notification_pending = notification_pending };

	return ioctl(from_conduit(conduit)->fd, FFA_SHIM_IRQS, &irqs) < 0 ? -errno : 0;
}

static void shim_free(struct ffa_conduit *conduit)
{
	struct conduit_shim *shim = from_conduit(conduit);

	pinned_close(&shim->pinned);
	close(shim->fd);
	free(shim);
}

static const struct ffa_conduit_ops shim_ops = {
	.call = shim_call,
	.pages_alloc = shim_pages_alloc,
	.pages_free = shim_pages_free,
	.event_fd = shim_event_fd,
	.irqs_set = shim_irqs_set,
	.free = shim_free,
};

static int open_failed(int error, char **ret_reason)
{
	switch (error) {
	case ENOENT:
	case ENXIO:
	case ENODEV:
		return conduit_fail(-error, ret_reason,
				    SHIM_DEVICE
				    " is not there: load the module (modprobe ffa-shim), or use conduit sim");
	case EBUSY:
		return conduit_fail(-error, ret_reason,
				    SHIM_DEVICE
				    " is in use: another ffad runs; stop it first (fuser " SHIM_DEVICE
				    " tells which)");
	case EACCES:
	case EPERM:
		return conduit_fail(-error, ret_reason,
				    SHIM_DEVICE
				    ": only root may open it: start ffad as root, it drops its privileges "
				    "by itself");
	default:
		return conduit_fail(-error, ret_reason, SHIM_DEVICE ": %s", strerror(error));
	}
}

static int check_info(int fd, const char **ret_name, char **ret_reason)
{
	struct ffa_shim_info info;

	if (ioctl(fd, FFA_SHIM_INFO, &info) < 0)
		return conduit_fail(-errno, ret_reason, SHIM_DEVICE " is no ffa-shim: %s; update the module",
				    strerror(errno));
	if (info.abi_version < FFA_SHIM_ABI_VERSION)
		return conduit_fail(-EPROTONOSUPPORT, ret_reason,
				    SHIM_DEVICE " has version %u, ffad needs %u: update the module",
				    info.abi_version, FFA_SHIM_ABI_VERSION);
	switch (info.conduit) {
	case FFA_SHIM_CONDUIT_SMC:
		*ret_name = "shim (SMC)";
		return 0;
	case FFA_SHIM_CONDUIT_HVC:
		*ret_name = "shim (HVC)";
		return 0;
	default:
		return conduit_fail(
			-ENODEV, ret_reason,
			"this machine has neither SMC nor HVC: use conduit sim, or an arm64 machine");
	}
}

static unsigned int usable_cpus(void)
{
	cpu_set_t set;

	return sched_getaffinity(0, sizeof(set), &set) == 0 ? (unsigned int)CPU_COUNT(&set) : 1;
}

int conduit_shim_open(const struct ffa_conduit_options *options, struct ffa_conduit **ret_conduit,
		      char **ret_reason)
{
	_cleanup_close_ int fd = open(SHIM_DEVICE, O_RDWR | O_CLOEXEC | O_NONBLOCK);
	struct conduit_shim *shim;
	const char *name = NULL;
	int error;

	if (fd < 0)
		return open_failed(errno, ret_reason);
	error = check_info(fd, &name, ret_reason);
	if (error < 0)
		return error;
	shim = calloc(1, sizeof(*shim));
	if (!shim)
		return -ENOMEM;
	error = pinned_open(&shim->pinned, ret_reason);
	if (error < 0) {
		free(shim);
		return error;
	}
	shim->conduit = (struct ffa_conduit) {
		.ops = &shim_ops,
		.name = name,
		.cpus = options->cpus ? options->cpus : usable_cpus(),
		.machine = true,
		/* The device has one opener, so it is the kernel's driver or nobody. */
		.exclusive = access(ARM_FFA_BUS, F_OK) < 0
	};
	shim->fd = take_fd(&fd);
	*ret_conduit = &shim->conduit;
	return 0;
}
