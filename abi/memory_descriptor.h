/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The memory transaction descriptor of FFA_MEM_DONATE, LEND, SHARE, RETRIEVE_REQ and RETRIEVE_RESP
 * (DEN0077 §5.12, DEN0140): header, one access descriptor per receiver, one composite of address ranges.
 *
 * Decoding makes sure that whatever is read later lies inside the buffer, and nothing more: which rules of the
 * specification the contents break is for memory_fault.h to say.
 *
 * A buffer that somebody else can write to must be copied first. All functions are pure.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define FFA_PAGE_SIZE 4096u /* independent of the translation granule */

/* Sizes and alignments in bytes. */
#define FFA_MEMORY_HEADER_SIZE_1_0 32
#define FFA_MEMORY_HEADER_SIZE_1_1 48
#define FFA_MEMORY_RECEIVER_SIZE_1_0 16 /* also 1.1 */
#define FFA_MEMORY_RECEIVER_SIZE_1_2 32
#define FFA_MEMORY_COMPOSITE_SIZE 16
#define FFA_MEMORY_RANGE_SIZE 16
#define FFA_MEMORY_ALIGN 16

/* Attributes. */
#define FFA_MEMORY_SHAREABILITY_MASK 0x3u /* [1:0] */
#define FFA_MEMORY_SHAREABILITY_NON 0x0u
#define FFA_MEMORY_SHAREABILITY_RESERVED 0x1u
#define FFA_MEMORY_SHAREABILITY_OUTER 0x2u
#define FFA_MEMORY_SHAREABILITY_INNER 0x3u
#define FFA_MEMORY_CACHEABILITY_MASK 0xcu /* [3:2]; of device memory: its kind, nGnRnE to GRE */
#define FFA_MEMORY_CACHEABILITY_NC 0x4u
#define FFA_MEMORY_CACHEABILITY_WB 0xcu
#define FFA_MEMORY_TYPE_MASK 0x30u /* [5:4]; 0: not specified */
#define FFA_MEMORY_TYPE_DEVICE 0x10u
#define FFA_MEMORY_TYPE_NORMAL 0x20u
#define FFA_MEMORY_NON_SECURE 0x40u /* only in a retrieve response */
#define FFA_MEMORY_ATTRIBUTES_MASK 0x7fu
#define FFA_MEMORY_NORMAL_WB_INNER                                                                           \
	(FFA_MEMORY_TYPE_NORMAL | FFA_MEMORY_CACHEABILITY_WB | FFA_MEMORY_SHAREABILITY_INNER)

/* Permissions of one receiver. */
#define FFA_MEMORY_DATA_MASK 0x3u /* [1:0]; 0: not specified */
#define FFA_MEMORY_DATA_RO 0x1u
#define FFA_MEMORY_DATA_RW 0x2u
#define FFA_MEMORY_INSTRUCTION_MASK 0xcu /* [3:2]; 0: not specified */
#define FFA_MEMORY_INSTRUCTION_NX 0x4u
#define FFA_MEMORY_INSTRUCTION_X 0x8u
#define FFA_MEMORY_PERMISSIONS_MASK 0xfu

/* Flags of one receiver. */
#define FFA_MEMORY_RECEIVER_OTHER (1u << 0) /* in a retrieve request: another borrower than the caller */

/* Flags of the transaction. */
#define FFA_MEMORY_FLAG_ZERO (1u << 0)       /* zero the memory before it is retrieved */
#define FFA_MEMORY_FLAG_TIME_SLICE (1u << 1) /* the operation may be interrupted */
#define FFA_MEMORY_FLAG_ZERO_AFTER (1u << 2) /* retrieve: zero it after the borrower relinquished it */
#define FFA_MEMORY_FLAG_TYPE_MASK (3u << 3)  /* retrieve: the kind of transaction; 0: any */
#define FFA_MEMORY_FLAG_TYPE_SHARE (1u << 3)
#define FFA_MEMORY_FLAG_TYPE_LEND (2u << 3)
#define FFA_MEMORY_FLAG_TYPE_DONATE (3u << 3)
#define FFA_MEMORY_FLAG_ALIGN_HINT_MASK (0xfu << 5) /* retrieve: log2 of the alignment in pages */
#define FFA_MEMORY_FLAG_ALIGN_HINT_VALID (1u << 9)
#define FFA_MEMORY_FLAG_BYPASS_BORROWERS (1u << 10) /* retrieve, 1.2: only the caller is listed */

#define FFA_MEMORY_HANDLE_INVALID UINT64_MAX
#define FFA_MEMORY_HANDLE_HYPERVISOR (UINT64_C(1) << 63) /* who gave the handle; else the SPMC */

