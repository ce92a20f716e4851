/* SPDX-License-Identifier: BSD-3-Clause */
/* The EL3 SPMC of TF-A. */
#include "memory_profile.h"

#include "abi/memory_fault.h"

#include "memory.h"
#include "memory_rule.h"

/* clang-format off: one rule on each line */

#define HANDLE_FIRST UINT64_C(0xffffffc0)

static const struct sim_memory_rule send_call[] = {
	RULE(BUFFER_GIVEN, INVALID),   RULE(FRAGMENT_LONG, INVALID),     RULE(NOT_MAPPED, INVALID),
	RULE(FRAGMENT_SHORT, INVALID), RULE(FRAGMENT_OVERFLOW, INVALID), END,
};

static const struct sim_memory_rule send_descriptor[] = {
	RULE(UNREADABLE, INVALID),
	RULE(RECEIVER_SIZE, INVALID),
	RULE(FAULTS, INVALID,
	     .what = FFA_MEMORY_FAULT_HANDLE | FFA_MEMORY_FAULT_FLAGS | FFA_MEMORY_FAULT_FLAG_ZERO |
		     FFA_MEMORY_FAULT_RECEIVER_COUNT | FFA_MEMORY_FAULT_RECEIVERS_OFFSET |
		     FFA_MEMORY_FAULT_RECEIVER_DUPLICATE | FFA_MEMORY_FAULT_COMPOSITE_OFFSET |
		     FFA_MEMORY_FAULT_RANGE_COUNT | FFA_MEMORY_FAULT_LENGTH | FFA_MEMORY_FAULT_FRAGMENT),
	RULE(RECEIVERS_MANY, INVALID, .what = SIM_BORROWERS_MAX),
	RULE(SENDER_SECURE, DENIED),
	RULE(RECEIVER_NORMAL_WORLD, INVALID),
	RULE(RECEIVER_UNKNOWN, INVALID),
	END,
};

static const struct sim_memory_rule send_pages[] = {
	RULE(RANGES_EMPTY, INVALID),
	RULE(RANGES_ALIGN, INVALID),
	RULE(RANGES_OVERLAP, INVALID),
	RULE(PAGE_SUM, INVALID),
	RULE(PAGES_NOT_RAM, INVALID),
	RULE(PAGES_TAKEN, INVALID),
	END,
};

static const struct sim_memory_rule fragment[] = {
	RULE(NOT_MAPPED, INVALID),      RULE(HANDLE_UNKNOWN, INVALID),
	RULE(NOT_OWNER, DENIED),        RULE(COMPLETE, INVALID),
	RULE(FRAGMENT_SIZE, INVALID),   RULE(FRAGMENT_OVERFLOW, INVALID),
	RULE(FRAGMENT_RANGES, INVALID), END,
};

static const struct sim_memory_rule retrieve_call[] = {
	RULE(BUFFER_GIVEN, INVALID),
	RULE(NOT_MAPPED, INVALID),
	RULE(RX_FULL, DENIED),
	RULE(FRAGMENTED, INVALID),
	RULE(FRAGMENT_SHORT, INVALID),
	RULE(FRAGMENT_OVERFLOW, INVALID),
	END,
};

static const struct sim_memory_rule retrieve_region[] = {
	RULE(FAULTS, INVALID, .what = FFA_MEMORY_FAULT_RECEIVER_COUNT),
	RULE(HANDLE_UNKNOWN, INVALID),
	RULE(INCOMPLETE, INVALID),
	RULE(REQUEST_SENDER, INVALID),
	RULE(REQUEST_TAG, INVALID),
	RULE(REQUEST_LIST, INVALID),
	RULE(REQUEST_TYPE, INVALID),
	RULE(FLAGS, INVALID, .what = FFA_MEMORY_FLAG_ZERO | FFA_MEMORY_FLAG_ZERO_AFTER, .on = SIM_ON_SHARE),
	RULE(NOT_BORROWER, INVALID),
	RULE(REQUEST_ABSENT, INVALID),
	RULE(REQUEST_STRANGER, INVALID),
	RULE(HELD_OFTEN, DENIED),
	END,
};

static const struct sim_memory_rule retrieve_fragment[] = {
	RULE(NOT_MAPPED, INVALID), RULE(HANDLE_UNKNOWN, INVALID),       RULE(INCOMPLETE, INVALID),
	RULE(RX_FULL, DENIED),     RULE(OFFSET, INVALID, .what = true), END,
};

static const struct sim_memory_rule relinquish[] = {
	RULE(NOT_MAPPED, INVALID),
	RULE(RELINQUISH_COUNT, INVALID),
	RULE(RELINQUISH_FLAGS, INVALID, .what = ~0u),
	RULE(HANDLE_UNKNOWN, INVALID),
	RULE(RELINQUISH_OTHER, INVALID),
	RULE(NOT_BORROWER, INVALID),
	RULE(NOT_HELD, INVALID),
	END,
};

static const struct sim_memory_rule reclaim[] = {
	RULE(RECLAIM_FLAGS, INVALID, .what = ~0u),
	RULE(HANDLE_UNKNOWN, INVALID),
	RULE(NOT_OWNER, DENIED),
	RULE(INCOMPLETE, INVALID),
	RULE(HELD, DENIED),
	END,
};

const struct sim_memory_profile sim_memory_el3 = {
	.regions_max = SIM_REGIONS_MAX,
	.handle_kind = SIM_HANDLE_COUNTER,
	.handle_first = HANDLE_FIRST,
	.send_call = send_call,
	.send_descriptor = send_descriptor,
	.send_pages = send_pages,
	.fragment = fragment,
	.retrieve_call = retrieve_call,
	.retrieve_region = retrieve_region,
	.retrieve_hypervisor = retrieve_region,
	.retrieve_fragment = retrieve_fragment,
	.relinquish = relinquish,
	.reclaim = reclaim,
	.sent_pages_tracked = true,
	.fragment_sender_told = true,
	.retrieve_tag_told = true,
};
