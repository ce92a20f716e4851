/* SPDX-License-Identifier: BSD-3-Clause */
#include "sim.h"

#include "abi/error.h"
#include "abi/fid.h"
#include "abi/version.h"

#include "direct.h"
#include "discovery.h"
#include "feature.h"
#include "memory_release.h"
#include "memory_retrieve.h"
#include "memory_send.h"
#include "spmc.h"
#include "setup.h"

#define FUNCTION(fid) [FFA_FID_NUMBER(fid) - FFA_FID_FIRST]
#define PARTITION_ID_FIRST 0x8001

/* Numbers of Linux's errno, which a freestanding build has no header for. */
enum {
	SIM_ENOENT = 2,
	SIM_EEXIST = 17,
	SIM_EINVAL = 22,
	SIM_ENOSPC = 28,
};

/* What the simulator implements, by function number; 32 and 64 bit forms share a handler. */
static const struct {
	sim_handler *handler;
	bool partition; /* partitions may call it too */
} functions[FFA_FID_LAST - FFA_FID_FIRST + 1] = {
	FUNCTION(FFA_VERSION) = { sim_version_call, true },
	FUNCTION(FFA_FEATURES) = { sim_features, true },
	FUNCTION(FFA_RX_RELEASE) = { sim_rx_release, true },
	FUNCTION(FFA_RXTX_MAP) = { sim_rxtx_map, false },
	FUNCTION(FFA_RXTX_UNMAP) = { sim_rxtx_unmap, false },
	FUNCTION(FFA_PARTITION_INFO_GET) = { sim_partition_info_get, false },
	FUNCTION(FFA_ID_GET) = { sim_id_get, true },
	FUNCTION(FFA_RUN) = { sim_run, false },
	FUNCTION(FFA_MSG_SEND_DIRECT_REQ) = { sim_direct_req, false },
	FUNCTION(FFA_MEM_DONATE) = { sim_mem_send, true },
	FUNCTION(FFA_MEM_LEND) = { sim_mem_send, true },
	FUNCTION(FFA_MEM_SHARE) = { sim_mem_send, true },
	FUNCTION(FFA_MEM_RETRIEVE_REQ) = { sim_mem_retrieve_req, true },
	FUNCTION(FFA_MEM_RELINQUISH) = { sim_mem_relinquish, true },
	FUNCTION(FFA_MEM_RECLAIM) = { sim_mem_reclaim, true },
	FUNCTION(FFA_MEM_FRAG_RX) = { sim_mem_frag_rx, true },
	FUNCTION(FFA_MEM_FRAG_TX) = { sim_mem_frag_tx, true },
	FUNCTION(FFA_RX_ACQUIRE) = { sim_rx_acquire, false },
	FUNCTION(FFA_SPM_ID_GET) = { sim_spm_id_get, true },
	FUNCTION(FFA_PARTITION_INFO_GET_REGS) = { sim_partition_info_get_regs, true },
	FUNCTION(FFA_MSG_SEND_DIRECT_REQ2) = { sim_direct_req, false },
};

static bool fid_known(const struct sim_profile *profile, uint32_t fid)
{
	uint32_t number = FFA_FID_NUMBER(fid);

	return FFA_FID_32(number) == (fid & ~UINT32_C(0x40000000)) && number >= FFA_FID_FIRST &&
	       number <= profile->fid_last;
}

void sim_reply_error(struct ffa_regs *regs, int32_t error)
{
	*regs = (struct ffa_regs) { .x = { FFA_ERROR, 0, (uint32_t)error } };
}

/* Registers that the function gives no meaning must be zero. */
static bool reserved_clear(const struct sim_call *call, uint32_t fid)
{
	uint32_t version = call->caller->version;
	uint32_t args = ffa_function_args(fid, version);
	unsigned int count = ffa_function_regs(fid, version);

	for (unsigned int i = 1; i < count; i++) {
		if ((args & UINT32_C(1) << i) == 0 && call->in.x[i] != 0)
			return false;
	}
	return true;
}

