/* SPDX-License-Identifier: BSD-3-Clause */
#include "profile.h"

#include "abi/direct.h"
#include "abi/features.h"
#include "abi/fid.h"
#include "abi/partition_info.h"
#include "abi/version.h"

#include "sim.h"

#define SPMC_ID 0x8000
#define SRI_INTID 8

/* Values of FFA_FEATURES (DEN0077 table 13.13 and following). */
#define NOTIFICATION_NO_PER_VCPU 3u
#define SHARE_DYNAMIC_BUFFER (1u << 0)
#define RETRIEVE_NS_BIT (1u << 1)
#define RETRIEVE_HYPERVISOR (1u << 2)

static const struct sim_refusal spec_refusals[] = {
	{ FFA_RX_ACQUIRE, FFA_NOT_SUPPORTED },
	{ 0, 0 },
};

static const struct sim_refusal hafnium_refusals[] = {
	{ FFA_RXTX_MAP, FFA_NOT_SUPPORTED },
	{ FFA_NORMAL_WORLD_RESUME, FFA_DENIED },
	{ FFA_MSG_SEND_DIRECT_RESP, FFA_INVALID_PARAMETERS },
	{ FFA_MSG_SEND_DIRECT_RESP_64, FFA_INVALID_PARAMETERS },
	{ FFA_MSG_SEND_DIRECT_RESP2, FFA_INVALID_PARAMETERS },
	{ FFA_RUN_64, FFA_NOT_SUPPORTED },
	{ 0, 0 },
};

static const struct sim_refusal el3_refusals[] = {
	{ FFA_MEM_DONATE, FFA_NOT_SUPPORTED },
	{ FFA_MEM_DONATE_64, FFA_NOT_SUPPORTED },
	{ FFA_MEM_RETRIEVE_REQ, FFA_NOT_SUPPORTED },
	{ FFA_MEM_RETRIEVE_REQ_64, FFA_NOT_SUPPORTED },
	{ FFA_MEM_RELINQUISH, FFA_NOT_SUPPORTED },
	{ FFA_MEM_FRAG_RX, FFA_NOT_SUPPORTED },
	{ FFA_RX_ACQUIRE, FFA_NOT_SUPPORTED },
	{ FFA_PARTITION_INFO_GET_REGS, FFA_NOT_SUPPORTED },
	{ FFA_NORMAL_WORLD_RESUME, FFA_DENIED },
	{ FFA_RUN_64, FFA_NOT_SUPPORTED },
	{ 0, 0 },
};

static const struct sim_refusal optee_refusals[] = {
	{ FFA_MEM_DONATE, FFA_NOT_SUPPORTED },
	{ FFA_MEM_DONATE_64, FFA_NOT_SUPPORTED },
	{ FFA_MEM_RETRIEVE_REQ, FFA_NOT_SUPPORTED },
	{ FFA_MEM_RETRIEVE_REQ_64, FFA_NOT_SUPPORTED },
	{ FFA_MEM_RELINQUISH, FFA_NOT_SUPPORTED },
	{ FFA_MEM_FRAG_RX, FFA_NOT_SUPPORTED },
	{ FFA_RX_ACQUIRE, FFA_NOT_SUPPORTED },
	{ FFA_PARTITION_INFO_GET_REGS, FFA_NOT_SUPPORTED },
	{ FFA_MSG_SEND_DIRECT_REQ2, FFA_NOT_SUPPORTED },
	{ FFA_NORMAL_WORLD_RESUME, FFA_DENIED },
	{ FFA_RUN_64, FFA_NOT_SUPPORTED },
	{ 0, 0 },
};

