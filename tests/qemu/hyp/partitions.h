/* SPDX-License-Identifier: BSD-3-Clause */
/* The built-in partitions; partitions_gen.c writes the table when the hypervisor is built. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "sim/sim.h"

struct hyp_partition {
	struct sim_partition_config config;
	bool contexts_per_cpu; /* as many as the machine has CPUs, whatever `config` says */
};

extern const struct hyp_partition hyp_partitions[];
extern const size_t hyp_partition_count;
