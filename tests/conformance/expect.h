/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What each firmware is expected to answer, as data beside the case that checks it.
 *
 * Sources: DEN0077 for "spec"; for the others what was recorded of Hafnium at S-EL2 and of OP-TEE 4.10 at
 * S-EL1, both under TF-A 2.12, and the sources of these and of TF-A's EL3 SPMC. Where neither tells, the
 * expectation is UNKNOWN and the case is skipped there.
 */
#pragma once

#include <stdint.h>

#include "abi/error.h"

enum firmware {
	FIRMWARE_SPEC, /* as strict as the specification */
	FIRMWARE_HAFNIUM,
	FIRMWARE_EL3,
	FIRMWARE_OPTEE,
	FIRMWARE_COUNT,
};

/* "spec", "hafnium", "el3", "optee": the names of the simulator's profiles. */
const char *firmware_name(enum firmware firmware);
/* FIRMWARE_COUNT for an unknown name. */
enum firmware firmware_find(const char *name);

#define FOR_SPEC (1u << FIRMWARE_SPEC)
#define FOR_HAFNIUM (1u << FIRMWARE_HAFNIUM)
#define FOR_EL3 (1u << FIRMWARE_EL3)
#define FOR_OPTEE (1u << FIRMWARE_OPTEE)

#define UNKNOWN INT32_MAX

/* An FF-A error code (FFA_OK: success), or another number that firmware differ in. */
struct expect {
	int32_t of[FIRMWARE_COUNT];
};

#define EXPECT(spec, hafnium, el3, optee)                                                                    \
	{                                                                                                    \
		.of = { [FIRMWARE_SPEC] = (spec),                                                            \
			[FIRMWARE_HAFNIUM] = (hafnium),                                                      \
			[FIRMWARE_EL3] = (el3),                                                              \
			[FIRMWARE_OPTEE] = (optee) },                                                        \
	}
#define EXPECT_ALL(value) EXPECT(value, value, value, value)
