/* SPDX-License-Identifier: BSD-3-Clause */
/* FFA_FEATURES: feature ids, and the properties of FFA_RXTX_MAP. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "abi/features.h"
#include "abi/fid.h"
#include "abi/version.h"

static void test_ids(void **state)
{
	static const struct {
		uint32_t id, since;
		const char *name;
	} expected[] = {
		{ 1, FFA_VERSION_1_1, "NPI" },
		{ 2, FFA_VERSION_1_1, "SRI" },
		{ 3, FFA_VERSION_1_1, "MEI" },
		{ 4, FFA_VERSION_1_3, "NOTIFICATION" },
	};

	assert_int_equal(ffa_features_count, sizeof(expected) / sizeof(expected[0]));
	for (size_t i = 0; i < ffa_features_count; i++) {
		assert_int_equal(ffa_features[i].id, expected[i].id);
		assert_int_equal(ffa_features[i].since, expected[i].since);
		assert_string_equal(ffa_features[i].name, expected[i].name);
		assert_true(strlen(ffa_features[i].description) > 0);
		assert_ptr_equal(ffa_feature_info_find(expected[i].id), &ffa_features[i]);
	}
	assert_null(ffa_feature_info_find(0));
	assert_null(ffa_feature_info_find(5));
	assert_null(ffa_feature_info_find(0x100 | FFA_FEATURE_SRI));
	assert_null(ffa_feature_info_find(FFA_RXTX_MAP));
}

static void test_queries(void **state)
{
	assert_true(ffa_features_query_valid(FFA_RXTX_MAP));
	assert_true(ffa_features_query_valid(FFA_FEATURES_FUNCTION));
	assert_true(ffa_features_query_valid(0));
	assert_true(ffa_features_query_valid(0xff));
	assert_false(ffa_features_query_valid(0x100));
	assert_false(ffa_features_query_valid(0x40000000));
}

static void test_rxtx_sizes(void **state)
{
	static const struct {
		uint32_t w2, min_size;
		uint16_t max_pages;
	} expected[] = {
		{ 0x00000000, 4096, 0 }, { 0x00000001, 65536, 0 },      { 0x00000002, 16384, 0 },
		{ 0x00010000, 4096, 1 }, { 0xffff0001, 65536, 0xffff },
	};

	for (size_t i = 0; i < sizeof(expected) / sizeof(expected[0]); i++) {
		struct ffa_rxtx_properties properties;
		uint32_t w2;

		assert_int_equal(ffa_rxtx_properties_decode(expected[i].w2, &properties), 0);
		assert_int_equal(properties.min_size, expected[i].min_size);
		assert_int_equal(properties.max_pages, expected[i].max_pages);
		assert_int_equal(ffa_rxtx_properties_encode(&properties, &w2), 0);
		assert_int_equal(w2, expected[i].w2);
	}
}

static void test_rxtx_refused(void **state)
{
	static const uint32_t sizes[] = { 0, 4095, 4097, 8192, 32768, 131072 };
	struct ffa_rxtx_properties properties = { .min_size = 1, .max_pages = 2 };
	uint32_t w2 = 7;

	assert_int_equal(ffa_rxtx_properties_decode(3, &properties), -EBADMSG);
	assert_int_equal(properties.min_size, 1);
	/* [15:2] may mean something one day. */
	assert_int_equal(ffa_rxtx_properties_decode(0xfffc, &properties), 0);
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		properties.min_size = sizes[i];
		assert_int_equal(ffa_rxtx_properties_encode(&properties, &w2), -EINVAL);
		assert_int_equal(w2, 7);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ids),
		cmocka_unit_test(test_queries),
		cmocka_unit_test(test_rxtx_sizes),
		cmocka_unit_test(test_rxtx_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
