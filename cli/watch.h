/* SPDX-License-Identifier: BSD-3-Clause */
/* ffa-cli partition watch */
#pragma once

#include "arguments.h"

/* Print the partition table, then its changes; ends after `count` tables, 0: with the connection. */
enum cli_exit watch_run(struct cli *cli, uint32_t count);