static const struct sim_feature hafnium_features[] = {
	{ FFA_ERROR, 0, 0 },
	{ FFA_SUCCESS, 0, 0 },
	{ FFA_SUCCESS_64, 0, 0 },
	{ FFA_INTERRUPT, 0, 0 },
	{ FFA_VERSION, 0, 0 },
	{ FFA_FEATURES, 0, 0 },
	{ FFA_RX_RELEASE, 0, 0 },
	{ FFA_RXTX_MAP_64, 0, 0 },
	{ FFA_RXTX_UNMAP, 0, 0 },
	{ FFA_PARTITION_INFO_GET, 0, 0 },
	{ FFA_ID_GET, 0, 0 },
	{ FFA_MSG_WAIT, 0, 0 },
	{ FFA_RUN, 0, 0 },
	{ FFA_MEM_DONATE, 0, 0 },
	{ FFA_MEM_DONATE_64, 0, 0 },
	{ FFA_MEM_LEND, 0, 0 },
	{ FFA_MEM_LEND_64, 0, 0 },
	{ FFA_MEM_SHARE, 0, 0 },
	{ FFA_MEM_SHARE_64, 0, 0 },
	{ FFA_MEM_RETRIEVE_REQ, RETRIEVE_NS_BIT | RETRIEVE_HYPERVISOR, RETRIEVE_NS_BIT },
	{ FFA_MEM_RETRIEVE_REQ_64, RETRIEVE_NS_BIT | RETRIEVE_HYPERVISOR, RETRIEVE_NS_BIT },
	{ FFA_MEM_RETRIEVE_RESP, 0, 0 },
	{ FFA_MEM_RELINQUISH, 0, 0 },
	{ FFA_MEM_RECLAIM, 0, 0 },
	{ FFA_MEM_FRAG_RX, 0, 0 },
	{ FFA_MEM_FRAG_TX, 0, 0 },
	{ FFA_MSG_SEND_DIRECT_REQ, 0, 0 },
	{ FFA_MSG_SEND_DIRECT_REQ_64, 0, 0 },
	{ FFA_MSG_SEND_DIRECT_RESP, 0, 0 },
	{ FFA_MSG_SEND_DIRECT_RESP_64, 0, 0 },
	{ FFA_SPM_ID_GET, 0, 0 },
	{ FFA_NOTIFICATION_BITMAP_CREATE, 0, 0 },
	{ FFA_NOTIFICATION_BITMAP_DESTROY, 0, 0 },
	{ FFA_NOTIFICATION_BIND, 0, 0 },
	{ FFA_NOTIFICATION_UNBIND, 0, 0 },
	{ FFA_NOTIFICATION_SET, 0, 0 },
	{ FFA_NOTIFICATION_GET, 0, 0 },
	{ FFA_NOTIFICATION_INFO_GET_64, 0, 0 },
	{ FFA_RX_ACQUIRE, 0, 0 },
	{ FFA_MSG_SEND2, 0, 0 },
	{ FFA_CONSOLE_LOG, 0, 0 },
	{ FFA_CONSOLE_LOG_64, 0, 0 },
	{ FFA_PARTITION_INFO_GET_REGS, 0, 0 },
	{ FFA_MSG_SEND_DIRECT_REQ2, 0, 0 },
	{ FFA_MSG_SEND_DIRECT_RESP2, 0, 0 },
	{ FFA_NS_RES_INFO_GET, 0, 0 },
	{ FFA_FEATURE_SRI, SRI_INTID, 0 },
	{ FFA_FEATURE_NOTIFICATION, NOTIFICATION_NO_PER_VCPU, 0 },
	{ 0, 0, 0 },
};

static const struct sim_feature el3_features[] = {
	{ FFA_ERROR, 0, 0 },
	{ FFA_SUCCESS, 0, 0 },
	{ FFA_SUCCESS_64, 0, 0 },
	{ FFA_INTERRUPT, 0, 0 },
	{ FFA_VERSION, 0, 0 },
	{ FFA_FEATURES, 0, 0 },
	{ FFA_RX_RELEASE, 0, 0 },
	{ FFA_RXTX_MAP, 0, 0 },
	{ FFA_RXTX_MAP_64, 0, 0 },
	{ FFA_RXTX_UNMAP, 0, 0 },
	{ FFA_PARTITION_INFO_GET, 0, 0 },
	{ FFA_ID_GET, 0, 0 },
	{ FFA_RUN, 0, 0 },
	{ FFA_MSG_SEND_DIRECT_REQ, 0, 0 },
	{ FFA_MSG_SEND_DIRECT_REQ_64, 0, 0 },
	{ FFA_MSG_SEND_DIRECT_REQ2, 0, 0 },
	{ FFA_MEM_LEND, 0, 0 },
	{ FFA_MEM_LEND_64, 0, 0 },
	{ FFA_MEM_SHARE, 0, 0 },
	{ FFA_MEM_SHARE_64, 0, 0 },
	{ FFA_MEM_RECLAIM, 0, 0 },
	{ FFA_MEM_FRAG_RX, 0, 0 },
	{ FFA_MEM_FRAG_TX, 0, 0 },
	{ FFA_SPM_ID_GET, 0, 0 },
	{ 0, 0, 0 },
};

