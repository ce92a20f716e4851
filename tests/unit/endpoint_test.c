/* SPDX-License-Identifier: BSD-3-Clause */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "abi/error.h"
#include "abi/fid.h"
#include "abi/version.h"
#include "daemon/core/endpoint.h"
#include "fake_conduit.h"

/* How a firmware answers FFA_VERSION. */
struct firmware {
	uint32_t version;
	bool strict;          /* a newer minor is answered -1, as Hafnium does; else by its own version */
	uint32_t locked;      /* only this one is accepted */
	unsigned int calls;   /* other than FFA_VERSION */
	uint32_t last_wanted; /* of the last FFA_VERSION that was accepted */
	bool version_after_other;
};

static int answer(struct fake_conduit *fake, unsigned int cpu, struct ffa_regs *regs)
{
	struct firmware *firmware = fake->test;
	uint32_t wanted = (uint32_t)regs->x[1];

	switch (regs->x[0]) {
	case FFA_VERSION:
		if (firmware->calls)
			firmware->version_after_other = true;
		if ((firmware->locked && wanted != firmware->locked) ||
		    (firmware->strict && wanted > firmware->version)) {
			fake_reply(regs, UINT32_MAX, 0, 0, 0);
			return 0;
		}
		if (wanted <= firmware->version)
			firmware->last_wanted = wanted;
		fake_reply(regs, firmware->version, 0, 0, 0);
		return 0;
	case FFA_ID_GET:
		firmware->calls++;
		fake_reply(regs, FFA_SUCCESS, 0, 0, 0);
		return 0;
	case FFA_SPM_ID_GET:
		firmware->calls++;
		fake_reply(regs, FFA_SUCCESS, 0, 0x8000, 0);
		return 0;
	case FFA_FEATURES:
		firmware->calls++;
		if (wanted == FFA_RXTX_MAP_64)
			fake_reply(regs, FFA_SUCCESS, 0, 0x00010002, 0);
		else
			fake_reply(regs, FFA_ERROR, 0, (uint32_t)FFA_NOT_SUPPORTED, 0);
		return 0;
	default:
		fail_msg("unexpected call %llx", (unsigned long long)regs->x[0]);
		return -EIO;
	}
}

static void start(struct firmware *firmware, int expected, struct endpoint *ret_endpoint)
{
	struct fake_conduit fake = FAKE_CONDUIT(answer);
	char *reason = NULL;
	int r;

	fake.test = firmware;
	r = endpoint_start(&fake.conduit, ret_endpoint, &reason);
	assert_int_equal(r, expected);
	assert_true((r < 0) == (reason != NULL));
	assert_false(firmware->version_after_other);
	free(reason);
}

static void negotiates_down(void **state)
{
	static const struct {
		uint32_t version;
		bool strict;
		uint32_t expected;
	} rows[] = {
		{ FFA_VERSION_1_0, false, FFA_VERSION_1_0 }, { FFA_VERSION_1_0, true, FFA_VERSION_1_0 },
		{ FFA_VERSION_1_1, false, FFA_VERSION_1_1 }, { FFA_VERSION_1_1, true, FFA_VERSION_1_1 },
		{ FFA_VERSION_1_2, false, FFA_VERSION_1_2 }, { FFA_VERSION_1_2, true, FFA_VERSION_1_2 },
		{ FFA_VERSION_1_3, false, FFA_VERSION_1_2 }, { FFA_VERSION_1_3, true, FFA_VERSION_1_2 },
	};

	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct firmware firmware = { .version = rows[i].version, .strict = rows[i].strict };
		struct endpoint endpoint;

		start(&firmware, 0, &endpoint);
		assert_int_equal(endpoint.version, rows[i].expected);
		assert_int_equal(endpoint.firmware_version, rows[i].version);
		assert_int_equal(firmware.last_wanted, rows[i].expected);
		assert_int_equal(endpoint.spmc_id, rows[i].expected == FFA_VERSION_1_0 ? 0 : 0x8000);
	}
}

static void finds_a_locked_version(void **state)
{
	static const uint32_t versions[] = { FFA_VERSION_1_0, FFA_VERSION_1_1, FFA_VERSION_1_2,
					     FFA_VERSION_1_3 };

	for (size_t i = 0; i < 4; i++) {
		struct firmware firmware = { .version = FFA_VERSION_1_3,
					     .strict = true,
					     .locked = versions[i] };
		struct endpoint endpoint;

		start(&firmware, 0, &endpoint);
		assert_int_equal(endpoint.version, versions[i]);
	}
}

static void refuses_other_majors_and_no_firmware(void **state)
{
	struct firmware two = { .version = FFA_VERSION_MAKE(2, 0) };
	struct firmware none = { .version = 0, .locked = UINT32_MAX };
	struct endpoint endpoint = { .version = 42 };

	start(&two, -EPROTONOSUPPORT, &endpoint);
	start(&none, -ENODEV, &endpoint);
	assert_int_equal(endpoint.version, 42);
}

static void keeps_features(void **state)
{
	struct firmware firmware = { .version = FFA_VERSION_1_2 };
	struct endpoint endpoint;

	start(&firmware, 0, &endpoint);
	assert_true(endpoint_supports(&endpoint, FFA_RXTX_MAP_64));
	assert_false(endpoint_supports(&endpoint, FFA_RXTX_MAP));
	assert_int_equal(endpoint_feature(&endpoint, FFA_RXTX_MAP_64)->properties2, 0x00010002);
	assert_non_null(endpoint_feature(&endpoint, FFA_MEM_SHARE));
	assert_null(endpoint_feature(&endpoint, 0x12345678));
}

static int broken_frame(struct fake_conduit *fake, unsigned int cpu, struct ffa_regs *regs)
{
	regs->x[0] = regs->x[0] == FFA_VERSION ? FFA_VERSION_1_2 : FFA_MSG_WAIT;
	return 0;
}

static int lost(struct fake_conduit *fake, unsigned int cpu, struct ffa_regs *regs)
{
	return -EIO;
}

static void firmware_that_talks_nonsense(void **state)
{
	struct fake_conduit fakes[] = { FAKE_CONDUIT(broken_frame), FAKE_CONDUIT(lost) };
	static const int expected[] = { -EBADMSG, -EIO };
	struct endpoint endpoint;

	for (size_t i = 0; i < 2; i++) {
		char *reason = NULL;

		assert_int_equal(endpoint_start(&fakes[i].conduit, &endpoint, &reason), expected[i]);
		assert_non_null(reason);
		free(reason);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(negotiates_down),
		cmocka_unit_test(finds_a_locked_version),
		cmocka_unit_test(refuses_other_majors_and_no_firmware),
		cmocka_unit_test(keeps_features),
		cmocka_unit_test(firmware_that_talks_nonsense),
	};

	return cmocka_run_group_tests_name("endpoint", tests, NULL, NULL);
}
