// SPDX-License-Identifier: GPL-2.0-only
/*
 * ffa-shim: forwards Arm FF-A register frames between one privileged process and the firmware.
 *
 * 1. State
 * 2. Events: interrupts on their way to read() and poll()
 * 3. ioctls
 * 4. The file
 * 5. The module
 *
 * There is no FF-A state here: no version, no buffers, no partitions. The conduit (conduit.h) and the interrupts
 * (irq.h) are the only parts that know the architecture.
 */
#include <linux/bitops.h>
#include <linux/capability.h>
#include <linux/fs.h>
#include <linux/kernel.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/poll.h>
#include <linux/uaccess.h>
#include <linux/wait.h>

#include "conduit.h"
#include "irq.h"
#include "uapi/linux/ffa_shim.h"

/* ---- 1. State ---- */

/* Function ids: SMCCC fast call of the standard secure services, in the range of FF-A. */
#define FID_MASK 0xbfff0000U /* all but the 32/64 bit and the number */
#define FID_BASE 0x84000000U
#define FID_NUMBER_FIRST 0x60U
#define FID_NUMBER_LAST 0xefU

#define SHIM_OPEN 0 /* bit of shim.flags */

/**
 * struct ffa_shim - the one device
 * @flags: SHIM_OPEN while somebody has it
 * @conduit: FFA_SHIM_CONDUIT_*
 * @smccc_version: of the conduit
 * @irq_lock: serialises changes of the interrupts
 * @schedule_receiver: SRI
 * @notification_pending: NPI
 * @events: FFA_SHIM_EVENT_* bits that have not been read
 * @wait: who waits for them
 */
static struct ffa_shim {
	unsigned long flags;
	int conduit;
	u32 smccc_version;
	struct mutex irq_lock;
	struct ffa_shim_irq schedule_receiver;
	struct ffa_shim_irq notification_pending;
	atomic_t events;
	wait_queue_head_t wait;
} shim;

/* ---- 2. Events ---- */

/* Interrupt context. */
static void report(u32 event)
{
	atomic_or(event, &shim.events);
	wake_up_interruptible(&shim.wait);
}

static void release_irqs(void)
{
	ffa_shim_irq_release(&shim.schedule_receiver);
	ffa_shim_irq_release(&shim.notification_pending);
	atomic_set(&shim.events, 0);
}

static ssize_t shim_read(struct file *file, char __user *buf, size_t size, loff_t *pos)
{
	struct ffa_shim_event event = { 0 };
	int ret;

	if (size < sizeof(event))
		return -EINVAL;
	while (!(event.events = atomic_xchg(&shim.events, 0))) {
		if (file->f_flags & O_NONBLOCK)
			return -EAGAIN;
		ret = wait_event_interruptible(shim.wait, atomic_read(&shim.events));
		if (ret)
			return ret;
	}
	if (copy_to_user(buf, &event, sizeof(event))) {
		/* Not lost: the next read has them. */
		atomic_or(event.events, &shim.events);
		return -EFAULT;
	}
	return sizeof(event);
}

static __poll_t shim_poll(struct file *file, struct poll_table_struct *table)
{
	poll_wait(file, &shim.wait, table);
	return atomic_read(&shim.events) ? EPOLLIN | EPOLLRDNORM : 0;
}

/* ---- 3. ioctls ---- */

static long get_info(struct ffa_shim_info __user *arg)
{
	struct ffa_shim_info info = {
		.abi_version = FFA_SHIM_ABI_VERSION,
		.conduit = shim.conduit,
		.smccc_version = shim.smccc_version,
	};

	return copy_to_user(arg, &info, sizeof(info)) ? -EFAULT : 0;
}

static bool is_ffa(u64 x0)
{
	u32 fid = lower_32_bits(x0);
	u32 number = fid & 0xffff;

	return (fid & FID_MASK) == FID_BASE && number >= FID_NUMBER_FIRST && number <= FID_NUMBER_LAST;
}

