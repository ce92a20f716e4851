/* SPDX-License-Identifier: BSD-3-Clause */
/* The rules of memory transaction descriptors: each one broken alone is found, and nothing else is. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "abi/memory_fault.h"
#include "abi/version.h"
#include "abi_vector.h"

/* Two receivers and two ranges, where the layout of the version is the only difference. */
static size_t sound(uint32_t version, enum ffa_memory_op op, uint8_t *buf, size_t size)
{
	const struct ffa_memory_transaction transaction = {
		.sender = 1,
		.attributes =
			op == FFA_MEMORY_SHARE || op == FFA_MEMORY_LEND ? FFA_MEMORY_NORMAL_WB_INNER : 0,
		.handle = op == FFA_MEMORY_RETRIEVE ? 0x123 : 0,
		.tag = 7,
	};
	const uint8_t permissions = op == FFA_MEMORY_DONATE ? 0 : FFA_MEMORY_DATA_RW;
	const struct ffa_memory_receiver receivers[] = { { .id = 0x8001, .permissions = permissions },
							 { .id = 0x8002, .permissions = permissions } };
	const struct ffa_memory_range ranges[] = { { 0x80000000, 2 }, { 0x90000000, 3 } };
	struct ffa_memory_extent extent;

	assert_int_equal(ffa_memory_descriptor_encode(version, &transaction, 0, receivers,
						      op == FFA_MEMORY_DONATE ? 1 : 2, ranges,
						      op == FFA_MEMORY_RETRIEVE ? 0 : 2, buf, size, &extent),
			 0);
	return extent.total_size;
}

static uint32_t faults_of(uint32_t version, enum ffa_memory_op op, const uint8_t *buf, size_t fragment_size,
			  size_t total_size)
{
	struct ffa_memory_descriptor descriptor;

	assert_int_equal(ffa_memory_descriptor_decode(version, buf, (uint32_t)fragment_size,
						      (uint32_t)total_size, &descriptor),
			 0);
	return ffa_memory_faults(&descriptor, op);
}

static void test_sound(void **state)
{
	for (uint32_t version = FFA_VERSION_1_0; version <= FFA_VERSION_1_3; version++) {
		for (int op = 0; op < FFA_MEMORY_OP_COUNT; op++) {
			uint8_t buf[256];
			size_t size = sound(version, (enum ffa_memory_op)op, buf, sizeof(buf));

			assert_int_equal(faults_of(version, (enum ffa_memory_op)op, buf, size, size), 0);
		}
	}
}

/*
 * Offsets of the descriptors that sound() makes. 1.1: header 0, receivers 48 and 64, composite 80, ranges 96 and
 * 112. 1.0: receivers 32 and 48, composite 64. 1.2: receivers 48 and 80, composite 112.
 */
