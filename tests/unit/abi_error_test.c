/* SPDX-License-Identifier: BSD-3-Clause */
/* FF-A error codes: names, and the errno of Linux's driver against the real <errno.h>. */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "abi/error.h"
#include "abi/linux_errno.h"

static const struct {
	int32_t code;
	const char *name;
	int number;
} codes[] = {
	{ 0, "OK", 0 },
	{ -1, "NOT_SUPPORTED", EOPNOTSUPP },
	{ -2, "INVALID_PARAMETERS", EINVAL },
	{ -3, "NO_MEMORY", ENOMEM },
	{ -4, "BUSY", EBUSY },
	{ -5, "INTERRUPTED", EINTR },
	{ -6, "DENIED", EACCES },
	{ -7, "RETRY", EAGAIN },
	{ -8, "ABORTED", ECANCELED },
	{ -9, "NO_DATA", ENODATA },
	{ -10, "NOT_READY", EAGAIN },
};

static void test_codes(void **state)
{
	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++) {
		assert_string_equal(ffa_error_name(codes[i].code), codes[i].name);
		assert_int_equal(ffa_error_to_errno(codes[i].code), -codes[i].number);
	}
}

static void test_unknown_codes(void **state)
{
	static const int32_t unknown[] = { 1, 2, -11, -12, INT32_MAX, INT32_MIN, INT32_MIN + 1 };

	for (size_t i = 0; i < sizeof(unknown) / sizeof(unknown[0]); i++) {
		assert_null(ffa_error_name(unknown[i]));
		assert_int_equal(ffa_error_to_errno(unknown[i]), -EINVAL);
	}
}

static void test_errno_numbers(void **state)
{
	assert_int_equal(LINUX_EINTR, EINTR);
	assert_int_equal(LINUX_EAGAIN, EAGAIN);
	assert_int_equal(LINUX_ENOMEM, ENOMEM);
	assert_int_equal(LINUX_EACCES, EACCES);
	assert_int_equal(LINUX_EBUSY, EBUSY);
	assert_int_equal(LINUX_EINVAL, EINVAL);
	assert_int_equal(LINUX_ENOSPC, ENOSPC);
	assert_int_equal(LINUX_ERANGE, ERANGE);
	assert_int_equal(LINUX_ENOMSG, ENOMSG);
	assert_int_equal(LINUX_ENODATA, ENODATA);
	assert_int_equal(LINUX_EBADMSG, EBADMSG);
	assert_int_equal(LINUX_EOVERFLOW, EOVERFLOW);
	assert_int_equal(LINUX_EOPNOTSUPP, EOPNOTSUPP);
	assert_int_equal(LINUX_ECANCELED, ECANCELED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_codes),
		cmocka_unit_test(test_unknown_codes),
		cmocka_unit_test(test_errno_numbers),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
