/* SPDX-License-Identifier: BSD-3-Clause */
/* The simulated SPMC on this machine. */
#pragma once

#include <stdbool.h>

#include "abi/regs.h"

#include "fdt.h"

/* Once, before the guest starts: the built-in partitions, and the guest's memory as the normal world's. */
void spmc_init(const struct fdt_facts *facts);
/* Answer *regs when it is an FF-A call. */
bool spmc_call(unsigned int cpu, struct ffa_regs *regs);
