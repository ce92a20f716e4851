/* SPDX-License-Identifier: GPL-2.0-only WITH Linux-syscall-note */
/*
 * /dev/ffa-shim: raw Arm FF-A register frames for one privileged process.
 *
 * One opener at a time, with CAP_SYS_RAWIO. The shim keeps no FF-A state: what a frame means, and in which
 * order frames may be issued, is its opener's business.
 */
#ifndef FFA_SHIM_H
#define FFA_SHIM_H

#include <linux/ioctl.h>
#include <linux/types.h>

#define FFA_SHIM_ABI_VERSION 1
#define FFA_SHIM_REGS 18 /* x0-x17 */

/* How frames leave the kernel. */
#define FFA_SHIM_CONDUIT_NONE 0 /* this machine has none: calls fail with ENODEV */
#define FFA_SHIM_CONDUIT_SMC 1
#define FFA_SHIM_CONDUIT_HVC 2

/**
 * struct ffa_shim_info - what this shim is, FFA_SHIM_INFO
 * @abi_version: FFA_SHIM_ABI_VERSION of the module; grows with additions
 * @conduit: FFA_SHIM_CONDUIT_*
 * @smccc_version: [30:16] major, [15:0] minor, as SMCCC_VERSION gives it; 0 without a conduit
 * @reserved: zero
 */
struct ffa_shim_info {
	__u32 abi_version;
	__u32 conduit;
	__u32 smccc_version;
	__u32 reserved;
};

/**
 * struct ffa_shim_frame - one call and its reply, FFA_SHIM_CALL
 * @x: x0-x17; the call's on entry, the reply's on return
 *
 * The low half of x0 has to be a function id of the FF-A range, 32 or 64 bit (EPERM otherwise).
 */
struct ffa_shim_frame {
	__u64 x[FFA_SHIM_REGS];
};

/**
 * struct ffa_shim_irqs - interrupts to report, FFA_SHIM_IRQS
 * @schedule_receiver: INTID that FFA_FEATURES gives for feature 2; 0: none
 * @notification_pending: INTID that FFA_FEATURES gives for feature 1; 0: none
 *
 * Replaces what was set before; nothing is set after an error. INTIDs below 32 only: both are SGIs or PPIs (EINVAL
 * otherwise). EBUSY: the kernel, or another driver, uses that interrupt.
 */
struct ffa_shim_irqs {
	__u32 schedule_receiver;
	__u32 notification_pending;
};

/* Bits of the events mask. */
#define FFA_SHIM_EVENT_SCHEDULE_RECEIVER (1U << 0)
#define FFA_SHIM_EVENT_NOTIFICATION_PENDING (1U << 1)

/**
 * struct ffa_shim_event - what read() gives: the interrupts since the last read
 * @events: FFA_SHIM_EVENT_* bits, at least one of them
 * @reserved: zero
 *
 * read() blocks until there is one, or fails with EAGAIN on a non-blocking file; poll() reports POLLIN.
 */
struct ffa_shim_event {
	__u32 events;
	__u32 reserved;
};

#define FFA_SHIM_IOC_TYPE 0xfa
#define FFA_SHIM_INFO _IOR(FFA_SHIM_IOC_TYPE, 0, struct ffa_shim_info)
#define FFA_SHIM_CALL _IOWR(FFA_SHIM_IOC_TYPE, 1, struct ffa_shim_frame)
#define FFA_SHIM_IRQS _IOW(FFA_SHIM_IOC_TYPE, 2, struct ffa_shim_irqs)

#endif
