/* SPDX-License-Identifier: BSD-3-Clause */
/* The simulator's state, and what the files of its core share. Everything here needs the lock held. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "abi/regs.h"

#include "endpoint.h"
#include "memory.h"
#include "profile.h"
#include "sim.h"
#include "vcpu.h"

struct sim_partition {
	struct sim_partition_config config;
	const struct sim_program *program;
	uint64_t admit_words[SIM_PROGRAM_WORDS];
	bool aborted;
	struct sim_endpoint endpoint;
	struct sim_vcpu vcpus[SIM_CPUS_MAX]; /* the first config.exec_ctx_count */
};

struct sim {
	const struct sim_profile *profile;
	struct sim_host host;
	unsigned int cpus;
	uint32_t version; /* highest that this firmware speaks */
	struct sim_endpoint normal_world;
	uint16_t table_tag; /* generation of the partition table, never 0 */
	size_t partition_count;
	struct sim_partition partitions[SIM_PARTITIONS_MAX];
	struct sim_memory memory;
};

/* One call on its way through the core. */
struct sim_call {
	struct sim *sim;
	unsigned int cpu;
	struct sim_endpoint *caller;
	struct ffa_regs in;   /* the call, upper halves masked for SMC32 */
	struct ffa_regs *out; /* the reply: zero except x0 = FFA_SUCCESS when a handler starts */
	uint32_t upper;       /* bit n: an SMC32 call left something in the upper half of xn */
	bool reply_high;      /* x8-x17 of the reply carry meaning */
};

/* A handler of one function. */
typedef void sim_handler(struct sim_call *call);

/* NULL when there is none. */
struct sim_partition *sim_find_partition(struct sim *sim, uint16_t id);
/* Make *regs FFA_ERROR with that code. */
void sim_reply_error(struct ffa_regs *regs, int32_t error);

static inline bool sim_is_normal_world(const struct sim_call *call)
{
	return call->caller == &call->sim->normal_world;
}

/*
 * One call by any endpoint; what is in *regs on return is the reply. `caller` is the normal world or the
 * endpoint of a partition. May release the lock in between.
 */
void sim_dispatch(struct sim *sim, unsigned int cpu, struct sim_endpoint *caller, struct ffa_regs *regs);
