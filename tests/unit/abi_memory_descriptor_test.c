/* SPDX-License-Identifier: BSD-3-Clause */
/* Memory transaction descriptors: the layout of each version, fragments, and the bounds that decoding keeps. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "abi/memory_descriptor.h"
#include "abi/memory_fault.h"
#include "abi/version.h"
#include "abi_vector.h"

/* Share from 0 to 0x8001: 2 pages at 0x88000000, read-write, normal write-back inner shareable. */
#define SHARE_1_0                                                                                            \
	"00002f00000000000000000000000000 88776655443322110000000001000000 01800200300000000000000000000000" \
	"02000000010000000000000000000000 00000088000000000200000000000000"
#define SHARE_1_1                                                                                            \
	"00002f00000000000000000000000000 88776655443322111000000001000000 30000000000000000000000000000000" \
	"01800200400000000000000000000000 02000000010000000000000000000000 00000088000000000200000000000000"
#define SHARE_1_2                                                                                            \
	"00002f00000000000000000000000000 88776655443322112000000001000000 30000000000000000000000000000000" \
	"01800200500000000a00000000000000 0b000000000000000000000000000000 02000000010000000000000000000000" \
	"00000088000000000200000000000000"
/* Retrieve by 0x8001 of handle 0x100000002, and one by 0x8001 and 0x8002. */
#define RETRIEVE_1_1                                                                                         \
	"00000000080000000200000001000000 88776655443322111000000001000000 30000000000000000000000000000000" \
	"01800200000000000000000000000000"
#define RETRIEVE_1_0_TWO                                                                                     \
	"00000000080000000200000001000000 88776655443322110000000002000000 01800200000000000000000000000000" \
	"02800101000000000000000000000000"

static const struct ffa_memory_transaction share = { .attributes = FFA_MEMORY_NORMAL_WB_INNER,
						     .tag = 0x1122334455667788 };
static const struct ffa_memory_range share_range = { 0x88000000, 2 };

/* A copy in an allocation of its own size, so that reading behind it is found. */
static void *exact_copy(const void *data, size_t size)
{
	void *copy = malloc(size ? size : 1);

	assert_non_null(copy);
	return memcpy(copy, data, size);
}

static void check_share(uint32_t version, size_t receiver_size, bool impdef, const char *hex)
{
	struct ffa_memory_receiver receiver = { .id = 0x8001, .permissions = FFA_MEMORY_DATA_RW },
				   decoded_receiver;
	struct ffa_memory_descriptor decoded;
	struct ffa_memory_extent extent;
	struct ffa_memory_range range;
	uint8_t expected[128], buf[128];
	uint32_t size = (uint32_t)vector_bytes(hex, expected, sizeof(expected));

	if (impdef) {
		receiver.impdef[0] = 0xa;
		receiver.impdef[1] = 0xb;
	}
	memset(buf, 0xff, sizeof(buf));
	assert_int_equal(ffa_memory_descriptor_encode(version, &share, receiver_size, &receiver, 1,
						      &share_range, 1, buf, sizeof(buf), &extent),
			 0);
	assert_int_equal(extent.total_size, size);
	assert_int_equal(extent.fragment_size, size);
	assert_int_equal(extent.range_count, 1);
	assert_memory_equal(buf, expected, size);
	assert_int_equal(buf[size], 0xff);

	assert_int_equal(ffa_memory_descriptor_decode(version, expected, size, size, &decoded), 0);
	assert_int_equal(decoded.transaction.sender, 0);
	assert_int_equal(decoded.transaction.attributes, 0x2f);
	assert_int_equal(decoded.transaction.flags, 0);
	assert_int_equal(decoded.transaction.handle, 0);
	assert_true(decoded.transaction.tag == 0x1122334455667788);
	assert_int_equal(decoded.receiver_count, 1);
	assert_int_equal(decoded.page_count, 2);
	assert_int_equal(decoded.range_count, 1);
	assert_int_equal(decoded.ranges_here, 1);
	assert_int_equal(ffa_memory_descriptor_receiver(&decoded, 0, &decoded_receiver), 0);
	assert_int_equal(decoded_receiver.id, 0x8001);
	assert_int_equal(decoded_receiver.permissions, 2);
	assert_int_equal(decoded_receiver.flags, 0);
	assert_int_equal(decoded_receiver.composite_offset, decoded.composite_offset);
	assert_int_equal(decoded_receiver.impdef[0], impdef ? 0xa : 0);
	assert_int_equal(decoded_receiver.impdef[1], impdef ? 0xb : 0);
	assert_int_equal(ffa_memory_descriptor_receiver(&decoded, 1, &decoded_receiver), -ERANGE);
	assert_int_equal(ffa_memory_descriptor_range(&decoded, 0, &range), 0);
	assert_true(range.address == 0x88000000);
	assert_int_equal(range.page_count, 2);
	assert_int_equal(ffa_memory_descriptor_range(&decoded, 1, &range), -ERANGE);
	assert_int_equal(ffa_memory_faults(&decoded, FFA_MEMORY_SHARE), 0);
}

