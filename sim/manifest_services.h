/* SPDX-License-Identifier: BSD-3-Clause */
/* The protocols that a partition serves: UUIDs and messaging methods, in the form of either manifest version.
 */
#pragma once

#include "sim/manifest_reader.h"

/*
 * Fill partition->services; partition->ffa_version is known already. `minor` is the manifest's, `section` the
 * offset of the services node (negative: none). -EINVAL refused.
 */
int manifest_services_parse(const struct manifest_reader *reader, const struct manifest_node *root,
			    unsigned int minor, int section, struct sim_partition_config *partition);