static const struct change {
	uint32_t version;
	enum ffa_memory_op op;
	size_t offset;
	uint8_t bytes[8];
	size_t size;
	uint32_t faults;
} changes[] = {
	/* Header. */
	{ FFA_VERSION_1_1, FFA_MEMORY_SHARE, 8, { 1 }, 1, FFA_MEMORY_FAULT_HANDLE },
	{ FFA_VERSION_1_1, FFA_MEMORY_LEND, 15, { 1 }, 1, FFA_MEMORY_FAULT_HANDLE },
	{ FFA_VERSION_1_1, FFA_MEMORY_RETRIEVE, 8, { 9 }, 1, 0 },
	{ FFA_VERSION_1_1, FFA_MEMORY_SHARE, 36, { 1 }, 1, FFA_MEMORY_FAULT_HEADER_RESERVED },
	{ FFA_VERSION_1_1, FFA_MEMORY_SHARE, 47, { 1 }, 1, FFA_MEMORY_FAULT_HEADER_RESERVED },
	{ FFA_VERSION_1_0, FFA_MEMORY_SHARE, 3, { 1 }, 1, FFA_MEMORY_FAULT_HEADER_RESERVED },
	{ FFA_VERSION_1_0, FFA_MEMORY_SHARE, 24, { 1 }, 1, FFA_MEMORY_FAULT_HEADER_RESERVED },
	{ FFA_VERSION_1_0, FFA_MEMORY_SHARE, 27, { 1 }, 1, FFA_MEMORY_FAULT_HEADER_RESERVED },
	/* Attributes. */
	{ FFA_VERSION_1_1, FFA_MEMORY_SHARE, 3, { 1 }, 1, FFA_MEMORY_FAULT_ATTRIBUTES_RESERVED },
	{ FFA_VERSION_1_1, FFA_MEMORY_SHARE, 2, { 0xaf }, 1, FFA_MEMORY_FAULT_ATTRIBUTES_RESERVED },
	{ FFA_VERSION_1_0, FFA_MEMORY_SHARE, 2, { 0xaf }, 1, FFA_MEMORY_FAULT_ATTRIBUTES_RESERVED },
	{ FFA_VERSION_1_1, FFA_MEMORY_SHARE, 2, { 0x3f }, 1, FFA_MEMORY_FAULT_ATTRIBUTES_RESERVED },
	{ FFA_VERSION_1_1, FFA_MEMORY_SHARE, 2, { 0x2d }, 1, FFA_MEMORY_FAULT_ATTRIBUTES_RESERVED },
	{ FFA_VERSION_1_1, FFA_MEMORY_SHARE, 2, { 0x23 }, 1, FFA_MEMORY_FAULT_ATTRIBUTES_RESERVED },
	{ FFA_VERSION_1_1, FFA_MEMORY_SHARE, 2, { 0x2b }, 1, FFA_MEMORY_FAULT_ATTRIBUTES_RESERVED },
	{ FFA_VERSION_1_1, FFA_MEMORY_SHARE, 2, { 0x27 }, 1, 0 },
	{ FFA_VERSION_1_1, FFA_MEMORY_SHARE, 2, { 0x2c }, 1, 0 },
	{ FFA_VERSION_1_1, FFA_MEMORY_LEND, 2, { 0x18 }, 1, 0 },
	{ FFA_VERSION_1_1, FFA_MEMORY_SHARE, 2, { 0x6f }, 1, FFA_MEMORY_FAULT_ATTRIBUTES_NS },
	{ FFA_VERSION_1_1, FFA_MEMORY_DONATE, 2, { 0x40 }, 1, FFA_MEMORY_FAULT_ATTRIBUTES_NS },
	{ FFA_VERSION_1_1, FFA_MEMORY_RETRIEVE, 2, { 0x40 }, 1, FFA_MEMORY_FAULT_ATTRIBUTES_NS },
	{ FFA_VERSION_1_1, FFA_MEMORY_SHARE, 2, { 0 }, 1, FFA_MEMORY_FAULT_ATTRIBUTES },
	{ FFA_VERSION_1_1, FFA_MEMORY_LEND, 2, { 0 }, 1, FFA_MEMORY_FAULT_ATTRIBUTES },
	{ FFA_VERSION_1_1, FFA_MEMORY_DONATE, 2, { 0x2f }, 1, FFA_MEMORY_FAULT_ATTRIBUTES },
	{ FFA_VERSION_1_1, FFA_MEMORY_DONATE, 2, { 0x01 }, 1, FFA_MEMORY_FAULT_ATTRIBUTES },
	{ FFA_VERSION_1_1, FFA_MEMORY_RETRIEVE, 2, { 0x2f }, 1, 0 },
	/* Flags. */
	{ FFA_VERSION_1_1, FFA_MEMORY_SHARE, 4, { 1 }, 1, FFA_MEMORY_FAULT_FLAG_ZERO },
	{ FFA_VERSION_1_1, FFA_MEMORY_LEND, 4, { 3 }, 1, 0 },
	{ FFA_VERSION_1_1, FFA_MEMORY_DONATE, 4, { 3 }, 1, 0 },
	{ FFA_VERSION_1_1, FFA_MEMORY_SHARE, 4, { 2 }, 1, 0 },
	{ FFA_VERSION_1_1, FFA_MEMORY_LEND, 4, { 4 }, 1, FFA_MEMORY_FAULT_FLAGS },
	{ FFA_VERSION_1_1, FFA_MEMORY_LEND, 7, { 0x80 }, 1, FFA_MEMORY_FAULT_FLAGS },
	{ FFA_VERSION_1_1, FFA_MEMORY_RETRIEVE, 4, { 0xff, 0x03 }, 2, 0 },
	{ FFA_VERSION_1_1, FFA_MEMORY_RETRIEVE, 5, { 0x04 }, 1, FFA_MEMORY_FAULT_FLAGS },
	{ FFA_VERSION_1_2, FFA_MEMORY_RETRIEVE, 5, { 0x04 }, 1, 0 },
	{ FFA_VERSION_1_2, FFA_MEMORY_RETRIEVE, 5, { 0x08 }, 1, FFA_MEMORY_FAULT_FLAGS },
	/* Receivers. */
	{ FFA_VERSION_1_1, FFA_MEMORY_SHARE, 64, { 0x01, 0x80 }, 2, FFA_MEMORY_FAULT_RECEIVER_DUPLICATE },
	{ FFA_VERSION_1_0, FFA_MEMORY_LEND, 48, { 0x01, 0x80 }, 2, FFA_MEMORY_FAULT_RECEIVER_DUPLICATE },
	{ FFA_VERSION_1_2, FFA_MEMORY_RETRIEVE, 80, { 0x01, 0x80 }, 2, FFA_MEMORY_FAULT_RECEIVER_DUPLICATE },
	{ FFA_VERSION_1_1, FFA_MEMORY_SHARE, 64, { 1, 0 }, 2, FFA_MEMORY_FAULT_RECEIVER_SELF },
	{ FFA_VERSION_1_1, FFA_MEMORY_SHARE, 48, { 1, 0 }, 2, FFA_MEMORY_FAULT_RECEIVER_SELF },
	{ FFA_VERSION_1_1, FFA_MEMORY_SHARE, 56, { 1 }, 1, FFA_MEMORY_FAULT_RECEIVER_RESERVED },
	{ FFA_VERSION_1_1, FFA_MEMORY_SHARE, 79, { 1 }, 1, FFA_MEMORY_FAULT_RECEIVER_RESERVED },
	{ FFA_VERSION_1_0, FFA_MEMORY_SHARE, 63, { 1 }, 1, FFA_MEMORY_FAULT_RECEIVER_RESERVED },
	{ FFA_VERSION_1_2, FFA_MEMORY_SHARE, 72, { 1 }, 1, FFA_MEMORY_FAULT_RECEIVER_RESERVED },
	{ FFA_VERSION_1_2, FFA_MEMORY_SHARE, 111, { 1 }, 1, FFA_MEMORY_FAULT_RECEIVER_RESERVED },
	{ FFA_VERSION_1_2, FFA_MEMORY_SHARE, 56, { 1, 2, 3, 4, 5, 6, 7, 8 }, 8, 0 },
	{ FFA_VERSION_1_1, FFA_MEMORY_SHARE, 51, { 1 }, 1, FFA_MEMORY_FAULT_RECEIVER_FLAGS },
	{ FFA_VERSION_1_1, FFA_MEMORY_RETRIEVE, 51, { 1 }, 1, 0 },
	{ FFA_VERSION_1_1, FFA_MEMORY_RETRIEVE, 51, { 2 }, 1, FFA_MEMORY_FAULT_RECEIVER_FLAGS },
	/* Permissions. */
	{ FFA_VERSION_1_1, FFA_MEMORY_SHARE, 50, { 1 }, 1, 0 },
	{ FFA_VERSION_1_1, FFA_MEMORY_SHARE, 50, { 3 }, 1, FFA_MEMORY_FAULT_PERMISSIONS_RESERVED },
	{ FFA_VERSION_1_1, FFA_MEMORY_SHARE, 66, { 0x12 }, 1, FFA_MEMORY_FAULT_PERMISSIONS_RESERVED },
	{ FFA_VERSION_1_1, FFA_MEMORY_RETRIEVE, 50, { 0x0e }, 1, FFA_MEMORY_FAULT_PERMISSIONS_RESERVED },
	{ FFA_VERSION_1_1, FFA_MEMORY_SHARE, 50, { 0 }, 1, FFA_MEMORY_FAULT_DATA_PERMISSION },
	{ FFA_VERSION_1_1, FFA_MEMORY_LEND, 66, { 0 }, 1, FFA_MEMORY_FAULT_DATA_PERMISSION },
	{ FFA_VERSION_1_1, FFA_MEMORY_DONATE, 50, { 2 }, 1, FFA_MEMORY_FAULT_DATA_PERMISSION },
	{ FFA_VERSION_1_1, FFA_MEMORY_RETRIEVE, 50, { 0 }, 1, 0 },
	{ FFA_VERSION_1_1, FFA_MEMORY_SHARE, 50, { 0x06 }, 1, FFA_MEMORY_FAULT_INSTRUCTION_PERMISSION },
	{ FFA_VERSION_1_1, FFA_MEMORY_DONATE, 50, { 0x04 }, 1, FFA_MEMORY_FAULT_INSTRUCTION_PERMISSION },
	{ FFA_VERSION_1_1, FFA_MEMORY_RETRIEVE, 50, { 0x06 }, 1, 0 },
	/* Composite. */
	{ FFA_VERSION_1_1, FFA_MEMORY_SHARE, 68, { 0x60 }, 1, FFA_MEMORY_FAULT_COMPOSITE_OFFSET },
	{ FFA_VERSION_1_1, FFA_MEMORY_RETRIEVE, 68, { 0x60 }, 1, FFA_MEMORY_FAULT_COMPOSITE_OFFSET },
	{ FFA_VERSION_1_1, FFA_MEMORY_SHARE, 88, { 1 }, 1, FFA_MEMORY_FAULT_COMPOSITE_RESERVED },
	{ FFA_VERSION_1_1, FFA_MEMORY_SHARE, 95, { 1 }, 1, FFA_MEMORY_FAULT_COMPOSITE_RESERVED },
	{ FFA_VERSION_1_1, FFA_MEMORY_SHARE, 84, { 3 }, 1, FFA_MEMORY_FAULT_LENGTH },
	{ FFA_VERSION_1_1, FFA_MEMORY_SHARE, 80, { 4 }, 1, FFA_MEMORY_FAULT_PAGE_SUM },
	{ FFA_VERSION_1_1, FFA_MEMORY_SHARE, 80, { 6 }, 1, FFA_MEMORY_FAULT_PAGE_SUM },
	/* Ranges. */
	{ FFA_VERSION_1_1, FFA_MEMORY_SHARE, 108, { 1 }, 1, FFA_MEMORY_FAULT_RANGE_RESERVED },
	{ FFA_VERSION_1_1, FFA_MEMORY_SHARE, 127, { 1 }, 1, FFA_MEMORY_FAULT_RANGE_RESERVED },
	{ FFA_VERSION_1_1, FFA_MEMORY_SHARE, 96, { 1 }, 1, FFA_MEMORY_FAULT_RANGE_ALIGN },
	{ FFA_VERSION_1_1, FFA_MEMORY_SHARE, 113, { 0x08 }, 1, FFA_MEMORY_FAULT_RANGE_ALIGN },
	{ FFA_VERSION_1_1,
	  FFA_MEMORY_SHARE,
	  104,
	  { 0 },
	  1,
	  FFA_MEMORY_FAULT_RANGE_EMPTY | FFA_MEMORY_FAULT_PAGE_SUM },
	/* The second one at the first one's last page, and at the page behind it. */
	{ FFA_VERSION_1_1,
	  FFA_MEMORY_SHARE,
	  112,
	  { 0x00, 0x10, 0x00, 0x80 },
	  4,
	  FFA_MEMORY_FAULT_RANGE_OVERLAP },
	{ FFA_VERSION_1_1, FFA_MEMORY_SHARE, 112, { 0x00, 0x20, 0x00, 0x80 }, 4, 0 },
	/* Below the first one: not in ascending order, and that is no fault. */
	{ FFA_VERSION_1_1, FFA_MEMORY_SHARE, 112, { 0x00, 0xd0, 0xff, 0x7f }, 4, 0 },
	{ FFA_VERSION_1_1,
	  FFA_MEMORY_SHARE,
	  112,
	  { 0x00, 0xe0, 0xff, 0x7f },
	  4,
	  FFA_MEMORY_FAULT_RANGE_OVERLAP },
	/* The last three pages of the address space, and two that would be four. */
	{ FFA_VERSION_1_1, FFA_MEMORY_SHARE, 112, { 0, 0xd0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff }, 8, 0 },
	{ FFA_VERSION_1_1,
	  FFA_MEMORY_SHARE,
	  112,
	  { 0, 0xe0, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff },
	  8,
	  FFA_MEMORY_FAULT_RANGE_WRAP },
};

