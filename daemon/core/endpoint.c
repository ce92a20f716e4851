/* SPDX-License-Identifier: BSD-3-Clause */
#include "endpoint.h"

#include <errno.h>
#include <stdio.h>

#include "abi/features.h"
#include "abi/fid.h"
#include "abi/version.h"
#include "base/log.h"
#include "daemon/conduit/conduit.h"

int endpoint_call(struct ffa_conduit *conduit, struct ffa_regs *regs, int32_t *ret_error)
{
	int r = ffa_conduit_call(conduit, 0, regs);

	if (r < 0)
		return r;
	switch (ffa_regs_w(regs, 0)) {
	case FFA_SUCCESS:
	case FFA_SUCCESS_64:
		return 0;
	case FFA_ERROR:
	case FFA_ERROR_64:
		*ret_error = (int32_t)ffa_regs_w(regs, 2);
		return -EREMOTEIO;
	case UINT32_MAX: /* SMCCC: unknown function */
		*ret_error = FFA_NOT_SUPPORTED;
		return -EREMOTEIO;
	default:
		return -EBADMSG;
	}
}

/* One FFA_VERSION call: the answer stands in w0 and has no FFA_SUCCESS around it. */
static int version_call(struct ffa_conduit *conduit, uint32_t wanted, int64_t *ret_answer)
{
	struct ffa_regs regs = { .x = { FFA_VERSION, wanted } };
	int r = ffa_conduit_call(conduit, 0, &regs);

	if (r < 0)
		return r;
	*ret_answer = ffa_regs_w(&regs, 0) & FFA_VERSION_MBZ ? -1 : (int64_t)ffa_regs_w(&regs, 0);
	return 0;
}

static int negotiate(struct ffa_conduit *conduit, struct endpoint *endpoint, char **ret_reason)
{
	/* Highest first. 1.3 last: only firmware that somebody else has locked to it wants that. */
	static const uint32_t wanted[] = { ENDPOINT_VERSION_MAX, FFA_VERSION_1_1, FFA_VERSION_1_0,
					   FFA_VERSION_1_3 };
	int64_t answer = -1;

	for (size_t i = 0; i < sizeof(wanted) / sizeof(*wanted); i++) {
		int r = version_call(conduit, wanted[i], &answer);

		if (r < 0) {
			if (asprintf(ret_reason, "conduit %s: FFA_VERSION could not be issued: %m",
				     conduit->name) < 0)
				*ret_reason = NULL;
			return r;
		}
		if (answer < 0)
			continue;
		endpoint->firmware_version = (uint32_t)answer;
		if (ffa_version_major((uint32_t)answer) != ffa_version_major(wanted[i])) {
			if (asprintf(ret_reason,
				     "the firmware speaks FF-A %u.%u, ffad 1.0 to 1.2: use another firmware "
				     "or another ffad",
				     ffa_version_major((uint32_t)answer),
				     ffa_version_minor((uint32_t)answer)) < 0)
				*ret_reason = NULL;
			return -EPROTONOSUPPORT;
		}
		if ((uint32_t)answer >= wanted[i]) {
			endpoint->version = wanted[i];
			return 0;
		}
		/* Older firmware: it has told its version and keeps none until it is asked for one that it has. */
	}
	if (asprintf(ret_reason,
		     "conduit %s: the firmware refuses FF-A 1.0 to 1.3: no FF-A firmware, or another "
		     "normal-world "
		     "user has settled on a version; see the boot log of the firmware",
		     conduit->name) < 0)
		*ret_reason = NULL;
	return -ENODEV;
}

/* An id that some firmware does not tell: zero then. */
static int id_call(struct ffa_conduit *conduit, uint32_t fid, uint16_t *ret_id)
{
	struct ffa_regs regs = { .x = { fid } };
	int32_t error;
	int r = endpoint_call(conduit, &regs, &error);

	if (r == 0)
		*ret_id = (uint16_t)ffa_regs_w(&regs, 2);
	else if (r != -EREMOTEIO)
		return r;
	return 0;
}

static int query(struct ffa_conduit *conduit, struct endpoint *endpoint, uint32_t id)
{
	struct ffa_regs regs = { .x = { FFA_FEATURES, id } };
	struct endpoint_feature feature = { .id = id };
	int32_t error;
	int r;

	if (endpoint->feature_count == ENDPOINT_QUERIES_MAX)
		return -ENOSPC;
	r = endpoint_call(conduit, &regs, &error);
	if (r == 0) {
		feature.supported = true;
		feature.properties2 = ffa_regs_w(&regs, 2);
		feature.properties3 = ffa_regs_w(&regs, 3);
	} else if (r != -EREMOTEIO) {
		return r;
	}
	endpoint->features[endpoint->feature_count++] = feature;
	return 0;
}

/* Ask for every function that the normal world may call, in each convention, and for every feature id. */
static int query_all(struct ffa_conduit *conduit, struct endpoint *endpoint)
{
	int r;

	for (size_t i = 0; i < ffa_functions_count; i++) {
		const struct ffa_function *function = &ffa_functions[i];

		if (!function->ns_call || function->since > endpoint->version)
			continue;
		if (function->has_32) {
			r = query(conduit, endpoint, FFA_FID_32((uint32_t)function->number));
			if (r < 0)
				return r;
		}
		if (function->has_64) {
			r = query(conduit, endpoint, FFA_FID_64((uint32_t)function->number));
			if (r < 0)
				return r;
		}
	}
	for (size_t i = 0; i < ffa_features_count; i++) {
		if (ffa_features[i].since > endpoint->version)
			continue;
		r = query(conduit, endpoint, ffa_features[i].id);
		if (r < 0)
			return r;
	}
	return 0;
}

int endpoint_start(struct ffa_conduit *conduit, struct endpoint *ret_endpoint, char **ret_reason)
{
	struct endpoint endpoint = { 0 };
	int r;

	r = negotiate(conduit, &endpoint, ret_reason);
	if (r < 0)
		return r;
	r = id_call(conduit, FFA_ID_GET, &endpoint.id);
	if (r == 0 && endpoint.version >= FFA_VERSION_1_1)
		r = id_call(conduit, FFA_SPM_ID_GET, &endpoint.spmc_id);
	if (r == 0)
		r = query_all(conduit, &endpoint);
	if (r < 0) {
		if (asprintf(ret_reason, "conduit %s: the firmware's ids and features could not be read: %s",
			     conduit->name,
			     r == -EBADMSG ? "it answered with a frame that is no reply" : "conduit lost") <
		    0)
			*ret_reason = NULL;
		return r;
	}
	*ret_endpoint = endpoint;
	return 0;
}

const struct endpoint_feature *endpoint_feature(const struct endpoint *endpoint, uint32_t id)
{
	for (size_t i = 0; i < endpoint->feature_count; i++)
		if (endpoint->features[i].id == id)
			return &endpoint->features[i];
	return NULL;
}

bool endpoint_supports(const struct endpoint *endpoint, uint32_t id)
{
	const struct endpoint_feature *feature = endpoint_feature(endpoint, id);

	return feature && feature->supported;
}
