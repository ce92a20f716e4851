/* SPDX-License-Identifier: BSD-3-Clause */
#include "memory_fault.h"

#include "bytes.h"
#include "memory_layout.h"

/* What the operations differ in. */
static const struct {
	bool send;               /* the descriptor carries ranges, no handle and no instruction permission */
	uint32_t flags;          /* that may be set */
	uint32_t flags_1_2;      /* from 1.2 on, too */
	bool data_permission;    /* receivers must be given one … */
	bool no_data_permission; /* … or must not */
} rules[FFA_MEMORY_OP_COUNT] = {
	[FFA_MEMORY_DONATE] = { .send = true,
				.flags = FFA_MEMORY_FLAG_ZERO | FFA_MEMORY_FLAG_TIME_SLICE,
				.no_data_permission = true },
	[FFA_MEMORY_LEND] = { .send = true,
			      .flags = FFA_MEMORY_FLAG_ZERO | FFA_MEMORY_FLAG_TIME_SLICE,
			      .data_permission = true },
	/* ZERO has a fault of its own for SHARE. */
	[FFA_MEMORY_SHARE] = { .send = true,
			       .flags = FFA_MEMORY_FLAG_ZERO | FFA_MEMORY_FLAG_TIME_SLICE,
			       .data_permission = true },
	[FFA_MEMORY_RETRIEVE] = { .flags = FFA_MEMORY_FLAG_ZERO | FFA_MEMORY_FLAG_TIME_SLICE |
					   FFA_MEMORY_FLAG_ZERO_AFTER | FFA_MEMORY_FLAG_TYPE_MASK |
					   FFA_MEMORY_FLAG_ALIGN_HINT_MASK | FFA_MEMORY_FLAG_ALIGN_HINT_VALID,
				  .flags_1_2 = FFA_MEMORY_FLAG_BYPASS_BORROWERS },
};

static bool is_zero(const uint8_t *p, size_t size)
{
	for (size_t i = 0; i < size; i++)
		if (p[i])
			return false;
	return true;
}

static uint32_t attributes_faults(const struct ffa_memory_descriptor *d, enum ffa_memory_op op)
{
	uint32_t attributes = d->transaction.attributes;
	uint32_t type = attributes & FFA_MEMORY_TYPE_MASK;
	uint32_t given = attributes & FFA_MEMORY_ATTRIBUTES_MASK & ~FFA_MEMORY_NON_SECURE;
	uint32_t cacheability = attributes & FFA_MEMORY_CACHEABILITY_MASK;
	uint32_t shareability = attributes & FFA_MEMORY_SHAREABILITY_MASK;
	uint32_t faults = 0;

	if (attributes & ~FFA_MEMORY_ATTRIBUTES_MASK)
		faults |= FFA_MEMORY_FAULT_ATTRIBUTES_RESERVED;
	if (type == FFA_MEMORY_TYPE_MASK)
		faults |= FFA_MEMORY_FAULT_ATTRIBUTES_RESERVED;
	if (type == FFA_MEMORY_TYPE_NORMAL &&
	    ((cacheability != FFA_MEMORY_CACHEABILITY_NC && cacheability != FFA_MEMORY_CACHEABILITY_WB) ||
	     shareability == FFA_MEMORY_SHAREABILITY_RESERVED))
		faults |= FFA_MEMORY_FAULT_ATTRIBUTES_RESERVED;
	if (attributes & FFA_MEMORY_NON_SECURE)
		faults |= FFA_MEMORY_FAULT_ATTRIBUTES_NS;

	/* An owner that gives exclusive access to one receiver leaves the attributes to it. */
	if (op == FFA_MEMORY_DONATE || (op == FFA_MEMORY_LEND && d->receiver_count == 1)) {
		if (given)
			faults |= FFA_MEMORY_FAULT_ATTRIBUTES;
	} else if (rules[op].send && !type) {
		faults |= FFA_MEMORY_FAULT_ATTRIBUTES;
	}
	return faults;
}

