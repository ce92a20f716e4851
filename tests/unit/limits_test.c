/* SPDX-License-Identifier: BSD-3-Clause */
/* daemon/policy/limits: every limit by name, and its bounds. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "daemon/policy/limits.h"

static void test_defaults_are_within_bounds(void **state)
{
	struct limits limits;

	memset(&limits, 0xff, sizeof(limits));
	limits_default(&limits);
	assert_int_equal(limit_infos_count, sizeof(struct limits) / sizeof(uint32_t));
	for (size_t i = 0; i < limit_infos_count; i++) {
		const struct limit_info *info = &limit_infos[i];

		assert_true(info->min <= info->def && info->def <= info->max);
		assert_int_equal(limits_get(&limits, info), info->def);
	}
	assert_int_equal(limits.sessions, 4096);
	assert_int_equal(limits.spare_workers, 16);
}

static void test_names_are_unique_and_well_formed(void **state)
{
	for (size_t i = 0; i < limit_infos_count; i++) {
		const char *name = limit_infos[i].name;

		assert_int_equal(strspn(name, "abcdefghijklmnopqrstuvwxyz-"), strlen(name));
		assert_true(limit_infos[i].description[0] != '\0');
		assert_ptr_equal(limits_find(name), &limit_infos[i]);
		for (size_t k = 0; k < i; k++)
			assert_int_not_equal(limit_infos[i].offset, limit_infos[k].offset);
	}
	assert_null(limits_find(""));
	assert_null(limits_find("session"));
	assert_null(limits_find("sessions "));
}

static void test_set_changes_that_limit_alone(void **state)
{
	for (size_t i = 0; i < limit_infos_count; i++) {
		const struct limit_info *info = &limit_infos[i];
		const uint32_t values[] = { info->min, info->max };

		for (size_t v = 0; v < 2; v++) {
			struct limits limits;

			limits_default(&limits);
			assert_int_equal(limits_set(&limits, info->name, values[v]), 0);
			for (size_t k = 0; k < limit_infos_count; k++)
				assert_int_equal(limits_get(&limits, &limit_infos[k]),
						 k == i ? values[v] : limit_infos[k].def);
		}
	}
}

static void test_set_refuses_what_is_out_of_bounds(void **state)
{
	for (size_t i = 0; i < limit_infos_count; i++) {
		const struct limit_info *info = &limit_infos[i];
		struct limits limits;

		limits_default(&limits);
		assert_int_equal(limits_set(&limits, info->name, (uint64_t)info->max + 1), -ERANGE);
		assert_int_equal(limits_set(&limits, info->name, UINT64_MAX), -ERANGE);
		/* The same low 32 bits as a value that is fine. */
		assert_int_equal(limits_set(&limits, info->name, (UINT64_C(1) << 32) | info->min), -ERANGE);
		if (info->min > 0)
			assert_int_equal(limits_set(&limits, info->name, info->min - 1), -ERANGE);
		assert_int_equal(limits_get(&limits, info), info->def);
	}
}

static void test_set_refuses_unknown_names(void **state)
{
	struct limits limits, before;

	limits_default(&limits);
	before = limits;
	assert_int_equal(limits_set(&limits, "no-such-limit", 5), -ENOENT);
	assert_memory_equal(&limits, &before, sizeof(limits));
}

/* The rows of the table in ffad.conf(5) are these limits, in this order, and no others. */
static void test_man_page_lists_every_limit(void **state)
{
	_cleanup_fclose_ FILE *page = fopen(DOCS_DIR "/ffad.conf.5.scd", "re");
	char line[256], expected[4][128];
	size_t row = 0, cell = 4;

	assert_non_null(page);
	while (fgets(line, sizeof(line), page)) {
		line[strcspn(line, "\n")] = '\0';
		if (strncmp(line, "|  ", 3) == 0) {
			const struct limit_info *info = &limit_infos[row];

			assert_int_equal(cell, 4);
			assert_true(row++ < limit_infos_count);
			snprintf(expected[0], sizeof(expected[0]), "|  %s", info->name);
			snprintf(expected[1], sizeof(expected[1]), ":  %u", info->def);
			snprintf(expected[2], sizeof(expected[2]), ":  %u - %u", info->min, info->max);
			snprintf(expected[3], sizeof(expected[3]), ":  %s", info->description);
			cell = 0;
		}
		if (cell < 4)
			assert_string_equal(line, expected[cell++]);
	}
	assert_int_equal(row, limit_infos_count);
	assert_int_equal(cell, 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_defaults_are_within_bounds),
		cmocka_unit_test(test_names_are_unique_and_well_formed),
		cmocka_unit_test(test_set_changes_that_limit_alone),
		cmocka_unit_test(test_set_refuses_what_is_out_of_bounds),
		cmocka_unit_test(test_set_refuses_unknown_names),
		cmocka_unit_test(test_man_page_lists_every_limit),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
