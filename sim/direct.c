/* SPDX-License-Identifier: BSD-3-Clause */
#include "direct.h"

#include "abi/direct.h"
#include "abi/error.h"
#include "abi/fid.h"
#include "abi/partition_info.h"
#include "abi/version.h"

#define FRAMEWORK_VERSION_REQ 8
#define FRAMEWORK_VERSION_RESP 9

static bool is_framework(const struct ffa_direct *msg)
{
	return (msg->flags & FFA_DIRECT_FRAMEWORK) != 0;
}

static uint32_t framework_type(const struct ffa_direct *msg)
{
	return msg->flags & FFA_DIRECT_FRAMEWORK_TYPE_MASK;
}

/* w3-w7 of VM created and destroyed: handle, VM id, reserved (DEN0077 §18.3). */
static bool vm_message_valid(const struct sim_profile *profile, const struct ffa_direct *msg)
{
	return !profile->reserved_checked ||
	       (msg->args[2] < FFA_ENDPOINT_SECURE && msg->args[3] == 0 && msg->args[4] == 0);
}

static int32_t framework_check(const struct sim_profile *profile, const struct sim_partition *partition,
			       const struct ffa_direct *msg)
{
	uint32_t type = framework_type(msg), wanted = 0;

	if ((msg->flags & profile->framework_mbz) != 0)
		return FFA_INVALID_PARAMETERS;
	if (type == FFA_FRAMEWORK_VM_CREATED)
		wanted = FFA_PARTITION_VM_CREATED;
	else if (type == FFA_FRAMEWORK_VM_DESTROYED)
		wanted = FFA_PARTITION_VM_DESTROYED;
	if (wanted == 0 || partition->config.logical)
		return profile->framework_unknown;
	if ((partition->config.properties & wanted) == 0 || !vm_message_valid(profile, msg))
		return FFA_INVALID_PARAMETERS;
	return FFA_OK;
}

static uint32_t all_methods(const struct sim_partition_config *config)
{
	uint32_t methods = config->properties;

	for (size_t i = 0; i < config->service_count; i++)
		methods |= config->services[i].properties;
	return methods;
}

/* FFA_MSG_SEND_DIRECT_REQ: the partition as a whole must take it. */
static int32_t req_check(const struct sim_profile *profile, const struct sim_partition *partition,
			 const struct ffa_direct *msg)
{
	if (is_framework(msg))
		return framework_check(profile, partition, msg);
	if (msg->flags != 0 && !(profile->direct_logical_unchecked && partition->config.logical))
		return FFA_INVALID_PARAMETERS;
	if ((all_methods(&partition->config) & FFA_PARTITION_DIRECT_REQ_RECV) == 0)
		return FFA_DENIED;
	return FFA_OK;
}

/* FFA_MSG_SEND_DIRECT_REQ2: the service that the UUID names must take it. */
static int32_t req2_check(const struct sim_endpoint *caller, const struct sim_partition *partition,
			  const struct ffa_direct *msg)
{
	const struct sim_partition_config *config = &partition->config;
	uint32_t methods = all_methods(config);
	size_t i = 0;

	if (!ffa_uuid_is_nil(&msg->uuid)) {
		while (i < config->service_count && !ffa_uuid_equal(&config->services[i].uuid, &msg->uuid))
			i++;
		if (i == config->service_count)
			return FFA_INVALID_PARAMETERS;
		methods = config->properties | config->services[i].properties;
	}
	if (caller->version < FFA_VERSION_1_2 || config->ffa_version < FFA_VERSION_1_2)
		return FFA_DENIED;
	return (methods & FFA_PARTITION_DIRECT_REQ2_RECV) != 0 ? FFA_OK : FFA_DENIED;
}

static int32_t direct_check(const struct sim_call *call, const struct ffa_direct *msg,
			    struct sim_partition **ret_partition)
{
	const struct sim_profile *profile = call->sim->profile;
	struct sim_partition *partition = sim_find_partition(call->sim, msg->receiver);
	int32_t error;

	if ((msg->sender & FFA_ENDPOINT_SECURE) != 0)
		return FFA_INVALID_PARAMETERS;
	if (!profile->direct_any_source && msg->sender != call->caller->id)
		return FFA_INVALID_PARAMETERS;
	if (partition == NULL)
		return FFA_INVALID_PARAMETERS;
	error = msg->kind == FFA_DIRECT_REQ2 ? req2_check(call->caller, partition, msg)
					     : req_check(profile, partition, msg);
	if (error != FFA_OK)
		return error;
	*ret_partition = partition;
	return FFA_OK;
}

