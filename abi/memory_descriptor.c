/* SPDX-License-Identifier: BSD-3-Clause */
#include "memory_descriptor.h"

#include "bytes.h"
#include "linux_errno.h"
#include "memory_layout.h"
#include "version.h"

static uint32_t header_size(uint32_t version)
{
	return version < FFA_VERSION_1_1 ? FFA_MEMORY_HEADER_SIZE_1_0 : FFA_MEMORY_HEADER_SIZE_1_1;
}

static bool receiver_size_valid(uint32_t version, size_t receiver_size)
{
	if (version < FFA_VERSION_1_1)
		return receiver_size == FFA_MEMORY_RECEIVER_SIZE_1_0;
	return receiver_size >= FFA_MEMORY_RECEIVER_SIZE_1_0 && receiver_size <= UINT32_MAX &&
	       receiver_size % FFA_MEMORY_ALIGN == 0;
}

/* What a descriptor of these counts looks like. -EOVERFLOW when the fields cannot say so. */
struct shape {
	uint32_t receiver_size, receiver_count, receivers_offset;
	uint32_t composite_offset; /* 0: none; then the receivers end the descriptor */
	uint32_t range_count, page_count;
	uint32_t prefix_size; /* bytes before the first range, in the first fragment wholly */
	uint32_t total_size;
};

static int measure(uint32_t version, size_t receiver_size, size_t receiver_count,
		   const struct ffa_memory_range *ranges, size_t range_count, struct shape *ret_shape)
{
	uint64_t receivers_end, total, pages = 0;

	if (receiver_count > UINT32_MAX || range_count > UINT32_MAX)
		return -LINUX_EOVERFLOW;
	/* Below 2^64: both factors are below 2^32. */
	receivers_end = (uint64_t)receiver_size * receiver_count;
	if (__builtin_add_overflow(receivers_end, header_size(version), &receivers_end) ||
	    receivers_end > UINT32_MAX)
		return -LINUX_EOVERFLOW;
	total = receivers_end;
	if (range_count)
		total += FFA_MEMORY_COMPOSITE_SIZE + (uint64_t)range_count * FFA_MEMORY_RANGE_SIZE;
	if (total > UINT32_MAX)
		return -LINUX_EOVERFLOW;
	for (size_t i = 0; i < range_count; i++)
		pages += ranges[i].page_count;
	if (pages > UINT32_MAX)
		return -LINUX_EOVERFLOW;
	*ret_shape = (struct shape) {
		.receiver_size = (uint32_t)receiver_size,
		.receiver_count = (uint32_t)receiver_count,
		.receivers_offset = header_size(version),
		.composite_offset = range_count ? (uint32_t)receivers_end : 0,
		.range_count = (uint32_t)range_count,
		.page_count = (uint32_t)pages,
		.prefix_size = (uint32_t)(receivers_end + (range_count ? FFA_MEMORY_COMPOSITE_SIZE : 0)),
		.total_size = (uint32_t)total,
	};
	return 0;
}

static void store_header(uint8_t *p, uint32_t version, const struct ffa_memory_transaction *transaction,
			 const struct shape *shape)
{
	bytes_store16(p + MEMORY_SENDER, transaction->sender);
	bytes_store16(p + MEMORY_ATTRIBUTES, transaction->attributes);
	bytes_store32(p + MEMORY_FLAGS, transaction->flags);
	bytes_store64(p + MEMORY_HANDLE, transaction->handle);
	bytes_store64(p + MEMORY_TAG, transaction->tag);
	bytes_store32(p + MEMORY_RECEIVER_COUNT, shape->receiver_count);
	if (version >= FFA_VERSION_1_1) {
		bytes_store32(p + MEMORY_RECEIVER_SIZE, shape->receiver_size);
		bytes_store32(p + MEMORY_RECEIVERS_OFFSET, shape->receivers_offset);
	}
}

static void store_receiver(uint8_t *p, const struct ffa_memory_receiver *receiver, const struct shape *shape)
{
	bytes_store16(p + RECEIVER_ID, receiver->id);
	p[RECEIVER_PERMISSIONS] = receiver->permissions;
	p[RECEIVER_FLAGS] = receiver->flags;
	bytes_store32(p + RECEIVER_COMPOSITE_OFFSET, shape->composite_offset);
	if (shape->receiver_size >= FFA_MEMORY_RECEIVER_SIZE_1_2) {
		bytes_store64(p + RECEIVER_IMPDEF, receiver->impdef[0]);
		bytes_store64(p + RECEIVER_IMPDEF + 8, receiver->impdef[1]);
	}
}

