/* SPDX-License-Identifier: BSD-3-Clause */
#include "vcpu.h"

#include "abi/error.h"
#include "abi/fid.h"
#include "abi/version.h"

#include "spmc.h"

static const char *const state_names[SIM_VCPU_STATE_COUNT] = {
	[SIM_VCPU_WAITING] = "waiting",     [SIM_VCPU_RUNNING] = "running", [SIM_VCPU_BLOCKED] = "blocked",
	[SIM_VCPU_PREEMPTED] = "preempted", [SIM_VCPU_ABORTED] = "aborted",
};

#define TO(state) (1u << SIM_VCPU_##state)

static const uint8_t transitions[SIM_VCPU_STATE_COUNT] = {
	[SIM_VCPU_WAITING] = TO(RUNNING) | TO(ABORTED),
	[SIM_VCPU_RUNNING] = TO(WAITING) | TO(BLOCKED) | TO(PREEMPTED) | TO(ABORTED),
	[SIM_VCPU_BLOCKED] = TO(RUNNING) | TO(ABORTED),
	[SIM_VCPU_PREEMPTED] = TO(RUNNING) | TO(ABORTED),
	[SIM_VCPU_ABORTED] = 0,
};

const char *sim_vcpu_state_name(enum sim_vcpu_state state)
{
	return (unsigned int)state < SIM_VCPU_STATE_COUNT ? state_names[state] : NULL;
}

bool sim_vcpu_may_become(enum sim_vcpu_state from, enum sim_vcpu_state to)
{
	return (unsigned int)from < SIM_VCPU_STATE_COUNT && (unsigned int)to < SIM_VCPU_STATE_COUNT &&
	       (transitions[from] & 1u << to) != 0;
}

static void set_state(struct sim_vcpu *vcpu, enum sim_vcpu_state state)
{
	if (!sim_vcpu_may_become(vcpu->state, state))
		__builtin_trap();
	vcpu->state = state;
	if (state == SIM_VCPU_WAITING || state == SIM_VCPU_ABORTED)
		vcpu->model = SIM_MODEL_NONE;
}

struct sim_vcpu *sim_vcpu_of_cpu(struct sim_partition *partition, unsigned int cpu)
{
	if (partition->config.exec_ctx_count == 1)
		return &partition->vcpus[0];
	return cpu < partition->config.exec_ctx_count ? &partition->vcpus[cpu] : NULL;
}

/* A crash takes the whole partition with it. Contexts on other CPUs follow when they come back. */
static void abort_partition(struct sim *sim, struct sim_partition *partition, struct sim_vcpu *vcpu,
			    struct ffa_regs *regs)
{
	partition->aborted = true;
	sim_memory_abort(sim, partition->config.id);
	set_state(vcpu, SIM_VCPU_ABORTED);
	for (unsigned int i = 0; i < partition->config.exec_ctx_count; i++) {
		if (partition->vcpus[i].state != SIM_VCPU_RUNNING &&
		    partition->vcpus[i].state != SIM_VCPU_ABORTED)
			set_state(&partition->vcpus[i], SIM_VCPU_ABORTED);
	}
	sim_reply_error(regs, FFA_ABORTED);
}

static uint32_t target_of(const struct sim_partition *partition, const struct sim_vcpu *vcpu)
{
	return ffa_target(partition->config.id, vcpu->context.vcpu);
}

/* Why a response is refused; FFA_OK when it answers the request. */
static int32_t response_check(const struct sim_partition *partition, const struct sim_vcpu *vcpu,
			      const struct ffa_direct *response)
{
	const struct ffa_direct *request = &vcpu->request;
	uint32_t flags = 0;

	if (vcpu->model != SIM_MODEL_DIRECT_REQ)
		return FFA_DENIED;
	if ((request->flags & FFA_DIRECT_FRAMEWORK) != 0)
		flags = FFA_DIRECT_FRAMEWORK | ((request->flags & FFA_DIRECT_FRAMEWORK_TYPE_MASK) + 1);
	if (response->sender != partition->config.id || response->receiver != request->sender)
		return FFA_INVALID_PARAMETERS;
	if (response->kind != request->kind)
		return FFA_DENIED;
	return response->flags == flags ? FFA_OK : FFA_INVALID_PARAMETERS;
}

static int32_t leave_by_response(const struct sim_partition *partition, struct sim_vcpu *vcpu,
				 const struct ffa_direct *response, struct ffa_regs *regs)
{
	int32_t error = response_check(partition, vcpu, response);

	if (error != FFA_OK)
		return error;
	ffa_direct_encode_resp(response, regs);
	set_state(vcpu, SIM_VCPU_WAITING);
	return FFA_OK;
}

static int32_t leave_by_wait(struct sim_vcpu *vcpu, struct ffa_regs *regs)
{
	/* What lent it the cycles still waits for its response. */
	if (vcpu->model == SIM_MODEL_DIRECT_REQ)
		return FFA_DENIED;
	*regs = (struct ffa_regs) { .x = { FFA_MSG_WAIT } };
	set_state(vcpu, SIM_VCPU_WAITING);
	return FFA_OK;
}