enum ffa_memory_op {
	FFA_MEMORY_DONATE,
	FFA_MEMORY_LEND,
	FFA_MEMORY_SHARE,
	FFA_MEMORY_RETRIEVE, /* the request */
	FFA_MEMORY_OP_COUNT,
};

/* Host form of the header, without what the layout says. */
struct ffa_memory_transaction {
	uint16_t sender; /* the owner, for a retrieve request too */
	uint16_t attributes;
	uint32_t flags;
	uint64_t handle; /* 0 when memory is sent */
	uint64_t tag;
};

/* Host form of one access descriptor. */
struct ffa_memory_receiver {
	uint16_t id;
	uint8_t permissions;
	uint8_t flags;
	uint32_t composite_offset; /* set by the decoder; the encoder knows it itself */
	uint64_t impdef[2];        /* 1.2 */
};

/* One range of pages. */
struct ffa_memory_range {
	uint64_t address; /* of the first byte */
	uint32_t page_count;
};

/* What one fragment, and all fragments together, take. */
struct ffa_memory_extent {
	uint32_t total_size;    /* bytes of the whole descriptor */
	uint32_t fragment_size; /* bytes of it in the buffer */
	size_t range_count;     /* ranges in the buffer: the next fragment starts with this one */
};

/*
 * Encode the descriptor in the layout of `version`, or as much of it as fits `size` bytes: header, receivers
 * and composite header wholly, then whole ranges. The rest is for ffa_memory_ranges_encode().
 *
 * `receiver_size` is that of one access descriptor in bytes: 0 for the version's own (16 before 1.2, then 32),
 * or any multiple of 16 from 16 on; before 1.1 only 16. Without ranges there is no composite (retrieve
 * requests).
 *
 * -EINVAL: receiver_size, ranges without a receiver, or attributes or implementation-defined values that the
 * layout has no room for.
 * -EOVERFLOW: a count or the page sum over 32 bits. -ENOSPC: the parts that must not be
 * split do not fit.
 */
int ffa_memory_descriptor_encode(uint32_t version, const struct ffa_memory_transaction *transaction,
				 size_t receiver_size, const struct ffa_memory_receiver *receivers,
				 size_t receiver_count, const struct ffa_memory_range *ranges,
				 size_t range_count, void *buf, size_t size,
				 struct ffa_memory_extent *ret_extent);

/*
 * Encode the ranges of a follow-on fragment, as many of `count` as fit. Returns the bytes written, a multiple
 * of 16, or 0 when not even one fits.
 */
size_t ffa_memory_ranges_encode(const struct ffa_memory_range *ranges, size_t count, void *buf, size_t size);

/* A descriptor in a buffer that stays the caller's and must not change. */
struct ffa_memory_descriptor {
	const uint8_t *buf;
	uint32_t version;
	uint32_t fragment_size, total_size; /* bytes: in buf, and of the whole descriptor */
	struct ffa_memory_transaction transaction;
	uint32_t receiver_size, receivers_offset, receiver_count;
	uint32_t composite_offset; /* of the first receiver; 0: there is no composite */
	uint32_t page_count;       /* of the composite, as it says */
	uint32_t range_count;      /* of the composite, as it says: in all fragments */
	uint32_t ranges_here;      /* whole ranges in this fragment: at most range_count */
};

/*
 * Read a descriptor whose first `fragment_size` bytes, of `total_size`, are in `buf`. -EBADMSG when the header,
 * any receiver, or the composite header are not wholly inside the fragment, or the fragment is longer than the
 * whole. One receiver alone may claim less than the 16 bytes that it takes, which some firmware lets pass.
 */
int ffa_memory_descriptor_decode(uint32_t version, const void *buf, uint32_t fragment_size,
				 uint32_t total_size, struct ffa_memory_descriptor *ret_descriptor);
/* Receiver `index`. -ERANGE from receiver_count on. */
int ffa_memory_descriptor_receiver(const struct ffa_memory_descriptor *descriptor, uint32_t index,
				   struct ffa_memory_receiver *ret_receiver);
/* Range `index` of those in this fragment. -ERANGE from ranges_here on. */
int ffa_memory_descriptor_range(const struct ffa_memory_descriptor *descriptor, uint32_t index,
				struct ffa_memory_range *ret_range);
/* Range `index` of a follow-on fragment. -ERANGE when it is not wholly inside. */
int ffa_memory_ranges_decode(const void *buf, size_t size, size_t index, struct ffa_memory_range *ret_range);

/* Two ranges have a page in common. An empty range has none, one that wraps ends with the address space. */
bool ffa_memory_range_overlaps(const struct ffa_memory_range *a, const struct ffa_memory_range *b);
