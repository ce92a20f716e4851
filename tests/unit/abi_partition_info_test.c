/* SPDX-License-Identifier: BSD-3-Clause */
/* Discovery: descriptors of every size, their packing in registers, and what a wrong reply may claim. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "abi/fid.h"
#include "abi/partition_info.h"
#include "abi/version.h"
#include "abi_vector.h"

#define VECTOR_24 "0180080007010000 bdcd76d7825e4751 963b86d4f84943ac"

static struct ffa_partition_info sample_info(void)
{
	struct ffa_partition_info info = { .id = 0x8001, .exec_ctx_count = 8, .properties = 0x107 };

	assert_int_equal(ffa_uuid_parse("bdcd76d7-825e-4751-963b-86d4f84943ac", &info.uuid), 0);
	return info;
}

static void assert_info_equal(const struct ffa_partition_info *a, const struct ffa_partition_info *b)
{
	assert_int_equal(a->id, b->id);
	assert_int_equal(a->exec_ctx_count, b->exec_ctx_count);
	assert_int_equal(a->properties, b->properties);
	assert_true(ffa_uuid_equal(&a->uuid, &b->uuid));
	assert_true(ffa_uuid_equal(&a->image_uuid, &b->image_uuid));
	assert_int_equal(a->ffa_version, b->ffa_version);
}

static void test_vectors(void **state)
{
	struct ffa_partition_info info = sample_info(), decoded;
	uint8_t expected[48], buf[48];

	assert_int_equal(vector_bytes(VECTOR_24, expected, sizeof(expected)), 24);
	assert_int_equal(ffa_partition_info_encode(&info, 24, buf, 24), 0);
	assert_memory_equal(buf, expected, 24);
	assert_int_equal(ffa_partition_info_decode(expected, 24, 24, 0, &decoded), 0);
	assert_info_equal(&decoded, &info);

	assert_int_equal(ffa_partition_info_encode(&info, 8, buf, 8), 0);
	assert_memory_equal(buf, expected, 8);

	info.image_uuid = ffa_uuid_from_u64(0x0706050403020100, 0x0f0e0d0c0b0a0908);
	info.ffa_version = FFA_VERSION_1_3;
	assert_int_equal(vector_bytes(VECTOR_24 "0001020304050607 08090a0b0c0d0e0f 0300010000000000",
				      expected, sizeof(expected)),
			 48);
	memset(buf, 0xff, sizeof(buf));
	assert_int_equal(ffa_partition_info_encode(&info, 48, buf, 48), 0);
	assert_memory_equal(buf, expected, 48);
	assert_int_equal(ffa_partition_info_decode(expected, 48, 48, 0, &decoded), 0);
	assert_info_equal(&decoded, &info);
}

static void test_encode_bounds(void **state)
{
	struct ffa_partition_info info = sample_info();
	uint8_t buf[64];

	for (size_t stride = 0; stride <= 64; stride++) {
		bool known = stride == 8 || stride == 24 || stride == 48;

		memset(buf, 0xaa, sizeof(buf));
		assert_int_equal(ffa_partition_info_encode(&info, stride, buf, 64), known ? 0 : -EINVAL);
		for (size_t i = known ? stride : 0; i < sizeof(buf); i++)
			assert_int_equal(buf[i], 0xaa);
		if (known)
			assert_int_equal(ffa_partition_info_encode(&info, stride, buf, stride - 1), -ENOSPC);
	}
}

/* The stride is the firmware's: any multiple of 8, with the fields that fit, and the known ones only. */
static void test_decode_strides(void **state)
{
	uint8_t buf[256];
	struct ffa_partition_info info;

	for (size_t i = 0; i < sizeof(buf); i++)
		buf[i] = (uint8_t)(i + 1);
	for (size_t stride = 0; stride <= 128; stride++) {
		int r = ffa_partition_info_decode(buf, sizeof(buf), stride, 1, &info);

		if (stride < 8 || stride % 8) {
			assert_int_equal(r, -EINVAL);
			continue;
		}
		assert_int_equal(r, 0);
		assert_int_equal(info.id, buf[stride] | buf[stride + 1] << 8);
		assert_int_equal(ffa_uuid_is_nil(&info.uuid), stride < 24);
		assert_int_equal(ffa_uuid_is_nil(&info.image_uuid), stride < 40);
		assert_int_equal(info.ffa_version == 0, stride < 48);
	}
}

