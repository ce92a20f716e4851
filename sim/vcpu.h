/* SPDX-License-Identifier: BSD-3-Clause */
/* Execution contexts of partitions and their states (DEN0077 §8). */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "abi/direct.h"
#include "abi/regs.h"

#include "endpoint.h"
#include "program.h"

enum sim_vcpu_state {
	SIM_VCPU_WAITING,   /* for a message or cycles */
	SIM_VCPU_RUNNING,   /* on a CPU */
	SIM_VCPU_BLOCKED,   /* gave its cycles up by FFA_YIELD */
	SIM_VCPU_PREEMPTED, /* by a normal-world interrupt */
	SIM_VCPU_ABORTED,   /* its partition crashed */
	SIM_VCPU_STATE_COUNT,
};

/* Who lent it the cycles that it runs on: the runtime model (DEN0077 §7.4). */
enum sim_vcpu_model {
	SIM_MODEL_NONE, /* while it waits */
	SIM_MODEL_DIRECT_REQ,
	SIM_MODEL_RUN,
};

struct sim_vcpu {
	enum sim_vcpu_state state;
	enum sim_vcpu_model model;
	unsigned int cpu;          /* where it runs, or ran last */
	struct ffa_direct request; /* under SIM_MODEL_DIRECT_REQ: what it owes an answer to */
	struct ffa_regs regs;      /* what its program is entered with next */
	struct sim_rxtx rxtx;      /* state of the context's own buffers */
	struct sim_context context;
};

struct sim;
struct sim_partition;

const char *sim_vcpu_state_name(enum sim_vcpu_state state);

/* May a context go from one state to the other? */
bool sim_vcpu_may_become(enum sim_vcpu_state from, enum sim_vcpu_state to);

/* Is it one of the calls by which a partition gives the CPU back? */
bool sim_vcpu_leaves_by(uint32_t fid);

/*
 * The context that serves `cpu`: the only one of a uniprocessor partition, which migrates, or the one pinned
 * to that CPU. NULL when a multiprocessor partition has fewer contexts.
 */
struct sim_vcpu *sim_vcpu_of_cpu(struct sim_partition *partition, unsigned int cpu);

/*
 * Deliver a request to a context in SIM_VCPU_WAITING and run it until it gives the CPU back; then *regs is
 * the reply to the caller. Called with the lock held; releases it while the program runs.
 */
void sim_vcpu_request(struct sim *sim, unsigned int cpu, struct sim_partition *partition,
		      struct sim_vcpu *vcpu, const struct ffa_direct *request, struct ffa_regs *regs);

/*
 * Lend cycles by FFA_RUN to a context in SIM_VCPU_WAITING, _BLOCKED or _PREEMPTED; otherwise as
 * sim_vcpu_request().
 */
void sim_vcpu_run(struct sim *sim, unsigned int cpu, struct sim_partition *partition, struct sim_vcpu *vcpu,
		  struct ffa_regs *regs);