static void test_changes(void **state)
{
	uint32_t seen = 0;

	for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		const struct change *change = &changes[i];
		uint8_t buf[256];
		size_t size = sound(change->version, change->op, buf, sizeof(buf));
		uint32_t faults;

		assert_true(change->offset + change->size <= size);
		memcpy(buf + change->offset, change->bytes, change->size);
		faults = faults_of(change->version, change->op, buf, size, size);
		if (faults != change->faults)
			print_error("change %zu: faults %#x, expected %#x\n", i, faults, change->faults);
		assert_int_equal(faults, change->faults);
		seen |= faults;
	}
	/* The others have tests of their own below. */
	assert_int_equal(seen | FFA_MEMORY_FAULT_RECEIVER_COUNT | FFA_MEMORY_FAULT_RECEIVER_SIZE |
				 FFA_MEMORY_FAULT_RECEIVERS_OFFSET | FFA_MEMORY_FAULT_RANGE_COUNT |
				 FFA_MEMORY_FAULT_FRAGMENT,
			 (1u << FFA_MEMORY_FAULTS_COUNT) - 1);
}

static void store32(uint8_t *p, uint32_t value)
{
	for (unsigned int i = 0; i < 4; i++)
		p[i] = (uint8_t)(value >> (8 * i));
}

