/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Partition discovery: the descriptors that FFA_PARTITION_INFO_GET puts into RX, and the packing of
 * FFA_PARTITION_INFO_GET_REGS (DEN0077 §6.2, §13.8, §13.9).
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "regs.h"
#include "uuid.h"

/* Properties (bit positions of the descriptor). */
#define FFA_PARTITION_DIRECT_REQ_RECV (1u << 0)
#define FFA_PARTITION_DIRECT_REQ_SEND (1u << 1)
#define FFA_PARTITION_INDIRECT_MSG (1u << 2)
#define FFA_PARTITION_NOTIFICATION_RECV (1u << 3)
#define FFA_PARTITION_TYPE_SHIFT 4
#define FFA_PARTITION_TYPE_MASK                                                                              \
	(3u << 4) /* 0 PE endpoint, 1 SEPID independent, 2 SEPID dependent, 3 auxiliary */
#define FFA_PARTITION_VM_CREATED (1u << 6)
#define FFA_PARTITION_VM_DESTROYED (1u << 7)
#define FFA_PARTITION_AARCH64 (1u << 8)
#define FFA_PARTITION_DIRECT_REQ2_RECV (1u << 9)
#define FFA_PARTITION_DIRECT_REQ2_SEND (1u << 10)
#define FFA_PARTITION_LIVE_ACTIVATION (1u << 11)
#define FFA_PARTITION_CPU_RENDEZVOUS (1u << 12)
#define FFA_PARTITION_SMC64_CYCLE (1u << 13)

/* Sizes (strides) of one descriptor. Newer versions may be longer: read min(stride, known). */
#define FFA_PARTITION_INFO_SIZE_1_0 8
#define FFA_PARTITION_INFO_SIZE_1_1 24
#define FFA_PARTITION_INFO_SIZE_1_3 48

/* Host form of one entry, of whatever version. Absent fields are zero. */
struct ffa_partition_info {
	uint16_t id;
	uint16_t exec_ctx_count; /* or the proxy endpoint, for a dependent SEPID */
	uint32_t properties;
	struct ffa_uuid uuid;       /* 1.1: protocol UUID; nil when the query named one */
	struct ffa_uuid image_uuid; /* 1.3 */
	uint32_t ffa_version;       /* 1.3: the partition's own */
};

#define FFA_PARTITION_INFO_COUNT_ONLY (1u << 0) /* w5 of FFA_PARTITION_INFO_GET, from 1.1 */

/* FFA_PARTITION_INFO_GET in host form. */
struct ffa_partition_info_get {
	struct ffa_uuid uuid; /* nil: all partitions */
	uint32_t flags;
};

/* Every register is written. */
void ffa_partition_info_get_encode(const struct ffa_partition_info_get *get, struct ffa_regs *ret_regs);
/* -ENOMSG: another function. Flags are not judged: 1.0 has none. */
int ffa_partition_info_get_decode(const struct ffa_regs *regs, struct ffa_partition_info_get *ret_get);

/* FFA_SUCCESS of FFA_PARTITION_INFO_GET. */
struct ffa_partition_info_reply {
	uint32_t count;
	uint32_t stride; /* bytes; 0 for a count only, and in 1.0 (FFA_PARTITION_INFO_SIZE_1_0) */
};

void ffa_partition_info_reply_encode(const struct ffa_partition_info_reply *reply, struct ffa_regs *ret_regs);
/* -ENOMSG: no FFA_SUCCESS. */
int ffa_partition_info_reply_decode(const struct ffa_regs *regs, struct ffa_partition_info_reply *ret_reply);

/* FFA_PARTITION_INFO_GET_REGS in host form. */
struct ffa_partition_info_get_regs {
	struct ffa_uuid uuid; /* nil: all partitions */
	uint16_t start_index;
	uint16_t tag; /* of the reply before; 0 with start_index 0 */
};

void ffa_partition_info_get_regs_encode(const struct ffa_partition_info_get_regs *get,
					struct ffa_regs *ret_regs);
/* -ENOMSG: another function. */
int ffa_partition_info_get_regs_decode(const struct ffa_regs *regs,
				       struct ffa_partition_info_get_regs *ret_get);

/*
 * Encode one entry in `stride` bytes (8, 24 or 48; what does not fit is left out, padding is zeroed).
 * -EINVAL for another stride, -ENOSPC when size < stride.
 */
int ffa_partition_info_encode(const struct ffa_partition_info *info, size_t stride, void *buf, size_t size);

/*
 * Decode entry `index` of a table of `size` bytes with the given stride: any stride of 8 or more that is a
 * multiple of 8. -EINVAL for the stride, -ERANGE when the entry is not wholly inside.
 */
int ffa_partition_info_decode(const void *buf, size_t size, size_t stride, size_t index,
			      struct ffa_partition_info *ret_info);

/* One reply of FFA_PARTITION_INFO_GET_REGS. */
struct ffa_partition_info_regs {
	uint16_t last_index;    /* of the whole table: count - 1 */
	uint16_t current_index; /* of the last entry in this reply */
	uint16_t tag;
	uint16_t entry_size; /* 24 or 48; any multiple of 8 >= 24 is understood */
};

/* Most entries of `entry_size` bytes that fit x3-x17. */
size_t ffa_partition_info_regs_max(size_t entry_size);
/* Write header and `count` entries into x2-x17 (x0 and x1 untouched). -EINVAL, -ENOSPC. */
int ffa_partition_info_regs_encode(const struct ffa_partition_info_regs *header,
				   const struct ffa_partition_info *infos, size_t count,
				   struct ffa_regs *regs);
/*
 * Read a reply to the request that started at `start_index`. Stores at most `capacity` entries.
 * Returns their number (>= 1), or -EBADMSG when indexes or entry size contradict each other, -ENOSPC.
 */
int ffa_partition_info_regs_decode(const struct ffa_regs *regs, uint16_t start_index,
				   struct ffa_partition_info_regs *ret_header,
				   struct ffa_partition_info *ret_infos, size_t capacity);
