/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Which rules of the specification a memory transaction descriptor breaks, as a set: firmwares differ in which
 * of them they enforce, and with which error. Rules that need more than the descriptor (who calls, what is
 * shared already) are not here. All functions are pure.
 */
#pragma once

#include <stdint.h>

#include "memory_descriptor.h"

/* Rules that a descriptor can break. */
enum ffa_memory_fault {
	FFA_MEMORY_FAULT_HANDLE = 1 << 0,              /* not zero when memory is sent */
	FFA_MEMORY_FAULT_HEADER_RESERVED = 1 << 1,     /* bytes of the header that must be zero */
	FFA_MEMORY_FAULT_ATTRIBUTES_RESERVED = 1 << 2, /* bits or values without meaning */
	FFA_MEMORY_FAULT_ATTRIBUTES_NS = 1 << 3,       /* the NS bit, which is the callee's to give */
	FFA_MEMORY_FAULT_ATTRIBUTES = 1 << 4,          /* given where they must not be, or missing */
	FFA_MEMORY_FAULT_FLAGS = 1 << 5,               /* bits that the operation does not have */
	FFA_MEMORY_FAULT_FLAG_ZERO = 1 << 6,           /* zeroing of memory that the sender goes on using */
	FFA_MEMORY_FAULT_RECEIVER_COUNT =
		1 << 7, /* none, which a hypervisor may retrieve with; several to donate */
	FFA_MEMORY_FAULT_RECEIVER_SIZE = 1 << 8,    /* no size of the version */
	FFA_MEMORY_FAULT_RECEIVERS_OFFSET = 1 << 9, /* inside the header or not aligned */
	FFA_MEMORY_FAULT_RECEIVER_SELF = 1 << 10,   /* the sender */
	FFA_MEMORY_FAULT_RECEIVER_DUPLICATE = 1 << 11,
	FFA_MEMORY_FAULT_RECEIVER_RESERVED = 1 << 12, /* bytes of a receiver that must be zero */
	FFA_MEMORY_FAULT_RECEIVER_FLAGS = 1 << 13,
	FFA_MEMORY_FAULT_PERMISSIONS_RESERVED = 1 << 14,   /* bits or values without meaning */
	FFA_MEMORY_FAULT_DATA_PERMISSION = 1 << 15,        /* given for DONATE, missing elsewhere */
	FFA_MEMORY_FAULT_INSTRUCTION_PERMISSION = 1 << 16, /* given when memory is sent */
	FFA_MEMORY_FAULT_COMPOSITE_OFFSET = 1 << 17,       /* missing, not one for all, not aligned, early */
	FFA_MEMORY_FAULT_COMPOSITE_RESERVED = 1 << 18,
	FFA_MEMORY_FAULT_RANGE_COUNT = 1 << 19, /* none */
	FFA_MEMORY_FAULT_LENGTH = 1 << 20,      /* the total size is not what the counts give */
	FFA_MEMORY_FAULT_FRAGMENT = 1 << 21,    /* the fragment ends inside a range */
	FFA_MEMORY_FAULT_RANGE_RESERVED = 1 << 22,
	FFA_MEMORY_FAULT_RANGE_ALIGN = 1 << 23,
	FFA_MEMORY_FAULT_RANGE_EMPTY = 1 << 24,
	FFA_MEMORY_FAULT_RANGE_WRAP = 1 << 25,    /* ends above the 64-bit address space */
	FFA_MEMORY_FAULT_RANGE_OVERLAP = 1 << 26, /* with another range of this fragment */
	FFA_MEMORY_FAULT_PAGE_SUM = 1 << 27,      /* not the composite's; only known of an unfragmented one */
};

#define FFA_MEMORY_FAULTS_COUNT 28

/*
 * All rules for `op` that the descriptor breaks: the bits of enum ffa_memory_fault, 0 when it is sound. Rules
 * about a range look at those in this fragment; ranges in ascending order are checked for overlap in one pass,
 * others in as many as there are.
 */
uint32_t ffa_memory_faults(const struct ffa_memory_descriptor *descriptor, enum ffa_memory_op op);
/* In words, for messages: the sentence for one bit; NULL when it is none. */
const char *ffa_memory_fault_text(uint32_t fault);

/* Rules that one range breaks: FFA_MEMORY_FAULT_RANGE_ALIGN, EMPTY and WRAP. For follow-on fragments. */
uint32_t ffa_memory_range_faults(const struct ffa_memory_range *range);