/* A share of 1.1 or later with receivers of this size and place, everything behind them where it belongs. */
static uint32_t faults_with_receivers(uint32_t version, uint32_t receiver_size, uint32_t offset)
{
	uint8_t buf[512] = { 0 };
	uint32_t composite = offset + 2 * receiver_size;

	buf[2] = FFA_MEMORY_NORMAL_WB_INNER;
	store32(buf + 24, receiver_size);
	store32(buf + 28, 2);
	store32(buf + 32, offset);
	for (uint32_t i = 0; i < 2; i++) {
		store32(buf + offset + i * receiver_size, 0x028001 + i);
		store32(buf + offset + i * receiver_size + 4, composite);
	}
	store32(buf + composite, 1);
	store32(buf + composite + 4, 1);
	store32(buf + composite + 16, 0x1000);
	store32(buf + composite + 24, 1);
	return faults_of(version, FFA_MEMORY_SHARE, buf, composite + 32, composite + 32);
}

static void test_receiver_layout(void **state)
{
	assert_int_equal(faults_with_receivers(FFA_VERSION_1_1, 16, 48), 0);
	assert_int_equal(faults_with_receivers(FFA_VERSION_1_1, 32, 48), FFA_MEMORY_FAULT_RECEIVER_SIZE);
	assert_int_equal(faults_with_receivers(FFA_VERSION_1_2, 16, 48), 0);
	assert_int_equal(faults_with_receivers(FFA_VERSION_1_2, 32, 48), 0);
	assert_int_equal(faults_with_receivers(FFA_VERSION_1_2, 48, 48), FFA_MEMORY_FAULT_RECEIVER_SIZE);
	assert_int_equal(faults_with_receivers(FFA_VERSION_1_3, 48, 48), 0);
	assert_int_equal(faults_with_receivers(FFA_VERSION_1_3, 40, 48), FFA_MEMORY_FAULT_RECEIVER_SIZE);
	assert_int_equal(faults_with_receivers(FFA_VERSION_1_1, 16, 64), 0);
	assert_int_equal(faults_with_receivers(FFA_VERSION_1_1, 16, 56),
			 FFA_MEMORY_FAULT_RECEIVERS_OFFSET | FFA_MEMORY_FAULT_COMPOSITE_OFFSET);
}

