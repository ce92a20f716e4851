/* SPDX-License-Identifier: BSD-3-Clause */
#include "setup.h"

#include "mailbox.h"
#include "memory_pages.h"

#include "abi/direct.h"
#include "abi/error.h"
#include "abi/version.h"

#define PAGE_SIZE UINT64_C(4096)

uint32_t sim_version_default(const struct sim *sim)
{
	uint32_t version = sim->profile->version_default;

	return version != 0 && version < sim->version ? version : sim->version;
}

void sim_version_take(struct sim_endpoint *endpoint)
{
	endpoint->version_taken = true;
}

/* The answer to a version that is not simply compatible. */
static uint32_t version_answer(struct sim_call *call, enum sim_version_answer answer)
{
	uint32_t own = call->sim->version;

	switch (answer) {
	case SIM_VERSION_REFUSE:
		return (uint32_t)FFA_NOT_SUPPORTED;
	case SIM_VERSION_OFFER:
		return own;
	case SIM_VERSION_ADOPT:
		call->caller->version = own;
		call->caller->negotiated = true;
		return own;
	}
	return (uint32_t)FFA_NOT_SUPPORTED;
}

static uint32_t version_negotiate(struct sim_call *call, uint32_t request)
{
	const struct sim_profile *profile = call->sim->profile;
	struct sim_endpoint *caller = call->caller;
	uint32_t own = call->sim->version;

	if (ffa_version_major(request) != ffa_version_major(own))
		return version_answer(call, profile->version_foreign);
	if (request > own)
		return version_answer(call, profile->version_newer);
	caller->version = request;
	caller->negotiated = true;
	return own;
}

void sim_version_call(struct sim_call *call)
{
	const struct sim_endpoint *caller = call->caller;
	enum sim_version_lock lock = call->sim->profile->version_lock;
	uint32_t request = ffa_regs_w(&call->in, 1);
	uint32_t reply = (uint32_t)FFA_NOT_SUPPORTED;

	if ((request & FFA_VERSION_MBZ) == 0) {
		if (!caller->version_taken || lock == SIM_VERSION_LOCK_NONE)
			reply = version_negotiate(call, request);
		else if (lock == SIM_VERSION_LOCK_REFUSE && request == caller->version)
			reply = call->sim->version;
		else if (lock == SIM_VERSION_LOCK_TELL && caller->negotiated)
			reply = caller->version;
	}
	*call->out = (struct ffa_regs) { .x = { reply } };
}

void sim_id_get(struct sim_call *call)
{
	call->out->x[2] = call->caller->id;
}

void sim_spm_id_get(struct sim_call *call)
{
	call->out->x[2] = call->sim->profile->spmc_id;
}

static bool is_ram(const struct sim *sim, uint64_t pa, uint64_t size)
{
	return sim->host.memory_kind(sim->host.ctx, pa, size) == SIM_MEMORY_NS_RAM;
}

static int32_t rxtx_map_check(const struct sim_call *call, uint64_t tx, uint64_t rx, uint64_t pages)
{
	const struct sim_profile *profile = call->sim->profile;
	uint64_t size = pages * PAGE_SIZE;
	bool pages_bad = pages == 0 || pages > profile->rxtx_pages_max;

	if (pages_bad && (profile->rxtx_pages_first || !call->caller->rxtx.mapped))
		return FFA_INVALID_PARAMETERS;
	if (call->caller->rxtx.mapped)
		return FFA_DENIED;
	if (tx % PAGE_SIZE != 0 || rx % PAGE_SIZE != 0)
		return FFA_INVALID_PARAMETERS;
	if (profile->rxtx_overlap_refused && (tx > rx ? tx - rx : rx - tx) < size)
		return FFA_INVALID_PARAMETERS;
	if (!is_ram(call->sim, tx, size) || !is_ram(call->sim, rx, size))
		return profile->rxtx_memory_error;
	if (profile->memory->map_live_refused && (sim_pages_are_sent(&call->sim->memory, tx, tx + size) ||
						  sim_pages_are_sent(&call->sim->memory, rx, rx + size)))
		return FFA_DENIED;
	return FFA_OK;
}

void sim_rxtx_map(struct sim_call *call)
{
	const struct sim_profile *profile = call->sim->profile;
	struct sim_rxtx *rxtx = &call->caller->rxtx;
	uint64_t tx = call->in.x[1], rx = call->in.x[2];
	uint64_t pages = call->in.x[3] & profile->rxtx_pages_mask;
	int32_t error = rxtx_map_check(call, tx, rx, pages);

	if (error != FFA_OK) {
		sim_reply_error(call->out, error);
		return;
	}
	rxtx->mapped = true;
	rxtx->tx = tx;
	rxtx->rx = rx;
	rxtx->size = pages * PAGE_SIZE;
}

void sim_rxtx_unmap(struct sim_call *call)
{
	const struct sim_profile *profile = call->sim->profile;
	struct sim_rxtx *rxtx = &call->caller->rxtx;

	if ((ffa_regs_w(&call->in, 1) & profile->unmap_mbz) != 0 || !rxtx->mapped) {
		sim_reply_error(call->out, FFA_INVALID_PARAMETERS);
		return;
	}
	rxtx->mapped = false;
	rxtx->tx = 0;
	rxtx->rx = 0;
	rxtx->size = 0;
	if (!profile->rx_kept_by_unmap)
		sim_rx_set_state(rxtx, SIM_RX_EMPTY);
}

static int32_t rx_release_check(const struct sim_call *call, uint32_t w1)
{
	const struct sim_profile *profile = call->sim->profile;
	const struct sim_rxtx *rxtx = sim_mailbox_of(call).rxtx;
	uint16_t id = w1 & 0xffff;

	if ((w1 & profile->rx_release_mbz) != 0)
		return FFA_INVALID_PARAMETERS;
	/* The RX of a partition is not the normal world's to release. */
	if (sim_is_normal_world(call) && profile->rx_release_id_checked && id != call->caller->id)
		return sim_find_partition(call->sim, id) != NULL ? FFA_DENIED : FFA_INVALID_PARAMETERS;
	if (rxtx->rx_state == SIM_RX_EMPTY)
		return rxtx->mapped ? FFA_DENIED : profile->rx_release_unmapped;
	return FFA_OK;
}

void sim_rx_release(struct sim_call *call)
{
	int32_t error = rx_release_check(call, ffa_regs_w(&call->in, 1));

	if (error == FFA_OK)
		sim_rx_set_state(sim_mailbox_of(call).rxtx, SIM_RX_EMPTY);
	else
		sim_reply_error(call->out, error);
}

static int32_t rx_acquire_check(const struct sim_call *call, uint16_t id)
{
	if ((id & FFA_ENDPOINT_SECURE) != 0)
		return FFA_NOT_SUPPORTED;
	if (id != call->caller->id || !call->caller->rxtx.mapped)
		return FFA_INVALID_PARAMETERS;
	return call->caller->rxtx.rx_state == SIM_RX_EMPTY ? FFA_OK : FFA_DENIED;
}

void sim_rx_acquire(struct sim_call *call)
{
	int32_t error = rx_acquire_check(call, ffa_regs_w(&call->in, 1) & 0xffff);

	if (error == FFA_OK)
		sim_rx_set_state(&call->caller->rxtx, SIM_RX_ACQUIRED);
	else
		sim_reply_error(call->out, error);
}
