/* SPDX-License-Identifier: GPL-2.0-only */
/* How a frame leaves the kernel. One implementation is built: conduit_smccc.c or conduit_none.c. */
#ifndef FFA_SHIM_CONDUIT_H
#define FFA_SHIM_CONDUIT_H

#include <linux/types.h>

struct ffa_shim_frame;

/**
 * ffa_shim_conduit_init() - find the machine's conduit
 * @smccc_version: set to the SMCCC version on success
 *
 * Return: FFA_SHIM_CONDUIT_* or a negative errno.
 */
int ffa_shim_conduit_init(u32 *smccc_version);

/**
 * ffa_shim_conduit_call() - issue a frame from this CPU
 * @frame: the call, replaced by the reply
 *
 * Context: may stay in firmware for long; interrupts reach the kernel as the firmware allows it.
 * Return: 0 or -ENODEV.
 */
int ffa_shim_conduit_call(struct ffa_shim_frame *frame);

#endif