/* Receivers inside the header. */
static void test_receivers_offset(void **state)
{
	uint8_t buf[256];
	size_t size = sound(FFA_VERSION_1_1, FFA_MEMORY_SHARE, buf, sizeof(buf));

	store32(buf + 32, 32);
	assert_true(faults_of(FFA_VERSION_1_1, FFA_MEMORY_SHARE, buf, size, size) &
		    FFA_MEMORY_FAULT_RECEIVERS_OFFSET);
}

static void test_receiver_count(void **state)
{
	uint8_t buf[256];
	size_t size = sound(FFA_VERSION_1_1, FFA_MEMORY_DONATE, buf, sizeof(buf));

	/* 48 header, 16 receiver, 16 composite, 32 ranges. */
	assert_int_equal(size, 112);
	store32(buf + 28, 0);
	assert_true(faults_of(FFA_VERSION_1_1, FFA_MEMORY_DONATE, buf, size, size) &
		    FFA_MEMORY_FAULT_RECEIVER_COUNT);
	store32(buf + 28, 2);
	assert_true(faults_of(FFA_VERSION_1_1, FFA_MEMORY_DONATE, buf, size, size) &
		    FFA_MEMORY_FAULT_RECEIVER_COUNT);
	size = sound(FFA_VERSION_1_1, FFA_MEMORY_SHARE, buf, sizeof(buf));
	assert_false(faults_of(FFA_VERSION_1_1, FFA_MEMORY_SHARE, buf, size, size) &
		     FFA_MEMORY_FAULT_RECEIVER_COUNT);
}

