/* SPDX-License-Identifier: BSD-3-Clause */
#include "fid.h"

#include "version.h"

#define W(n) (UINT32_C(1) << (n))
/* x0 to xN. */
#define TO(n) (W((n) + 1) - 1)

#define FORM_32 .has_32 = true
#define FORM_64 .has_64 = true
#define FORM_BOTH .has_32 = true, .has_64 = true
#define V1_0 .since = FFA_VERSION_1_0
#define V1_1 .since = FFA_VERSION_1_1
#define V1_2 .since = FFA_VERSION_1_2
#define V1_3 .since = FFA_VERSION_1_3
#define LATE(version, mask) .late_since = (version), .late_args = (mask)

/* In the order of their numbers, so that a look-up needs no search. */
const struct ffa_function ffa_functions[] = {
	{ "FFA_ERROR", 0x60, FORM_BOTH, V1_0, .since_64 = FFA_VERSION_1_3, .reply = true, .args = TO(3),
	  LATE(FFA_VERSION_1_3, W(3)) },
	{ "FFA_SUCCESS", 0x61, FORM_BOTH, V1_0, .reply = true, .args = TO(17) },
	{ "FFA_INTERRUPT", 0x62, FORM_BOTH, V1_0, .since_64 = FFA_VERSION_1_3, .reply = true, .args = TO(2) },
	{ "FFA_VERSION", 0x63, FORM_32, V1_0, .ns_call = true, .args = TO(2), LATE(FFA_VERSION_1_3, W(2)) },
	{ "FFA_FEATURES", 0x64, FORM_32, V1_0, .ns_call = true, .args = TO(2) },
	{ "FFA_RX_RELEASE", 0x65, FORM_32, V1_0, .ns_call = true, .args = TO(1) },
	{ "FFA_RXTX_MAP", 0x66, FORM_BOTH, V1_0, .ns_call = true, .args = TO(3) },
	{ "FFA_RXTX_UNMAP", 0x67, FORM_32, V1_0, .ns_call = true, .args = TO(1) },
	{ "FFA_PARTITION_INFO_GET", 0x68, FORM_32, V1_0, .ns_call = true, .args = TO(5),
	  LATE(FFA_VERSION_1_1, W(5)) },
	{ "FFA_ID_GET", 0x69, FORM_32, V1_0, .ns_call = true, .args = TO(0) },
	{ "FFA_MSG_POLL", 0x6a, FORM_32, V1_0, .until = FFA_VERSION_1_0, .args = TO(0) },
	{ "FFA_MSG_WAIT", 0x6b, FORM_BOTH, V1_0, .since_64 = FFA_VERSION_1_3, .reply = true,
	  .args = W(0) | W(2), LATE(FFA_VERSION_1_2, W(2)) },
	{ "FFA_YIELD", 0x6c, FORM_BOTH, V1_0, .since_64 = FFA_VERSION_1_3, .reply = true, .args = TO(3),
	  LATE(FFA_VERSION_1_2, W(2) | W(3)) },
	{ "FFA_RUN", 0x6d, FORM_BOTH, V1_0, .since_64 = FFA_VERSION_1_3, .ns_call = true, .args = TO(1) },
	{ "FFA_MSG_SEND", 0x6e, FORM_32, V1_0, .until = FFA_VERSION_1_0, .ns_call = true,
	  .args = W(0) | W(1) | W(3) | W(4) },
	{ "FFA_MSG_SEND_DIRECT_REQ", 0x6f, FORM_BOTH, V1_0, .ns_call = true, .args = TO(17),
	  LATE(FFA_VERSION_1_3, TO(17) & ~TO(7)) },
	{ "FFA_MSG_SEND_DIRECT_RESP", 0x70, FORM_BOTH, V1_0, .reply = true, .args = TO(17),
	  LATE(FFA_VERSION_1_3, TO(17) & ~TO(7)) },
	{ "FFA_MEM_DONATE", 0x71, FORM_BOTH, V1_0, .ns_call = true, .args = TO(4) },
	{ "FFA_MEM_LEND", 0x72, FORM_BOTH, V1_0, .ns_call = true, .args = TO(4) },
	{ "FFA_MEM_SHARE", 0x73, FORM_BOTH, V1_0, .ns_call = true, .args = TO(4) },
	{ "FFA_MEM_RETRIEVE_REQ", 0x74, FORM_BOTH, V1_0, .ns_call = true, .args = TO(4) },
	{ "FFA_MEM_RETRIEVE_RESP", 0x75, FORM_32, V1_0, .reply = true, .args = TO(2) },
	{ "FFA_MEM_RELINQUISH", 0x76, FORM_32, V1_0, .ns_call = true, .args = TO(0) },
	{ "FFA_MEM_RECLAIM", 0x77, FORM_32, V1_0, .ns_call = true, .args = TO(3) },
	{ "FFA_MEM_OP_PAUSE", 0x78, FORM_32, V1_0, .reply = true, .ns_call = true, .args = TO(2) },
	{ "FFA_MEM_OP_RESUME", 0x79, FORM_32, V1_0, .ns_call = true, .args = TO(2) },
	{ "FFA_MEM_FRAG_RX", 0x7a, FORM_32, V1_0, .reply = true, .ns_call = true, .args = TO(4) },
	{ "FFA_MEM_FRAG_TX", 0x7b, FORM_32, V1_0, .reply = true, .ns_call = true, .args = TO(4) },
	{ "FFA_NORMAL_WORLD_RESUME", 0x7c, FORM_BOTH, V1_0, .since_64 = FFA_VERSION_1_3, .args = TO(0) },
	{ "FFA_NOTIFICATION_BITMAP_CREATE", 0x7d, FORM_32, V1_1, .ns_call = true, .args = TO(2) },
	{ "FFA_NOTIFICATION_BITMAP_DESTROY", 0x7e, FORM_32, V1_1, .ns_call = true, .args = TO(1) },
	{ "FFA_NOTIFICATION_BIND", 0x7f, FORM_32, V1_1, .ns_call = true, .args = TO(4) },
	{ "FFA_NOTIFICATION_UNBIND", 0x80, FORM_32, V1_1, .ns_call = true, .args = TO(4) & ~W(2) },
	{ "FFA_NOTIFICATION_SET", 0x81, FORM_32, V1_1, .ns_call = true, .args = TO(4) },
	{ "FFA_NOTIFICATION_GET", 0x82, FORM_32, V1_1, .ns_call = true, .args = TO(2) },
	{ "FFA_NOTIFICATION_INFO_GET", 0x83, FORM_BOTH, V1_1, .ns_call = true, .args = TO(0) },
	{ "FFA_RX_ACQUIRE", 0x84, FORM_32, V1_1, .ns_call = true, .args = TO(1) },
	{ "FFA_SPM_ID_GET", 0x85, FORM_32, V1_1, .ns_call = true, .args = TO(0) },
	{ "FFA_MSG_SEND2", 0x86, FORM_32, V1_1, .ns_call = true, .args = TO(2) },
	{ "FFA_SECONDARY_EP_REGISTER", 0x87, FORM_64, V1_1, .args = TO(1) },
	{ "FFA_MEM_PERM_GET", 0x88, FORM_BOTH, V1_1, .args = TO(2), LATE(FFA_VERSION_1_3, W(2)) },
	{ "FFA_MEM_PERM_SET", 0x89, FORM_BOTH, V1_1, .args = TO(3) },
	{ "FFA_CONSOLE_LOG", 0x8a, FORM_BOTH, V1_2, .args = TO(17) },
	{ "FFA_PARTITION_INFO_GET_REGS", 0x8b, FORM_64, V1_2, .ns_call = true, .args = TO(3) },
	{ "FFA_EL3_INTR_HANDLE", 0x8c, FORM_32, V1_2, .args = TO(0) },
	{ "FFA_MSG_SEND_DIRECT_REQ2", 0x8d, FORM_64, V1_2, .ns_call = true, .args = TO(17) },
	{ "FFA_MSG_SEND_DIRECT_RESP2", 0x8e, FORM_64, V1_2, .reply = true, .args = TO(17) & ~(W(2) | W(3)) },
	{ "FFA_NS_RES_INFO_GET", 0x8f, FORM_64, V1_3, .ns_call = true, .args = TO(2) },
	{ "FFA_ABORT", 0x90, FORM_BOTH, V1_3, .args = W(0) | W(2) },
	/* The register layout of the 1.3 forms is not settled: no register is called reserved. */
	{ "FFA_NOTIFICATION_BIND2", 0x94, FORM_64, V1_3, .ns_call = true, .args = TO(17) },
	{ "FFA_NOTIFICATION_UNBIND2", 0x95, FORM_64, V1_3, .ns_call = true, .args = TO(17) },
	{ "FFA_NOTIFICATION_SET2", 0x96, FORM_64, V1_3, .ns_call = true, .args = TO(17) },
	{ "FFA_NOTIFICATION_GET2", 0x97, FORM_64, V1_3, .ns_call = true, .args = TO(17) },
};

