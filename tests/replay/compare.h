/* SPDX-License-Identifier: BSD-3-Clause */
/* When two replies to the same call are the same. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "abi/regs.h"

/*
 * Registers that the reply defines, as bits, and whether as 32-bit values: low halves of w0-w7 for SMC32, w0
 * and w2 of FFA_ERROR, of FFA_SUCCESS those that the called function fills.
 */
uint32_t compare_registers(uint32_t call_fid, const struct ffa_regs *reply, bool *ret_is_64);

bool compare_replies(uint32_t call_fid, const struct ffa_regs *expected, const struct ffa_regs *got);

/* Does the reply say that the call failed? */
bool compare_failed(uint32_t call_fid, const struct ffa_regs *reply);
/* Would two replies that differ leave the firmware in different states? */
bool compare_same_outcome(uint32_t call_fid, const struct ffa_regs *expected, const struct ffa_regs *got);
