/* SPDX-License-Identifier: BSD-3-Clause */
#include "features.h"

#include "version.h"

const struct ffa_feature ffa_features[] = {
	{ FFA_FEATURE_NPI, FFA_VERSION_1_1, "notification pending interrupt" },
	{ FFA_FEATURE_SRI, FFA_VERSION_1_1, "schedule receiver interrupt" },
	{ FFA_FEATURE_MEI, FFA_VERSION_1_1, "managed exit interrupt" },
	{ FFA_FEATURE_NOTIFICATION, FFA_VERSION_1_3, "notification kinds" },
};
const size_t ffa_features_count = sizeof(ffa_features) / sizeof(*ffa_features);
