/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A hypervisor for tests: one guest at EL1 that has the whole machine but for the hypervisor's own memory,
 * and FF-A firmware that it reaches by HVC: the simulated SPMC, at EL2. What the guest asks of PSCI goes on
 * to the real one.
 */
#pragma once

#include <stdint.h>

#include "abi/regs.h"

/* Registers of the guest while it is here; start.S knows the layout. */
struct trap_frame {
	struct ffa_regs regs; /* x0-x17 */
	uint64_t rest[13];    /* x18-x30 */
	uint64_t padding;
};

_Static_assert(sizeof(struct trap_frame) == 256, "FRAME_SIZE of start.S");

/* start.S */
_Noreturn void hyp_guest_enter(uint64_t entry, uint64_t x0);
int64_t hyp_smc(uint64_t fid, uint64_t x1, uint64_t x2, uint64_t x3);
extern const char hyp_secondary_start[], hyp_vectors[];

/* Called from start.S. */
_Noreturn void hyp_main(void *fdt);
_Noreturn void hyp_secondary_main(void);
_Noreturn void hyp_unexpected(uint64_t esr, uint64_t elr);
void hyp_trap(struct trap_frame *frame);

/* Say why on the console and turn the machine off. */
_Noreturn void hyp_panic(const char *why, uint64_t value);
/* Index of this CPU. */
unsigned int hyp_cpu(void);
