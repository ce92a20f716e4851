/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The manifests of other projects, where they are at hand: what was read off them by eye, and the rule about
 * their combinations worked out page by page.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "sim/manifest_file.h"
#include "sim/manifest_set.h"

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

struct span {
	uint64_t base, pages;
	bool device;
};

static const struct foreign {
	const char *name;
	unsigned int id;
	int boot_order;
	struct span spans[12];
} foreign[] = {
	{ "ff-a-acs-sp1",
	  1,
	  0,
	  { { 0x7000000, 5, false },
	    { 0xfe300000, 1, false },
	    { 0x1c0b0000, 16, true },
	    { 0x82800000, 64, true },
	    { 0x1c0f0000, 64, true },
	    { 0x2a490000, 32, true } } },
	{ "ff-a-acs-sp2",
	  2,
	  1,
	  { { 0x7200000, 5, false },
	    { 0x7800000, 16, false },
	    { 0x2a830000, 1, true },
	    { 0x2bfe0000, 18, true } } },
	{ "ff-a-acs-sp3", 3, 2, { { 0x7400000, 5, false } } },
	{ "ff-a-acs-sp4", 4, 3, { { 0x7600000, 5, false } } },
	{ "hafnium-partition_manifest_service_sp1",
	  0,
	  1,
	  { { 0x6480000, 3, false },
	    { 0x6780000, 1, false },
	    { 0x6880000, 1, false },
	    { 0x7100000, 1, false },
	    { 0x7200000, 1, false },
	    { 0x9001f000, 1, false },
	    { 0x1c0a0000, 1, true },
	    { 0x2a490000, 16, true } } },
	{ "hafnium-partition_manifest_service_sp_first", 0, 1, { { 0x6480000, 3, false } } },
	{ "tf-a-optee_sp_manifest", 1, 0, { { 0x6280000, 0xd80, false }, { 0x1c0a0000, 1, true } } },
	{ "tf-a-tests-cactus-secondary",
	  2,
	  1,
	  { { 0x7100000, 3, false },
	    { 0x7702000, 1, false },
	    { 0x7703000, 1, false },
	    { 0x7501000, 1, false } } },
	{ "tf-a-tests-cactus-tertiary",
	  3,
	  2,
	  { { 0x7200000, 0x300, false },
	    { 0x7502000, 1, false },
	    { 0x880080001000, 1, false },
	    { 0xfd500000, 0x100, false },
	    { 0x80000000, 1, false },
	    { 0xff100000, 7, false } } },
	{ "tf-a-tests-cactus",
	  1,
	  0,
	  { { 0x7000000, 3, false },
	    { 0x7700000, 1, false },
	    { 0x7701000, 1, false },
	    { 0x7500000, 1, false },
	    { 0x7710000, 4, false },
	    { 0x7714000, 4, false },
	    { 0x90000000, 8, false },
	    { 0x2b500000, 32, true },
	    { 0x2a490000, 32, true },
	    { 0x1c130000, 1, true } } },
	{ "tf-a-tests-ivy-sel0", 0, 3, { { 0x7600000, 3, false } } },
	{ "tf-a-tests-ivy-sel1", 0, 3, { { 0x7600000, 3, false } } },
};

static bool has_page(const struct foreign *manifest, uint64_t page, bool device_too)
{
	for (size_t i = 0; i < ARRAY_SIZE(manifest->spans); i++)
		for (uint64_t n = 0; n < manifest->spans[i].pages; n++)
			if (manifest->spans[i].base + n * 4096 == page &&
			    (device_too || !manifest->spans[i].device))
				return true;
	return false;
}

static bool contradict(const struct foreign *a, const struct foreign *b)
{
	if ((a->id != 0 && a->id == b->id) || a->boot_order == b->boot_order)
		return true;
	for (size_t i = 0; i < ARRAY_SIZE(a->spans); i++)
		for (uint64_t n = 0; n < a->spans[i].pages; n++)
			if (has_page(b, a->spans[i].base + n * 4096, !a->spans[i].device))
				return true;
	return false;
}

static void test_foreign(void **state)
{
	bool contradiction[ARRAY_SIZE(foreign)][ARRAY_SIZE(foreign)];
	void *blobs[ARRAY_SIZE(foreign)];
	size_t sizes[ARRAY_SIZE(foreign)];
	size_t together = 0;

	if (access(SHARED_MANIFESTS, R_OK) < 0) {
		print_message("SKIP: there are no manifests of other projects at " SHARED_MANIFESTS "\n");
		skip();
	}
	for (size_t i = 0; i < ARRAY_SIZE(foreign); i++) {
		struct manifest_report report = MANIFEST_REPORT_INIT;
		char path[512];

		snprintf(path, sizeof(path), "%s/%s.dts", SHARED_MANIFESTS, foreign[i].name);
		if (manifest_file_read(path, &report, &blobs[i], &sizes[i]) < 0)
			fail_msg("%s", report.refusal);
		manifest_report_clear(&report);
		for (size_t j = 0; j < ARRAY_SIZE(foreign); j++)
			contradiction[i][j] = i != j && contradict(&foreign[i], &foreign[j]);
	}
	for (size_t i = 0; i < ARRAY_SIZE(foreign); i++)
		for (size_t j = 0; j < ARRAY_SIZE(foreign); j++)
			assert_int_equal(contradiction[i][j], contradiction[j][i]);
	/* Every subset, the empty one and all alone among them; backwards too. */
	for (unsigned int subset = 0; subset < 2u << ARRAY_SIZE(foreign); subset++) {
		bool backwards = subset & 1, expected = true, loaded = true;
		struct manifest_set set = { 0 };

		for (size_t n = 0; n < ARRAY_SIZE(foreign) && loaded; n++) {
			size_t i = backwards ? ARRAY_SIZE(foreign) - 1 - n : n;
			struct manifest_report report = MANIFEST_REPORT_INIT;
			struct manifest *manifest = NULL;

			if (!(subset >> 1 & 1u << i))
				continue;
			for (size_t j = 0; j < ARRAY_SIZE(foreign); j++)
				if ((subset >> 1 & 1u << j) && contradiction[i][j])
					expected = false;
			if (manifest_parse(foreign[i].name, blobs[i], sizes[i], &report, &manifest) < 0)
				fail_msg("%s", report.refusal);
			assert_int_equal(manifest->partition.id, foreign[i].id ? 0x8000 | foreign[i].id : 0);
			assert_int_equal(manifest->boot_order, foreign[i].boot_order);
			loaded = manifest_set_add(&set, manifest, NULL) == 0;
			if (!loaded)
				manifest_free(manifest);
			manifest_report_clear(&report);
		}
		assert_int_equal(loaded, expected);
		together += loaded;
		manifest_set_clear(&set);
	}
	print_message("%zu of %u subsets of %zu manifests go together\n", together / 2,
		      1u << ARRAY_SIZE(foreign), ARRAY_SIZE(foreign));
	for (size_t i = 0; i < ARRAY_SIZE(foreign); i++)
		free(blobs[i]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_foreign),
	};

	return cmocka_run_group_tests_name("manifest-foreign", tests, NULL, NULL);
}