/* The one receiver of a loan chooses the attributes, several must be told. */
static void test_lend_attributes(void **state)
{
	const struct ffa_memory_receiver receiver = { .id = 0x8001, .permissions = FFA_MEMORY_DATA_RW };
	const struct ffa_memory_range range = { 0x80000000, 1 };
	struct ffa_memory_transaction transaction = { .attributes = 0 };
	struct ffa_memory_extent extent;
	uint8_t buf[256];

	assert_int_equal(ffa_memory_descriptor_encode(FFA_VERSION_1_1, &transaction, 0, &receiver, 1, &range,
						      1, buf, sizeof(buf), &extent),
			 0);
	assert_int_equal(
		faults_of(FFA_VERSION_1_1, FFA_MEMORY_LEND, buf, extent.total_size, extent.total_size), 0);
	transaction.attributes = FFA_MEMORY_NORMAL_WB_INNER;
	assert_int_equal(ffa_memory_descriptor_encode(FFA_VERSION_1_1, &transaction, 0, &receiver, 1, &range,
						      1, buf, sizeof(buf), &extent),
			 0);
	assert_int_equal(
		faults_of(FFA_VERSION_1_1, FFA_MEMORY_LEND, buf, extent.total_size, extent.total_size),
		FFA_MEMORY_FAULT_ATTRIBUTES);
}

