/* SPDX-License-Identifier: BSD-3-Clause */
/* Offsets inside memory transaction descriptors, and the way to their parts. Internal to abi/. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "memory_descriptor.h"
#include "version.h"

/* Header. The fields at 24, 32 and behind are 1.1's; 1.0 has a reserved word at 24 and the receivers at 32. */
#define MEMORY_SENDER 0
#define MEMORY_ATTRIBUTES 2 /* one byte in 1.0 */
#define MEMORY_FLAGS 4
#define MEMORY_HANDLE 8
#define MEMORY_TAG 16
#define MEMORY_RECEIVER_SIZE 24
#define MEMORY_RECEIVER_COUNT 28
#define MEMORY_RECEIVERS_OFFSET 32
#define MEMORY_RESERVED 36
#define MEMORY_RESERVED_1_0_BYTE 3
#define MEMORY_RESERVED_1_0_WORD 24

/* Access descriptor of one receiver. */
#define RECEIVER_ID 0
#define RECEIVER_PERMISSIONS 2
#define RECEIVER_FLAGS 3
#define RECEIVER_COMPOSITE_OFFSET 4
#define RECEIVER_RESERVED_1_0 8
#define RECEIVER_IMPDEF 8
#define RECEIVER_RESERVED_1_2 24

#define COMPOSITE_PAGE_COUNT 0
#define COMPOSITE_RANGE_COUNT 4
#define COMPOSITE_RESERVED 8

#define RANGE_ADDRESS 0
#define RANGE_PAGE_COUNT 8
#define RANGE_RESERVED 12

/* Index below receiver_count: the decoder has made sure that it lies inside. */
static inline const uint8_t *memory_receiver_at(const struct ffa_memory_descriptor *d, uint32_t index)
{
	return d->buf + d->receivers_offset + (uint64_t)index * d->receiver_size;
}

/* Do the receivers have the implementation-defined values of 1.2, and the reserved bytes behind them? */
static inline bool memory_has_impdef(const struct ffa_memory_descriptor *d)
{
	return d->version >= FFA_VERSION_1_2 && d->receiver_size >= FFA_MEMORY_RECEIVER_SIZE_1_2;
}

/* Index below ranges_here. */
static inline const uint8_t *memory_range_at(const struct ffa_memory_descriptor *d, uint32_t index)
{
	return d->buf + d->composite_offset + FFA_MEMORY_COMPOSITE_SIZE +
	       (uint64_t)index * FFA_MEMORY_RANGE_SIZE;
}
