/* SPDX-License-Identifier: BSD-3-Clause */
/* UUIDs in registers and as text. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "abi/uuid.h"
#include "abi_vector.h"

#define TEXT "bdcd76d7-825e-4751-963b-86d4f84943ac"

static const struct ffa_uuid sample = { { 0xbd, 0xcd, 0x76, 0xd7, 0x82, 0x5e, 0x47, 0x51, 0x96, 0x3b, 0x86,
					  0xd4, 0xf8, 0x49, 0x43, 0xac } };

static void test_registers(void **state)
{
	struct ffa_uuid uuid = ffa_uuid_from_words(0xd776cdbd, 0x51475e82, 0xd4863b96, 0xac4349f8);
	uint32_t words[4];
	uint64_t lo, hi;

	assert_memory_equal(uuid.bytes, sample.bytes, FFA_UUID_SIZE);
	uuid = ffa_uuid_from_u64(0x51475e82d776cdbd, 0xac4349f8d4863b96);
	assert_memory_equal(uuid.bytes, sample.bytes, FFA_UUID_SIZE);
	ffa_uuid_to_words(&sample, words);
	assert_int_equal(words[0], 0xd776cdbd);
	assert_int_equal(words[1], 0x51475e82);
	assert_int_equal(words[2], 0xd4863b96);
	assert_int_equal(words[3], 0xac4349f8);
	ffa_uuid_to_u64(&sample, &lo, &hi);
	assert_true(lo == 0x51475e82d776cdbd);
	assert_true(hi == 0xac4349f8d4863b96);
}

static void test_text(void **state)
{
	char text[FFA_UUID_STR_SIZE];
	struct ffa_uuid uuid;

	ffa_uuid_format(&sample, text);
	assert_string_equal(text, TEXT);
	assert_int_equal(ffa_uuid_parse(TEXT, &uuid), 0);
	assert_true(ffa_uuid_equal(&uuid, &sample));
	assert_int_equal(ffa_uuid_parse("BDCD76D7-825E-4751-963B-86D4F84943AC", &uuid), 0);
	assert_true(ffa_uuid_equal(&uuid, &sample));
}

static void test_text_refused(void **state)
{
	static const char *const refused[] = {
		"",
		"-",
		"bdcd76d7",
		TEXT " ",
		" " TEXT,
		TEXT "0",
		"{" TEXT "}",
		"bdcd76d7825e4751963b86d4f84943ac",
		"bdcd76d7-825e-4751-963b86d4-f84943ac",
		"bdcd76d7-825e-4751-963b-86d4f84943a",
		"bdcd76d7-825e-4751-963b-86d4f84943ag",
		"bdcd76d7-825e-4751-963b-86d4f84943/a",
		"bdcd76d7-825e-4751-963b-86d4f84943:a",
		"bdcd76d7-825e-4751-963b-86d4f84943@a",
		"bdcd76d7-825e-4751-963b-86d4f84943`a",
		"bdcd76d7-825e-4751-963b-86d4f84943Ga",
	};

	for (size_t i = 0; i < sizeof(refused) / sizeof(refused[0]); i++) {
		struct ffa_uuid uuid = sample;

		assert_int_equal(ffa_uuid_parse(refused[i], &uuid), -EINVAL);
		assert_true(ffa_uuid_equal(&uuid, &sample));
	}
}

/* Every shorter text, in a buffer that ends there: the parser must not look behind it. */
static void test_text_cut(void **state)
{
	for (size_t length = 0; length < FFA_UUID_STR_SIZE - 1; length++) {
		char *text = strndup(TEXT, length);
		struct ffa_uuid uuid;

		assert_non_null(text);
		assert_int_equal(ffa_uuid_parse(text, &uuid), -EINVAL);
		free(text);
	}
}

static void test_round_trip(void **state)
{
	uint64_t seed = VECTOR_SEED;

	for (unsigned int i = 0; i < VECTOR_ROUNDS; i++) {
		uint64_t lo = vector_random(&seed), hi = vector_random(&seed), lo2, hi2;
		struct ffa_uuid uuid = ffa_uuid_from_u64(lo, hi), parsed, from_words;
		char text[FFA_UUID_STR_SIZE];
		uint32_t words[4];

		ffa_uuid_format(&uuid, text);
		assert_int_equal(ffa_uuid_parse(text, &parsed), 0);
		ffa_uuid_to_words(&parsed, words);
		from_words = ffa_uuid_from_words(words[0], words[1], words[2], words[3]);
		assert_true(ffa_uuid_equal(&uuid, &from_words));
		ffa_uuid_to_u64(&from_words, &lo2, &hi2);
		assert_true(lo == lo2 && hi == hi2);
	}
}

static void test_nil_and_equality(void **state)
{
	assert_true(ffa_uuid_is_nil(&ffa_uuid_nil));
	assert_false(ffa_uuid_is_nil(&sample));
	for (size_t i = 0; i < FFA_UUID_SIZE; i++) {
		struct ffa_uuid uuid = ffa_uuid_nil;

		uuid.bytes[i] = 1;
		assert_false(ffa_uuid_is_nil(&uuid));
		assert_false(ffa_uuid_equal(&uuid, &ffa_uuid_nil));
		assert_true(ffa_uuid_equal(&uuid, &uuid));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_registers),    cmocka_unit_test(test_text),
		cmocka_unit_test(test_text_refused), cmocka_unit_test(test_text_cut),
		cmocka_unit_test(test_round_trip),   cmocka_unit_test(test_nil_and_equality),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