static void test_decode_bounds(void **state)
{
	uint8_t buf[72] = { 0 };
	struct ffa_partition_info info = { .id = 42 };

	assert_int_equal(ffa_partition_info_decode(buf, 71, 24, 2, &info), -ERANGE);
	assert_int_equal(info.id, 42);
	assert_int_equal(ffa_partition_info_decode(buf, 72, 24, 2, &info), 0);
	assert_int_equal(ffa_partition_info_decode(buf, 72, 24, 3, &info), -ERANGE);
	assert_int_equal(ffa_partition_info_decode(buf, 0, 24, 0, &info), -ERANGE);
	/* index * stride would wrap to something small. */
	assert_int_equal(ffa_partition_info_decode(buf, 72, 24, SIZE_MAX / 24 + 1, &info), -ERANGE);
	assert_int_equal(ffa_partition_info_decode(buf, 72, (size_t)1 << 63, 2, &info), -ERANGE);
	assert_int_equal(ffa_partition_info_decode(buf, 72, SIZE_MAX - 7, SIZE_MAX, &info), -ERANGE);
}

static void test_table_round_trip(void **state)
{
	static const size_t strides[] = { 8, 24, 48 };
	uint64_t seed = VECTOR_SEED;

	for (unsigned int round = 0; round < VECTOR_ROUNDS; round++) {
		size_t stride = strides[vector_below(&seed, 3)];
		uint8_t buf[5 * 48];
		struct ffa_partition_info infos[5];

		for (size_t i = 0; i < 5; i++) {
			memset(&infos[i], 0, sizeof(infos[i]));
			infos[i].id = (uint16_t)vector_random(&seed);
			infos[i].exec_ctx_count = (uint16_t)vector_random(&seed);
			infos[i].properties = (uint32_t)vector_random(&seed);
			if (stride >= 24)
				infos[i].uuid = ffa_uuid_from_u64(vector_random(&seed), vector_random(&seed));
			if (stride >= 48) {
				infos[i].image_uuid =
					ffa_uuid_from_u64(vector_random(&seed), vector_random(&seed));
				infos[i].ffa_version = (uint32_t)vector_random(&seed);
			}
			assert_int_equal(
				ffa_partition_info_encode(&infos[i], stride, buf + i * stride, stride), 0);
		}
		for (size_t i = 0; i < 5; i++) {
			struct ffa_partition_info decoded;

			assert_int_equal(ffa_partition_info_decode(buf, 5 * stride, stride, i, &decoded), 0);
			assert_info_equal(&decoded, &infos[i]);
		}
	}
}

static void test_regs_vector(void **state)
{
	const struct ffa_partition_info_regs header = {
		.last_index = 0x0004, .current_index = 0x0003, .tag = 0x0009, .entry_size = 24
	};
	struct ffa_partition_info info = sample_info(), decoded[5];
	struct ffa_partition_info_regs decoded_header;
	struct ffa_regs regs;

	memset(&regs, 0xff, sizeof(regs));
	assert_int_equal(ffa_partition_info_regs_encode(&header, &info, 1, &regs), 0);
	assert_true(regs.x[0] == UINT64_MAX && regs.x[1] == UINT64_MAX);
	assert_true(regs.x[2] == 0x0018000900030004);
	assert_true(regs.x[3] == 0x0000010700088001);
	assert_true(regs.x[4] == 0x51475e82d776cdbd);
	assert_true(regs.x[5] == 0xac4349f8d4863b96);
	for (unsigned int n = 6; n < FFA_REGS_COUNT; n++)
		assert_int_equal(regs.x[n], 0);
	assert_int_equal(ffa_partition_info_regs_decode(&regs, 3, &decoded_header, decoded, 5), 1);
	assert_memory_equal(&decoded_header, &header, sizeof(header));
	assert_info_equal(&decoded[0], &info);
}

/* Each register of a full reply has its place in an entry. */
static void test_regs_decode_full(void **state)
{
	struct ffa_regs regs = { { 0, 0, 0x0018000000040004 } };
	struct ffa_partition_info_regs header;
	struct ffa_partition_info infos[5];

	for (unsigned int n = 3; n < FFA_REGS_COUNT; n++)
		regs.x[n] = UINT64_C(0x0123456789abcdef) * n;
	assert_int_equal(ffa_partition_info_regs_decode(&regs, 0, &header, infos, 5), 5);
	for (unsigned int i = 0; i < 5; i++) {
		const uint64_t *words = &regs.x[3 + 3 * i];
		struct ffa_uuid uuid = ffa_uuid_from_u64(words[1], words[2]);

		assert_int_equal(infos[i].id, words[0] & 0xffff);
		assert_int_equal(infos[i].exec_ctx_count, words[0] >> 16 & 0xffff);
		assert_int_equal(infos[i].properties, words[0] >> 32);
		assert_true(ffa_uuid_equal(&infos[i].uuid, &uuid));
	}
}

