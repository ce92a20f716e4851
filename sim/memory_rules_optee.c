/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * OP-TEE 4.10 as SPMC. What is sent to OP-TEE itself and what is sent to its secure partitions goes two ways that
 * have little in common; the first receiver decides.
 */
#include "memory_profile.h"

#include "abi/memory_fault.h"

#include "memory.h"
#include "memory_rule.h"

/* clang-format off: one rule on each line */

#define JUNK (W(5) | W(6) | W(7))

#define HANDLE_PARTITION UINT64_C(0x200000000000)
#define HANDLE_OPTEE UINT64_C(0x100000000000)
#define ATTRIBUTES_HIGH 0xff00u
#define FLAGS_RESERVED 0xffffffe0u
#define PERMISSIONS_RESERVED 0xf0u
#define PAGES_MAX 0x100000u /* that its heap has room to remember */
#define COMPOSITE_ALIGN 8

static const struct sim_memory_rule send_call[] = {
	RULE(REGISTERS, INVALID, .what = JUNK),
	RULE(UPPER_HALVES, INVALID, .what = W(4) | JUNK),
	RULE(FRAGMENT_LONG, INVALID),
	RULE(BUFFER_PAGES, INVALID),
	RULE(BUFFER_BAD, INVALID),
	RULE(NOT_MAPPED, DENIED),
	RULE(FRAGMENT_OVERFLOW, DENIED),
	RULE(FRAGMENTED, INVALID),
	END,
};

/* In which fragments are correct, as far as they go. */
static const struct sim_memory_rule mended_send_call[] = {
	RULE(REGISTERS, INVALID, .what = JUNK),
	RULE(UPPER_HALVES, INVALID, .what = W(4) | JUNK),
	RULE(FRAGMENT_LONG, INVALID),
	RULE(BUFFER_PAGES, INVALID),
	RULE(BUFFER_BAD, INVALID),
	RULE(NOT_MAPPED, DENIED),
	RULE(FRAGMENT_OVERFLOW, DENIED),
	END,
};

static const struct sim_memory_rule send_descriptor[] = {
	RULE(UNREADABLE, INVALID),
	RULE(ATTRIBUTES, INVALID, .what = ATTRIBUTES_HIGH),
	RULE(FLAGS, INVALID, .what = FLAGS_RESERVED),
	RULE(RECEIVER_FIELDS, INVALID),
	RULE(RECEIVERS_MANY, INVALID, .what = SIM_BORROWERS_MAX),
	RULE(BUFFER_GIVEN, INVALID, .on = SIM_ON_PARTITION),
	RULE(FRAGMENTED, FFA_NOT_SUPPORTED, .on = SIM_ON_PARTITION),
	RULE(ALWAYS, DENIED, .on = SIM_ON_LEND | SIM_ON_PARTITION),
	RULE(SENDER_PARTITION, DENIED, .on = SIM_ON_PARTITION),
	RULE(FAULTS, INVALID, .what = FFA_MEMORY_FAULT_RECEIVER_COUNT, .on = SIM_ON_PARTITION),
	RULE(COMPOSITE_EARLY, INVALID, .on = SIM_ON_PARTITION | SIM_ON_SEVERAL),
	RULE(COMPOSITE_EMPTY, INVALID, .on = SIM_ON_PARTITION),
	RULE(RANGES_MISSING, INVALID, .on = SIM_ON_PARTITION),
	RULE(LENGTH_SHORT, INVALID, .on = SIM_ON_PARTITION),
	RULE(RECEIVER_UNKNOWN, DENIED, .on = SIM_ON_PARTITION),
	RULE(RECEIVER_NORMAL_WORLD, DENIED, .on = SIM_ON_PARTITION),
	RULE(FAULTS, DENIED, .what = FFA_MEMORY_FAULT_RECEIVER_DUPLICATE, .on = SIM_ON_PARTITION),
	RULE(PERMISSIONS, DENIED, .what = PERMISSIONS_RESERVED, .on = SIM_ON_PARTITION),
	RULE(ATTRIBUTES_NOT, INVALID, .what = FFA_MEMORY_NORMAL_WB_INNER,
	     .on = SIM_ON_LOGICAL | SIM_ON_SHARE),
	RULE(ATTRIBUTES_NOT, INVALID, .what = 0, .on = SIM_ON_LOGICAL | SIM_ON_LEND),
	RULE(PERMISSIONS_LOGICAL, INVALID, .what = FFA_MEMORY_DATA_RW, .on = SIM_ON_LOGICAL),
	RULE(COMPOSITE_ALIGN, INVALID, .what = COMPOSITE_ALIGN, .on = SIM_ON_LOGICAL),
	RULE(COMPOSITE_EMPTY, INVALID, .on = SIM_ON_LOGICAL),
	RULE(LENGTH_SHORT, INVALID, .on = SIM_ON_LOGICAL),
	RULE(COMPOSITE_HUGE, FFA_NO_MEMORY, .what = PAGES_MAX, .on = SIM_ON_LOGICAL),
	RULE(FAULTS, FFA_NO_MEMORY, .what = FFA_MEMORY_FAULT_HANDLE, .on = SIM_ON_LOGICAL),
	RULE(TAG_NOT, FFA_NO_MEMORY, .what = 0, .on = SIM_ON_LOGICAL | SIM_ON_LEND),
	RULE(RANGES_MISSING, INVALID),
	END,
};

