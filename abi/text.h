/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The one text form of a frame, shared by logs, traces and the CLI, for example
 *   FFA_MSG_SEND_DIRECT_REQ 0x0000 → 0x8001 w3=0x5a5a
 *   FFA_ERROR DENIED
 *   FFA_SUCCESS w2=0x2 w3=0x18
 * Registers that are zero and carry no meaning are left out; an unknown id is printed as a number.
 */
#pragma once

#include <stddef.h>

#include "regs.h"

#define FFA_TEXT_SIZE 512 /* enough for any frame, NUL included */

/* Always NUL-terminates when size > 0; returns the length that the whole text has. */
size_t ffa_text_call(const struct ffa_regs *regs, char *buf, size_t size);
/* `call_fid` is x0 of the call: the meaning of FFA_SUCCESS depends on it (FFA_VERSION has no FFA_SUCCESS). */
size_t ffa_text_reply(uint32_t call_fid, const struct ffa_regs *regs, char *buf, size_t size);