static void test_regs_max(void **state)
{
	assert_int_equal(ffa_partition_info_regs_max(24), 5);
	assert_int_equal(ffa_partition_info_regs_max(48), 2);
	assert_int_equal(ffa_partition_info_regs_max(120), 1);
	assert_int_equal(ffa_partition_info_regs_max(121), 0);
	assert_int_equal(ffa_partition_info_regs_max(0), 0);
}

static void test_regs_encode_bounds(void **state)
{
	struct ffa_partition_info_regs header = { .last_index = 9, .current_index = 4, .entry_size = 24 };
	struct ffa_partition_info infos[6] = { { 0 } };
	struct ffa_regs regs = { { 0 } }, untouched = { { 0 } };

	assert_int_equal(ffa_partition_info_regs_encode(&header, infos, 5, &regs), 0);
	regs = untouched;
	/* More entries than the index of the last one allows. */
	assert_int_equal(ffa_partition_info_regs_encode(&header, infos, 6, &regs), -EINVAL);
	header.current_index = 5;
	assert_int_equal(ffa_partition_info_regs_encode(&header, infos, 6, &regs), -ENOSPC);
	assert_int_equal(ffa_partition_info_regs_encode(&header, infos, 0, &regs), -EINVAL);
	header.current_index = 10;
	assert_int_equal(ffa_partition_info_regs_encode(&header, infos, 1, &regs), -EINVAL);
	header.current_index = 9;
	assert_int_equal(ffa_partition_info_regs_encode(&header, infos, 1, &regs), 0);
	regs = untouched;
	header.entry_size = 32;
	assert_int_equal(ffa_partition_info_regs_encode(&header, infos, 1, &regs), -EINVAL);
	header.entry_size = 48;
	assert_int_equal(ffa_partition_info_regs_encode(&header, infos, 3, &regs), -ENOSPC);
	assert_memory_equal(&regs, &untouched, sizeof(regs));
	assert_int_equal(ffa_partition_info_regs_encode(&header, infos, 2, &regs), 0);
}

static uint64_t regs_head(uint64_t last, uint64_t current, uint64_t size)
{
	return last | current << 16 | size << 48;
}

/* Indexes that go back, run past the table, or claim more than the registers hold. */
static void test_regs_decode_contradictions(void **state)
{
	static const struct {
		uint64_t last, current, size;
		uint16_t start;
		size_t capacity;
		int expected;
	} cases[] = {
		{ 9, 4, 24, 0, 5, 5 },
		{ 9, 5, 24, 0, 8, -EBADMSG },
		{ 9, 5, 24, 1, 5, 5 },
		{ 9, 4, 24, 0, 4, -ENOSPC },
		{ 9, 4, 24, 4, 1, 1 },
		{ 9, 4, 24, 5, 5, -EBADMSG },
		{ 9, 10, 24, 9, 5, -EBADMSG },
		{ 9, 9, 24, 9, 5, 1 },
		{ 0, 0, 24, 0, 5, 1 },
		{ 0, 0, 24, 1, 5, -EBADMSG },
		{ 0xffff, 0xffff, 24, 0xffff, 5, 1 },
		{ 0xffff, 0xffff, 24, 0, 5, -EBADMSG },
		{ 9, 0, 16, 0, 5, -EBADMSG },
		{ 9, 0, 23, 0, 5, -EBADMSG },
		{ 9, 0, 25, 0, 5, -EBADMSG },
		{ 9, 0, 32, 0, 5, 1 },
		{ 9, 2, 32, 0, 5, 3 },
		{ 9, 3, 32, 0, 5, -EBADMSG },
		{ 9, 1, 48, 0, 5, 2 },
		{ 9, 2, 48, 0, 5, -EBADMSG },
		{ 9, 0, 120, 0, 5, 1 },
		{ 9, 0, 128, 0, 5, -EBADMSG },
		{ 9, 0, 0xfff8, 0, 5, -EBADMSG },
		{ 9, 0, 0, 0, 5, -EBADMSG },
		{ 0, 0, 24, 0, 0, -ENOSPC },
	};

	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct ffa_regs regs = { { 0, 0,
					   regs_head(cases[i].last, cases[i].current, cases[i].size) } };
		struct ffa_partition_info_regs header = { .tag = 77 };
		struct ffa_partition_info infos[8];

		assert_int_equal(ffa_partition_info_regs_decode(&regs, cases[i].start, &header, infos,
								cases[i].capacity),
				 cases[i].expected);
		assert_int_equal(header.tag, cases[i].expected < 0 ? 77 : 0);
	}
}

