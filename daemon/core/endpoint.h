/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * ffad as the one normal-world endpoint: version, ids and features, asked once at start (FF-A start-up order:
 * VERSION, ID_GET, SPM_ID_GET, FEATURES). Immutable afterwards, so every thread may read it.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "abi/error.h"
#include "abi/regs.h"

struct ffa_conduit;

#define ENDPOINT_VERSION_MAX FFA_VERSION_1_2 /* highest that ffad asks for */
#define ENDPOINT_QUERIES_MAX 96

/* The firmware's answer to one FFA_FEATURES query. */
struct endpoint_feature {
	uint32_t id; /* function id or feature id */
	bool supported;
	uint32_t properties2, properties3; /* w2, w3 */
};

struct endpoint {
	uint32_t version;          /* that both sides speak from now on */
	uint32_t firmware_version; /* that the firmware announced */
	uint16_t id;               /* 0 for the normal world's physical instance */
	uint16_t spmc_id;          /* 0: not told */
	size_t feature_count;
	struct endpoint_feature features[ENDPOINT_QUERIES_MAX];
};

/*
 * Negotiate and ask. Control thread, before any other call. -EPROTONOSUPPORT: no common version, -ENODEV: no
 * FF-A firmware, -EIO: conduit; *ret_reason is then a sentence to free().
 */
int endpoint_start(struct ffa_conduit *conduit, struct endpoint *ret_endpoint, char **ret_reason);

/* NULL: was not asked. */
const struct endpoint_feature *endpoint_feature(const struct endpoint *endpoint, uint32_t id);
bool endpoint_supports(const struct endpoint *endpoint, uint32_t id);

/*
 * Issue one call from CPU 0 and sort the reply: 0 for a success frame, the FF-A error code (negative) in
 * *ret_error with -EREMOTEIO for FFA_ERROR or an SMCCC "unknown function", -EBADMSG for any other frame, or
 * the conduit's negative errno. For calls that answer FFA_SUCCESS.
 */
int endpoint_call(struct ffa_conduit *conduit, struct ffa_regs *regs, int32_t *ret_error);
