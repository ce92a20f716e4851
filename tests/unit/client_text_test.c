/* SPDX-License-Identifier: BSD-3-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "abi/error.h"
#include "abi/partition_info.h"
#include "client-lib/ffa-client.h"

static void test_codes(void **state)
{
	static const struct {
		int32_t code;
		const char *name;
		int error;
	} codes[] = {
		{ 0, "OK", 0 },
		{ -1, "NOT_SUPPORTED", -EOPNOTSUPP },
		{ -2, "INVALID_PARAMETERS", -EINVAL },
		{ -3, "NO_MEMORY", -ENOMEM },
		{ -4, "BUSY", -EBUSY },
		{ -5, "INTERRUPTED", -EINTR },
		{ -6, "DENIED", -EACCES },
		{ -7, "RETRY", -EAGAIN },
		{ -8, "ABORTED", -ECANCELED },
		{ -9, "NO_DATA", -ENODATA },
		{ -10, "NOT_READY", -EAGAIN },
	};

	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		assert_string_equal(ffa_code_name(codes[i].code), codes[i].name);
		assert_int_equal(ffa_code_to_errno(codes[i].code), codes[i].error);
	}
	assert_null(ffa_code_name(1));
	assert_null(ffa_code_name(-11));
	assert_null(ffa_code_name(INT32_MIN));
	assert_int_equal(ffa_code_to_errno(1), -EINVAL);
	assert_int_equal(ffa_code_to_errno(-11), -EINVAL);
	assert_int_equal(ffa_code_to_errno(INT32_MIN), -EINVAL);
}

static void test_statuses(void **state)
{
	assert_string_equal(ffa_status_name(FFA_STATUS_OK), "OK");
	assert_string_equal(ffa_status_name(FFA_STATUS_LOCAL), "LOCAL");
	for (int status = FFA_STATUS_LOCAL; status <= FFA_STATUS_CLAIMED; status++)
		assert_non_null(ffa_status_name((enum ffa_status)status));
	assert_null(ffa_status_name((enum ffa_status)11));
	assert_null(ffa_status_name((enum ffa_status) - 2));
}

/* The public header repeats what abi/ defines: it must stand alone. */
static void test_constants_agree(void **state)
{
	assert_int_equal(FFA_PROPERTY_DIRECT_REQ_RECV, FFA_PARTITION_DIRECT_REQ_RECV);
	assert_int_equal(FFA_PROPERTY_DIRECT_REQ_SEND, FFA_PARTITION_DIRECT_REQ_SEND);
	assert_int_equal(FFA_PROPERTY_INDIRECT_MSG, FFA_PARTITION_INDIRECT_MSG);
	assert_int_equal(FFA_PROPERTY_NOTIFICATION_RECV, FFA_PARTITION_NOTIFICATION_RECV);
	assert_int_equal(FFA_PROPERTY_VM_CREATED, FFA_PARTITION_VM_CREATED);
	assert_int_equal(FFA_PROPERTY_VM_DESTROYED, FFA_PARTITION_VM_DESTROYED);
	assert_int_equal(FFA_PROPERTY_AARCH64, FFA_PARTITION_AARCH64);
	assert_int_equal(FFA_PROPERTY_DIRECT_REQ2_RECV, FFA_PARTITION_DIRECT_REQ2_RECV);
	assert_int_equal(FFA_PROPERTY_DIRECT_REQ2_SEND, FFA_PARTITION_DIRECT_REQ2_SEND);
	assert_int_equal(FFA_PROPERTY_LIVE_ACTIVATION, FFA_PARTITION_LIVE_ACTIVATION);
	assert_int_equal(FFA_PROPERTY_CPU_RENDEZVOUS, FFA_PARTITION_CPU_RENDEZVOUS);
	assert_int_equal(FFA_PROPERTY_SMC64_CYCLE, FFA_PARTITION_SMC64_CYCLE);
	assert_int_equal(FFA_CODE_NOT_SUPPORTED, FFA_NOT_SUPPORTED);
	assert_int_equal(FFA_CODE_NOT_READY, FFA_NOT_READY);
}

static void test_properties(void **state)
{
	unsigned int named = 0;

	for (unsigned int bit = 0; bit < 32; bit++)
		if (ffa_property_name(UINT32_C(1) << bit))
			named++;
	assert_int_equal(named, 12);
	assert_string_equal(ffa_property_name(FFA_PROPERTY_DIRECT_REQ2_RECV), "direct-req2-recv");
	assert_null(ffa_property_name(0));
	assert_null(ffa_property_name(3));
	assert_null(ffa_property_name(1 << 4)); /* the type's */
	for (int type = 0; type < 4; type++)
		assert_non_null(ffa_partition_type_name((enum ffa_partition_type)type));
	assert_null(ffa_partition_type_name((enum ffa_partition_type)4));
}

static void test_version(void **state)
{
	char text[FFA_VERSION_TEXT_SIZE];

	ffa_format_version(0x00010002, text);
	assert_string_equal(text, "1.2");
	ffa_format_version(UINT32_MAX, text);
	assert_string_equal(text, "32767.65535");
	assert_true(strlen(ffa_client_library_version()) > 0);
}

