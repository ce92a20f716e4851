// SPDX-License-Identifier: GPL-2.0-only
/* arm64: SMC or HVC, as the machine's PSCI says. */
#include <linux/arm-smccc.h>
#include <linux/build_bug.h>
#include <linux/errno.h>
#include <linux/string.h>

#include "conduit.h"
#include "uapi/linux/ffa_shim.h"

static int conduit = FFA_SHIM_CONDUIT_NONE;

int ffa_shim_conduit_init(u32 *smccc_version)
{
	u32 version = arm_smccc_get_version();

	/* Frames of 18 registers came with SMCCC 1.2, which FF-A is built on. */
	if (version < ARM_SMCCC_VERSION_1_2)
		return -EOPNOTSUPP;

	switch (arm_smccc_1_1_get_conduit()) {
	case SMCCC_CONDUIT_SMC:
		conduit = FFA_SHIM_CONDUIT_SMC;
		break;
	case SMCCC_CONDUIT_HVC:
		conduit = FFA_SHIM_CONDUIT_HVC;
		break;
	default:
		return -ENODEV;
	}
	*smccc_version = version;
	return conduit;
}

int ffa_shim_conduit_call(struct ffa_shim_frame *frame)
{
	struct arm_smccc_1_2_regs regs;

	static_assert(sizeof(regs) == sizeof(frame->x));
	memcpy(&regs, frame->x, sizeof(regs));
	switch (conduit) {
	case FFA_SHIM_CONDUIT_SMC:
		arm_smccc_1_2_smc(&regs, &regs);
		break;
	case FFA_SHIM_CONDUIT_HVC:
		arm_smccc_1_2_hvc(&regs, &regs);
		break;
	default:
		return -ENODEV;
	}
	memcpy(frame->x, &regs, sizeof(regs));
	return 0;
}
