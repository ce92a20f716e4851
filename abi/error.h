/* SPDX-License-Identifier: BSD-3-Clause */
/* FF-A error codes (DEN0077 table 12.2): signed 32 bit, in w2 of FFA_ERROR. */
#pragma once

#include <stdint.h>

enum ffa_error {
	FFA_OK = 0,
	FFA_NOT_SUPPORTED = -1,
	FFA_INVALID_PARAMETERS = -2,
	FFA_NO_MEMORY = -3,
	FFA_BUSY = -4,
	FFA_INTERRUPTED = -5,
	FFA_DENIED = -6,
	FFA_RETRY = -7,
	FFA_ABORTED = -8,
	FFA_NO_DATA = -9,
	FFA_NOT_READY = -10,
};

/* Name without prefix ("DENIED"); NULL for a number that is no FF-A error code. */
const char *ffa_error_name(int32_t error);

/*
 * Negative errno as Linux's arm_ffa driver maps it (NOT_SUPPORTED -EOPNOTSUPP, INVALID_PARAMETERS
 * -EINVAL, …); 0 for FFA_OK, -EINVAL for an unknown code. The numbers are Linux's; the header needs
 * no <errno.h>, so that the code stays freestanding.
 */
int ffa_error_to_errno(int32_t error);