static void test_share_vectors(void **state)
{
	check_share(FFA_VERSION_1_0, 0, false, SHARE_1_0);
	check_share(FFA_VERSION_1_1, 0, false, SHARE_1_1);
	check_share(FFA_VERSION_1_2, 0, true, SHARE_1_2);
	check_share(FFA_VERSION_1_3, 0, true, SHARE_1_2);
	/* Short receivers at 1.2, as Linux sends them. */
	check_share(FFA_VERSION_1_2, 16, false, SHARE_1_1);
}

static void test_retrieve_vectors(void **state)
{
	const struct ffa_memory_transaction transaction = { .flags = FFA_MEMORY_FLAG_TYPE_SHARE,
							    .handle = 0x100000002,
							    .tag = 0x1122334455667788 };
	const struct ffa_memory_receiver receivers[] = {
		{ .id = 0x8001, .permissions = FFA_MEMORY_DATA_RW },
		{ .id = 0x8002, .permissions = FFA_MEMORY_DATA_RO, .flags = FFA_MEMORY_RECEIVER_OTHER },
	};
	struct ffa_memory_descriptor decoded;
	struct ffa_memory_extent extent;
	struct ffa_memory_range range;
	uint8_t expected[128], buf[128];
	uint32_t size = (uint32_t)vector_bytes(RETRIEVE_1_1, expected, sizeof(expected));

	assert_int_equal(ffa_memory_descriptor_encode(FFA_VERSION_1_1, &transaction, 0, receivers, 1, NULL, 0,
						      buf, size, &extent),
			 0);
	assert_int_equal(extent.total_size, size);
	assert_int_equal(extent.fragment_size, size);
	assert_memory_equal(buf, expected, size);
	assert_int_equal(ffa_memory_descriptor_decode(FFA_VERSION_1_1, expected, size, size, &decoded), 0);
	assert_true(decoded.transaction.handle == 0x100000002);
	assert_int_equal(decoded.composite_offset, 0);
	assert_int_equal(decoded.ranges_here, 0);
	assert_int_equal(ffa_memory_descriptor_range(&decoded, 0, &range), -ERANGE);
	assert_int_equal(ffa_memory_faults(&decoded, FFA_MEMORY_RETRIEVE), 0);

	size = (uint32_t)vector_bytes(RETRIEVE_1_0_TWO, expected, sizeof(expected));
	assert_int_equal(ffa_memory_descriptor_encode(FFA_VERSION_1_0, &transaction, 0, receivers, 2, NULL, 0,
						      buf, size, &extent),
			 0);
	assert_memory_equal(buf, expected, size);
	assert_int_equal(ffa_memory_descriptor_encode(FFA_VERSION_1_0, &transaction, 0, receivers, 2, NULL, 0,
						      buf, size - 1, &extent),
			 -ENOSPC);
	assert_int_equal(ffa_memory_descriptor_decode(FFA_VERSION_1_0, expected, size, size, &decoded), 0);
	assert_int_equal(ffa_memory_faults(&decoded, FFA_MEMORY_RETRIEVE), 0);
}

/* A hypervisor retrieves to learn the ranges: no receiver at all. */
static void test_hypervisor_retrieve(void **state)
{
	const struct ffa_memory_transaction transaction = { .handle = 7 };
	struct ffa_memory_descriptor decoded;
	struct ffa_memory_extent extent;
	uint8_t buf[48];

	assert_int_equal(ffa_memory_descriptor_encode(FFA_VERSION_1_1, &transaction, 0, NULL, 0, NULL, 0, buf,
						      48, &extent),
			 0);
	assert_int_equal(extent.total_size, 48);
	assert_int_equal(ffa_memory_descriptor_decode(FFA_VERSION_1_1, buf, 48, 48, &decoded), 0);
	assert_int_equal(decoded.receiver_count, 0);
	assert_int_equal(decoded.composite_offset, 0);
	assert_int_equal(ffa_memory_faults(&decoded, FFA_MEMORY_RETRIEVE), FFA_MEMORY_FAULT_RECEIVER_COUNT);
}