static uint32_t header_faults(const struct ffa_memory_descriptor *d, enum ffa_memory_op op)
{
	uint32_t allowed = rules[op].flags | (d->version >= FFA_VERSION_1_2 ? rules[op].flags_1_2 : 0);
	uint32_t faults = attributes_faults(d, op);

	if (rules[op].send && d->transaction.handle)
		faults |= FFA_MEMORY_FAULT_HANDLE;
	if (d->transaction.flags & ~allowed)
		faults |= FFA_MEMORY_FAULT_FLAGS;
	if (op == FFA_MEMORY_SHARE && (d->transaction.flags & FFA_MEMORY_FLAG_ZERO))
		faults |= FFA_MEMORY_FAULT_FLAG_ZERO;
	if (d->version < FFA_VERSION_1_1) {
		if (d->buf[MEMORY_RESERVED_1_0_BYTE] || !is_zero(d->buf + MEMORY_RESERVED_1_0_WORD, 4))
			faults |= FFA_MEMORY_FAULT_HEADER_RESERVED;
	} else {
		if (!is_zero(d->buf + MEMORY_RESERVED, FFA_MEMORY_HEADER_SIZE_1_1 - MEMORY_RESERVED))
			faults |= FFA_MEMORY_FAULT_HEADER_RESERVED;
		if (d->receivers_offset < FFA_MEMORY_HEADER_SIZE_1_1 ||
		    d->receivers_offset % FFA_MEMORY_ALIGN)
			faults |= FFA_MEMORY_FAULT_RECEIVERS_OFFSET;
	}
	return faults;
}

/* 1.2 knows two sizes; what comes later may be longer. */
static bool receiver_size_known(const struct ffa_memory_descriptor *d)
{
	if (d->receiver_size == FFA_MEMORY_RECEIVER_SIZE_1_0)
		return true;
	if (d->receiver_size == FFA_MEMORY_RECEIVER_SIZE_1_2)
		return d->version >= FFA_VERSION_1_2;
	return d->version >= FFA_VERSION_1_3 && d->receiver_size > FFA_MEMORY_RECEIVER_SIZE_1_2 &&
	       d->receiver_size % FFA_MEMORY_ALIGN == 0;
}

static uint32_t permissions_faults(uint8_t permissions, enum ffa_memory_op op)
{
	uint32_t data = permissions & FFA_MEMORY_DATA_MASK;
	uint32_t instruction = permissions & FFA_MEMORY_INSTRUCTION_MASK;
	uint32_t faults = 0;

	if ((permissions & ~FFA_MEMORY_PERMISSIONS_MASK) || data == FFA_MEMORY_DATA_MASK ||
	    instruction == FFA_MEMORY_INSTRUCTION_MASK)
		faults |= FFA_MEMORY_FAULT_PERMISSIONS_RESERVED;
	if ((rules[op].data_permission && !data) || (rules[op].no_data_permission && data))
		faults |= FFA_MEMORY_FAULT_DATA_PERMISSION;
	if (rules[op].send && instruction)
		faults |= FFA_MEMORY_FAULT_INSTRUCTION_PERMISSION;
	return faults;
}

/* Bytes of one receiver that the layout leaves without meaning. */
static bool receiver_reserved_clear(const struct ffa_memory_descriptor *d, const uint8_t *p)
{
	if (memory_has_impdef(d))
		return is_zero(p + RECEIVER_RESERVED_1_2,
			       FFA_MEMORY_RECEIVER_SIZE_1_2 - RECEIVER_RESERVED_1_2);
	return is_zero(p + RECEIVER_RESERVED_1_0, FFA_MEMORY_RECEIVER_SIZE_1_0 - RECEIVER_RESERVED_1_0);
}

static bool listed_before(const struct ffa_memory_descriptor *d, uint32_t index, uint16_t id)
{
	for (uint32_t i = 0; i < index; i++)
		if (bytes_load16(memory_receiver_at(d, i) + RECEIVER_ID) == id)
			return true;
	return false;
}

static uint32_t receivers_faults(const struct ffa_memory_descriptor *d, enum ffa_memory_op op)
{
	uint8_t flags_allowed = rules[op].send ? 0 : FFA_MEMORY_RECEIVER_OTHER;
	uint32_t faults = 0;

	if (!d->receiver_count || (op == FFA_MEMORY_DONATE && d->receiver_count != 1))
		faults |= FFA_MEMORY_FAULT_RECEIVER_COUNT;
	if (!receiver_size_known(d))
		faults |= FFA_MEMORY_FAULT_RECEIVER_SIZE;
	for (uint32_t i = 0; i < d->receiver_count; i++) {
		struct ffa_memory_receiver receiver;

		(void)ffa_memory_descriptor_receiver(d, i, &receiver);
		if (receiver.id == d->transaction.sender)
			faults |= FFA_MEMORY_FAULT_RECEIVER_SELF;
		/* Once is enough, which also keeps a long list of equal ids cheap. */
		if (!(faults & FFA_MEMORY_FAULT_RECEIVER_DUPLICATE) && listed_before(d, i, receiver.id))
			faults |= FFA_MEMORY_FAULT_RECEIVER_DUPLICATE;
		if (receiver.flags & ~flags_allowed)
			faults |= FFA_MEMORY_FAULT_RECEIVER_FLAGS;
		if (!receiver_reserved_clear(d, memory_receiver_at(d, i)))
			faults |= FFA_MEMORY_FAULT_RECEIVER_RESERVED;
		if (receiver.composite_offset != d->composite_offset)
			faults |= FFA_MEMORY_FAULT_COMPOSITE_OFFSET;
		faults |= permissions_faults(receiver.permissions, op);
	}
	return faults;
}

