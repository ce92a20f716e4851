/* SPDX-License-Identifier: BSD-3-Clause */
#include "memory_profile.h"

#include "abi/memory_fault.h"
#include "abi/memory_frame.h"
#include "abi/relinquish.h"

#include "memory.h"
#include "memory_rule.h"

/* clang-format off: one rule on each line */

/* Where EL3 and the specification start to count: high words of handles are soon not zero. */
#define HANDLE_COUNTER_FIRST UINT64_C(0xffffffc0)

#define ALL_FAULTS ((1u << FFA_MEMORY_FAULTS_COUNT) - 1)
/* Of what a fragment has, for lists that look at the pages of all of them at the end. */
#define PAGE_FAULTS (FFA_MEMORY_FAULT_RANGE_OVERLAP | FFA_MEMORY_FAULT_PAGE_SUM)
#define RECEIVER_LIST_FAULTS (FFA_MEMORY_FAULT_RECEIVER_SELF | FFA_MEMORY_FAULT_RECEIVER_DUPLICATE)
#define PERMISSION_FAULTS (FFA_MEMORY_FAULT_DATA_PERMISSION | FFA_MEMORY_FAULT_INSTRUCTION_PERMISSION)

/* The specification, strictly. */

static const struct sim_memory_rule spec_send_call[] = {
	RULE(BUFFER_GIVEN, INVALID),   RULE(FRAGMENT_LONG, INVALID),     RULE(NOT_MAPPED, INVALID),
	RULE(FRAGMENT_SHORT, INVALID), RULE(FRAGMENT_OVERFLOW, INVALID), END,
};

static const struct sim_memory_rule spec_send_descriptor[] = {
	RULE(UNREADABLE, INVALID),
	RULE(FAULTS, INVALID, .what = ALL_FAULTS & ~PAGE_FAULTS),
	RULE(RECEIVERS_MANY, INVALID, .what = SIM_BORROWERS_MAX),
	RULE(SENDER_OTHER, DENIED),
	RULE(RECEIVER_NORMAL_WORLD, INVALID, .on = SIM_ON_NORMAL_WORLD),
	RULE(RECEIVER_UNKNOWN, INVALID),
	RULE(ATTRIBUTES_DEVICE, DENIED),
	END,
};

static const struct sim_memory_rule spec_send_pages[] = {
	RULE(RANGES_EMPTY, INVALID),
	RULE(RANGES_ALIGN, INVALID),
	RULE(RANGES_OVERLAP, INVALID),
	RULE(PAGE_SUM, INVALID),
	RULE(PAGES_NOT_RAM, DENIED),
	RULE(PAGES_TAKEN, DENIED),
	END,
};

static const struct sim_memory_rule spec_fragment[] = {
	RULE(HANDLE_UNKNOWN, INVALID),    RULE(NOT_OWNER, INVALID),       RULE(COMPLETE, INVALID),
	RULE(FRAGMENT_ENDPOINT, INVALID), RULE(NOT_MAPPED, INVALID),      RULE(FRAGMENT_SIZE, INVALID),
	RULE(FRAGMENT_OVERFLOW, INVALID), RULE(FRAGMENT_RANGES, INVALID), END,
};

static const struct sim_memory_rule spec_retrieve_call[] = {
	RULE(BUFFER_GIVEN, INVALID),
	RULE(FRAGMENTED, INVALID),
	RULE(NOT_MAPPED, INVALID),
	RULE(FRAGMENT_EMPTY, INVALID),
	RULE(FRAGMENT_OVERFLOW, INVALID),
	RULE(RX_FULL, FFA_BUSY),
	END,
};