/*
 * A whole discovery of `count` entries, as a caller drives it: each reply must bring it forward, the first one
 * of a single entry at index 0 too.
 */
static void test_regs_walk(void **state)
{
	for (size_t entry_size = 24; entry_size <= 48; entry_size += 24) {
		for (uint16_t count = 1; count <= 13; count++) {
			uint16_t next = 0;
			unsigned int calls = 0;

			while (next < count) {
				struct ffa_partition_info sent[5] = { { 0 } }, got[5];
				size_t max = ffa_partition_info_regs_max(entry_size);
				size_t here = (size_t)(count - next) < max ? (size_t)(count - next) : max;
				struct ffa_partition_info_regs header = {
					.last_index = count - 1,
					.current_index = (uint16_t)(next + here - 1),
					.tag = 5,
					.entry_size = (uint16_t)entry_size,
				};
				struct ffa_regs regs = { { 0 } };

				for (size_t i = 0; i < here; i++)
					sent[i].id = (uint16_t)(next + i);
				assert_int_equal(ffa_partition_info_regs_encode(&header, sent, here, &regs),
						 0);
				assert_int_equal(ffa_partition_info_regs_decode(&regs, next, &header, got, 5),
						 (int)here);
				for (size_t i = 0; i < here; i++)
					assert_int_equal(got[i].id, next + i);
				next = (uint16_t)(header.current_index + 1);
				calls++;
			}
			assert_int_equal(calls, (count + ffa_partition_info_regs_max(entry_size) - 1) /
							ffa_partition_info_regs_max(entry_size));
		}
	}
}

static void test_calls(void **state)
{
	const struct ffa_regs get_regs = { { FFA_PARTITION_INFO_GET, 0xd776cdbd, 0x51475e82, 0xd4863b96,
					     0xac4349f8, FFA_PARTITION_INFO_COUNT_ONLY } };
	const struct ffa_regs regs_regs = { { FFA_PARTITION_INFO_GET_REGS, 0x51475e82d776cdbd,
					      0xac4349f8d4863b96, 0x70005 } };
	struct ffa_partition_info_get get = { .flags = FFA_PARTITION_INFO_COUNT_ONLY }, get2;
	struct ffa_partition_info_get_regs regs = { .start_index = 5, .tag = 7 }, regs2;
	struct ffa_partition_info_reply reply;
	struct ffa_regs frame;

	get.uuid = regs.uuid = sample_info().uuid;
	memset(&frame, 0xff, sizeof(frame));
	ffa_partition_info_get_encode(&get, &frame);
	assert_memory_equal(&frame, &get_regs, sizeof(frame));
	assert_int_equal(ffa_partition_info_get_decode(&frame, &get2), 0);
	assert_memory_equal(&get, &get2, sizeof(get));
	assert_int_equal(ffa_partition_info_get_regs_decode(&frame, &regs2), -ENOMSG);

	memset(&frame, 0xff, sizeof(frame));
	ffa_partition_info_get_regs_encode(&regs, &frame);
	assert_memory_equal(&frame, &regs_regs, sizeof(frame));
	assert_int_equal(ffa_partition_info_get_regs_decode(&frame, &regs2), 0);
	assert_memory_equal(&regs, &regs2, sizeof(regs));
	assert_int_equal(ffa_partition_info_get_decode(&frame, &get2), -ENOMSG);

	assert_int_equal(ffa_partition_info_reply_decode(&frame, &reply), -ENOMSG);
	ffa_partition_info_reply_encode(&(struct ffa_partition_info_reply) { 3, 24 }, &frame);
	assert_memory_equal(&frame, (&(struct ffa_regs) { { FFA_SUCCESS, 0, 3, 24 } }), sizeof(frame));
	assert_int_equal(ffa_partition_info_reply_decode(&frame, &reply), 0);
	assert_int_equal(reply.count, 3);
	assert_int_equal(reply.stride, 24);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vectors),
		cmocka_unit_test(test_encode_bounds),
		cmocka_unit_test(test_decode_strides),
		cmocka_unit_test(test_decode_bounds),
		cmocka_unit_test(test_table_round_trip),
		cmocka_unit_test(test_regs_vector),
		cmocka_unit_test(test_regs_decode_full),
		cmocka_unit_test(test_regs_max),
		cmocka_unit_test(test_regs_encode_bounds),
		cmocka_unit_test(test_regs_decode_contradictions),
		cmocka_unit_test(test_regs_walk),
		cmocka_unit_test(test_calls),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
