/* SPDX-License-Identifier: BSD-3-Clause */
#include "tests/conformance/expect.h"

#include <string.h>

static const char *const firmware_names[FIRMWARE_COUNT] = {
	[FIRMWARE_SPEC] = "spec",
	[FIRMWARE_HAFNIUM] = "hafnium",
	[FIRMWARE_EL3] = "el3",
	[FIRMWARE_OPTEE] = "optee",
};

const char *firmware_name(enum firmware firmware)
{
	return firmware_names[firmware];
}

enum firmware firmware_find(const char *name)
{
	enum firmware firmware = 0;

	while (firmware < FIRMWARE_COUNT && strcmp(firmware_names[firmware], name) != 0)
		firmware++;
	return firmware;
}