/* The length says the same as the counts, to the byte; a fragment ends between two ranges. */
static void test_length(void **state)
{
	for (uint32_t version = FFA_VERSION_1_0; version <= FFA_VERSION_1_2; version++) {
		for (int op = 0; op < FFA_MEMORY_OP_COUNT; op++) {
			uint8_t buf[256] = { 0 };
			size_t size = sound(version, (enum ffa_memory_op)op, buf, sizeof(buf) - 64);

			for (size_t total = size; total <= size + 48; total++)
				assert_int_equal(
					faults_of(version, (enum ffa_memory_op)op, buf, total, total),
					total == size ? 0 : FFA_MEMORY_FAULT_LENGTH);
		}
	}
}

static void test_fragment(void **state)
{
	uint8_t buf[256];
	size_t size = sound(FFA_VERSION_1_1, FFA_MEMORY_SHARE, buf, sizeof(buf));

	for (size_t fragment = size - 32; fragment <= size; fragment++)
		assert_int_equal(faults_of(FFA_VERSION_1_1, FFA_MEMORY_SHARE, buf, fragment, size),
				 fragment % 16 ? FFA_MEMORY_FAULT_FRAGMENT : 0);
}

static void test_no_range(void **state)
{
	uint8_t buf[256];
	size_t size = sound(FFA_VERSION_1_1, FFA_MEMORY_SHARE, buf, sizeof(buf)) - 32;

	store32(buf + 80, 0);
	store32(buf + 84, 0);
	assert_int_equal(faults_of(FFA_VERSION_1_1, FFA_MEMORY_SHARE, buf, size, size),
			 FFA_MEMORY_FAULT_RANGE_COUNT);
}

static void test_no_composite(void **state)
{
	uint8_t buf[256];
	size_t size = sound(FFA_VERSION_1_1, FFA_MEMORY_SHARE, buf, sizeof(buf));

	store32(buf + 52, 0);
	store32(buf + 68, 0);
	assert_int_equal(faults_of(FFA_VERSION_1_1, FFA_MEMORY_SHARE, buf, size, size),
			 FFA_MEMORY_FAULT_COMPOSITE_OFFSET | FFA_MEMORY_FAULT_LENGTH);
	assert_int_equal(faults_of(FFA_VERSION_1_1, FFA_MEMORY_SHARE, buf, 80, 80),
			 FFA_MEMORY_FAULT_COMPOSITE_OFFSET);
}

/* Sums and products that 32 bits cannot hold: the page sum, and the size that the range count gives. */
static void test_wrapping_counts(void **state)
{
	uint8_t buf[256];
	size_t size = sound(FFA_VERSION_1_1, FFA_MEMORY_SHARE, buf, sizeof(buf));

	/* Two ranges of 2^31 pages and 5 of the sum's low half: 0x80000000 + 0x80000005. */
	store32(buf + 104, 0x80000000);
	store32(buf + 120, 0x80000005);
	assert_true(faults_of(FFA_VERSION_1_1, FFA_MEMORY_SHARE, buf, size, size) &
		    FFA_MEMORY_FAULT_PAGE_SUM);
	size = sound(FFA_VERSION_1_1, FFA_MEMORY_SHARE, buf, sizeof(buf));
	/* 16 * (2^28 + 2) is 32 in 32 bits, just what two ranges take. */
	store32(buf + 84, 0x10000002);
	assert_true(faults_of(FFA_VERSION_1_1, FFA_MEMORY_SHARE, buf, size, size) & FFA_MEMORY_FAULT_LENGTH);
}