static void test_encode_bounds(void **state)
{
	static const struct ffa_memory_range huge[] = { { 0, UINT32_MAX }, { 0, 1 } };
	const struct ffa_memory_receiver second[] = { { .id = 0x8001 },
						      { .id = 0x8002, .impdef = { 1, 0 } } };
	struct ffa_memory_receiver receiver = { .id = 0x8001 };
	struct ffa_memory_transaction transaction = share;
	struct ffa_memory_extent extent = { .total_size = 42 };
	uint8_t buf[256];

	/* Header, receiver and composite header are not split: 48 + 16 + 16 bytes of 1.1. */
	for (size_t size = 0; size < 80; size++)
		assert_int_equal(ffa_memory_descriptor_encode(FFA_VERSION_1_1, &share, 0, &receiver, 1,
							      &share_range, 1, buf, size, &extent),
				 -ENOSPC);
	assert_int_equal(extent.total_size, 42);
	for (size_t size = 80; size <= 97; size++) {
		assert_int_equal(ffa_memory_descriptor_encode(FFA_VERSION_1_1, &share, 0, &receiver, 1,
							      &share_range, 1, buf, size, &extent),
				 0);
		assert_int_equal(extent.total_size, 96);
		assert_int_equal(extent.range_count, size >= 96);
		assert_int_equal(extent.fragment_size, size >= 96 ? 96 : 80);
	}
	/* The page sum has 32 bits. */
	assert_int_equal(ffa_memory_descriptor_encode(FFA_VERSION_1_1, &share, 0, &receiver, 1, huge, 1, buf,
						      256, &extent),
			 0);
	assert_int_equal(ffa_memory_descriptor_encode(FFA_VERSION_1_1, &share, 0, &receiver, 1, huge, 2, buf,
						      256, &extent),
			 -EOVERFLOW);
	/* So have the counts and the total size, before anything is read. */
	assert_int_equal(ffa_memory_descriptor_encode(FFA_VERSION_1_1, &share, 0, &receiver, 1, huge,
						      UINT32_MAX / 16, buf, 256, &extent),
			 -EOVERFLOW);
	assert_int_equal(ffa_memory_descriptor_encode(FFA_VERSION_1_1, &share, 0, &receiver, 1, huge,
						      (size_t)UINT32_MAX + 1, buf, 256, &extent),
			 -EOVERFLOW);
	assert_int_equal(ffa_memory_descriptor_encode(FFA_VERSION_1_1, &share, 0, NULL, 0, &share_range, 1,
						      buf, 256, &extent),
			 -EINVAL);
	/* 1.0 has one byte of attributes and one size of receivers. */
	transaction.attributes = 0x100;
	assert_int_equal(ffa_memory_descriptor_encode(FFA_VERSION_1_0, &transaction, 0, &receiver, 1,
						      &share_range, 1, buf, 256, &extent),
			 -EINVAL);
	assert_int_equal(ffa_memory_descriptor_encode(FFA_VERSION_1_0, &share, 32, &receiver, 1, &share_range,
						      1, buf, 256, &extent),
			 -EINVAL);
	for (size_t size = 1; size < 100; size++)
		assert_int_equal(ffa_memory_descriptor_encode(FFA_VERSION_1_2, &share, size, &receiver, 1,
							      &share_range, 1, buf, 256, &extent),
				 size >= 16 && size % 16 == 0 ? 0 : -EINVAL);
	/* Short receivers have no place for implementation-defined values. */
	assert_int_equal(ffa_memory_descriptor_encode(FFA_VERSION_1_1, &share, 0, second, 2, &share_range, 1,
						      buf, 256, &extent),
			 -EINVAL);
	receiver.impdef[1] = 1;
	assert_int_equal(ffa_memory_descriptor_encode(FFA_VERSION_1_1, &share, 0, &receiver, 1, &share_range,
						      1, buf, 256, &extent),
			 -EINVAL);
	assert_int_equal(ffa_memory_descriptor_encode(FFA_VERSION_1_2, &share, 16, &receiver, 1, &share_range,
						      1, buf, 256, &extent),
			 -EINVAL);
	assert_int_equal(ffa_memory_descriptor_encode(FFA_VERSION_1_2, &share, 0, &receiver, 1, &share_range,
						      1, buf, 256, &extent),
			 0);
}