static uint64_t receivers_end(const struct ffa_memory_descriptor *d)
{
	return d->receivers_offset + (uint64_t)d->receiver_size * d->receiver_count;
}

static uint32_t composite_faults(const struct ffa_memory_descriptor *d, enum ffa_memory_op op)
{
	uint64_t total, ranges_offset;
	uint32_t faults = 0;

	if (!d->composite_offset) {
		if (rules[op].send)
			faults |= FFA_MEMORY_FAULT_COMPOSITE_OFFSET;
		if (d->total_size != receivers_end(d))
			faults |= FFA_MEMORY_FAULT_LENGTH;
		return faults;
	}
	if (d->composite_offset % FFA_MEMORY_ALIGN || d->composite_offset < receivers_end(d))
		faults |= FFA_MEMORY_FAULT_COMPOSITE_OFFSET;
	if (!is_zero(d->buf + d->composite_offset + COMPOSITE_RESERVED,
		     FFA_MEMORY_COMPOSITE_SIZE - COMPOSITE_RESERVED))
		faults |= FFA_MEMORY_FAULT_COMPOSITE_RESERVED;
	if (!d->range_count)
		faults |= FFA_MEMORY_FAULT_RANGE_COUNT;
	ranges_offset = (uint64_t)d->composite_offset + FFA_MEMORY_COMPOSITE_SIZE;
	total = ranges_offset + (uint64_t)d->range_count * FFA_MEMORY_RANGE_SIZE;
	if (d->total_size != total)
		faults |= FFA_MEMORY_FAULT_LENGTH;
	if (d->fragment_size < d->total_size && (d->fragment_size - ranges_offset) % FFA_MEMORY_RANGE_SIZE)
		faults |= FFA_MEMORY_FAULT_FRAGMENT;
	return faults;
}

/* Does range `index` overlap an earlier one? */
static bool overlaps_before(const struct ffa_memory_descriptor *d, uint32_t index,
			    const struct ffa_memory_range *range)
{
	for (uint32_t i = 0; i < index; i++) {
		struct ffa_memory_range earlier;

		(void)ffa_memory_descriptor_range(d, i, &earlier);
		if (ffa_memory_range_overlaps(&earlier, range))
			return true;
	}
	return false;
}

static uint32_t ranges_faults(const struct ffa_memory_descriptor *d)
{
	bool ascending = true;
	uint64_t pages = 0, top = 0; /* the end of the highest range so far, while they ascend */
	uint32_t faults = 0;

	for (uint32_t i = 0; i < d->ranges_here; i++) {
		struct ffa_memory_range range;
		uint64_t end;

		(void)ffa_memory_descriptor_range(d, i, &range);
		faults |= ffa_memory_range_faults(&range);
		if (bytes_load32(memory_range_at(d, i) + RANGE_RESERVED))
			faults |= FFA_MEMORY_FAULT_RANGE_RESERVED;
		pages += range.page_count;
		ascending = ascending && range.address >= top &&
			    !__builtin_add_overflow(range.address, (uint64_t)range.page_count * FFA_PAGE_SIZE,
						    &end);
		if (ascending)
			top = end;
		else if (!(faults & FFA_MEMORY_FAULT_RANGE_OVERLAP) && overlaps_before(d, i, &range))
			faults |= FFA_MEMORY_FAULT_RANGE_OVERLAP;
	}
	if (d->fragment_size == d->total_size && d->ranges_here == d->range_count && pages != d->page_count)
		faults |= FFA_MEMORY_FAULT_PAGE_SUM;
	return faults;
}