/* Is there a context that can take a message now? */
static int32_t receiver_check(struct sim_partition *partition, unsigned int cpu, struct sim_vcpu **ret_vcpu)
{
	struct sim_vcpu *vcpu = sim_vcpu_of_cpu(partition, cpu);
	int32_t error;

	if (vcpu == NULL)
		return FFA_INVALID_PARAMETERS;
	if (partition->aborted)
		return FFA_ABORTED;
	if (vcpu->state != SIM_VCPU_WAITING)
		return FFA_BUSY;
	if (partition->program->admit != NULL) {
		error = partition->program->admit(&partition->config, partition->admit_words);
		if (error != FFA_OK)
			return error;
	}
	*ret_vcpu = vcpu;
	return FFA_OK;
}

/* The version request to a logical partition is the SPMC's own to answer. */
static bool version_request(const struct sim_call *call, const struct ffa_direct *msg)
{
	const struct sim_partition *partition = sim_find_partition(call->sim, msg->receiver);

	return call->sim->profile->direct_version_answered && msg->kind != FFA_DIRECT_REQ2 &&
	       is_framework(msg) && framework_type(msg) == FRAMEWORK_VERSION_REQ &&
	       (msg->sender & FFA_ENDPOINT_SECURE) == 0 && partition != NULL && partition->config.logical;
}

static void version_response(struct sim_call *call, const struct ffa_direct *request)
{
	struct ffa_direct response = {
		.kind = request->kind,
		.sender = request->receiver,
		.receiver = request->sender,
		.flags = FFA_DIRECT_FRAMEWORK | FRAMEWORK_VERSION_RESP,
		.args = { call->sim->version },
	};

	ffa_direct_encode_resp(&response, call->out);
}

void sim_direct_req(struct sim_call *call)
{
	struct sim_partition *partition;
	struct sim_vcpu *vcpu;
	struct ffa_direct msg;
	int32_t error = FFA_NOT_SUPPORTED;

	if (ffa_direct_decode_req(&call->in, &msg) == 0) {
		if (version_request(call, &msg)) {
			version_response(call, &msg);
			return;
		}
		error = direct_check(call, &msg, &partition);
	}
	if (error == FFA_OK)
		error = receiver_check(partition, call->cpu, &vcpu);
	if (error != FFA_OK) {
		sim_reply_error(call->out, error);
		return;
	}
	sim_vcpu_request(call->sim, call->cpu, partition, vcpu, &msg, call->out);
	call->reply_high = ffa_regs_w(call->out, 0) == FFA_MSG_SEND_DIRECT_RESP2;
}

static int32_t run_check(const struct sim_call *call, uint32_t target, struct sim_partition **ret_partition,
			 struct sim_vcpu **ret_vcpu)
{
	const struct sim_profile *profile = call->sim->profile;
	struct sim_partition *partition = sim_find_partition(call->sim, target >> 16);
	struct sim_vcpu *vcpu;

	if (partition == NULL || partition->config.logical)
		return FFA_INVALID_PARAMETERS;
	vcpu = sim_vcpu_of_cpu(partition, call->cpu);
	if (vcpu == NULL || vcpu->context.vcpu != (target & 0xffff))
		return profile->run_vcpu_error;
	switch (vcpu->state) {
	case SIM_VCPU_WAITING:
		if (!profile->run_waiting)
			return FFA_DENIED;
		break;
	case SIM_VCPU_BLOCKED:
	case SIM_VCPU_PREEMPTED:
		/* It holds a place in the call chain of the CPU that it ran on. */
		if (vcpu->cpu != call->cpu)
			return FFA_DENIED;
		break;
	case SIM_VCPU_RUNNING:
		return FFA_BUSY;
	case SIM_VCPU_ABORTED:
	default:
		return FFA_ABORTED;
	}
	*ret_partition = partition;
	*ret_vcpu = vcpu;
	return FFA_OK;
}

void sim_run(struct sim_call *call)
{
	struct sim_partition *partition = NULL;
	struct sim_vcpu *vcpu = NULL;
	int32_t error = run_check(call, ffa_regs_w(&call->in, 1), &partition, &vcpu);

	if (error != FFA_OK) {
		sim_reply_error(call->out, error);
		return;
	}
	sim_vcpu_run(call->sim, call->cpu, partition, vcpu, call->out);
	call->reply_high = ffa_regs_w(call->out, 0) == FFA_MSG_SEND_DIRECT_RESP2;
}
