/* SPDX-License-Identifier: BSD-3-Clause */
/* The relinquish descriptor. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "abi/error.h"
#include "abi/relinquish.h"
#include "abi_vector.h"

#define ONE "8877665544332211 01000000 01000000 0180"

static void test_vector(void **state)
{
	struct ffa_relinquish relinquish = { .handle = 0x1122334455667788, .flags = FFA_RELINQUISH_ZERO };
	struct ffa_relinquish decoded;
	const uint16_t endpoints[] = { 0x8001 };
	uint8_t expected[32], buf[32];
	uint16_t endpoint = 42;
	size_t size = vector_bytes(ONE, expected, sizeof(expected));

	memset(buf, 0xff, sizeof(buf));
	assert_int_equal(ffa_relinquish_encode(&relinquish, endpoints, 1, buf, sizeof(buf)), (int)size);
	assert_memory_equal(buf, expected, size);
	assert_int_equal(buf[size], 0xff);
	assert_int_equal(ffa_relinquish_decode(expected, size, &decoded), 0);
	assert_true(decoded.handle == relinquish.handle);
	assert_int_equal(decoded.flags, FFA_RELINQUISH_ZERO);
	assert_int_equal(decoded.endpoint_count, 1);
	assert_int_equal(ffa_relinquish_endpoint(&decoded, 1, &endpoint), -ERANGE);
	assert_int_equal(endpoint, 42);
	assert_int_equal(ffa_relinquish_endpoint(&decoded, 0, &endpoint), 0);
	assert_int_equal(endpoint, 0x8001);
	assert_int_equal(ffa_relinquish_validate(&decoded), FFA_OK);
}

static void test_encode_bounds(void **state)
{
	struct ffa_relinquish relinquish = { .handle = 1 };
	const uint16_t endpoints[] = { 1, 2, 3 };
	uint8_t buf[32];

	assert_int_equal(ffa_relinquish_encode(&relinquish, endpoints, 0, buf, 16), 16);
	assert_int_equal(ffa_relinquish_encode(&relinquish, endpoints, 0, buf, 15), -ENOSPC);
	assert_int_equal(ffa_relinquish_encode(&relinquish, endpoints, 3, buf, 22), 22);
	assert_int_equal(ffa_relinquish_encode(&relinquish, endpoints, 3, buf, 21), -ENOSPC);
	assert_int_equal(ffa_relinquish_encode(&relinquish, endpoints, SIZE_MAX / 2, buf, 32), -EOVERFLOW);
	/* The result, a size in bytes, must be an int. */
	assert_int_equal(ffa_relinquish_encode(&relinquish, endpoints, (INT32_MAX - 16) / 2, buf, 32),
			 -ENOSPC);
	assert_int_equal(ffa_relinquish_encode(&relinquish, endpoints, (INT32_MAX - 16) / 2 + 1, buf, 32),
			 -EOVERFLOW);
}

/* Counts on both sides of what is there, and counts that wrap when doubled. */
static void test_decode_bounds(void **state)
{
	static const uint32_t beyond[] = { 4, 5, 0x7fffffff, 0x80000000, 0x80000003, 0xfffffff8, UINT32_MAX };
	struct ffa_relinquish decoded = { .handle = 42 };

	for (size_t size = 0; size <= 23; size++) {
		uint8_t *buf = calloc(1, size + 1);
		uint32_t count = 3;

		assert_non_null(buf);
		if (size >= 16)
			memcpy(buf + 12, &count, sizeof(count));
		assert_int_equal(ffa_relinquish_decode(buf, size, &decoded), size >= 22 ? 0 : -EBADMSG);
		if (size < 22)
			assert_true(decoded.handle == 42);
		free(buf);
	}
	for (size_t i = 0; i < sizeof(beyond) / sizeof(beyond[0]); i++) {
		uint8_t buf[22] = { 0 };

		memcpy(buf + 12, &beyond[i], sizeof(beyond[i]));
		assert_int_equal(ffa_relinquish_decode(buf, sizeof(buf), &decoded), -EBADMSG);
	}
}

static void test_rules(void **state)
{
	struct ffa_relinquish relinquish = { .endpoint_count = 1 };

	for (uint32_t flags = 0; flags <= 8; flags++) {
		relinquish.flags = flags;
		assert_int_equal(ffa_relinquish_validate(&relinquish),
				 flags <= 3 ? FFA_OK : FFA_INVALID_PARAMETERS);
	}
	relinquish.flags = 0x80000000;
	assert_int_equal(ffa_relinquish_validate(&relinquish), FFA_INVALID_PARAMETERS);
	relinquish.flags = 0;
	relinquish.endpoint_count = 0;
	assert_int_equal(ffa_relinquish_validate(&relinquish), FFA_INVALID_PARAMETERS);
	relinquish.endpoint_count = 2;
	assert_int_equal(ffa_relinquish_validate(&relinquish), FFA_INVALID_PARAMETERS);
}

static void test_round_trip(void **state)
{
	uint64_t seed = VECTOR_SEED;

	for (unsigned int round = 0; round < VECTOR_ROUNDS; round++) {
		struct ffa_relinquish relinquish = { .handle = vector_random(&seed),
						     .flags = (uint32_t)vector_random(&seed) };
		struct ffa_relinquish decoded;
		uint8_t buf[16 + 2 * 40];
		uint16_t endpoints[40];
		size_t count = vector_below(&seed, 41);
		int size;

		for (size_t i = 0; i < count; i++)
			endpoints[i] = (uint16_t)vector_random(&seed);
		size = ffa_relinquish_encode(&relinquish, endpoints, count, buf, sizeof(buf));
		assert_int_equal(size, (int)(16 + 2 * count));
		assert_int_equal(ffa_relinquish_decode(buf, (size_t)size, &decoded), 0);
		assert_true(decoded.handle == relinquish.handle);
		assert_int_equal(decoded.flags, relinquish.flags);
		assert_int_equal(decoded.endpoint_count, count);
		for (uint32_t i = 0; i < count; i++) {
			uint16_t endpoint;

			assert_int_equal(ffa_relinquish_endpoint(&decoded, i, &endpoint), 0);
			assert_int_equal(endpoint, endpoints[i]);
		}
	}
}

static void test_call(void **state)
{
	struct ffa_regs regs;

	memset(&regs, 0xff, sizeof(regs));
	ffa_relinquish_encode_call(&regs);
	assert_memory_equal(&regs, (&(struct ffa_regs) { { 0x84000076 } }), sizeof(regs));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vector),        cmocka_unit_test(test_encode_bounds),
		cmocka_unit_test(test_decode_bounds), cmocka_unit_test(test_rules),
		cmocka_unit_test(test_round_trip),    cmocka_unit_test(test_call),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
