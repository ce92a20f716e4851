/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Function ids (DEN0077 §11, table of reference FF-A 1.0 to 1.3): SMCCC fast calls of the standard
 * secure service range, numbers 0x60 to 0x97.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "regs.h"

#define FFA_FID_32(number) (UINT32_C(0x84000000) | (number))
#define FFA_FID_64(number) (UINT32_C(0xc4000000) | (number))
#define FFA_FID_IS_64(fid) (((fid)&UINT32_C(0x40000000)) != 0)
#define FFA_FID_NUMBER(fid) ((fid)&0xffffu)
#define FFA_FID_FIRST 0x60
#define FFA_FID_LAST 0x97

#define FFA_ERROR FFA_FID_32(0x60)
#define FFA_ERROR_64 FFA_FID_64(0x60)
#define FFA_SUCCESS FFA_FID_32(0x61)
#define FFA_SUCCESS_64 FFA_FID_64(0x61)
#define FFA_INTERRUPT FFA_FID_32(0x62)
#define FFA_INTERRUPT_64 FFA_FID_64(0x62)
#define FFA_VERSION FFA_FID_32(0x63)
#define FFA_FEATURES FFA_FID_32(0x64)
#define FFA_RX_RELEASE FFA_FID_32(0x65)
#define FFA_RXTX_MAP FFA_FID_32(0x66)
#define FFA_RXTX_MAP_64 FFA_FID_64(0x66)
#define FFA_RXTX_UNMAP FFA_FID_32(0x67)
#define FFA_PARTITION_INFO_GET FFA_FID_32(0x68)
#define FFA_ID_GET FFA_FID_32(0x69)
#define FFA_MSG_POLL FFA_FID_32(0x6a)
#define FFA_MSG_WAIT FFA_FID_32(0x6b)
#define FFA_MSG_WAIT_64 FFA_FID_64(0x6b)
#define FFA_YIELD FFA_FID_32(0x6c)
#define FFA_YIELD_64 FFA_FID_64(0x6c)
#define FFA_RUN FFA_FID_32(0x6d)
#define FFA_RUN_64 FFA_FID_64(0x6d)
#define FFA_MSG_SEND FFA_FID_32(0x6e)
#define FFA_MSG_SEND_DIRECT_REQ FFA_FID_32(0x6f)
#define FFA_MSG_SEND_DIRECT_REQ_64 FFA_FID_64(0x6f)
#define FFA_MSG_SEND_DIRECT_RESP FFA_FID_32(0x70)
#define FFA_MSG_SEND_DIRECT_RESP_64 FFA_FID_64(0x70)
#define FFA_MEM_DONATE FFA_FID_32(0x71)
#define FFA_MEM_DONATE_64 FFA_FID_64(0x71)
#define FFA_MEM_LEND FFA_FID_32(0x72)
#define FFA_MEM_LEND_64 FFA_FID_64(0x72)
#define FFA_MEM_SHARE FFA_FID_32(0x73)
#define FFA_MEM_SHARE_64 FFA_FID_64(0x73)
#define FFA_MEM_RETRIEVE_REQ FFA_FID_32(0x74)
#define FFA_MEM_RETRIEVE_REQ_64 FFA_FID_64(0x74)
#define FFA_MEM_RETRIEVE_RESP FFA_FID_32(0x75)
#define FFA_MEM_RELINQUISH FFA_FID_32(0x76)
#define FFA_MEM_RECLAIM FFA_FID_32(0x77)
#define FFA_MEM_OP_PAUSE FFA_FID_32(0x78)
#define FFA_MEM_OP_RESUME FFA_FID_32(0x79)
#define FFA_MEM_FRAG_RX FFA_FID_32(0x7a)
#define FFA_MEM_FRAG_TX FFA_FID_32(0x7b)
#define FFA_NORMAL_WORLD_RESUME FFA_FID_32(0x7c)
#define FFA_NOTIFICATION_BITMAP_CREATE FFA_FID_32(0x7d)
#define FFA_NOTIFICATION_BITMAP_DESTROY FFA_FID_32(0x7e)
#define FFA_NOTIFICATION_BIND FFA_FID_32(0x7f)
#define FFA_NOTIFICATION_UNBIND FFA_FID_32(0x80)
#define FFA_NOTIFICATION_SET FFA_FID_32(0x81)
#define FFA_NOTIFICATION_GET FFA_FID_32(0x82)
#define FFA_NOTIFICATION_INFO_GET FFA_FID_32(0x83)
#define FFA_NOTIFICATION_INFO_GET_64 FFA_FID_64(0x83)
#define FFA_RX_ACQUIRE FFA_FID_32(0x84)
#define FFA_SPM_ID_GET FFA_FID_32(0x85)
#define FFA_MSG_SEND2 FFA_FID_32(0x86)
#define FFA_SECONDARY_EP_REGISTER_64 FFA_FID_64(0x87)
#define FFA_MEM_PERM_GET FFA_FID_32(0x88)
#define FFA_MEM_PERM_GET_64 FFA_FID_64(0x88)
#define FFA_MEM_PERM_SET FFA_FID_32(0x89)
#define FFA_MEM_PERM_SET_64 FFA_FID_64(0x89)
#define FFA_CONSOLE_LOG FFA_FID_32(0x8a)
#define FFA_CONSOLE_LOG_64 FFA_FID_64(0x8a)
#define FFA_PARTITION_INFO_GET_REGS FFA_FID_64(0x8b)
#define FFA_EL3_INTR_HANDLE FFA_FID_32(0x8c)
#define FFA_MSG_SEND_DIRECT_REQ2 FFA_FID_64(0x8d)
#define FFA_MSG_SEND_DIRECT_RESP2 FFA_FID_64(0x8e)
#define FFA_NS_RES_INFO_GET FFA_FID_64(0x8f)
#define FFA_ABORT FFA_FID_32(0x90)
#define FFA_ABORT_64 FFA_FID_64(0x90)
#define FFA_NOTIFICATION_BIND2 FFA_FID_64(0x94)
#define FFA_NOTIFICATION_UNBIND2 FFA_FID_64(0x95)
#define FFA_NOTIFICATION_SET2 FFA_FID_64(0x96)
#define FFA_NOTIFICATION_GET2 FFA_FID_64(0x97)

