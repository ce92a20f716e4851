/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/conformance/machine_under_test.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/sysinfo.h>

#include "sim/builtin.h"

extern const struct builtin_manifest conformance_manifests[];
extern const size_t conformance_manifests_count;

static const char *const always[] = { "subscriber", "methods" };

bool machine_under_test_is_own(const char *spec)
{
	return strcmp(spec, "sim") == 0 || strcmp(spec, "trace:sim") == 0;
}

int machine_under_test_load(struct ffa_conduit *conduit, const char *name, char **ret_reason)
{
	const struct builtin_manifest *manifest;
	char file[64];
	uint16_t id;

	snprintf(file, sizeof(file), "%s.dts", name);
	for (size_t i = 0; i < conformance_manifests_count; i++) {
		manifest = &conformance_manifests[i];
		if (strcmp(manifest->name, file) == 0)
			return conduit->ops->sim_load(conduit, file, manifest->dtb, manifest->size, NULL, &id,
						      ret_reason);
	}
	return -ENOENT;
}

int machine_under_test_open(const char *spec, enum firmware firmware, struct ffa_conduit **ret_conduit,
			    char **ret_reason)
{
	const struct ffa_conduit_options options = {
		.sim_profile = firmware_name(firmware),
		.cpus = machine_under_test_is_own(spec) ? MACHINE_UNDER_TEST_CPUS
							: (unsigned int)get_nprocs(),
	};
	struct ffa_conduit *conduit;
	int error = ffa_conduit_open(spec, &options, &conduit, ret_reason);

	if (error < 0)
		return error;
	for (size_t i = 0; machine_under_test_is_own(spec) && i < sizeof(always) / sizeof(always[0]); i++) {
		error = machine_under_test_load(conduit, always[i], ret_reason);
		if (error < 0) {
			ffa_conduit_free(conduit);
			return error;
		}
	}
	*ret_conduit = conduit;
	return 0;
}
