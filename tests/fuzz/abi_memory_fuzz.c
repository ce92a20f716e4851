/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Memory transaction descriptors. Input: one byte that chooses version and operation, two bytes of how much
 * longer than its first fragment the descriptor claims to be, then the fragment. Whatever decodes is read
 * wholly; what breaks no rule comes out of the encoder byte by byte as it went in.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "abi/memory_fault.h"
#include "abi/memory_frame.h"
#include "abi/version.h"

#define RECEIVERS_MAX 64
#define RANGES_MAX 512
#define HEAD 3

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(int holds)
{
	if (!holds)
		abort();
}

/* A sound descriptor in the order that the encoder uses, with nothing between its parts. */
static void check_encoder(const struct ffa_memory_descriptor *descriptor)
{
	struct ffa_memory_receiver receivers[RECEIVERS_MAX];
	struct ffa_memory_range ranges[RANGES_MAX];
	struct ffa_memory_extent extent;
	uint32_t header = descriptor->version < FFA_VERSION_1_1 ? FFA_MEMORY_HEADER_SIZE_1_0
								: FFA_MEMORY_HEADER_SIZE_1_1;
	uint32_t receivers_end;
	uint8_t *encoded;

	if (descriptor->receiver_count > RECEIVERS_MAX || descriptor->range_count > RANGES_MAX ||
	    descriptor->fragment_size != descriptor->total_size || descriptor->receivers_offset != header)
		return;
	receivers_end = header + descriptor->receiver_count * descriptor->receiver_size;
	if (descriptor->composite_offset && descriptor->composite_offset != receivers_end)
		return;
	/* What a later version has behind the known part of a receiver is not for this encoder to repeat. */
	if (descriptor->receiver_size > FFA_MEMORY_RECEIVER_SIZE_1_2)
		return;
	for (uint32_t i = 0; i < descriptor->receiver_count; i++)
		check(ffa_memory_descriptor_receiver(descriptor, i, &receivers[i]) == 0);
	for (uint32_t i = 0; i < descriptor->range_count; i++)
		check(ffa_memory_descriptor_range(descriptor, i, &ranges[i]) == 0);
	encoded = malloc(descriptor->total_size);
	check(encoded != NULL);
	check(ffa_memory_descriptor_encode(descriptor->version, &descriptor->transaction,
					   descriptor->receiver_size, receivers, descriptor->receiver_count,
					   ranges, descriptor->range_count, encoded, descriptor->total_size,
					   &extent) == 0);
	check(extent.total_size == descriptor->total_size && extent.fragment_size == extent.total_size);
	check(memcmp(encoded, descriptor->buf, extent.total_size) == 0);
	free(encoded);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct ffa_memory_descriptor descriptor;
	struct ffa_memory_receiver receiver;
	struct ffa_memory_range range;
	enum ffa_memory_op op;
	uint32_t version, more, i;
	uint8_t *fragment;

	if (size < HEAD)
		return 0;
	version = FFA_VERSION_MAKE(1, data[0] & 3);
	op = (enum ffa_memory_op)(data[0] >> 2 & 3);
	more = (uint32_t)(data[1] | data[2] << 8);
	size -= HEAD;
	/* An allocation of its own size, so that one byte too far is found. */
	fragment = malloc(size ? size : 1);
	check(fragment != NULL);
	memcpy(fragment, data + HEAD, size);
	if (ffa_memory_descriptor_decode(version, fragment, (uint32_t)size, (uint32_t)size + more,
					 &descriptor) == 0) {
		for (i = 0; ffa_memory_descriptor_receiver(&descriptor, i, &receiver) == 0; i++)
			;
		check(i == descriptor.receiver_count);
		for (i = 0; ffa_memory_descriptor_range(&descriptor, i, &range) == 0; i++)
			;
		check(i == descriptor.ranges_here && i <= descriptor.range_count);
		if (ffa_memory_faults(&descriptor, op) == 0)
			check_encoder(&descriptor);
	}
	/* The same bytes as a follow-on fragment. */
	for (i = 0; ffa_memory_ranges_decode(fragment, size, i, &range) == 0; i++)
		(void)ffa_memory_range_faults(&range);
	check(i == size / FFA_MEMORY_RANGE_SIZE);
	free(fragment);
	return 0;
}
