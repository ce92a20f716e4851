/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/conformance/runner.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "tests/conformance/machine_under_test.h"

bool runner_applies(const struct conformance_case *conformance_case, enum firmware firmware,
		    enum conformance_version version)
{
	return (conformance_case->versions == 0 || (conformance_case->versions & ONLY(version)) != 0) &&
	       (conformance_case->firmwares == 0 || (conformance_case->firmwares & 1u << firmware) != 0);
}

static void drive(const struct runner *runner, const struct conformance_case *conformance_case,
		  struct probe *probe)
{
	const struct runner_wrap *wrap = runner->wrap;

	if (probe_start(probe, conformance_case->start)) {
		if (wrap)
			wrap->arm(wrap->ctx, true);
		conformance_case->function(probe);
		if (wrap)
			wrap->arm(wrap->ctx, false);
	}
	probe_end(probe);
}

void runner_run(const struct runner *runner, const struct conformance_case *conformance_case,
		enum firmware firmware, enum conformance_version version, struct probe *ret_probe)
{
	_cleanup_free_ char *reason = NULL;
	struct ffa_conduit *wrapped;
	int error;

	memset(ret_probe, 0, sizeof(*ret_probe));
	if (!runner_applies(conformance_case, firmware, version))
		return;
	ret_probe->verdict = VERDICT_PASS;
	if (!conformance_case->function) {
		probe_skip(ret_probe, "%s", conformance_case->skip);
		return;
	}
	ret_probe->firmware = firmware;
	ret_probe->version = conformance_version(version);
	ret_probe->roles = &runner->roles;
	ret_probe->own = machine_under_test_is_own(runner->conduit);
	error = machine_under_test_open(runner->conduit, firmware, &ret_probe->conduit, &reason);
	if (error < 0) {
		probe_fail(ret_probe, "the machine cannot be opened: %s", reason ? reason : strerror(-error));
		return;
	}
	wrapped = runner->wrap ? runner->wrap->wrap(runner->wrap->ctx, ret_probe->conduit) : NULL;
	if (wrapped)
		ret_probe->conduit = wrapped;
	drive(runner, conformance_case, ret_probe);
	ret_probe->conduit = ffa_conduit_free(ret_probe->conduit);
}
