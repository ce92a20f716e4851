/* SPDX-License-Identifier: BSD-3-Clause */
#include "psci.h"

#include "hyp.h"
#include "layout.h"
#include "lock.h"

/* Numbers of standard secure service calls that are PSCI's. */
#define PSCI_FID_MASK UINT32_C(0xbfffffe0)
#define PSCI_FID_BASE UINT32_C(0x84000000)
#define PSCI_CPU_ON UINT32_C(0x84000003)
#define PSCI_CPU_ON_64 UINT32_C(0xc4000003)
#define PSCI_AFFINITY_INFO_64 UINT32_C(0xc4000004)
#define PSCI_FEATURES UINT32_C(0x8400000a)
#define PSCI_AFFINITY_OFF 1
#define PSCI_INVALID_PARAMETERS (-2)
#define PSCI_ALREADY_ON (-4)

#define SMCCC_VERSION UINT32_C(0x80000000)
#define SMCCC_ARCH_FEATURES UINT32_C(0x80000001)
#define SMCCC_VERSION_1_2 0x10002 /* the first that has calls of 18 registers */
#define SMCCC_NOT_SUPPORTED (-1)

/* Where the guest wants a CPU to start. */
struct start {
	uint64_t entry, context;
};

static struct lock lock;
static struct start starts[HYP_CPUS_MAX];

static int64_t cpu_on(uint64_t target, uint64_t entry, uint64_t context)
{
	struct start *start;
	int64_t result = PSCI_ALREADY_ON;

	if (target >= HYP_CPUS_MAX)
		return PSCI_INVALID_PARAMETERS;
	start = &starts[target];
	lock_take(&lock);
	/* One that is on, or on its way, still needs what is in *start. */
	if (hyp_smc(PSCI_AFFINITY_INFO_64, target, 0, 0) == PSCI_AFFINITY_OFF) {
		*start = (struct start) { entry, context };
		result = hyp_smc(PSCI_CPU_ON_64, target, (uintptr_t)hyp_secondary_start, 0);
	}
	lock_release(&lock);
	return result;
}

void psci_secondary(void)
{
	const struct start *start = &starts[hyp_cpu()];

	hyp_guest_enter(start->entry, start->context);
}

static int64_t arch_features(uint32_t fid)
{
	return fid == SMCCC_VERSION || fid == SMCCC_ARCH_FEATURES ? 0 : SMCCC_NOT_SUPPORTED;
}

bool psci_call(struct ffa_regs *regs)
{
	uint32_t fid = ffa_regs_w(regs, 0);
	int64_t result;

	switch (fid) {
	case SMCCC_VERSION:
		result = SMCCC_VERSION_1_2;
		break;
	case SMCCC_ARCH_FEATURES:
		result = arch_features(ffa_regs_w(regs, 1));
		break;
	case PSCI_CPU_ON:
		result = cpu_on(ffa_regs_w(regs, 1), ffa_regs_w(regs, 2), ffa_regs_w(regs, 3));
		break;
	case PSCI_CPU_ON_64:
		result = cpu_on(regs->x[1], regs->x[2], regs->x[3]);
		break;
	default:
		if ((fid & PSCI_FID_MASK) != PSCI_FID_BASE)
			return false;
		/* The general services are ours, above PSCI. */
		if (fid == PSCI_FEATURES && ffa_regs_w(regs, 1) == SMCCC_VERSION)
			result = 0;
		else
			result = hyp_smc(regs->x[0], regs->x[1], regs->x[2], regs->x[3]);
	}
	regs->x[0] = (uint64_t)result;
	return true;
}