static long call(struct ffa_shim_frame __user *arg)
{
	struct ffa_shim_frame frame;
	int ret;

	if (copy_from_user(&frame, arg, sizeof(frame)))
		return -EFAULT;
	if (!is_ffa(frame.x[0]))
		return -EPERM;
	ret = ffa_shim_conduit_call(&frame);
	if (ret)
		return ret;
	return copy_to_user(arg, &frame, sizeof(frame)) ? -EFAULT : 0;
}

static int set_irq(struct ffa_shim_irq *irq, u32 event, u32 intid)
{
	irq->event = event;
	irq->report = report;
	return intid ? ffa_shim_irq_request(irq, intid) : 0;
}

static long set_irqs(const struct ffa_shim_irqs __user *arg)
{
	struct ffa_shim_irqs irqs;
	int ret;

	if (copy_from_user(&irqs, arg, sizeof(irqs)))
		return -EFAULT;
	mutex_lock(&shim.irq_lock);
	release_irqs();
	ret = set_irq(&shim.schedule_receiver, FFA_SHIM_EVENT_SCHEDULE_RECEIVER, irqs.schedule_receiver);
	if (!ret)
		ret = set_irq(&shim.notification_pending, FFA_SHIM_EVENT_NOTIFICATION_PENDING,
			      irqs.notification_pending);
	if (ret)
		release_irqs();
	mutex_unlock(&shim.irq_lock);
	return ret;
}

static long shim_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	void __user *user = (void __user *)arg;

	switch (cmd) {
	case FFA_SHIM_INFO:
		return get_info(user);
	case FFA_SHIM_CALL:
		return call(user);
	case FFA_SHIM_IRQS:
		return set_irqs(user);
	default:
		return -ENOTTY;
	}
}

/* ---- 4. The file ---- */

static int shim_open(struct inode *inode, struct file *file)
{
	if (!capable(CAP_SYS_RAWIO))
		return -EPERM;
	/* Two users of one normal-world endpoint would undo one another's state in the firmware. */
	if (test_and_set_bit(SHIM_OPEN, &shim.flags))
		return -EBUSY;
	return stream_open(inode, file);
}

static int shim_release(struct inode *inode, struct file *file)
{
	mutex_lock(&shim.irq_lock);
	release_irqs();
	mutex_unlock(&shim.irq_lock);
	clear_bit(SHIM_OPEN, &shim.flags);
	return 0;
}

static const struct file_operations shim_fops = {
	.owner = THIS_MODULE,
	.open = shim_open,
	.release = shim_release,
	.read = shim_read,
	.poll = shim_poll,
	.unlocked_ioctl = shim_ioctl,
	.compat_ioctl = compat_ptr_ioctl,
};

static struct miscdevice shim_device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "ffa-shim",
	.fops = &shim_fops,
	.mode = 0600,
};

/* ---- 5. The module ---- */

static int __init shim_init(void)
{
	static const char *const names[] = {
		[FFA_SHIM_CONDUIT_NONE] = "none",
		[FFA_SHIM_CONDUIT_SMC] = "SMC",
		[FFA_SHIM_CONDUIT_HVC] = "HVC",
	};
	int ret;

	mutex_init(&shim.irq_lock);
	init_waitqueue_head(&shim.wait);
	ret = ffa_shim_conduit_init(&shim.smccc_version);
	if (ret < 0) {
		pr_err("ffa-shim: this machine offers no SMCCC 1.2 conduit (%d)\n", ret);
		return ret;
	}
	shim.conduit = ret;
	ret = ffa_shim_irq_init();
	if (ret)
		return ret;
	ret = misc_register(&shim_device);
	if (ret) {
		ffa_shim_irq_exit();
		return ret;
	}
	pr_info("ffa-shim: conduit %s, SMCCC %u.%u\n", names[shim.conduit], shim.smccc_version >> 16,
		shim.smccc_version & 0xffff);
	return 0;
}

static void __exit shim_exit(void)
{
	misc_deregister(&shim_device);
	ffa_shim_irq_exit();
}

module_init(shim_init);
module_exit(shim_exit);

MODULE_DESCRIPTION("Forwards Arm FF-A register frames to a userspace broker");
MODULE_LICENSE("GPL");
MODULE_VERSION("0.1.0");