/* Every shorter fragment, in an allocation of its own: taken from the end of the composite header on. */
static void check_cut(uint32_t version, const char *hex, uint32_t ranges_offset)
{
	uint8_t whole[128];
	uint32_t size = (uint32_t)vector_bytes(hex, whole, sizeof(whole));

	for (uint32_t cut = 0; cut <= size; cut++) {
		uint8_t *buf = exact_copy(whole, cut);
		struct ffa_memory_descriptor decoded = { .version = 42 };
		int r = ffa_memory_descriptor_decode(version, buf, cut, size, &decoded);

		assert_int_equal(r, cut >= ranges_offset ? 0 : -EBADMSG);
		if (r == 0) {
			assert_int_equal(decoded.ranges_here, cut == size);
			/* Nothing that it reads lies behind the cut. */
			(void)ffa_memory_faults(&decoded, FFA_MEMORY_SHARE);
		} else {
			assert_int_equal(decoded.version, 42);
		}
		free(buf);
	}
	assert_int_equal(ffa_memory_descriptor_decode(version, whole, size, size - 1,
						      &(struct ffa_memory_descriptor) { .version = 0 }),
			 -EBADMSG);
}

static void test_decode_cut(void **state)
{
	check_cut(FFA_VERSION_1_0, SHARE_1_0, 64);
	check_cut(FFA_VERSION_1_1, SHARE_1_1, 80);
	check_cut(FFA_VERSION_1_2, SHARE_1_2, 96);
}

/* A field of the 1.1 share vector set to `value`: does it still decode? */
static int decode_with(size_t offset, uint32_t value)
{
	struct ffa_memory_descriptor decoded;
	uint8_t whole[128], *buf;
	uint32_t size = (uint32_t)vector_bytes(SHARE_1_1, whole, sizeof(whole));
	int r;

	memcpy(whole + offset, &value, sizeof(value));
	buf = exact_copy(whole, size);
	r = ffa_memory_descriptor_decode(FFA_VERSION_1_1, buf, size, size, &decoded);
	if (r == 0)
		for (int op = 0; op < FFA_MEMORY_OP_COUNT; op++)
			(void)ffa_memory_faults(&decoded, (enum ffa_memory_op)op);
	free(buf);
	return r;
}

#define RECEIVER_SIZE_FIELD 24
#define RECEIVER_COUNT_FIELD 28
#define RECEIVERS_OFFSET_FIELD 32
#define COMPOSITE_OFFSET_FIELD 52
#define RANGE_COUNT_FIELD 68

/* Each count, size and offset, at its bound, one behind it, and where 32-bit arithmetic would wrap. */
static void test_decode_bounds(void **state)
{
	assert_int_equal(decode_with(RECEIVERS_OFFSET_FIELD, 80), 0);
	assert_int_equal(decode_with(RECEIVERS_OFFSET_FIELD, 81), -EBADMSG);
	assert_int_equal(decode_with(RECEIVERS_OFFSET_FIELD, 0), 0);
	assert_int_equal(decode_with(RECEIVERS_OFFSET_FIELD, 0xfffffff0), -EBADMSG);
	assert_int_equal(decode_with(RECEIVERS_OFFSET_FIELD, UINT32_MAX), -EBADMSG);

	assert_int_equal(decode_with(RECEIVER_COUNT_FIELD, 0), 0);
	assert_int_equal(decode_with(RECEIVER_COUNT_FIELD, 3), 0);
	assert_int_equal(decode_with(RECEIVER_COUNT_FIELD, 4), -EBADMSG);
	assert_int_equal(decode_with(RECEIVER_COUNT_FIELD, 0x10000000), -EBADMSG);
	assert_int_equal(decode_with(RECEIVER_COUNT_FIELD, 0x0fffffff), -EBADMSG);
	assert_int_equal(decode_with(RECEIVER_COUNT_FIELD, UINT32_MAX), -EBADMSG);

	assert_int_equal(decode_with(RECEIVER_SIZE_FIELD, 48), 0);
	assert_int_equal(decode_with(RECEIVER_SIZE_FIELD, 49), -EBADMSG);
	assert_int_equal(decode_with(RECEIVER_SIZE_FIELD, 0xfffffff0), -EBADMSG);
	assert_int_equal(decode_with(RECEIVER_SIZE_FIELD, UINT32_MAX), -EBADMSG);
	/* One receiver may claim to be shorter than it is. */
	assert_int_equal(decode_with(RECEIVER_SIZE_FIELD, 15), 0);
	assert_int_equal(decode_with(RECEIVER_SIZE_FIELD, 0), 0);

	for (uint32_t offset = 79; offset <= 82; offset++) {
		struct ffa_memory_descriptor decoded;
		uint8_t buf[96] = { 0 };

		buf[RECEIVER_SIZE_FIELD] = 8;
		buf[RECEIVER_COUNT_FIELD] = 1;
		buf[RECEIVERS_OFFSET_FIELD] = (uint8_t)offset;
		assert_int_equal(ffa_memory_descriptor_decode(FFA_VERSION_1_1, buf, sizeof(buf), sizeof(buf),
							      &decoded),
				 offset <= 80 ? 0 : -EBADMSG);
	}

	assert_int_equal(decode_with(COMPOSITE_OFFSET_FIELD, 80), 0);
	assert_int_equal(decode_with(COMPOSITE_OFFSET_FIELD, 81), -EBADMSG);
	assert_int_equal(decode_with(COMPOSITE_OFFSET_FIELD, 0xfffffff0), -EBADMSG);
	assert_int_equal(decode_with(COMPOSITE_OFFSET_FIELD, UINT32_MAX), -EBADMSG);
	assert_int_equal(decode_with(COMPOSITE_OFFSET_FIELD, 0), 0);

	/* The count of ranges is that of all fragments: not for decoding to judge. */
	assert_int_equal(decode_with(RANGE_COUNT_FIELD, UINT32_MAX), 0);
	assert_int_equal(decode_with(RANGE_COUNT_FIELD, 0x10000000), 0);
}

