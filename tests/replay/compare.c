/* SPDX-License-Identifier: BSD-3-Clause */
#include "compare.h"

#include "abi/error.h"
#include "abi/fid.h"

#define W(n) (UINT32_C(1) << (n))
#define TO(n) (W((n) + 1) - 1)

static uint32_t success_registers(uint32_t call_fid)
{
	switch (call_fid) {
	case FFA_ID_GET:
	case FFA_SPM_ID_GET:
		return W(0) | W(2);
	case FFA_FEATURES:
	case FFA_PARTITION_INFO_GET:
	case FFA_MEM_SHARE:
	case FFA_MEM_SHARE_64:
	case FFA_MEM_LEND:
	case FFA_MEM_LEND_64:
	case FFA_MEM_DONATE:
	case FFA_MEM_DONATE_64:
	case FFA_MEM_FRAG_TX:
		return W(0) | W(2) | W(3);
	case FFA_NOTIFICATION_GET:
	case FFA_NOTIFICATION_INFO_GET:
	case FFA_NOTIFICATION_INFO_GET_64:
		return W(0) | (TO(7) & ~TO(1));
	case FFA_PARTITION_INFO_GET_REGS:
		return W(0) | (TO(17) & ~TO(1));
	default:
		return W(0);
	}
}

uint32_t compare_registers(uint32_t call_fid, const struct ffa_regs *reply, bool *ret_is_64)
{
	uint32_t fid = ffa_regs_w(reply, 0);

	*ret_is_64 = false;
	if (call_fid == FFA_VERSION)
		return W(0);
	*ret_is_64 = FFA_FID_IS_64(fid);
	switch (fid) {
	case FFA_ERROR:
	case FFA_ERROR_64:
		return W(0) | W(2);
	case FFA_SUCCESS:
	case FFA_SUCCESS_64:
		return success_registers(call_fid);
	case FFA_MSG_WAIT:
		return W(0);
	case FFA_INTERRUPT:
		return TO(1);
	case FFA_YIELD:
	case FFA_MEM_FRAG_RX:
	case FFA_MEM_FRAG_TX:
	case FFA_MEM_RETRIEVE_RESP:
		return TO(3);
	case FFA_MSG_SEND_DIRECT_RESP2:
		return TO(17);
	default:
		return TO(7);
	}
}

bool compare_replies(uint32_t call_fid, const struct ffa_regs *expected, const struct ffa_regs *got)
{
	bool is_64;
	uint32_t registers = compare_registers(call_fid, expected, &is_64);

	for (unsigned int i = 0; i < FFA_REGS_COUNT; i++) {
		/* A function id is 32 bits wide in both conventions. */
		uint64_t mask = is_64 && i > 0 ? UINT64_MAX : UINT32_MAX;

		if ((registers & W(i)) != 0 && ((expected->x[i] ^ got->x[i]) & mask) != 0)
			return false;
	}
	return true;
}

bool compare_failed(uint32_t call_fid, const struct ffa_regs *reply)
{
	uint32_t fid = ffa_regs_w(reply, 0);

	return fid == FFA_ERROR || fid == FFA_ERROR_64 || fid == (uint32_t)FFA_NOT_SUPPORTED;
}

bool compare_same_outcome(uint32_t call_fid, const struct ffa_regs *expected, const struct ffa_regs *got)
{
	bool failed = compare_failed(call_fid, expected);

	if (failed != compare_failed(call_fid, got))
		return false;
	return failed || call_fid == FFA_VERSION || ffa_regs_w(expected, 0) == ffa_regs_w(got, 0);
}
