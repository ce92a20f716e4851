/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The register frame of one FF-A call or reply (DEN0077 §11, SMCCC §2.6).
 *
 * A frame always has room for x0-x17. Which of them carry meaning follows from the function id:
 * SMC32 w0-w7, SMC64 x0-x7 up to FF-A 1.1 and x0-x17 from 1.2 on (ffa_function_regs()).
 */
#pragma once

#include <stdint.h>

#define FFA_REGS_COUNT 18

struct ffa_regs {
	uint64_t x[FFA_REGS_COUNT];
};

/* The low half of xN: what an SMC32 frame defines. */
static inline uint32_t ffa_regs_w(const struct ffa_regs *regs, unsigned int n)
{
	return (uint32_t)regs->x[n];
}

/* A 64-bit value that travels as two 32-bit registers: low word in wN, high word in wN+1. */
static inline uint64_t ffa_regs_w64(const struct ffa_regs *regs, unsigned int n)
{
	return (uint64_t)ffa_regs_w(regs, n) | (uint64_t)ffa_regs_w(regs, n + 1) << 32;
}

static inline void ffa_regs_set_w64(struct ffa_regs *regs, unsigned int n, uint64_t value)
{
	regs->x[n] = (uint32_t)value;
	regs->x[n + 1] = value >> 32;
}
