/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * FFA_FEATURES (DEN0077 §13.3): w1 is a function id (bit 31 set) or a feature id; the reply's w2 and w3 hold
 * properties whose meaning follows from it. The feature ids are listed here, the function ids in
 * ffa_functions[].
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum ffa_feature_id {
	FFA_FEATURE_NPI = 1,          /* notification pending interrupt */
	FFA_FEATURE_SRI = 2,          /* schedule receiver interrupt */
	FFA_FEATURE_MEI = 3,          /* managed exit interrupt */
	FFA_FEATURE_NOTIFICATION = 4, /* 1.3: what kinds of notification there are */
};

#define FFA_FEATURES_FUNCTION (UINT32_C(1) << 31) /* w1 is a function id */
#define FFA_FEATURES_ID_MASK 0xffu                /* w1 of a feature id; [30:8] are zero */

/* One feature id. */
struct ffa_feature_info {
	uint32_t id;
	const char *name;        /* the specification's short form: "SRI" */
	const char *description; /* in words, without a full stop */
	uint32_t since;          /* first version: FFA_VERSION_1_1 … */
};

extern const struct ffa_feature_info ffa_features[];
extern const size_t ffa_features_count;

/* NULL: no feature id that this table knows. */
const struct ffa_feature_info *ffa_feature_info_find(uint32_t id);

/* May w1 of FFA_FEATURES have this value at all: a function id, or a feature id with [30:8] zero? */
bool ffa_features_query_valid(uint32_t w1);

/* w2 of the reply for FFA_MEM_DONATE, LEND and SHARE. */
#define FFA_FEATURE_MEM_DYNAMIC_BUFFER (1u << 0) /* descriptors may be in a buffer of the caller's */
/* w2 of the reply for FFA_MEM_RETRIEVE_REQ. */
#define FFA_FEATURE_RETRIEVE_DYNAMIC_BUFFER (1u << 0)
#define FFA_FEATURE_RETRIEVE_NS_BIT (1u << 1)     /* also w2 of the query: the caller knows the NS bit */
#define FFA_FEATURE_RETRIEVE_HYPERVISOR (1u << 2) /* a hypervisor may retrieve for the sake of reclaiming */
/* w2 of the reply for FFA_FEATURE_NOTIFICATION (1.3). */
#define FFA_FEATURE_NO_PER_VCPU_FOR_VMS (1u << 0)
#define FFA_FEATURE_NO_PER_VCPU_FOR_SPS (1u << 1)

/* w2 of the reply for FFA_RXTX_MAP. */
struct ffa_rxtx_properties {
	uint32_t min_size;  /* smallest size and alignment of each buffer in bytes: 4096, 16384 or 65536 */
	uint16_t max_pages; /* largest size in pages of 4 KiB; 0: not stated (before 1.2) */
};

/* -EINVAL for a min_size that has no encoding. */
int ffa_rxtx_properties_encode(const struct ffa_rxtx_properties *properties, uint32_t *ret_w2);
/* -EBADMSG for the reserved size code. [15:2] are left to future versions. */
int ffa_rxtx_properties_decode(uint32_t w2, struct ffa_rxtx_properties *ret_properties);
