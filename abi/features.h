/* SPDX-License-Identifier: BSD-3-Clause */
/* Feature ids of FFA_FEATURES, the ones that are no function ids (DEN0077 table 13.13). */
#pragma once

#include <stddef.h>
#include <stdint.h>

#define FFA_FEATURE_NPI 1          /* notification pending interrupt; w2: its INTID */
#define FFA_FEATURE_SRI 2          /* schedule receiver interrupt; w2: its INTID */
#define FFA_FEATURE_MEI 3          /* managed exit interrupt; w2: its INTID */
#define FFA_FEATURE_NOTIFICATION 4 /* 1.3: what kinds of notification there are */

struct ffa_feature {
	uint32_t id;
	uint32_t since; /* FFA_VERSION_1_1 … */
	const char *name;
};

extern const struct ffa_feature ffa_features[];
extern const size_t ffa_features_count;
