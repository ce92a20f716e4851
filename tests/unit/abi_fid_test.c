/* SPDX-License-Identifier: BSD-3-Clause */
/* The function table: every id in every version, with the registers that it defines. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "abi/fid.h"
#include "abi/version.h"

#define VERSIONS 4 /* 1.0 to 1.3 */

/* One letter for each version from 1.0 on: '.' absent, '3' SMC32 only, '6' SMC64 only, 'b' both. */
static const struct {
	uint8_t number;
	const char *name, *versions;
	bool reply, ns_call;
	uint32_t args_1_0, args_1_2; /* of the SMC32 form, or of the only form */
} expected[] = {
	{ 0x60, "FFA_ERROR", "333b", true, false, 0x7, 0x7 },
	{ 0x61, "FFA_SUCCESS", "bbbb", true, false, 0xff, 0xff },
	{ 0x62, "FFA_INTERRUPT", "333b", true, false, 0x7, 0x7 },
	{ 0x63, "FFA_VERSION", "3333", false, true, 0x3, 0x3 },
	{ 0x64, "FFA_FEATURES", "3333", false, true, 0x7, 0x7 },
	{ 0x65, "FFA_RX_RELEASE", "3333", false, true, 0x3, 0x3 },
	{ 0x66, "FFA_RXTX_MAP", "bbbb", false, true, 0xf, 0xf },
	{ 0x67, "FFA_RXTX_UNMAP", "3333", false, true, 0x3, 0x3 },
	{ 0x68, "FFA_PARTITION_INFO_GET", "3333", false, true, 0x1f, 0x3f },
	{ 0x69, "FFA_ID_GET", "3333", false, true, 0x1, 0x1 },
	{ 0x6a, "FFA_MSG_POLL", "3...", false, false, 0x1, 0 },
	{ 0x6b, "FFA_MSG_WAIT", "333b", true, false, 0x1, 0x5 },
	{ 0x6c, "FFA_YIELD", "333b", true, false, 0x3, 0xf },
	{ 0x6d, "FFA_RUN", "333b", false, true, 0x3, 0x3 },
	{ 0x6e, "FFA_MSG_SEND", "3...", false, true, 0x1b, 0 },
	{ 0x6f, "FFA_MSG_SEND_DIRECT_REQ", "bbbb", false, true, 0xff, 0xff },
	{ 0x70, "FFA_MSG_SEND_DIRECT_RESP", "bbbb", true, false, 0xff, 0xff },
	{ 0x71, "FFA_MEM_DONATE", "bbbb", false, true, 0x1f, 0x1f },
	{ 0x72, "FFA_MEM_LEND", "bbbb", false, true, 0x1f, 0x1f },
	{ 0x73, "FFA_MEM_SHARE", "bbbb", false, true, 0x1f, 0x1f },
	{ 0x74, "FFA_MEM_RETRIEVE_REQ", "bbbb", false, true, 0x1f, 0x1f },
	{ 0x75, "FFA_MEM_RETRIEVE_RESP", "3333", true, false, 0x7, 0x7 },
	{ 0x76, "FFA_MEM_RELINQUISH", "3333", false, true, 0x1, 0x1 },
	{ 0x77, "FFA_MEM_RECLAIM", "3333", false, true, 0xf, 0xf },
	{ 0x78, "FFA_MEM_OP_PAUSE", "3333", true, true, 0x7, 0x7 },
	{ 0x79, "FFA_MEM_OP_RESUME", "3333", false, true, 0x7, 0x7 },
	{ 0x7a, "FFA_MEM_FRAG_RX", "3333", true, true, 0x1f, 0x1f },
	{ 0x7b, "FFA_MEM_FRAG_TX", "3333", true, true, 0x1f, 0x1f },
	{ 0x7c, "FFA_NORMAL_WORLD_RESUME", "333b", false, false, 0x1, 0x1 },
	{ 0x7d, "FFA_NOTIFICATION_BITMAP_CREATE", ".333", false, true, 0, 0x7 },
	{ 0x7e, "FFA_NOTIFICATION_BITMAP_DESTROY", ".333", false, true, 0, 0x3 },
	{ 0x7f, "FFA_NOTIFICATION_BIND", ".333", false, true, 0, 0x1f },
	{ 0x80, "FFA_NOTIFICATION_UNBIND", ".333", false, true, 0, 0x1b },
	{ 0x81, "FFA_NOTIFICATION_SET", ".333", false, true, 0, 0x1f },
	{ 0x82, "FFA_NOTIFICATION_GET", ".333", false, true, 0, 0x7 },
	{ 0x83, "FFA_NOTIFICATION_INFO_GET", ".bbb", false, true, 0, 0x1 },
	{ 0x84, "FFA_RX_ACQUIRE", ".333", false, true, 0, 0x3 },
	{ 0x85, "FFA_SPM_ID_GET", ".333", false, true, 0, 0x1 },
	{ 0x86, "FFA_MSG_SEND2", ".333", false, true, 0, 0x7 },
	{ 0x87, "FFA_SECONDARY_EP_REGISTER", ".666", false, false, 0, 0x3 },
	{ 0x88, "FFA_MEM_PERM_GET", ".bbb", false, false, 0, 0x3 },
	{ 0x89, "FFA_MEM_PERM_SET", ".bbb", false, false, 0, 0xf },
	{ 0x8a, "FFA_CONSOLE_LOG", "..bb", false, false, 0, 0xff },
	{ 0x8b, "FFA_PARTITION_INFO_GET_REGS", "..66", false, true, 0, 0xf },
	{ 0x8c, "FFA_EL3_INTR_HANDLE", "..33", false, false, 0, 0x1 },
	{ 0x8d, "FFA_MSG_SEND_DIRECT_REQ2", "..66", false, true, 0, 0x3ffff },
	{ 0x8e, "FFA_MSG_SEND_DIRECT_RESP2", "..66", true, false, 0, 0x3fff3 },
	{ 0x8f, "FFA_NS_RES_INFO_GET", "...6", false, true, 0, 0 },
	{ 0x90, "FFA_ABORT", "...b", false, false, 0, 0 },
	{ 0x94, "FFA_NOTIFICATION_BIND2", "...6", false, true, 0, 0 },
	{ 0x95, "FFA_NOTIFICATION_UNBIND2", "...6", false, true, 0, 0 },
	{ 0x96, "FFA_NOTIFICATION_SET2", "...6", false, true, 0, 0 },
	{ 0x97, "FFA_NOTIFICATION_GET2", "...6", false, true, 0, 0 },
};

