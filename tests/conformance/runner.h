/* SPDX-License-Identifier: BSD-3-Clause */
/* One case on one machine. */
#pragma once

#include "tests/conformance/probe.h"

/* What stands between the cases and the machine, for who wants to see the cases fail. */
struct runner_wrap {
	/* Takes over `inner`; NULL when it cannot (`inner` is the caller's then). */
	struct ffa_conduit *(*wrap)(void *ctx, struct ffa_conduit *inner);
	/* The case begins (true), ends (false). */
	void (*arm)(void *ctx, bool armed);
	void *ctx;
};

struct runner {
	const char *conduit; /* as ffa_conduit_open() takes it */
	struct roles roles;
	const struct runner_wrap *wrap; /* or NULL */
};

/* Does the case apply to this firmware and version? */
bool runner_applies(const struct conformance_case *conformance_case, enum firmware firmware,
		    enum conformance_version version);
/* Run it; verdict, reason and frames are in *ret_probe, whose conduit is closed. */
void runner_run(const struct runner *runner, const struct conformance_case *conformance_case,
		enum firmware firmware, enum conformance_version version, struct probe *ret_probe);
