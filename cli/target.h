/* SPDX-License-Identifier: BSD-3-Clause */
/* PARTITION on the command line: 0x8001, 32769, or the UUID of a service that one partition offers. */
#pragma once

#include "cli.h"

struct target {
	const char *text; /* as given */
	bool by_uuid;
	uint8_t uuid[FFA_UUID_BYTES]; /* when by_uuid */
	uint16_t id;                  /* when not by_uuid, or resolved */
	char name[sizeof("0xffff")];  /* of the id, once resolved */
};

/* What `text` (kept) is; reports what is wrong with it. Needs no connection. CLI_OK or CLI_USAGE. */
enum cli_exit target_parse(const struct cli *cli, const char *text, struct target *ret_target);
/*
 * Find the id that goes with the UUID, if it is one, and write its name. No partition, or more than one, is reported and
 * CLI_REFUSED.
 */
enum cli_exit target_resolve(const struct cli *cli, struct target *target);