#define EXPECTED_COUNT (sizeof(expected) / sizeof(expected[0]))

static void test_table(void **state)
{
	assert_int_equal(ffa_functions_count, EXPECTED_COUNT);
	for (size_t i = 0; i < EXPECTED_COUNT; i++) {
		assert_int_equal(ffa_functions[i].number, expected[i].number);
		assert_string_equal(ffa_functions[i].name, expected[i].name);
		assert_int_equal(ffa_functions[i].reply, expected[i].reply);
		assert_int_equal(ffa_functions[i].ns_call, expected[i].ns_call);
		assert_true(ffa_functions[i].args & 1);
		assert_int_equal(ffa_functions[i].late_args & ~ffa_functions[i].args, 0);
		assert_int_equal(!ffa_functions[i].late_args, !ffa_functions[i].late_since);
	}
}

/* Every number of 16 bits, both conventions, every version: what the table above says and nothing else. */
static void test_every_id_in_every_version(void **state)
{
	for (uint32_t number = 0; number <= UINT16_MAX; number++) {
		const char *versions = "....";
		const char *name = NULL;

		for (size_t i = 0; i < EXPECTED_COUNT; i++) {
			if (expected[i].number == number) {
				versions = expected[i].versions;
				name = expected[i].name;
			}
		}
		for (uint32_t minor = 0; minor < VERSIONS; minor++) {
			uint32_t version = FFA_VERSION_MAKE(1, minor);
			bool in_32 = versions[minor] == '3' || versions[minor] == 'b';
			bool in_64 = versions[minor] == '6' || versions[minor] == 'b';

			assert_int_equal(ffa_function_exists(FFA_FID_32(number), version), in_32);
			assert_int_equal(ffa_function_exists(FFA_FID_64(number), version), in_64);
			assert_int_equal(ffa_function_args(FFA_FID_32(number), version) & 1, in_32);
			assert_int_equal(ffa_function_args(FFA_FID_64(number), version) & 1, in_64);
			if (in_32)
				assert_string_equal(ffa_fid_name(FFA_FID_32(number)), name);
			if (in_64)
				assert_string_equal(ffa_fid_name(FFA_FID_64(number)), name);
		}
		if (strchr(versions, '3') == NULL && strchr(versions, 'b') == NULL)
			assert_null(ffa_function_find(FFA_FID_32(number)));
		if (strchr(versions, '6') == NULL && strchr(versions, 'b') == NULL)
			assert_null(ffa_function_find(FFA_FID_64(number)));
	}
}