static const struct sim_feature optee_features[] = {
	{ FFA_ERROR, 0, 0 },
	{ FFA_SUCCESS, 0, 0 },
	{ FFA_SUCCESS_64, 0, 0 },
	{ FFA_INTERRUPT, 0, 0 },
	{ FFA_VERSION, 0, 0 },
	{ FFA_FEATURES, 0, 0 },
	{ FFA_RX_RELEASE, 0, 0 },
	{ FFA_RXTX_MAP, 0, 0 },
	{ FFA_RXTX_MAP_64, 0, 0 },
	{ FFA_RXTX_UNMAP, 0, 0 },
	{ FFA_PARTITION_INFO_GET, 0, 0 },
	{ FFA_SPM_ID_GET, 0, 0 },
	{ FFA_MSG_SEND_DIRECT_REQ, 0, 0 },
	{ FFA_MSG_SEND_DIRECT_REQ_64, 0, 0 },
	{ FFA_MEM_SHARE, SHARE_DYNAMIC_BUFFER, 0 },
	{ FFA_MEM_SHARE_64, SHARE_DYNAMIC_BUFFER, 0 },
	{ FFA_MEM_RECLAIM, 0, 0 },
	{ FFA_MEM_FRAG_TX, 0, 0 },
	{ FFA_NOTIFICATION_BITMAP_CREATE, 0, 0 },
	{ FFA_NOTIFICATION_BITMAP_DESTROY, 0, 0 },
	{ FFA_NOTIFICATION_BIND, 0, 0 },
	{ FFA_NOTIFICATION_UNBIND, 0, 0 },
	{ FFA_NOTIFICATION_SET, 0, 0 },
	{ FFA_NOTIFICATION_GET, 0, 0 },
	{ FFA_NOTIFICATION_INFO_GET, 0, 0 },
	{ FFA_NOTIFICATION_INFO_GET_64, 0, 0 },
	{ FFA_FEATURE_SRI, SRI_INTID, 0 },
	{ FFA_FEATURE_MEI, 0, 0 },
	{ 0, 0, 0 },
};

