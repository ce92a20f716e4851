/* SPDX-License-Identifier: BSD-3-Clause */
/* PSCI and the general services of SMCCC, for the guest (DEN0022, DEN0028). */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "abi/regs.h"

#define PSCI_SYSTEM_OFF UINT32_C(0x84000008)

/* Answer *regs when it is such a call. */
bool psci_call(struct ffa_regs *regs);
/* A CPU that PSCI has started: goes on in the guest, where the guest wanted it. */
_Noreturn void psci_secondary(void);