static void test_other_ids(void **state)
{
	static const uint32_t others[] = { 0,          0x63,       0x84000000, 0x80000063, 0x04000063,
					   0x84010063, 0x85000063, 0xc5000066, 0xffffffff };

	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
		assert_null(ffa_function_find(others[i]));
		assert_null(ffa_fid_name(others[i]));
		assert_false(ffa_function_exists(others[i], FFA_VERSION_1_2));
		assert_int_equal(ffa_function_args(others[i], FFA_VERSION_1_2), 0);
	}
}

static void test_args(void **state)
{
	for (size_t i = 0; i < EXPECTED_COUNT; i++) {
		uint32_t fid = ffa_functions[i].has_32 ? FFA_FID_32((uint32_t)expected[i].number)
						       : FFA_FID_64((uint32_t)expected[i].number);

		assert_int_equal(ffa_function_args(fid, FFA_VERSION_1_0), expected[i].args_1_0);
		assert_int_equal(ffa_function_args(fid, FFA_VERSION_1_2), expected[i].args_1_2);
	}
	assert_int_equal(ffa_function_args(FFA_VERSION, FFA_VERSION_1_3), 0x7);
	assert_int_equal(ffa_function_args(FFA_MSG_SEND_DIRECT_REQ_64, FFA_VERSION_1_2), 0xff);
	assert_int_equal(ffa_function_args(FFA_MSG_SEND_DIRECT_REQ_64, FFA_VERSION_1_3), 0x3ffff);
	assert_int_equal(ffa_function_args(FFA_MSG_SEND_DIRECT_REQ, FFA_VERSION_1_3), 0xff);
	assert_int_equal(ffa_function_args(FFA_SUCCESS_64, FFA_VERSION_1_1), 0xff);
	assert_int_equal(ffa_function_args(FFA_SUCCESS_64, FFA_VERSION_1_2), 0x3ffff);
	/* A version to come has at least what 1.3 has. */
	assert_int_equal(ffa_function_args(FFA_YIELD, FFA_VERSION_MAKE(1, 4)), 0xf);
	assert_true(ffa_function_exists(FFA_ABORT_64, FFA_VERSION_MAKE(1, 4)));
	assert_false(ffa_function_exists(FFA_MSG_POLL, FFA_VERSION_MAKE(1, 4)));
}

static void test_registers(void **state)
{
	assert_int_equal(ffa_function_regs(FFA_MSG_SEND_DIRECT_REQ, FFA_VERSION_1_2), 8);
	assert_int_equal(ffa_function_regs(FFA_MSG_SEND_DIRECT_REQ_64, FFA_VERSION_1_0), 8);
	assert_int_equal(ffa_function_regs(FFA_MSG_SEND_DIRECT_REQ_64, FFA_VERSION_1_1), 8);
	assert_int_equal(ffa_function_regs(FFA_MSG_SEND_DIRECT_REQ_64, FFA_VERSION_1_2), 18);
	assert_int_equal(ffa_function_regs(FFA_MSG_SEND_DIRECT_REQ2, FFA_VERSION_1_3), 18);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table),     cmocka_unit_test(test_every_id_in_every_version),
		cmocka_unit_test(test_other_ids), cmocka_unit_test(test_args),
		cmocka_unit_test(test_registers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