/* Many receivers of no size would all be the same bytes, read as often as the count says. */
static void test_receivers_of_no_size(void **state)
{
	for (uint32_t receiver_size = 0; receiver_size <= 16; receiver_size++) {
		struct ffa_memory_descriptor decoded;
		uint8_t buf[128];
		uint32_t size = (uint32_t)vector_bytes(SHARE_1_1, buf, sizeof(buf));
		uint32_t count = 2;

		memcpy(buf + RECEIVER_SIZE_FIELD, &receiver_size, sizeof(receiver_size));
		memcpy(buf + RECEIVER_COUNT_FIELD, &count, sizeof(count));
		assert_int_equal(ffa_memory_descriptor_decode(FFA_VERSION_1_1, buf, size, size, &decoded),
				 receiver_size < 16 ? -EBADMSG : 0);
	}
}

/* Three receivers and four ranges: each slot is its own. */
static void test_several(void **state)
{
	struct ffa_memory_receiver receivers[3], receiver;
	struct ffa_memory_range ranges[4], range;

	for (uint32_t version = FFA_VERSION_1_0; version <= FFA_VERSION_1_2; version++) {
		struct ffa_memory_descriptor decoded;
		struct ffa_memory_extent extent;
		uint8_t buf[512];

		for (uint16_t i = 0; i < 3; i++)
			receivers[i] = (struct ffa_memory_receiver) { .id = (uint16_t)(0x8001 + i),
								      .permissions = (uint8_t)(1 + i % 2) };
		for (uint32_t i = 0; i < 4; i++)
			ranges[i] = (struct ffa_memory_range) { UINT64_C(0x100000000) + i * 0x100000, i + 1 };
		assert_int_equal(ffa_memory_descriptor_encode(version, &share, 0, receivers, 3, ranges, 4,
							      buf, sizeof(buf), &extent),
				 0);
		assert_int_equal(ffa_memory_descriptor_decode(version, buf, extent.fragment_size,
							      extent.total_size, &decoded),
				 0);
		assert_int_equal(decoded.page_count, 1 + 2 + 3 + 4);
		for (uint32_t i = 0; i < 3; i++) {
			assert_int_equal(ffa_memory_descriptor_receiver(&decoded, i, &receiver), 0);
			assert_int_equal(receiver.id, 0x8001 + i);
			assert_int_equal(receiver.permissions, 1 + i % 2);
			assert_int_equal(receiver.composite_offset, decoded.composite_offset);
		}
		for (uint32_t i = 0; i < 4; i++) {
			assert_int_equal(ffa_memory_descriptor_range(&decoded, i, &range), 0);
			assert_true(range.address == UINT64_C(0x100000000) + i * 0x100000);
			assert_int_equal(range.page_count, i + 1);
		}
		assert_int_equal(ffa_memory_faults(&decoded, FFA_MEMORY_SHARE), 0);
	}
}

#define MANY 600