/* The error that a call earns before its handler looks at it; FFA_OK and the handler otherwise. */
static int32_t admit(const struct sim_call *call, uint32_t fid, sim_handler **ret_handler)
{
	const struct sim_profile *profile = call->sim->profile;
	unsigned int index = FFA_FID_NUMBER(fid) - FFA_FID_FIRST;

	if (sim_is_normal_world(call)) {
		for (const struct sim_refusal *refusal = profile->refusals; refusal->fid != 0; refusal++) {
			if (refusal->fid == fid)
				return refusal->error;
		}
	} else if (!functions[index].partition) {
		return FFA_NOT_SUPPORTED;
	}
	if (ffa_function_find(fid) == NULL || functions[index].handler == NULL)
		return FFA_NOT_SUPPORTED;
	if (profile->since_enforced && !ffa_function_exists(fid, call->caller->version))
		return FFA_NOT_SUPPORTED;
	if (profile->reserved_checked && fid != FFA_VERSION && !reserved_clear(call, fid))
		return fid == FFA_FEATURES ? FFA_NOT_SUPPORTED : FFA_INVALID_PARAMETERS;
	*ret_handler = functions[index].handler;
	return FFA_OK;
}

void sim_dispatch(struct sim *sim, unsigned int cpu, struct sim_endpoint *caller, struct ffa_regs *regs)
{
	uint32_t fid = ffa_regs_w(regs, 0);
	struct ffa_regs out = { .x = { FFA_SUCCESS } };
	struct sim_call call = { .sim = sim, .cpu = cpu, .caller = caller, .in = *regs, .out = &out };
	sim_handler *handler = NULL;
	int32_t error;

	if (!fid_known(sim->profile, fid)) {
		regs->x[0] = UINT64_MAX;
		return;
	}
	for (unsigned int i = 0; !FFA_FID_IS_64(fid) && i < FFA_REGS_COUNT; i++) {
		call.upper |= (uint32_t)(call.in.x[i] >> 32 != 0) << i;
		call.in.x[i] = (uint32_t)call.in.x[i];
	}
	if (fid != FFA_VERSION)
		sim_version_take(caller);
	error = admit(&call, fid, &handler);
	if (error == FFA_OK)
		handler(&call);
	else
		sim_reply_error(&out, error);
	for (unsigned int i = 8; !call.reply_high && i < FFA_REGS_COUNT; i++)
		out.x[i] = sim->profile->high_kept ? regs->x[i] : 0;
	*regs = out;
}

void sim_call(struct sim *sim, unsigned int cpu, struct ffa_regs *regs)
{
	if (cpu >= sim->cpus) {
		sim_reply_error(regs, FFA_INVALID_PARAMETERS);
		return;
	}
	sim->host.lock(sim->host.ctx);
	sim_dispatch(sim, cpu, &sim->normal_world, regs);
	sim->host.unlock(sim->host.ctx);
}

bool sim_simulates(uint32_t fid, bool partition)
{
	const struct ffa_function *function = ffa_function_find(fid);
	unsigned int index;

	if (function == NULL)
		return true;
	index = function->number - FFA_FID_FIRST;
	if (partition)
		return functions[index].partition || sim_vcpu_leaves_by(fid);
	return !function->ns_call || functions[index].handler != NULL;
}

size_t sim_size(void)
{
	return sizeof(struct sim);
}

int sim_init(struct sim *sim, const struct sim_profile *profile, const struct sim_host *host,
	     unsigned int cpus, uint32_t version)
{
	if (cpus == 0 || cpus > SIM_CPUS_MAX)
		return -SIM_EINVAL;
	if (version != 0 && (version < FFA_VERSION_1_0 || version > FFA_VERSION_1_3))
		return -SIM_EINVAL;
	sim->profile = profile;
	sim->host = *host;
	sim->cpus = cpus;
	sim->version = version != 0 ? version : profile->version;
	sim->normal_world = (struct sim_endpoint) { 0 };
	/* The tables are megabytes, and nothing behind their counts is read: their pages are touched when they are used. */
	sim->table_tag = 1;
	sim->partition_count = 0;
	sim->normal_world.version = sim_version_default(sim);
	sim_memory_init(&sim->memory, profile->memory->handle_first);
	return 0;
}

