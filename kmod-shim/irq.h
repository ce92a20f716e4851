/* SPDX-License-Identifier: GPL-2.0-only */
/* The two per-CPU interrupts by which FF-A firmware calls for attention. */
#ifndef FFA_SHIM_IRQ_H
#define FFA_SHIM_IRQ_H

#include <linux/list.h>
#include <linux/types.h>

struct ffa_shim_irq;

/**
 * struct ffa_shim_irq_cpu - the handler's cookie on one CPU
 * @irq: the interrupt that it belongs to
 */
struct ffa_shim_irq_cpu {
	struct ffa_shim_irq *irq;
};

/**
 * struct ffa_shim_irq - one interrupt
 * @number: Linux interrupt number, 0 while there is none
 * @event: FFA_SHIM_EVENT_* bit that it stands for
 * @report: called in interrupt context with @event
 * @cpus: cookies
 * @node: for CPU hotplug, which enables it on each CPU
 */
struct ffa_shim_irq {
	unsigned int number;
	u32 event;
	void (*report)(u32 event);
	struct ffa_shim_irq_cpu __percpu *cpus;
	struct hlist_node node;
};

/**
 * ffa_shim_irq_init() - once, before the first request
 *
 * Return: 0 or a negative errno.
 */
int ffa_shim_irq_init(void);

/**
 * ffa_shim_irq_exit() - once, after the last release
 */
void ffa_shim_irq_exit(void);

/**
 * ffa_shim_irq_request() - take an interrupt and enable it on all CPUs
 * @irq: zeroed but for @event and @report
 * @intid: GIC INTID below 32
 *
 * Context: process, serialised by the caller.
 * Return: 0, or a negative errno with nothing taken.
 */
int ffa_shim_irq_request(struct ffa_shim_irq *irq, u32 intid);

/**
 * ffa_shim_irq_release() - give it back; does nothing when there is none
 * @irq: the interrupt
 *
 * Context: process, serialised by the caller.
 */
void ffa_shim_irq_release(struct ffa_shim_irq *irq);

#endif