int ffa_memory_descriptor_encode(uint32_t version, const struct ffa_memory_transaction *transaction,
				 size_t receiver_size, const struct ffa_memory_receiver *receivers,
				 size_t receiver_count, const struct ffa_memory_range *ranges,
				 size_t range_count, void *buf, size_t size,
				 struct ffa_memory_extent *ret_extent)
{
	uint8_t *p = buf;
	struct shape shape;
	size_t written = 0;
	int r;

	if (!receiver_size)
		receiver_size = version < FFA_VERSION_1_2 ? FFA_MEMORY_RECEIVER_SIZE_1_0
							  : FFA_MEMORY_RECEIVER_SIZE_1_2;
	if (!receiver_size_valid(version, receiver_size))
		return -LINUX_EINVAL;
	if (version < FFA_VERSION_1_1 && transaction->attributes > UINT8_MAX)
		return -LINUX_EINVAL;
	/* Only a receiver says where the ranges are. */
	if (range_count && !receiver_count)
		return -LINUX_EINVAL;
	for (size_t i = 0; i < receiver_count; i++)
		if (receiver_size < FFA_MEMORY_RECEIVER_SIZE_1_2 &&
		    (receivers[i].impdef[0] || receivers[i].impdef[1]))
			return -LINUX_EINVAL;
	r = measure(version, receiver_size, receiver_count, ranges, range_count, &shape);
	if (r < 0)
		return r;
	if (size < shape.prefix_size)
		return -LINUX_ENOSPC;

	memset(p, 0, shape.prefix_size);
	store_header(p, version, transaction, &shape);
	for (size_t i = 0; i < receiver_count; i++)
		store_receiver(p + shape.receivers_offset + i * receiver_size, &receivers[i], &shape);
	if (shape.composite_offset) {
		bytes_store32(p + shape.composite_offset + COMPOSITE_PAGE_COUNT, shape.page_count);
		bytes_store32(p + shape.composite_offset + COMPOSITE_RANGE_COUNT, shape.range_count);
		written = ffa_memory_ranges_encode(ranges, range_count, p + shape.prefix_size,
						   size - shape.prefix_size);
	}
	*ret_extent = (struct ffa_memory_extent) {
		.total_size = shape.total_size,
		.fragment_size = (uint32_t)(shape.prefix_size + written),
		.range_count = written / FFA_MEMORY_RANGE_SIZE,
	};
	return 0;
}

size_t ffa_memory_ranges_encode(const struct ffa_memory_range *ranges, size_t count, void *buf, size_t size)
{
	size_t fit = size / FFA_MEMORY_RANGE_SIZE;

	if (count > fit)
		count = fit;
	for (size_t i = 0; i < count; i++) {
		uint8_t *p = (uint8_t *)buf + i * FFA_MEMORY_RANGE_SIZE;

		bytes_store64(p + RANGE_ADDRESS, ranges[i].address);
		bytes_store32(p + RANGE_PAGE_COUNT, ranges[i].page_count);
		bytes_store32(p + RANGE_RESERVED, 0);
	}
	return count * FFA_MEMORY_RANGE_SIZE;
}

/* Are all receivers, and at least the fields of one, inside the first `size` bytes? */
static bool receivers_inside(const struct ffa_memory_descriptor *d, uint32_t size)
{
	uint64_t end;

	if (!d->receiver_count)
		return true;
	/* Receivers that overlap each other could be as many as the count says: they must be apart. */
	if (d->receiver_size < FFA_MEMORY_RECEIVER_SIZE_1_0)
		return d->receiver_count == 1 &&
		       (uint64_t)d->receivers_offset + FFA_MEMORY_RECEIVER_SIZE_1_0 <= size;
	end = (uint64_t)d->receiver_size * d->receiver_count;
	return !__builtin_add_overflow(end, d->receivers_offset, &end) && end <= size;
}

