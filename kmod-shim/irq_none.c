// SPDX-License-Identifier: GPL-2.0-only
/* A machine whose firmware has no way to interrupt us. */
#include <linux/errno.h>

#include "irq.h"

int ffa_shim_irq_init(void)
{
	return 0;
}

void ffa_shim_irq_exit(void)
{
}

int ffa_shim_irq_request(struct ffa_shim_irq *irq, u32 intid)
{
	return -ENODEV;
}

void ffa_shim_irq_release(struct ffa_shim_irq *irq)
{
}