/* One function of the specification: the table is ffa_functions[]. */
struct ffa_function {
	const char *name;    /* "FFA_VERSION"; the SMC64 form has the same name */
	uint8_t number;      /* 0x60 … 0x97 */
	bool has_32, has_64; /* which conventions exist */
	uint32_t since;      /* first version: FFA_VERSION_1_0 … */
	uint32_t since_64;   /* first version of the SMC64 form when that is younger, otherwise 0 */
	uint32_t until;      /* last version, 0 while it exists */
	bool reply;          /* used as a return frame (ERROR, SUCCESS, INTERRUPT, …) */
	bool ns_call;        /* a normal-world physical caller may issue it, be it OS or hypervisor */
	uint32_t args;       /* bit n: register n has meaning in the call (x0 included); the rest MBZ */
	uint32_t late_args;  /* those of `args` that have it only from late_since on */
	uint32_t late_since; /* 0 when late_args is */
};

extern const struct ffa_function ffa_functions[];
extern const size_t ffa_functions_count;

/* NULL: not an FF-A function id, or a convention (32/64) that does not exist for it in any version. */
const struct ffa_function *ffa_function_find(uint32_t fid);
/* "FFA_VERSION" / "FFA_MSG_SEND_DIRECT_REQ" (both conventions); NULL when unknown. */
const char *ffa_fid_name(uint32_t fid);
/* Does this version define the function in the id's convention? Versions above 1.3 are read as 1.3. */
bool ffa_function_exists(uint32_t fid, uint32_t version);
/* Number of registers that a frame with this id defines at this version: 8 or 18. */
unsigned int ffa_function_regs(uint32_t fid, uint32_t version);
/*
 * Bit n: register n may be other than zero in this call at this version; 0 for an id that the version does
 * not define. The other registers among the first ffa_function_regs() must be zero.
 */
uint32_t ffa_function_args(uint32_t fid, uint32_t version);
