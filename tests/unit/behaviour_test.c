/* SPDX-License-Identifier: BSD-3-Clause */
/* The textual form of behaviours. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <string.h>

#include "sim/behaviour.h"

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

static void test_sound(void **state)
{
	static const struct {
		const char *text;
		struct sim_behaviour behaviour;
		const char *again; /* how it is written; NULL: the same */
	} cases[] = {
		{ "echo", { .kind = SIM_ECHO }, NULL },
		{ "refuser", { .kind = SIM_REFUSER }, NULL },
		{ "aborting", { .kind = SIM_ABORTING }, NULL },
		{ "borrower", { .kind = SIM_BORROWER }, NULL },
		{ "borrower:2", { .kind = SIM_BORROWER, .count = 2 }, NULL },
		{ "yielder", { .kind = SIM_YIELDER, .count = 1 }, NULL },
		{ "yielder:3", { .kind = SIM_YIELDER, .count = 3 }, NULL },
		{ "yielder:1", { .kind = SIM_YIELDER, .count = 1 }, "yielder" },
		{ "yielder:1:500", { .kind = SIM_YIELDER, .count = 1, .delay_us = 500 }, NULL },
		{ "yielder:0", { .kind = SIM_YIELDER }, NULL },
		{ "interruptible:2", { .kind = SIM_INTERRUPTIBLE, .count = 2 }, NULL },
		{ "interruptible", { .kind = SIM_INTERRUPTIBLE, .count = 1 }, NULL },
		{ "busy", { .kind = SIM_BUSY }, NULL },
		{ "busy:5", { .kind = SIM_BUSY, .count = 5 }, NULL },
		{ "busy:0", { .kind = SIM_BUSY }, "busy" },
		{ "busy:1000000", { .kind = SIM_BUSY, .count = 1000000 }, NULL },
		{ "slow:1500", { .kind = SIM_SLOW, .delay_us = 1500 }, NULL },
		{ "slow:0", { .kind = SIM_SLOW }, NULL },
		{ "slow:86400000000", { .kind = SIM_SLOW, .delay_us = 86400000000 }, NULL },
		{ "slow:forever", { .kind = SIM_SLOW, .delay_us = SIM_DELAY_FOREVER }, NULL },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		char text[BEHAVIOUR_TEXT_SIZE];
		struct sim_behaviour behaviour;

		assert_int_equal(behaviour_parse(cases[i].text, &behaviour, NULL, 0), 0);
		assert_int_equal(behaviour.kind, cases[i].behaviour.kind);
		assert_int_equal(behaviour.count, cases[i].behaviour.count);
		assert_true(behaviour.delay_us == cases[i].behaviour.delay_us);
		behaviour_format(&behaviour, text);
		assert_string_equal(text, cases[i].again ? cases[i].again : cases[i].text);
	}
}

static void test_refused(void **state)
{
	static const struct {
		const char *text, *reason;
	} cases[] = {
		{ "", "unknown behaviour \"\": use echo, refuser, yielder, interruptible, busy, slow, "
		      "borrower or aborting" },
		{ "Echo",
		  "unknown behaviour \"Echo\": use echo, refuser, yielder, interruptible, busy, slow, "
		  "borrower or aborting" },
		{ "ech", "unknown behaviour \"ech\": use echo, refuser, yielder, interruptible, busy, slow, "
			 "borrower or aborting" },
		{ "echo:1", "\"echo\" does not take that many numbers: write echo" },
		{ "echo ", "unknown behaviour \"echo \": use echo, refuser, yielder, interruptible, busy, "
			   "slow, borrower or aborting" },
		{ "busy:5:5", "\"busy\" does not take that many numbers: write busy[:COUNT]" },
		{ "yielder:1:2:3",
		  "\"yielder\" does not take that many numbers: write yielder[:COUNT[:MICROSECONDS]]" },
		{ "busy:", "the count of \"busy\" must be a number up to 1000000: write busy[:COUNT]" },
		{ "busy:-1", "the count of \"busy\" must be a number up to 1000000: write busy[:COUNT]" },
		{ "busy:0x5", "the count of \"busy\" must be a number up to 1000000: write busy[:COUNT]" },
		{ "busy:1000001",
		  "the count of \"busy\" must be a number up to 1000000: write busy[:COUNT]" },
		{ "busy:18446744073709551616",
		  "the count of \"busy\" must be a number up to 1000000: write busy[:COUNT]" },
		{ "slow", "\"slow\" needs a time: write slow:MICROSECONDS or slow:forever" },
		{ "slow:",
		  "the time of \"slow\" must be up to 86400000000 microseconds: write slow:MICROSECONDS or "
		  "slow:forever" },
		{ "slow:86400000001", "the time of \"slow\" must be up to 86400000000 microseconds: write "
				      "slow:MICROSECONDS or slow:forever" },
		{ "slow:foreverx", "the time of \"slow\" must be up to 86400000000 microseconds: write "
				   "slow:MICROSECONDS or slow:forever" },
		{ "yielder:1:forever",
		  "\"yielder\" cannot take forever: write yielder[:COUNT[:MICROSECONDS]]" },
	};

	for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
		struct sim_behaviour behaviour = { .count = 77 };
		char reason[BEHAVIOUR_REASON_SIZE] = "";

		assert_int_equal(behaviour_parse(cases[i].text, &behaviour, reason, sizeof(reason)), -EINVAL);
		assert_string_equal(reason, cases[i].reason);
		assert_int_equal(behaviour.count, 77);
		/* A short buffer gets a short reason. */
		assert_int_equal(behaviour_parse(cases[i].text, &behaviour, reason, 4), -EINVAL);
		assert_int_equal(strlen(reason), 3);
	}
}

static void test_names(void **state)
{
	for (unsigned int i = 0; i < SIM_BEHAVIOUR_COUNT; i++)
		assert_non_null(behaviour_name((enum sim_behaviour_kind)i));
	assert_null(behaviour_name(SIM_BEHAVIOUR_COUNT));
	assert_true(behaviour_takes_count(SIM_BUSY) && !behaviour_takes_count(SIM_SLOW));
	assert_true(behaviour_takes_delay(SIM_SLOW) && !behaviour_takes_delay(SIM_BUSY));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sound),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_names),
	};

	return cmocka_run_group_tests_name("behaviour", tests, NULL, NULL);
}
