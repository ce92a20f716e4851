/* SPDX-License-Identifier: BSD-3-Clause */
#include "features.h"

#include "linux_errno.h"
#include "version.h"

const struct ffa_feature_info ffa_features[] = {
	{ FFA_FEATURE_NPI, "NPI", "notification pending interrupt", FFA_VERSION_1_1 },
	{ FFA_FEATURE_SRI, "SRI", "schedule receiver interrupt", FFA_VERSION_1_1 },
	{ FFA_FEATURE_MEI, "MEI", "managed exit interrupt", FFA_VERSION_1_1 },
	{ FFA_FEATURE_NOTIFICATION, "NOTIFICATION", "kinds of notification", FFA_VERSION_1_3 },
};

const size_t ffa_features_count = sizeof(ffa_features) / sizeof(ffa_features[0]);

const struct ffa_feature_info *ffa_feature_info_find(uint32_t id)
{
	for (size_t i = 0; i < ffa_features_count; i++)
		if (ffa_features[i].id == id)
			return &ffa_features[i];
	return NULL;
}

bool ffa_features_query_valid(uint32_t w1)
{
	return (w1 & FFA_FEATURES_FUNCTION) || !(w1 & ~FFA_FEATURES_ID_MASK);
}

#define RXTX_SIZE_MASK 3u
#define RXTX_MAX_PAGES_SHIFT 16

/* Indexed by w2[1:0]; the fourth code is reserved. */
static const uint32_t rxtx_sizes[] = { 4096, 65536, 16384 };

#define RXTX_SIZES_COUNT (sizeof(rxtx_sizes) / sizeof(rxtx_sizes[0]))

int ffa_rxtx_properties_encode(const struct ffa_rxtx_properties *properties, uint32_t *ret_w2)
{
	for (uint32_t code = 0; code < RXTX_SIZES_COUNT; code++) {
		if (rxtx_sizes[code] == properties->min_size) {
			*ret_w2 = code | (uint32_t)properties->max_pages << RXTX_MAX_PAGES_SHIFT;
			return 0;
		}
	}
	return -LINUX_EINVAL;
}

int ffa_rxtx_properties_decode(uint32_t w2, struct ffa_rxtx_properties *ret_properties)
{
	uint32_t code = w2 & RXTX_SIZE_MASK;

	if (code >= RXTX_SIZES_COUNT)
		return -LINUX_EBADMSG;
	*ret_properties = (struct ffa_rxtx_properties) {
		.min_size = rxtx_sizes[code],
		.max_pages = (uint16_t)(w2 >> RXTX_MAX_PAGES_SHIFT),
	};
	return 0;
}