static void test_uuid(void **state)
{
	static const uint8_t bytes[FFA_UUID_BYTES] = { 0x48, 0x6e, 0x17, 0x8a, 0x01, 0x02, 0x4c, 0x31,
						       0x8f, 0xff, 0x00, 0xa1, 0xb2, 0xc3, 0xd4, 0xe5 };
	uint8_t uuid[FFA_UUID_BYTES];
	char text[FFA_UUID_TEXT_SIZE];

	ffa_format_uuid(bytes, text);
	assert_string_equal(text, "486e178a-0102-4c31-8fff-00a1b2c3d4e5");
	assert_int_equal(ffa_parse_uuid("486E178A-0102-4c31-8fff-00a1b2c3d4e5", uuid), 0);
	assert_memory_equal(uuid, bytes, sizeof(bytes));

	memset(uuid, 0x77, sizeof(uuid));
	assert_int_equal(ffa_parse_uuid("", uuid), -EINVAL);
	assert_int_equal(ffa_parse_uuid("486e178a-0102-4c31-8fff-00a1b2c3d4e", uuid), -EINVAL);
	assert_int_equal(ffa_parse_uuid("486e178a-0102-4c31-8fff-00a1b2c3d4e5 ", uuid), -EINVAL);
	assert_int_equal(ffa_parse_uuid("486e178a001024c3108fff000a1b2c3d4e5x", uuid), -EINVAL);
	assert_int_equal(uuid[0], 0x77); /* untouched on failure */
}

static void test_message_object(void **state)
{
	static const uint64_t args[FFA_MESSAGE_REQ2_ARGS + 1] = { 1, 2, 3, 4, UINT64_MAX };
	static const uint8_t uuid[FFA_UUID_BYTES] = { 1 };
	struct ffa_message *message = NULL;

	assert_int_equal(ffa_message_new((enum ffa_message_kind)3, 1, &message), -EINVAL);
	assert_null(message);

	assert_int_equal(ffa_message_new(FFA_MESSAGE_DIRECT_32, 0x8001, &message), 0);
	assert_int_equal(ffa_message_get_kind(message), FFA_MESSAGE_DIRECT_32);
	assert_int_equal(ffa_message_get_partition(message), 0x8001);
	assert_int_equal(ffa_message_get_arg_count(message), 5);
	assert_int_equal(ffa_message_set_args(message, args, 4), 0);
	assert_int_equal(ffa_message_set_args(message, args, 5), -ERANGE);
	assert_int_equal(ffa_message_set_args(message, args, 6), -E2BIG);
	assert_int_equal(ffa_message_get_args(message)[3], 4); /* as before the failures */
	assert_int_equal(ffa_message_set_args(message, args, 1), 0);
	assert_int_equal(ffa_message_get_args(message)[3], 0);
	assert_int_equal(ffa_message_set_uuid(message, uuid), -EINVAL);
	assert_null(ffa_message_free(message));

	assert_int_equal(ffa_message_new(FFA_MESSAGE_DIRECT_REQ2, 0x8001, &message), 0);
	assert_int_equal(ffa_message_get_arg_count(message), 14);
	assert_int_equal(ffa_message_set_args(message, args, 14), 0);
	assert_int_equal(ffa_message_set_args(message, args, 15), -E2BIG);
	assert_true(ffa_message_get_args(message)[4] == UINT64_MAX);
	assert_int_equal(ffa_message_set_uuid(message, uuid), 0);
	assert_int_equal(ffa_message_set_uuid(message, NULL), 0);
	ffa_message_free(message);
}

static void test_config(void **state)
{
	struct ffa_client_config *config;
	struct ffa_client *client;
	char longest[200];

	assert_int_equal(ffa_client_config_new(&config), 0);
	memset(longest, 'x', sizeof(longest));
	longest[108] = '\0';
	assert_int_equal(ffa_client_config_set_socket_path(config, longest), -ENAMETOOLONG);
	longest[107] = '\0';
	assert_int_equal(ffa_client_config_set_socket_path(config, longest), 0);
	longest[64] = '\0';
	assert_int_equal(ffa_client_config_set_name(config, longest), -EINVAL);
	longest[63] = '\0';
	assert_int_equal(ffa_client_config_set_name(config, longest), 0);

	/* Path: configuration, environment, default. */
	assert_int_equal(setenv("FFAD_SOCKET", "/from/environment", 1), 0);
	assert_int_equal(ffa_client_config_set_socket_path(config, "/from/config"), 0);
	assert_int_equal(ffa_client_new(config, &client), 0);
	assert_string_equal(ffa_client_get_socket_path(client), "/from/config");
	ffa_client_free(client);
	assert_int_equal(ffa_client_config_set_socket_path(config, NULL), 0);
	assert_int_equal(ffa_client_new(config, &client), 0);
	assert_string_equal(ffa_client_get_socket_path(client), "/from/environment");
	ffa_client_free(client);
	assert_int_equal(unsetenv("FFAD_SOCKET"), 0);
	assert_int_equal(ffa_client_new(NULL, &client), 0);
	assert_string_equal(ffa_client_get_socket_path(client), FFA_DEFAULT_SOCKET);
	ffa_client_free(client);
	assert_null(ffa_client_config_free(config));
}

static void test_free_null(void **state)
{
	assert_null(ffa_client_free(NULL));
	assert_null(ffa_client_config_free(NULL));
	assert_null(ffa_message_free(NULL));
	assert_null(ffa_request_free(NULL));
	assert_null(ffa_partition_watch_free(NULL));
	assert_null(ffa_info_free(NULL));
	assert_null(ffa_feature_list_free(NULL));
	assert_null(ffa_partition_list_free(NULL));
	assert_null(ffa_limit_list_free(NULL));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_codes),           cmocka_unit_test(test_statuses),
		cmocka_unit_test(test_constants_agree), cmocka_unit_test(test_properties),
		cmocka_unit_test(test_version),         cmocka_unit_test(test_uuid),
		cmocka_unit_test(test_message_object),  cmocka_unit_test(test_config),
		cmocka_unit_test(test_free_null),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