/* Ranges in any order: overlap is found exactly when two have a page in common. */
static void test_overlap_property(void **state)
{
	const struct ffa_memory_transaction transaction = { .attributes = FFA_MEMORY_NORMAL_WB_INNER };
	const struct ffa_memory_receiver receiver = { .id = 0x8001, .permissions = FFA_MEMORY_DATA_RW };
	uint64_t seed = VECTOR_SEED;
	unsigned int overlapping = 0;

	for (unsigned int round = 0; round < VECTOR_ROUNDS; round++) {
		struct ffa_memory_range ranges[5];
		struct ffa_memory_extent extent;
		size_t count = 1 + vector_below(&seed, 5);
		uint64_t pages = 0;
		bool overlap = false;
		uint8_t buf[256];
		uint32_t faults;

		for (size_t i = 0; i < count; i++) {
			uint64_t first = vector_below(&seed, 48), length = 1 + vector_below(&seed, 6);
			uint64_t mask = ((UINT64_C(1) << length) - 1) << first;

			ranges[i] = (struct ffa_memory_range) { first * 4096, (uint32_t)length };
			overlap = overlap || (pages & mask);
			pages |= mask;
		}
		assert_int_equal(ffa_memory_descriptor_encode(FFA_VERSION_1_1, &transaction, 0, &receiver, 1,
							      ranges, count, buf, sizeof(buf), &extent),
				 0);
		faults = faults_of(FFA_VERSION_1_1, FFA_MEMORY_SHARE, buf, extent.total_size,
				   extent.total_size);
		assert_int_equal(faults, overlap ? FFA_MEMORY_FAULT_RANGE_OVERLAP : 0);
		overlapping += overlap;
	}
	assert_in_range(overlapping, VECTOR_ROUNDS / 10, VECTOR_ROUNDS * 9 / 10);
}

static void test_range_rules(void **state)
{
	static const struct {
		struct ffa_memory_range range;
		uint32_t faults;
	} cases[] = {
		{ { 0, 1 }, 0 },
		{ { 0x1000, UINT32_MAX }, 0 },
		{ { 0x800, 1 }, FFA_MEMORY_FAULT_RANGE_ALIGN },
		{ { 0xfff, 1 }, FFA_MEMORY_FAULT_RANGE_ALIGN },
		{ { 0x1001, 1 }, FFA_MEMORY_FAULT_RANGE_ALIGN },
		{ { 0x1000, 0 }, FFA_MEMORY_FAULT_RANGE_EMPTY },
		{ { UINT64_MAX - 4095, 1 }, 0 },
		{ { UINT64_MAX - 4095, 2 }, FFA_MEMORY_FAULT_RANGE_WRAP },
		{ { UINT64_MAX - 4095, 0 }, FFA_MEMORY_FAULT_RANGE_EMPTY },
		{ { UINT64_MAX - 4094, 1 }, FFA_MEMORY_FAULT_RANGE_ALIGN | FFA_MEMORY_FAULT_RANGE_WRAP },
		{ { UINT64_MAX, 1 }, FFA_MEMORY_FAULT_RANGE_ALIGN | FFA_MEMORY_FAULT_RANGE_WRAP },
		{ { 0xfffff00000001000, UINT32_MAX }, 0 },
		{ { 0xfffff00000002000, UINT32_MAX }, FFA_MEMORY_FAULT_RANGE_WRAP },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_int_equal(ffa_memory_range_faults(&cases[i].range), cases[i].faults);
}

static void test_texts(void **state)
{
	for (unsigned int i = 0; i < FFA_MEMORY_FAULTS_COUNT; i++) {
		const char *text = ffa_memory_fault_text(1u << i);

		assert_non_null(text);
		for (unsigned int other = 0; other < i; other++)
			assert_string_not_equal(text, ffa_memory_fault_text(1u << other));
	}
	assert_null(ffa_memory_fault_text(1u << FFA_MEMORY_FAULTS_COUNT));
	assert_null(ffa_memory_fault_text(0));
	assert_null(ffa_memory_fault_text(3));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sound),           cmocka_unit_test(test_changes),
		cmocka_unit_test(test_receiver_layout), cmocka_unit_test(test_receivers_offset),
		cmocka_unit_test(test_receiver_count),  cmocka_unit_test(test_lend_attributes),
		cmocka_unit_test(test_length),          cmocka_unit_test(test_fragment),
		cmocka_unit_test(test_no_range),        cmocka_unit_test(test_no_composite),
		cmocka_unit_test(test_wrapping_counts), cmocka_unit_test(test_overlap_property),
		cmocka_unit_test(test_range_rules),     cmocka_unit_test(test_texts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