int ffa_memory_descriptor_decode(uint32_t version, const void *buf, uint32_t fragment_size,
				 uint32_t total_size, struct ffa_memory_descriptor *ret_descriptor)
{
	const uint8_t *p = buf;
	struct ffa_memory_descriptor d = {
		.buf = buf,
		.version = version,
		.fragment_size = fragment_size,
		.total_size = total_size,
	};

	if (fragment_size > total_size || fragment_size < header_size(version))
		return -LINUX_EBADMSG;
	d.transaction = (struct ffa_memory_transaction) {
		.sender = bytes_load16(p + MEMORY_SENDER),
		.attributes = version < FFA_VERSION_1_1 ? p[MEMORY_ATTRIBUTES]
							: bytes_load16(p + MEMORY_ATTRIBUTES),
		.flags = bytes_load32(p + MEMORY_FLAGS),
		.handle = bytes_load64(p + MEMORY_HANDLE),
		.tag = bytes_load64(p + MEMORY_TAG),
	};
	d.receiver_count = bytes_load32(p + MEMORY_RECEIVER_COUNT);
	if (version < FFA_VERSION_1_1) {
		d.receiver_size = FFA_MEMORY_RECEIVER_SIZE_1_0;
		d.receivers_offset = FFA_MEMORY_HEADER_SIZE_1_0;
	} else {
		d.receiver_size = bytes_load32(p + MEMORY_RECEIVER_SIZE);
		d.receivers_offset = bytes_load32(p + MEMORY_RECEIVERS_OFFSET);
	}
	if (!receivers_inside(&d, fragment_size))
		return -LINUX_EBADMSG;
	if (d.receiver_count)
		d.composite_offset = bytes_load32(p + d.receivers_offset + RECEIVER_COMPOSITE_OFFSET);
	if (d.composite_offset) {
		uint64_t ranges_offset = (uint64_t)d.composite_offset + FFA_MEMORY_COMPOSITE_SIZE;
		uint32_t fit;

		if (ranges_offset > fragment_size)
			return -LINUX_EBADMSG;
		d.page_count = bytes_load32(p + d.composite_offset + COMPOSITE_PAGE_COUNT);
		d.range_count = bytes_load32(p + d.composite_offset + COMPOSITE_RANGE_COUNT);
		fit = (uint32_t)((fragment_size - ranges_offset) / FFA_MEMORY_RANGE_SIZE);
		d.ranges_here = d.range_count < fit ? d.range_count : fit;
	}
	*ret_descriptor = d;
	return 0;
}

int ffa_memory_descriptor_receiver(const struct ffa_memory_descriptor *descriptor, uint32_t index,
				   struct ffa_memory_receiver *ret_receiver)
{
	const uint8_t *p;

	if (index >= descriptor->receiver_count)
		return -LINUX_ERANGE;
	p = memory_receiver_at(descriptor, index);
	*ret_receiver = (struct ffa_memory_receiver) {
		.id = bytes_load16(p + RECEIVER_ID),
		.permissions = p[RECEIVER_PERMISSIONS],
		.flags = p[RECEIVER_FLAGS],
		.composite_offset = bytes_load32(p + RECEIVER_COMPOSITE_OFFSET),
	};
	if (memory_has_impdef(descriptor)) {
		ret_receiver->impdef[0] = bytes_load64(p + RECEIVER_IMPDEF);
		ret_receiver->impdef[1] = bytes_load64(p + RECEIVER_IMPDEF + 8);
	}
	return 0;
}

static void load_range(const uint8_t *p, struct ffa_memory_range *ret_range)
{
	*ret_range = (struct ffa_memory_range) {
		.address = bytes_load64(p + RANGE_ADDRESS),
		.page_count = bytes_load32(p + RANGE_PAGE_COUNT),
	};
}

int ffa_memory_descriptor_range(const struct ffa_memory_descriptor *descriptor, uint32_t index,
				struct ffa_memory_range *ret_range)
{
	if (index >= descriptor->ranges_here)
		return -LINUX_ERANGE;
	load_range(memory_range_at(descriptor, index), ret_range);
	return 0;
}

int ffa_memory_ranges_decode(const void *buf, size_t size, size_t index, struct ffa_memory_range *ret_range)
{
	if (index >= size / FFA_MEMORY_RANGE_SIZE)
		return -LINUX_ERANGE;
	load_range((const uint8_t *)buf + index * FFA_MEMORY_RANGE_SIZE, ret_range);
	return 0;
}

/* One past the last byte. No range ends above the address space. */
static uint64_t range_end(const struct ffa_memory_range *range)
{
	uint64_t end;

	if (__builtin_add_overflow(range->address, (uint64_t)range->page_count * FFA_PAGE_SIZE, &end))
		return UINT64_MAX;
	return end;
}

bool ffa_memory_range_overlaps(const struct ffa_memory_range *a, const struct ffa_memory_range *b)
{
	if (!a->page_count || !b->page_count)
		return false;
	return a->address < range_end(b) && b->address < range_end(a);
}