/* A descriptor of 600 ranges through buffers of every interesting size, put together again. */
static void check_fragments(uint32_t version, size_t buffer_size)
{
	static struct ffa_memory_range ranges[MANY];
	const struct ffa_memory_receiver receiver = { .id = 0x8001, .permissions = FFA_MEMORY_DATA_RW };
	struct ffa_memory_descriptor decoded;
	struct ffa_memory_extent extent;
	uint8_t *buf = malloc(buffer_size);
	size_t next;
	uint32_t done;

	assert_non_null(buf);
	for (uint32_t i = 0; i < MANY; i++)
		ranges[i] =
			(struct ffa_memory_range) { UINT64_C(0x80000000) + (uint64_t)i * 0x10000, 1 + i % 7 };
	assert_int_equal(ffa_memory_descriptor_encode(version, &share, 0, &receiver, 1, ranges, MANY, buf,
						      buffer_size, &extent),
			 0);
	assert_true(extent.fragment_size <= buffer_size);
	assert_int_equal(
		ffa_memory_descriptor_decode(version, buf, extent.fragment_size, extent.total_size, &decoded),
		0);
	assert_int_equal(decoded.range_count, MANY);
	assert_int_equal(decoded.ranges_here, extent.range_count);
	assert_int_equal(ffa_memory_faults(&decoded, FFA_MEMORY_SHARE), 0);
	for (uint32_t i = 0; i < decoded.ranges_here; i++) {
		struct ffa_memory_range range;

		assert_int_equal(ffa_memory_descriptor_range(&decoded, i, &range), 0);
		assert_true(range.address == ranges[i].address);
	}
	next = extent.range_count;
	done = extent.fragment_size;
	while (next < MANY) {
		size_t size = ffa_memory_ranges_encode(ranges + next, MANY - next, buf, buffer_size);

		assert_true(size > 0 && size % FFA_MEMORY_RANGE_SIZE == 0);
		for (size_t i = 0; i < size / FFA_MEMORY_RANGE_SIZE; i++) {
			struct ffa_memory_range range;

			assert_int_equal(ffa_memory_ranges_decode(buf, size, i, &range), 0);
			assert_true(range.address == ranges[next + i].address);
			assert_int_equal(range.page_count, ranges[next + i].page_count);
		}
		next += size / FFA_MEMORY_RANGE_SIZE;
		done += (uint32_t)size;
	}
	assert_int_equal(done, extent.total_size);
	free(buf);
}

static void test_fragments(void **state)
{
	static const size_t sizes[] = { 112, 113, 127, 128, 129, 4095, 4096, 4097, 8192, 65536 };

	for (uint32_t version = FFA_VERSION_1_0; version <= FFA_VERSION_1_2; version++)
		for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
			check_fragments(version, sizes[i]);
}

static void test_ranges_bounds(void **state)
{
	const struct ffa_memory_range ranges[] = { { 0x1000, 1 }, { 0x3000, 2 } };
	struct ffa_memory_range range = { 42, 42 };
	uint8_t buf[48];

	memset(buf, 0xff, sizeof(buf));
	assert_int_equal(ffa_memory_ranges_encode(ranges, 2, buf, 15), 0);
	assert_int_equal(buf[0], 0xff);
	assert_int_equal(ffa_memory_ranges_encode(ranges, 2, buf, 16), 16);
	assert_int_equal(buf[16], 0xff);
	assert_int_equal(ffa_memory_ranges_encode(ranges, 2, buf, 31), 16);
	assert_int_equal(ffa_memory_ranges_encode(ranges, 2, buf, 48), 32);
	assert_int_equal(buf[32], 0xff);
	assert_int_equal(ffa_memory_ranges_encode(ranges, 0, buf, 48), 0);
	assert_int_equal(ffa_memory_ranges_decode(buf, 31, 1, &range), -ERANGE);
	assert_int_equal(ffa_memory_ranges_decode(buf, 32, SIZE_MAX, &range), -ERANGE);
	assert_int_equal(ffa_memory_ranges_decode(buf, 32, SIZE_MAX / 16 + 1, &range), -ERANGE);
	assert_int_equal(ffa_memory_ranges_decode(buf, 15, 0, &range), -ERANGE);
	assert_int_equal(range.page_count, 42);
	assert_int_equal(ffa_memory_ranges_decode(buf, 32, 1, &range), 0);
	assert_true(range.address == 0x3000);
}

