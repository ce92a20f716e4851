/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Firmware profiles: where implementations of FF-A answer differently, as a table of choices. The state
 * machines ask for one choice at a time and never for the profile's name.
 *
 * Sources of the choices: DEN0077 for "spec", the behaviour of Hafnium at S-EL2, of TF-A's EL3 SPMC and of
 * OP-TEE 4.10 at S-EL1 under TF-A 2.12 for the others.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "abi/error.h"

#include "memory_profile.h"

/* The answer to an FFA_VERSION that is not simply compatible. */
enum sim_version_answer {
	SIM_VERSION_REFUSE, /* NOT_SUPPORTED in w0 */
	SIM_VERSION_OFFER,  /* the SPMC's own version; nothing is negotiated by that */
	SIM_VERSION_ADOPT,  /* the SPMC's own version, which is used from now on */
};

/* FFA_VERSION after another function was called. */
enum sim_version_lock {
	SIM_VERSION_LOCK_NONE,   /* negotiated again */
	SIM_VERSION_LOCK_REFUSE, /* the same version is confirmed, another one refused */
	SIM_VERSION_LOCK_TELL,   /* answers with the negotiated version; refused when none was */
};

/* A function or feature that FFA_FEATURES knows. */
struct sim_feature {
	uint32_t id;          /* function id or feature id */
	uint32_t w2;          /* returned interface properties */
	uint32_t needs_input; /* bits of the input properties that must be set from FF-A 1.1 on */
};

/* A function that the profile's firmware answers with one fixed error when the normal world calls it. */
struct sim_refusal {
	uint32_t fid;
	int32_t error;
};

struct sim_profile {
	const char *name;
	uint32_t version; /* highest FF-A version it speaks unless the host says less */
	uint16_t spmc_id;

	/* Frames. */
	uint8_t fid_last;    /* highest function number it knows; beyond: SMCCC's unknown function, x0 = -1 */
	bool since_enforced; /* functions newer than the caller's version are NOT_SUPPORTED */
	bool reserved_checked; /* registers without meaning must be zero: INVALID_PARAMETERS */
	bool high_kept;        /* x8-x17 of the call come back when the reply does not use them */
	const struct sim_refusal *refusals; /* ends with fid 0 */

	/* FFA_VERSION. */
	uint32_t version_default;                /* of a caller that negotiated nothing; 0: the SPMC's own */
	enum sim_version_answer version_newer;   /* same major, minor above the SPMC's */
	enum sim_version_answer version_foreign; /* another major */
	enum sim_version_lock version_lock;

	/* FFA_FEATURES. */
	const struct sim_feature *features; /* ends with id 0; NULL: the truth about this simulator */
	bool features_input_checked;        /* input properties of feature ids must be zero */

	/* RX/TX buffers. */
	uint32_t rxtx_pages_max;
	uint64_t rxtx_pages_mask;    /* bits of x3 that it looks at */
	bool rxtx_pages_in_features; /* FFA_FEATURES(FFA_RXTX_MAP) tells rxtx_pages_max from FF-A 1.2 on */
	bool rxtx_pages_first;       /* looks at the page count before it says that buffers are mapped */
	bool rxtx_overlap_refused;   /* TX and RX must not overlap */
	int32_t rxtx_memory_error;   /* addresses that are no normal-world RAM */
	uint32_t unmap_mbz;          /* bits of w1 of RXTX_UNMAP that must be zero */
	bool rx_kept_by_unmap;       /* the RX state outlives RXTX_UNMAP and RXTX_MAP */
	bool rx_release_id_checked;  /* w1 of RX_RELEASE names an endpoint that must be known */
	uint32_t rx_release_mbz;     /* bits of w1 of RX_RELEASE that must be zero */
	int32_t rx_release_unmapped; /* RX_RELEASE when RX is empty and nothing is mapped */
	bool rx_tail_zeroed;         /* what is behind a message in RX is zeroed */

	/* Discovery. */
	bool info_rx_first;         /* FFA_PARTITION_INFO_GET asks for a free RX before anything else */
	bool info_flags_checked;    /* w5[31:1] must be zero */
	bool info_unknown_is_empty; /* an unknown UUID is an empty list, no error */
	bool info_size_in_1_0;      /* w3 is the descriptor size for 1.0 callers too */
	bool info_uuid_told;        /* descriptors carry the UUID that the query named */
	uint16_t info_size_1_1;     /* size of a descriptor for 1.1 and 1.2 callers */
	uint16_t info_regs_size;    /* the same for FFA_PARTITION_INFO_GET_REGS */
	bool info_regs_tagged;      /* tags tell table generations; else every tag but 0 is RETRY */
	uint32_t info_hidden;       /* properties that the normal world is not told */
	bool info_properties_all;   /* 1.1 and 1.2 callers get the property bits of later versions */

	/* Direct messages. */
	bool direct_any_source;        /* the caller may send as any normal-world endpoint */
	bool direct_64_truncated;      /* x3-x7 of 64-bit requests reach the partition as 32-bit values */
	bool direct_logical_unchecked; /* w2 of partition messages to a logical partition is not looked at */
	bool direct_version_answered;  /* the SPMC answers version requests to logical partitions itself */
	uint32_t framework_mbz;        /* bits of w2 of a framework message that must be zero */
	int32_t framework_unknown;     /* framework messages that nobody handles */

	/* FFA_RUN. */
	bool run_waiting;          /* may enter a partition that waits for messages */
	int32_t run_vcpu_error;    /* vCPU that is not this CPU's */
	bool yield_timeout_always; /* YIELD passes w2, w3 on to callers before 1.2 */

	const struct sim_memory_profile *memory;
};