static const struct sim_memory_rule send_pages[] = {
	RULE(RANGES_EMPTY, INVALID, .on = SIM_ON_PARTITION),
	RULE(PAGE_SUM, INVALID),
	RULE(PAGES_NOT_RAM, DENIED, .on = SIM_ON_PARTITION),
	RULE(PAGES_NOT_RAM, INVALID, .on = SIM_ON_LOGICAL),
	END,
};

static const struct sim_memory_rule fragment[] = {
	RULE(HANDLE_UNKNOWN, INVALID),
	RULE(COMPLETE, INVALID),
	RULE(FRAGMENT_OVERFLOW, INVALID),
	END,
};

static const struct sim_memory_rule retrieve_call[] = {
	RULE(NOT_MAPPED, DENIED),
	RULE(RX_FULL, DENIED),
	RULE(FRAGMENTED, FFA_NOT_SUPPORTED),
	RULE(FRAGMENT_OVERFLOW, INVALID),
	END,
};

static const struct sim_memory_rule retrieve_region[] = {
	RULE(HANDLE_UNKNOWN, DENIED),
	RULE(NOT_BORROWER, DENIED, .panics = true),
	RULE(FAULTS, INVALID, .what = FFA_MEMORY_FAULT_RECEIVER_COUNT),
	RULE(REQUEST_TAG, INVALID),
	RULE(REQUEST_ABSENT, INVALID),
	RULE(REQUEST_DATA, INVALID),
	RULE(REQUEST_EXECUTE, INVALID),
	RULE(FLAGS, INVALID, .what = FFA_MEMORY_FLAG_ZERO_AFTER),
	RULE(HELD_OFTEN, DENIED),
	END,
};

static const struct sim_memory_rule retrieve_fragment[] = {
	RULE(HANDLE_UNKNOWN, FFA_NOT_SUPPORTED),
	RULE(OFFSET, FFA_NOT_SUPPORTED),
	END,
};

static const struct sim_memory_rule relinquish[] = {
	RULE(NOT_MAPPED, DENIED),
	RULE(HANDLE_UNKNOWN, DENIED),
	RULE(RELINQUISH_COUNT, INVALID),
	RULE(RELINQUISH_OTHER, DENIED),
	RULE(NOT_BORROWER, DENIED, .panics = true),
	RULE(NOT_HELD, DENIED),
	END,
};

static const struct sim_memory_rule reclaim[] = {
	RULE(HANDLE_UNKNOWN, INVALID),
	RULE(NOT_OWNER, INVALID),
	RULE(INCOMPLETE, INVALID),
	RULE(REGISTERS, INVALID, .what = W(3) | W(4) | JUNK, .on = SIM_ON_LOGICAL),
	RULE(UPPER_HALVES, INVALID, .what = JUNK, .on = SIM_ON_LOGICAL),
	RULE(HELD, DENIED),
	RULE(RECLAIM_FLAGS, DENIED, .what = FFA_MEMORY_FLAG_ZERO, .on = SIM_ON_PARTITION),
	END,
};

#define OPTEE(call_rules)                                                                                    \
	{                                                                                                    \
		.regions_max = SIM_REGIONS_MAX, .handle_kind = SIM_HANDLE_LOWEST,                            \
		.handle_first = HANDLE_PARTITION, .handle_logical = HANDLE_OPTEE, .send_call = call_rules,   \
		.send_descriptor = send_descriptor, .send_pages = send_pages, .fragment = fragment,          \
		.retrieve_call = retrieve_call, .retrieve_region = retrieve_region,                          \
		.retrieve_hypervisor = retrieve_region, .retrieve_fragment = retrieve_fragment,              \
		.relinquish = relinquish, .reclaim = reclaim, .fragment_surplus_ignored = true,              \
		.retrieve_tag_told = true, .retrieve_whole_buffer = true,                                    \
	}

const struct sim_memory_profile sim_memory_optee = OPTEE(send_call);
const struct sim_memory_profile sim_memory_optee_mended = OPTEE(mended_send_call);