uint32_t ffa_memory_faults(const struct ffa_memory_descriptor *descriptor, enum ffa_memory_op op)
{
	return header_faults(descriptor, op) | receivers_faults(descriptor, op) |
	       composite_faults(descriptor, op) | ranges_faults(descriptor);
}

uint32_t ffa_memory_range_faults(const struct ffa_memory_range *range)
{
	uint32_t faults = 0;
	uint64_t last;

	if (range->address % FFA_PAGE_SIZE)
		faults |= FFA_MEMORY_FAULT_RANGE_ALIGN;
	if (!range->page_count)
		faults |= FFA_MEMORY_FAULT_RANGE_EMPTY;
	else if (__builtin_add_overflow(range->address, (uint64_t)range->page_count * FFA_PAGE_SIZE - 1,
					&last))
		faults |= FFA_MEMORY_FAULT_RANGE_WRAP;
	return faults;
}

const char *ffa_memory_fault_text(uint32_t fault)
{
	switch (fault) {
	case FFA_MEMORY_FAULT_HANDLE:
		return "the handle must be zero when memory is sent";
	case FFA_MEMORY_FAULT_HEADER_RESERVED:
		return "reserved bytes of the header must be zero";
	case FFA_MEMORY_FAULT_ATTRIBUTES_RESERVED:
		return "the memory attributes have reserved bits or values";
	case FFA_MEMORY_FAULT_ATTRIBUTES_NS:
		return "the NS bit of the memory attributes must be zero";
	case FFA_MEMORY_FAULT_ATTRIBUTES:
		return "memory attributes must be given to share or to lend to several receivers, else be "
		       "zero";
	case FFA_MEMORY_FAULT_FLAGS:
		return "the flags have bits that this operation does not define";
	case FFA_MEMORY_FAULT_FLAG_ZERO:
		return "shared memory cannot be zeroed";
	case FFA_MEMORY_FAULT_RECEIVER_COUNT:
		return "there must be a receiver, and exactly one to donate";
	case FFA_MEMORY_FAULT_RECEIVER_SIZE:
		return "the size of an access descriptor is none of this FF-A version";
	case FFA_MEMORY_FAULT_RECEIVERS_OFFSET:
		return "the access descriptors must start behind the header, at a multiple of 16";
	case FFA_MEMORY_FAULT_RECEIVER_SELF:
		return "the sender must not be a receiver";
	case FFA_MEMORY_FAULT_RECEIVER_DUPLICATE:
		return "a receiver must be listed once only";
	case FFA_MEMORY_FAULT_RECEIVER_RESERVED:
		return "reserved bytes of an access descriptor must be zero";
	case FFA_MEMORY_FAULT_RECEIVER_FLAGS:
		return "the flags of a receiver have bits that this operation does not define";
	case FFA_MEMORY_FAULT_PERMISSIONS_RESERVED:
		return "the permissions of a receiver have reserved bits or values";
	case FFA_MEMORY_FAULT_DATA_PERMISSION:
		return "the data permission must be read-only or read-write, and not be given to donate";
	case FFA_MEMORY_FAULT_INSTRUCTION_PERMISSION:
		return "the instruction permission is the receiver's to ask for";
	case FFA_MEMORY_FAULT_COMPOSITE_OFFSET:
		return "all receivers must name one composite, behind them at a multiple of 16";
	case FFA_MEMORY_FAULT_COMPOSITE_RESERVED:
		return "reserved bytes of the composite must be zero";
	case FFA_MEMORY_FAULT_RANGE_COUNT:
		return "there must be an address range";
	case FFA_MEMORY_FAULT_LENGTH:
		return "the length must be what the counts of receivers and ranges give";
	case FFA_MEMORY_FAULT_FRAGMENT:
		return "a fragment must end between two ranges";
	case FFA_MEMORY_FAULT_RANGE_RESERVED:
		return "reserved bytes of an address range must be zero";
	case FFA_MEMORY_FAULT_RANGE_ALIGN:
		return "an address range must start at a multiple of 4096";
	case FFA_MEMORY_FAULT_RANGE_EMPTY:
		return "an address range must have a page";
	case FFA_MEMORY_FAULT_RANGE_WRAP:
		return "an address range must end within the address space";
	case FFA_MEMORY_FAULT_RANGE_OVERLAP:
		return "address ranges must not overlap";
	case FFA_MEMORY_FAULT_PAGE_SUM:
		return "the page count must be the sum of the address ranges";
	default:
		return NULL;
	}
}
