// SPDX-License-Identifier: GPL-2.0-only
/* A machine without a conduit: the rest of the shim builds and loads all the same. */
#include <linux/errno.h>

#include "conduit.h"
#include "uapi/linux/ffa_shim.h"

int ffa_shim_conduit_init(u32 *smccc_version)
{
	*smccc_version = 0;
	return FFA_SHIM_CONDUIT_NONE;
}

int ffa_shim_conduit_call(struct ffa_shim_frame *frame)
{
	return -ENODEV;
}