static void test_round_trip(void **state)
{
	uint64_t seed = VECTOR_SEED;

	for (unsigned int round = 0; round < VECTOR_ROUNDS; round++) {
		uint32_t version = FFA_VERSION_MAKE(1, vector_below(&seed, 4));
		size_t receiver_size = version < FFA_VERSION_1_1 ? 16 : 16 * (1 + vector_below(&seed, 4));
		size_t receiver_count = vector_below(&seed, 6), range_count = vector_below(&seed, 6);
		struct ffa_memory_transaction transaction = {
			.sender = (uint16_t)vector_random(&seed),
			.attributes = (uint16_t)(vector_random(&seed) &
						 (version < FFA_VERSION_1_1 ? UINT8_MAX : UINT16_MAX)),
			.flags = (uint32_t)vector_random(&seed),
			.handle = vector_random(&seed),
			.tag = vector_random(&seed),
		};
		struct ffa_memory_receiver receivers[6], receiver;
		struct ffa_memory_range ranges[6], range;
		struct ffa_memory_descriptor decoded;
		struct ffa_memory_extent extent;
		uint64_t pages = 0;
		uint8_t buf[1024];

		for (size_t i = 0; i < receiver_count; i++) {
			receivers[i] = (struct ffa_memory_receiver) {
				.id = (uint16_t)vector_random(&seed),
				.permissions = (uint8_t)vector_random(&seed),
				.flags = (uint8_t)vector_random(&seed),
			};
			if (receiver_size >= 32 && version >= FFA_VERSION_1_2) {
				receivers[i].impdef[0] = vector_random(&seed);
				receivers[i].impdef[1] = vector_random(&seed);
			}
		}
		if (!receiver_count)
			range_count = 0; /* nothing would say where the composite is */
		for (size_t i = 0; i < range_count; i++) {
			ranges[i] = (struct ffa_memory_range) { vector_random(&seed),
								(uint32_t)vector_below(&seed, 1u << 29) };
			pages += ranges[i].page_count;
		}
		assert_int_equal(ffa_memory_descriptor_encode(version, &transaction, receiver_size, receivers,
							      receiver_count, ranges, range_count, buf,
							      sizeof(buf), &extent),
				 0);
		assert_int_equal(ffa_memory_descriptor_decode(version, buf, extent.fragment_size,
							      extent.total_size, &decoded),
				 0);
		assert_int_equal(decoded.transaction.sender, transaction.sender);
		assert_int_equal(decoded.transaction.attributes, transaction.attributes);
		assert_int_equal(decoded.transaction.flags, transaction.flags);
		assert_true(decoded.transaction.handle == transaction.handle);
		assert_true(decoded.transaction.tag == transaction.tag);
		assert_int_equal(decoded.receiver_count, receiver_count);
		assert_int_equal(decoded.receiver_size, receiver_size);
		assert_int_equal(decoded.range_count, range_count);
		assert_int_equal(decoded.ranges_here, range_count);
		assert_int_equal(decoded.page_count, pages);
		for (uint32_t i = 0; i < receiver_count; i++) {
			assert_int_equal(ffa_memory_descriptor_receiver(&decoded, i, &receiver), 0);
			assert_int_equal(receiver.id, receivers[i].id);
			assert_int_equal(receiver.permissions, receivers[i].permissions);
			assert_int_equal(receiver.flags, receivers[i].flags);
			assert_memory_equal(receiver.impdef, receivers[i].impdef, sizeof(receiver.impdef));
		}
		for (uint32_t i = 0; i < range_count; i++) {
			assert_int_equal(ffa_memory_descriptor_range(&decoded, i, &range), 0);
			assert_true(range.address == ranges[i].address);
			assert_int_equal(range.page_count, ranges[i].page_count);
		}
	}
}

/* Random bytes over sound descriptors: whatever decodes can be looked at wholly (the sanitizers judge). */
static void test_damaged(void **state)
{
	static const char *const vectors[] = { SHARE_1_0, SHARE_1_1, SHARE_1_2, RETRIEVE_1_1,
					       RETRIEVE_1_0_TWO };
	uint64_t seed = VECTOR_SEED;
	unsigned int decodable = 0;

	for (unsigned int round = 0; round < VECTOR_ROUNDS; round++) {
		uint8_t whole[128], *buf;
		uint32_t size = (uint32_t)vector_bytes(vectors[vector_below(&seed, 5)], whole, sizeof(whole));
		struct ffa_memory_descriptor decoded;

		for (uint64_t i = vector_below(&seed, 8); i; i--)
			whole[vector_below(&seed, size)] = (uint8_t)vector_random(&seed);
		size = (uint32_t)vector_below(&seed, size + 1);
		buf = exact_copy(whole, size);
		if (ffa_memory_descriptor_decode(FFA_VERSION_MAKE(1, vector_below(&seed, 4)), buf, size,
						 size + (uint32_t)vector_below(&seed, 64), &decoded) == 0) {
			struct ffa_memory_receiver receiver;
			struct ffa_memory_range range;
			uint32_t i;

			for (i = 0; ffa_memory_descriptor_receiver(&decoded, i, &receiver) == 0; i++)
				;
			assert_int_equal(i, decoded.receiver_count);
			for (i = 0; ffa_memory_descriptor_range(&decoded, i, &range) == 0; i++)
				;
			assert_int_equal(i, decoded.ranges_here);
			for (int op = 0; op < FFA_MEMORY_OP_COUNT; op++)
				(void)ffa_memory_faults(&decoded, (enum ffa_memory_op)op);
			decodable++;
		}
		free(buf);
	}
	/* The walk above was worth something. */
	assert_in_range(decodable, VECTOR_ROUNDS / 20, VECTOR_ROUNDS);
}