static const struct sim_profile profiles[] = {
	{
		.name = "spec",
		.memory = &sim_memory_spec,
		.version = FFA_VERSION_1_2,
		.spmc_id = SPMC_ID,
		.fid_last = FFA_FID_LAST,
		.since_enforced = true,
		.reserved_checked = true,
		.refusals = spec_refusals,
		.version_newer = SIM_VERSION_OFFER,
		.version_foreign = SIM_VERSION_REFUSE,
		.version_lock = SIM_VERSION_LOCK_REFUSE,
		.features_input_checked = true,
		.rxtx_pages_max = 63,
		.rxtx_pages_mask = UINT64_MAX,
		.rxtx_pages_in_features = true,
		.rxtx_pages_first = true,
		.rxtx_overlap_refused = true,
		.rxtx_memory_error = FFA_INVALID_PARAMETERS,
		.unmap_mbz = UINT32_MAX,
		.rx_release_mbz = UINT32_MAX,
		.rx_release_unmapped = FFA_INVALID_PARAMETERS,
		.rx_tail_zeroed = true,
		.info_flags_checked = true,
		.info_size_1_1 = FFA_PARTITION_INFO_SIZE_1_1,
		.info_regs_size = FFA_PARTITION_INFO_SIZE_1_1,
		.info_regs_tagged = true,
		.framework_mbz = ~(FFA_DIRECT_FRAMEWORK | FFA_DIRECT_FRAMEWORK_TYPE_MASK),
		.framework_unknown = FFA_INVALID_PARAMETERS,
		.run_waiting = true,
		.run_vcpu_error = FFA_INVALID_PARAMETERS,
	},
	{
		.name = "hafnium",
		.memory = &sim_memory_hafnium,
		.version = FFA_VERSION_1_3,
		.spmc_id = SPMC_ID,
		.fid_last = 0x8e,
		.high_kept = true,
		.refusals = hafnium_refusals,
		.version_newer = SIM_VERSION_REFUSE,
		.version_foreign = SIM_VERSION_REFUSE,
		.version_lock = SIM_VERSION_LOCK_REFUSE,
		.features = hafnium_features,
		.features_input_checked = true,
		.rxtx_pages_max = 1,
		.rxtx_pages_mask = UINT32_MAX,
		.rxtx_pages_in_features = true,
		.rxtx_overlap_refused = true,
		.rxtx_memory_error = FFA_DENIED,
		.unmap_mbz = UINT32_C(0xffff0000),
		.rx_kept_by_unmap = true,
		.rx_release_id_checked = true,
		.rx_release_unmapped = FFA_DENIED,
		.rx_tail_zeroed = true,
		.info_flags_checked = true,
		.info_size_in_1_0 = true,
		.info_size_1_1 = FFA_PARTITION_INFO_SIZE_1_3,
		.info_regs_size = FFA_PARTITION_INFO_SIZE_1_3,
		.info_hidden = FFA_PARTITION_DIRECT_REQ_SEND | FFA_PARTITION_DIRECT_REQ2_SEND,
		.info_properties_all = true,
		.direct_any_source = true,
		.framework_mbz = ~(FFA_DIRECT_FRAMEWORK | FFA_DIRECT_FRAMEWORK_TYPE_MASK),
		.framework_unknown = FFA_INVALID_PARAMETERS,
		.run_waiting = true,
		.run_vcpu_error = FFA_INVALID_PARAMETERS,
		.yield_timeout_always = true,
	},
	{
		.name = "el3",
		.memory = &sim_memory_el3,
		.version = FFA_VERSION_1_2,
		.spmc_id = SPMC_ID,
		.fid_last = FFA_FID_LAST,
		.since_enforced = true,
		.refusals = el3_refusals,
		.version_newer = SIM_VERSION_OFFER,
		.version_foreign = SIM_VERSION_OFFER,
		.version_lock = SIM_VERSION_LOCK_TELL,
		.features = el3_features,
		.rxtx_pages_max = 63,
		.rxtx_pages_mask = 0x3f,
		.rxtx_overlap_refused = true,
		.rxtx_memory_error = FFA_INVALID_PARAMETERS,
		.unmap_mbz = UINT32_C(0xffff0000),
		.rx_release_unmapped = FFA_DENIED,
		.rx_tail_zeroed = true,
		.info_size_1_1 = FFA_PARTITION_INFO_SIZE_1_1,
		.info_regs_size = FFA_PARTITION_INFO_SIZE_1_1,
		.direct_any_source = true,
		.framework_mbz = ~(FFA_DIRECT_FRAMEWORK | FFA_DIRECT_FRAMEWORK_TYPE_MASK),
		.framework_unknown = FFA_INVALID_PARAMETERS,
		.run_waiting = true,
		.run_vcpu_error = FFA_INVALID_PARAMETERS,
	},
	{
		.name = "optee",
		.memory = &sim_memory_optee,
		.version = FFA_VERSION_1_2,
		.spmc_id = SPMC_ID,
		.fid_last = 0x8e,
		.high_kept = true,
		.refusals = optee_refusals,
		.version_default = FFA_VERSION_1_0,
		.version_newer = SIM_VERSION_ADOPT,
		.version_foreign = SIM_VERSION_OFFER,
		.version_lock = SIM_VERSION_LOCK_NONE,
		.features = optee_features,
		.rxtx_pages_max = 63,
		.rxtx_pages_mask = UINT64_MAX,
		.rxtx_pages_first = true,
		.rxtx_memory_error = FFA_INVALID_PARAMETERS,
		.rx_release_unmapped = FFA_DENIED,
		.info_rx_first = true,
		.info_unknown_is_empty = true,
		.info_uuid_told = true,
		.info_size_1_1 = FFA_PARTITION_INFO_SIZE_1_1,
		.info_regs_size = FFA_PARTITION_INFO_SIZE_1_1,
		.info_properties_all = true,
		.direct_any_source = true,
		.direct_64_truncated = true,
		.direct_logical_unchecked = true,
		.direct_version_answered = true,
		.framework_unknown = FFA_NOT_SUPPORTED,
		.run_vcpu_error = FFA_DENIED,
	},
};

static bool text_equal(const char *a, const char *b)
{
	while (*a != '\0' && *a == *b) {
		a++;
		b++;
	}
	return *a == *b;
}

const struct sim_profile *sim_profile_find(const char *name)
{
	for (size_t i = 0; i < sizeof(profiles) / sizeof(profiles[0]); i++) {
		if (text_equal(profiles[i].name, name))
			return &profiles[i];
	}
	return NULL;
}

const char *sim_profile_name(const struct sim_profile *profile)
{
	return profile->name;
}

const struct sim_profile *sim_profile_at(size_t index)
{
	return index < sizeof(profiles) / sizeof(profiles[0]) ? &profiles[index] : NULL;
}
