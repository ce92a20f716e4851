/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/conformance/case.h"

#include <fnmatch.h>
#include <stdio.h>

#include "abi/version.h"

#define FULL_NAME_SIZE 160

static const struct {
	uint32_t version;
	const char *name;
} versions[AT_COUNT] = {
	[AT_1_0] = { FFA_VERSION_1_0, "1.0" },
	[AT_1_1] = { FFA_VERSION_1_1, "1.1" },
	[AT_1_2] = { FFA_VERSION_1_2, "1.2" },
};

uint32_t conformance_version(enum conformance_version version)
{
	return versions[version].version;
}

const char *conformance_version_name(enum conformance_version version)
{
	return versions[version].name;
}

static const struct case_table *const tables[] = {
	&version_cases, &feature_cases, &rxtx_cases, &partition_cases, &partition_regs_cases,
	&direct_cases,  &direct2_cases, &run_cases,  &left_out_cases,
};

const struct conformance_case *conformance_case_at(size_t index)
{
	for (size_t i = 0; i < sizeof(tables) / sizeof(tables[0]); i++) {
		if (index < tables[i]->count)
			return &tables[i]->cases[index];
		index -= tables[i]->count;
	}
	return NULL;
}

int conformance_case_matches(const struct conformance_case *conformance_case, const char *glob)
{
	char full[FULL_NAME_SIZE];

	snprintf(full, sizeof(full), "%s/%s", conformance_case->suite, conformance_case->name);
	return fnmatch(glob, conformance_case->name, 0) == 0 || fnmatch(glob, full, 0) == 0;
}
