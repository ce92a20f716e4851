/* SPDX-License-Identifier: BSD-3-Clause */
/* Opening what is tested. The cases themselves see the conduit only. */
#pragma once

#include <stdbool.h>

#include "daemon/conduit/conduit.h"
#include "tests/conformance/expect.h"

#define MACHINE_UNDER_TEST_CPUS 4 /* of a simulated one */

/* Is the conduit's machine started anew whenever it is opened? */
bool machine_under_test_is_own(const char *spec);
/*
 * Open the conduit; a machine of our own gets the profile and, beside the built-in partitions, those of the
 * suite's manifests that every case may need. Negative errno; a sentence to free() in *ret_reason.
 */
int machine_under_test_open(const char *spec, enum firmware firmware, struct ffa_conduit **ret_conduit,
			    char **ret_reason);
/* Load one of the suite's manifests ("crowd") into a running machine of our own. */
int machine_under_test_load(struct ffa_conduit *conduit, const char *name, char **ret_reason);