static void test_overlap(void **state)
{
	static const struct {
		struct ffa_memory_range a, b;
		bool overlaps;
	} cases[] = {
		{ { 0x10000, 4 }, { 0x10000, 4 }, true },
		{ { 0x10000, 4 }, { 0x14000, 1 }, false }, /* adjacent */
		{ { 0x10000, 4 }, { 0x13000, 1 }, true },
		{ { 0x10000, 4 }, { 0xf000, 1 }, false },
		{ { 0x10000, 4 }, { 0xf000, 2 }, true },
		{ { 0x10000, 4 }, { 0xf000, 16 }, true }, /* encloses */
		{ { 0x10000, 4 }, { 0x11000, 1 }, true }, /* is enclosed */
		{ { 0x10000, 4 }, { 0x11000, 0 }, false },
		{ { 0x10000, 0 }, { 0x10000, 4 }, false },
		{ { 0, 1 }, { UINT64_MAX - 4095, 1 }, false },
		/* 2^20 pages are 4 GiB, which 32 bits would make 0. */
		{ { 0, 0x100000 }, { 0x80000000, 1 }, true },
		{ { 0, 0x100000 }, { 0x100000000, 1 }, false },
		{ { 0, UINT32_MAX }, { 0xffffffff000, 1 }, false },
		{ { 0, UINT32_MAX }, { 0xfffffffe000, 1 }, true },
		/* The last page of the address space, and a range that runs out of it. */
		{ { UINT64_MAX - 4095, 1 }, { UINT64_MAX - 4095, 1 }, true },
		{ { UINT64_MAX - 4095, 2 }, { 0, 1 }, false },
		{ { UINT64_MAX - 8191, 100 }, { UINT64_MAX - 4095, 1 }, true },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(ffa_memory_range_overlaps(&cases[i].a, &cases[i].b), cases[i].overlaps);
		assert_int_equal(ffa_memory_range_overlaps(&cases[i].b, &cases[i].a), cases[i].overlaps);
	}
}

/* Against a count of common pages. */
static void test_overlap_property(void **state)
{
	uint64_t seed = VECTOR_SEED;

	for (unsigned int round = 0; round < VECTOR_ROUNDS; round++) {
		struct ffa_memory_range a = { vector_below(&seed, 16) * 4096,
					      (uint32_t)vector_below(&seed, 8) };
		struct ffa_memory_range b = { vector_below(&seed, 16) * 4096,
					      (uint32_t)vector_below(&seed, 8) };
		bool common = false;

		for (uint64_t page = 0; page < 32; page++)
			common = common ||
				 (page >= a.address / 4096 && page < a.address / 4096 + a.page_count &&
				  page >= b.address / 4096 && page < b.address / 4096 + b.page_count);
		assert_int_equal(ffa_memory_range_overlaps(&a, &b), common);
		assert_int_equal(ffa_memory_range_overlaps(&b, &a), common);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_share_vectors),
		cmocka_unit_test(test_retrieve_vectors),
		cmocka_unit_test(test_hypervisor_retrieve),
		cmocka_unit_test(test_encode_bounds),
		cmocka_unit_test(test_decode_cut),
		cmocka_unit_test(test_decode_bounds),
		cmocka_unit_test(test_receivers_of_no_size),
		cmocka_unit_test(test_several),
		cmocka_unit_test(test_fragments),
		cmocka_unit_test(test_ranges_bounds),
		cmocka_unit_test(test_round_trip),
		cmocka_unit_test(test_damaged),
		cmocka_unit_test(test_overlap),
		cmocka_unit_test(test_overlap_property),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
