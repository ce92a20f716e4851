/* SPDX-License-Identifier: BSD-3-Clause */
/* The parts of ffa-cli that compute something. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "cli/latency.h"
#include "cli/payload.h"
#include "cli/value.h"

static void numbers(void **state)
{
	uint32_t value = 77;

	assert_int_equal(value_parse_u32("0", 0, UINT32_MAX, &value), 0);
	assert_int_equal(value, 0);
	assert_int_equal(value_parse_u32("4294967295", 0, UINT32_MAX, &value), 0);
	assert_int_equal(value, UINT32_MAX);
	assert_int_equal(value_parse_u32("0x8001", 0, UINT16_MAX, &value), 0);
	assert_int_equal(value, 0x8001);
	assert_int_equal(value_parse_u32("010", 0, UINT16_MAX, &value), 0);
	assert_int_equal(value, 10);

	value = 77;
	assert_int_equal(value_parse_u32("4294967296", 0, UINT32_MAX, &value), -ERANGE);
	assert_int_equal(value_parse_u32("99999999999999999999", 0, UINT32_MAX, &value), -ERANGE);
	assert_int_equal(value_parse_u32("0x10000", 0, UINT16_MAX, &value), -ERANGE);
	assert_int_equal(value_parse_u32("0", 1, UINT16_MAX, &value), -ERANGE);
	assert_int_equal(value_parse_u32("", 0, UINT16_MAX, &value), -EINVAL);
	assert_int_equal(value_parse_u32("0x", 0, UINT16_MAX, &value), -EINVAL);
	assert_int_equal(value_parse_u32("0x0x1", 0, UINT16_MAX, &value), -EINVAL);
	assert_int_equal(value_parse_u32("-1", 0, UINT16_MAX, &value), -EINVAL);
	assert_int_equal(value_parse_u32("+1", 0, UINT16_MAX, &value), -EINVAL);
	assert_int_equal(value_parse_u32(" 1", 0, UINT16_MAX, &value), -EINVAL);
	assert_int_equal(value_parse_u32("1 ", 0, UINT16_MAX, &value), -EINVAL);
	assert_int_equal(value_parse_u32("8001h", 0, UINT16_MAX, &value), -EINVAL);
	assert_int_equal(value, 77);
}

static void words(void **state)
{
	uint64_t value = 77;

	assert_int_equal(value_parse_hex("10", &value), 0);
	assert_int_equal(value, 0x10);
	assert_int_equal(value_parse_hex("0XdeadBEEF", &value), 0);
	assert_int_equal(value, 0xdeadbeef);
	assert_int_equal(value_parse_hex("ffffffffffffffff", &value), 0);
	assert_true(value == UINT64_MAX);

	value = 77;
	assert_int_equal(value_parse_hex("10000000000000000", &value), -ERANGE);
	assert_int_equal(value_parse_hex("", &value), -EINVAL);
	assert_int_equal(value_parse_hex("0x", &value), -EINVAL);
	assert_int_equal(value_parse_hex("0x0x1", &value), -EINVAL);
	assert_int_equal(value_parse_hex("-1", &value), -EINVAL);
	assert_int_equal(value_parse_hex("1g", &value), -EINVAL);
	assert_int_equal(value, 77);
}

static void packs_little_endian(void **state)
{
	const uint8_t bytes[] = { 1, 2, 3, 4, 5, 6, 7, 8, 9 };
	uint64_t args[FFA_MESSAGE_REQ2_ARGS];

	memset(args, 0xff, sizeof(args));
	payload_pack(FFA_MESSAGE_DIRECT_32, bytes, sizeof(bytes), args);
	assert_int_equal(args[0], 0x04030201);
	assert_int_equal(args[1], 0x08070605);
	assert_int_equal(args[2], 9);
	assert_int_equal(args[4], 0);
	/* Only the registers of this kind are written. */
	assert_true(args[5] == UINT64_MAX);

	payload_pack(FFA_MESSAGE_DIRECT_64, bytes, sizeof(bytes), args);
	assert_true(args[0] == 0x0807060504030201);
	assert_int_equal(args[1], 9);
	payload_pack(FFA_MESSAGE_DIRECT_REQ2, bytes, 0, args);
	assert_int_equal(args[0], 0);
	assert_int_equal(args[13], 0);
}

static void unpacks_what_it_packed(void **state)
{
	static const struct {
		enum ffa_message_kind kind;
		size_t capacity;
		unsigned int first;
	} kinds[] = {
		{ FFA_MESSAGE_DIRECT_32, 20, 3 },
		{ FFA_MESSAGE_DIRECT_64, 40, 3 },
		{ FFA_MESSAGE_DIRECT_REQ2, 112, 4 },
	};

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		uint8_t bytes[PAYLOAD_CAPACITY_MAX], back[PAYLOAD_CAPACITY_MAX] = { 0 };
		uint64_t args[FFA_MESSAGE_REQ2_ARGS];

		for (size_t j = 0; j < sizeof(bytes); j++)
			bytes[j] = (uint8_t)(0x80 + j);
		assert_int_equal(payload_capacity(kinds[i].kind), kinds[i].capacity);
		assert_int_equal(payload_first_register(kinds[i].kind), kinds[i].first);
		payload_pack(kinds[i].kind, bytes, kinds[i].capacity, args);
		payload_unpack(kinds[i].kind, args, back);
		assert_memory_equal(bytes, back, kinds[i].capacity);
	}
}

static void percentiles_by_nearest_rank(void **state)
{
	struct latency latency;

	assert_int_equal(latency_init(&latency, 100), 0);
	latency_sort(&latency);
	assert_int_equal(latency_percentile(&latency, 50), 0);
	for (uint64_t i = 100; i > 0; i--)
		latency_add(&latency, i);
	latency_sort(&latency);
	assert_int_equal(latency_percentile(&latency, 0), 1);
	assert_int_equal(latency_percentile(&latency, 1), 1);
	assert_int_equal(latency_percentile(&latency, 50), 50);
	assert_int_equal(latency_percentile(&latency, 90), 90);
	assert_int_equal(latency_percentile(&latency, 99), 99);
	assert_int_equal(latency_percentile(&latency, 100), 100);
	latency_deinit(&latency);

	assert_int_equal(latency_init(&latency, 3), 0);
	latency_add(&latency, 30);
	latency_sort(&latency);
	assert_int_equal(latency_percentile(&latency, 50), 30);
	latency_add(&latency, 10);
	latency_add(&latency, 20);
	latency_sort(&latency);
	assert_int_equal(latency_percentile(&latency, 50), 20);
	assert_int_equal(latency_percentile(&latency, 90), 30);
	latency_deinit(&latency);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers),
		cmocka_unit_test(words),
		cmocka_unit_test(packs_little_endian),
		cmocka_unit_test(unpacks_what_it_packed),
		cmocka_unit_test(percentiles_by_nearest_rank),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