static const struct sim_memory_rule spec_retrieve_region[] = {
	RULE(FAULTS, INVALID, .what = ALL_FAULTS),
	RULE(HANDLE_UNKNOWN, INVALID),
	RULE(INCOMPLETE, INVALID),
	RULE(NOT_BORROWER, INVALID),
	RULE(REQUEST_SENDER, INVALID),
	RULE(REQUEST_TAG, INVALID),
	RULE(REQUEST_TYPE, INVALID),
	RULE(REQUEST_BYPASS, INVALID),
	RULE(REQUEST_LIST, INVALID),
	RULE(REQUEST_ABSENT, INVALID),
	RULE(REQUEST_COMPOSITE, INVALID),
	RULE(REQUEST_STRANGER, INVALID),
	RULE(REQUEST_IMPDEF, INVALID),
	RULE(FLAGS, INVALID, .what = FFA_MEMORY_FLAG_ZERO | FFA_MEMORY_FLAG_ZERO_AFTER, .on = SIM_ON_SHARE),
	RULE(REQUEST_ZERO, DENIED),
	RULE(REQUEST_INSTRUCTION, INVALID),
	RULE(REQUEST_DATA, DENIED),
	RULE(REQUEST_EXECUTE, DENIED),
	RULE(REQUEST_READ_ONLY, DENIED),
	RULE(REQUEST_ATTRIBUTES, DENIED),
	RULE(HELD_OFTEN, DENIED),
	END,
};

static const struct sim_memory_rule spec_retrieve_hypervisor[] = {
	RULE(FAULTS, INVALID, .what = FFA_MEMORY_FAULT_HEADER_RESERVED),
	RULE(HANDLE_UNKNOWN, INVALID),
	RULE(INCOMPLETE, INVALID),
	END,
};

static const struct sim_memory_rule spec_retrieve_fragment[] = {
	RULE(HANDLE_UNKNOWN, INVALID),
	RULE(NOT_MAPPED, INVALID),
	RULE(OFFSET, INVALID, .what = true),
	RULE(RX_FULL, FFA_BUSY),
	END,
};

static const struct sim_memory_rule spec_relinquish[] = {
	RULE(NOT_MAPPED, INVALID),
	RULE(RELINQUISH_FLAGS, INVALID, .what = ~FFA_RELINQUISH_FLAGS),
	RULE(RELINQUISH_COUNT, INVALID),
	RULE(RELINQUISH_OTHER, INVALID),
	RULE(HANDLE_UNKNOWN, INVALID),
	RULE(INCOMPLETE, INVALID),
	RULE(NOT_BORROWER, INVALID),
	RULE(NOT_HELD, INVALID),
	RULE(RELINQUISH_ZERO_SHARED, INVALID),
	RULE(RELINQUISH_ZERO_READ_ONLY, DENIED),
	END,
};

static const struct sim_memory_rule spec_reclaim[] = {
	RULE(RECLAIM_FLAGS, INVALID, .what = ~FFA_MEMORY_RECLAIM_FLAGS),
	RULE(HANDLE_UNKNOWN, INVALID),
	RULE(NOT_OWNER, INVALID),
	RULE(INCOMPLETE, INVALID),
	RULE(HELD, DENIED),
	END,
};

const struct sim_memory_profile sim_memory_spec = {
	.regions_max = SIM_REGIONS_MAX,
	.handle_kind = SIM_HANDLE_COUNTER,
	.handle_first = HANDLE_COUNTER_FIRST,
	.send_call = spec_send_call,
	.send_descriptor = spec_send_descriptor,
	.send_pages = spec_send_pages,
	.fragment = spec_fragment,
	.retrieve_call = spec_retrieve_call,
	.retrieve_region = spec_retrieve_region,
	.retrieve_hypervisor = spec_retrieve_hypervisor,
	.retrieve_fragment = spec_retrieve_fragment,
	.relinquish = spec_relinquish,
	.reclaim = spec_reclaim,
	.sent_pages_tracked = true,
	.fragment_sender_told = true,
	.hypervisor_retrieves = true,
	.retrieve_tag_told = true,
	.map_live_refused = true,
};
