/* SPDX-License-Identifier: BSD-3-Clause */
#include "feature.h"

#include "abi/error.h"
#include "abi/features.h"
#include "abi/fid.h"
#include "abi/version.h"

#define FEATURE_IS_FUNCTION (UINT32_C(1) << 31)
#define RXTX_MAX_PAGES_SHIFT 16

/* What the specification has the SPMC tell about retrieving: the NS bit is given, and who may. */
static uint32_t retrieve_properties(const struct sim_call *call, uint32_t id)
{
	if (id != FFA_MEM_RETRIEVE_REQ && id != FFA_MEM_RETRIEVE_REQ_64)
		return 0;
	return FFA_FEATURE_RETRIEVE_NS_BIT |
	       (call->sim->profile->memory->hypervisor_retrieves ? FFA_FEATURE_RETRIEVE_HYPERVISOR : 0);
}

static bool is_rxtx_map(uint32_t id)
{
	return id == FFA_RXTX_MAP || id == FFA_RXTX_MAP_64;
}

/* Replies that a normal-world caller can get from this simulator. */
static const uint32_t replies[] = {
	FFA_ERROR,
	FFA_SUCCESS,
	FFA_SUCCESS_64,
	FFA_INTERRUPT,
	FFA_MSG_WAIT,
	FFA_YIELD,
	FFA_MSG_SEND_DIRECT_RESP,
	FFA_MSG_SEND_DIRECT_RESP_64,
	FFA_MSG_SEND_DIRECT_RESP2,
	FFA_MEM_RETRIEVE_RESP,
};

static bool is_reply(uint32_t id)
{
	for (size_t i = 0; i < sizeof(replies) / sizeof(replies[0]); i++) {
		if (replies[i] == id)
			return true;
	}
	return false;
}

/* What this simulator can do for a normal-world caller. */
static bool truly_supported(const struct sim_call *call, uint32_t id)
{
	const struct ffa_function *function = ffa_function_find(id);

	if (function == NULL || !ffa_function_exists(id, call->caller->version))
		return false;
	for (const struct sim_refusal *refusal = call->sim->profile->refusals; refusal->fid != 0; refusal++) {
		if (refusal->fid == id)
			return false;
	}
	return function->ns_call ? sim_simulates(id, false) : is_reply(id);
}

/* What the profile's firmware says that it can do. */
static bool listed(const struct sim_call *call, uint32_t id, uint32_t *ret_w2)
{
	uint32_t input = ffa_regs_w(&call->in, 2);
	const struct sim_feature *feature = call->sim->profile->features;

	while (feature->id != 0 && feature->id != id)
		feature++;
	if (feature->id == 0)
		return false;
	if (call->caller->version >= FFA_VERSION_1_1 &&
	    (input & feature->needs_input) != feature->needs_input)
		return false;
	*ret_w2 = feature->w2;
	return true;
}

void sim_features(struct sim_call *call)
{
	const struct sim_profile *profile = call->sim->profile;
	uint32_t id = ffa_regs_w(&call->in, 1);
	uint32_t w2 = 0;
	bool supported;

	if (profile->features_input_checked && (id & FEATURE_IS_FUNCTION) == 0 &&
	    ffa_regs_w(&call->in, 2) != 0) {
		supported = false;
	} else if (profile->features == NULL) {
		supported = truly_supported(call, id);
		w2 = retrieve_properties(call, id);
	} else {
		supported = listed(call, id, &w2);
	}
	if (!supported) {
		sim_reply_error(call->out, FFA_NOT_SUPPORTED);
		return;
	}
	if (is_rxtx_map(id) && profile->rxtx_pages_in_features && call->caller->version >= FFA_VERSION_1_2)
		w2 |= profile->rxtx_pages_max << RXTX_MAX_PAGES_SHIFT;
	call->out->x[2] = w2;
}