static int32_t leave_by_yield(const struct sim *sim, const struct sim_partition *partition,
			      struct sim_vcpu *vcpu, struct ffa_regs *regs)
{
	*regs = (struct ffa_regs) { .x = { FFA_YIELD, target_of(partition, vcpu) } };
	if (sim->profile->yield_timeout_always || sim->normal_world.version >= FFA_VERSION_1_2) {
		regs->x[2] = ffa_regs_w(&vcpu->regs, 2);
		regs->x[3] = ffa_regs_w(&vcpu->regs, 3);
	}
	vcpu->regs = (struct ffa_regs) { .x = { FFA_SUCCESS } };
	set_state(vcpu, SIM_VCPU_BLOCKED);
	return FFA_OK;
}

bool sim_vcpu_leaves_by(uint32_t fid)
{
	switch (fid) {
	case FFA_MSG_SEND_DIRECT_RESP:
	case FFA_MSG_SEND_DIRECT_RESP_64:
	case FFA_MSG_SEND_DIRECT_RESP2:
	case FFA_MSG_WAIT:
	case FFA_YIELD:
	case FFA_ABORT:
	case FFA_ABORT_64:
		return true;
	default:
		return false;
	}
}

/*
 * The calls by which a partition gives the CPU back. True: it did, *regs is the reply to the normal world.
 * False: its call was another one, or was refused and the refusal is in vcpu->regs.
 */
static bool leave(struct sim *sim, unsigned int cpu, struct sim_partition *partition, struct sim_vcpu *vcpu,
		  struct ffa_regs *regs)
{
	uint32_t fid = ffa_regs_w(&vcpu->regs, 0);
	struct ffa_direct response;
	int32_t error;

	if (ffa_direct_decode_resp(&vcpu->regs, &response) == 0) {
		error = leave_by_response(partition, vcpu, &response, regs);
	} else if (fid == FFA_MSG_WAIT) {
		error = leave_by_wait(vcpu, regs);
	} else if (fid == FFA_YIELD) {
		error = leave_by_yield(sim, partition, vcpu, regs);
	} else if (fid == FFA_ABORT || fid == FFA_ABORT_64) {
		abort_partition(sim, partition, vcpu, regs);
		return true;
	} else {
		sim_dispatch(sim, cpu, &partition->endpoint, &vcpu->regs);
		return false;
	}
	if (error != FFA_OK)
		sim_reply_error(&vcpu->regs, error);
	return error == FFA_OK;
}

static void enter(struct sim *sim, unsigned int cpu, struct sim_partition *partition, struct sim_vcpu *vcpu,
		  struct ffa_regs *regs)
{
	enum sim_exit exit;

	set_state(vcpu, SIM_VCPU_RUNNING);
	vcpu->cpu = cpu;
	vcpu->context.cpu = cpu;
	for (;;) {
		/* SIM_VCPU_RUNNING keeps every other CPU away from this context meanwhile. */
		sim->host.unlock(sim->host.ctx);
		exit = partition->program->run(&vcpu->context, &vcpu->regs);
		sim->host.lock(sim->host.ctx);

		if (exit == SIM_EXIT_ABORTED || partition->aborted) {
			abort_partition(sim, partition, vcpu, regs);
			return;
		}
		if (exit == SIM_EXIT_CALL) {
			if (leave(sim, cpu, partition, vcpu, regs))
				return;
		} else if (!partition->config.ns_interrupt_queued) {
			*regs = (struct ffa_regs) { .x = { FFA_INTERRUPT, target_of(partition, vcpu) } };
			set_state(vcpu, SIM_VCPU_PREEMPTED);
			return;
		}
	}
}

void sim_vcpu_request(struct sim *sim, unsigned int cpu, struct sim_partition *partition,
		      struct sim_vcpu *vcpu, const struct ffa_direct *request, struct ffa_regs *regs)
{
	struct ffa_direct delivered = *request;

	if ((request->flags & FFA_DIRECT_FRAMEWORK) != 0)
		delivered.flags &= FFA_DIRECT_FRAMEWORK | FFA_DIRECT_FRAMEWORK_TYPE_MASK;
	for (unsigned int i = 0; sim->profile->direct_64_truncated && i < FFA_DIRECT_ARGS_MAX; i++)
		delivered.args[i] = (uint32_t)delivered.args[i];
	vcpu->request = *request;
	vcpu->model = SIM_MODEL_DIRECT_REQ;
	ffa_direct_encode_req(&delivered, &vcpu->regs);
	vcpu->context.request = vcpu->regs;
	enter(sim, cpu, partition, vcpu, regs);
}

void sim_vcpu_run(struct sim *sim, unsigned int cpu, struct sim_partition *partition, struct sim_vcpu *vcpu,
		  struct ffa_regs *regs)
{
	if (vcpu->state == SIM_VCPU_WAITING) {
		vcpu->model = SIM_MODEL_RUN;
		ffa_run_encode(target_of(partition, vcpu), &vcpu->regs);
	}
	enter(sim, cpu, partition, vcpu, regs);
}