struct sim_partition *sim_find_partition(struct sim *sim, uint16_t id)
{
	for (size_t i = 0; i < sim->partition_count; i++) {
		if (sim->partitions[i].config.id == id)
			return &sim->partitions[i];
	}
	return NULL;
}

static bool config_valid(const struct sim *sim, const struct sim_partition_config *config)
{
	if (config->id != 0 && ((config->id & FFA_ENDPOINT_SECURE) == 0 || config->id == FFA_ENDPOINT_SPMD ||
				config->id == sim->profile->spmc_id))
		return false;
	if (config->exec_ctx_count == 0 || config->exec_ctx_count > SIM_CPUS_MAX)
		return false;
	if (config->ffa_version < FFA_VERSION_1_0 || config->ffa_version > FFA_VERSION_1_3)
		return false;
	if (config->service_count == 0 || config->service_count > SIM_UUIDS_MAX)
		return false;
	for (size_t i = 0; i < config->service_count; i++) {
		if (ffa_uuid_is_nil(&config->services[i].uuid))
			return false;
		for (size_t j = 0; j < i; j++) {
			if (ffa_uuid_equal(&config->services[i].uuid, &config->services[j].uuid))
				return false;
		}
	}
	return sim_program_of(&config->behaviour) != NULL;
}

/* SIM_PARTITIONS_MAX is smaller than the space of ids: one is always free. */
static uint16_t free_id(struct sim *sim)
{
	uint16_t id = PARTITION_ID_FIRST;

	while (sim_find_partition(sim, id) != NULL || id == sim->profile->spmc_id)
		id++;
	return id;
}

static void partition_init(struct sim_partition *partition, const struct sim_partition_config *config,
			   uint16_t id, struct sim *sim)
{
	__builtin_memset(partition, 0, offsetof(struct sim_partition, vcpus));
	partition->config = *config;
	partition->config.id = id;
	partition->program = sim_program_of(&config->behaviour);
	partition->endpoint.id = id;
	partition->endpoint.version = config->ffa_version;
	partition->endpoint.negotiated = true;
	for (size_t i = 0; config->behaviour.program == NULL && config->behaviour.kind == SIM_REFUSER &&
			   i < config->service_count;
	     i++)
		partition->config.services[i].properties &=
			~(FFA_PARTITION_DIRECT_REQ_RECV | FFA_PARTITION_DIRECT_REQ2_RECV);
	__builtin_memset(partition->vcpus, 0, config->exec_ctx_count * sizeof(*partition->vcpus));
	for (uint16_t i = 0; i < config->exec_ctx_count; i++) {
		partition->vcpus[i].context.config = &partition->config;
		partition->vcpus[i].context.host = &sim->host;
		partition->vcpus[i].context.sim = sim;
		partition->vcpus[i].rxtx.mapped = true;
		partition->vcpus[i].context.vcpu = i;
	}
}

int sim_add_partition(struct sim *sim, const struct sim_partition_config *config, uint16_t *ret_id)
{
	int error = 0;

	sim->host.lock(sim->host.ctx);
	if (!config_valid(sim, config))
		error = -SIM_EINVAL;
	else if (config->id != 0 && sim_find_partition(sim, config->id) != NULL)
		error = -SIM_EEXIST;
	else if (sim->partition_count == SIM_PARTITIONS_MAX)
		error = -SIM_ENOSPC;
	if (error == 0) {
		uint16_t id = config->id != 0 ? config->id : free_id(sim);

		partition_init(&sim->partitions[sim->partition_count], config, id, sim);
		sim->partition_count++;
		sim->table_tag = sim->table_tag == UINT16_MAX ? 1 : sim->table_tag + 1;
		*ret_id = id;
	}
	sim->host.unlock(sim->host.ctx);
	return error;
}

int sim_get_partition(struct sim *sim, size_t index, struct sim_partition_config *ret_config)
{
	int error = 0;

	sim->host.lock(sim->host.ctx);
	if (index < sim->partition_count)
		*ret_config = sim->partitions[index].config;
	else
		error = -SIM_ENOENT;
	sim->host.unlock(sim->host.ctx);
	return error;
}