const size_t ffa_functions_count = sizeof(ffa_functions) / sizeof(ffa_functions[0]);

/* Numbers that no function has yet lie between 0x90 and 0x94. */
#define NUMBER_GAP_FIRST 0x91
#define NUMBER_GAP_LAST 0x93

const struct ffa_function *ffa_function_find(uint32_t fid)
{
	uint32_t number = FFA_FID_NUMBER(fid);
	const struct ffa_function *function;
	size_t i;

	if (fid != FFA_FID_32(number) && fid != FFA_FID_64(number))
		return NULL;
	if (number < FFA_FID_FIRST || number > FFA_FID_LAST)
		return NULL;
	if (number >= NUMBER_GAP_FIRST && number <= NUMBER_GAP_LAST)
		return NULL;
	i = number - FFA_FID_FIRST;
	if (number > NUMBER_GAP_LAST)
		i -= NUMBER_GAP_LAST - NUMBER_GAP_FIRST + 1;
	function = &ffa_functions[i];
	return (FFA_FID_IS_64(fid) ? function->has_64 : function->has_32) ? function : NULL;
}

const char *ffa_fid_name(uint32_t fid)
{
	const struct ffa_function *function = ffa_function_find(fid);

	return function ? function->name : NULL;
}

bool ffa_function_exists(uint32_t fid, uint32_t version)
{
	const struct ffa_function *function = ffa_function_find(fid);

	if (!function || version < function->since || (function->until && version > function->until))
		return false;
	return !FFA_FID_IS_64(fid) || version >= function->since_64;
}

unsigned int ffa_function_regs(uint32_t fid, uint32_t version)
{
	return FFA_FID_IS_64(fid) && version >= FFA_VERSION_1_2 ? FFA_REGS_COUNT : 8;
}

uint32_t ffa_function_args(uint32_t fid, uint32_t version)
{
	const struct ffa_function *function = ffa_function_find(fid);
	uint32_t args;

	if (!ffa_function_exists(fid, version))
		return 0;
	args = function->args;
	if (version < function->late_since)
		args &= ~function->late_args;
	return args & TO(ffa_function_regs(fid, version) - 1);
}
