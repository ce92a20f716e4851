/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdlib.h>
#include <string.h>

#include "abi/error.h"
#include "abi/fid.h"
#include "tests/conformance/mutant.h"

static struct mutant_conduit *from_conduit(struct ffa_conduit *conduit)
{
	return (struct mutant_conduit *)conduit;
}

static uint8_t *find_memory(const struct mutant_conduit *mutant, uint64_t pa)
{
	for (size_t i = 0; i < mutant->region_count; i++) {
		if (pa >= mutant->regions[i].base && pa - mutant->regions[i].base < mutant->regions[i].size)
			return mutant->regions[i].map + (pa - mutant->regions[i].base);
	}
	return NULL;
}

/* Follow RX; what the firmware itself did counts, not what the case is told. */
static void follow(struct mutant_conduit *mutant, const struct ffa_regs *call, const struct ffa_regs *reply)
{
	uint32_t fid = ffa_regs_w(call, 0);

	if (ffa_regs_w(reply, 0) != FFA_SUCCESS)
		return;
	if (fid == FFA_RXTX_MAP || fid == FFA_RXTX_MAP_64)
		mutant->rx = find_memory(mutant, call->x[2]);
	else if (fid == FFA_RXTX_UNMAP)
		mutant->rx = NULL;
}

static int mutant_call(struct ffa_conduit *conduit, unsigned int cpu, struct ffa_regs *regs)
{
	struct mutant_conduit *mutant = from_conduit(conduit);
	const struct ffa_regs call = *regs;
	bool armed = atomic_load(&mutant->armed);
	int error;

	if (armed && mutant->mutant->swallow && mutant->mutant->swallow(&call, regs)) {
		atomic_fetch_add(&mutant->hits, 1);
		return 0;
	}
	/* Cases with several threads exchange messages and leave RX alone. */
	if (ffa_regs_w(&call, 0) == FFA_PARTITION_INFO_GET && mutant->rx)
		memcpy(mutant->rx_before, mutant->rx, sizeof(mutant->rx_before));
	error = ffa_conduit_call(mutant->inner, cpu, regs);
	if (error < 0)
		return error;
	follow(mutant, &call, regs);
	if (armed && mutant->mutant->falsify && mutant->mutant->falsify(mutant, cpu, &call, regs))
		atomic_fetch_add(&mutant->hits, 1);
	return 0;
}

static int mutant_pages_alloc(struct ffa_conduit *conduit, size_t count, struct ffa_pages *ret_pages)
{
	struct mutant_conduit *mutant = from_conduit(conduit);
	int error = mutant->inner->ops->pages_alloc(mutant->inner, count, ret_pages);

	if (error < 0 || mutant->region_count == MUTANT_REGIONS_MAX)
		return error;
	mutant->regions[mutant->region_count].base = ret_pages->frames[0];
	mutant->regions[mutant->region_count].size = count * FFA_PAGE_SIZE;
	mutant->regions[mutant->region_count].map = ret_pages->map;
	mutant->region_count++;
	return 0;
}

static void mutant_pages_free(struct ffa_conduit *conduit, struct ffa_pages *pages)
{
	struct mutant_conduit *mutant = from_conduit(conduit);

	/* The firmware may still have them when a release was swallowed: nobody looks there any more. */
	mutant->rx = NULL;
	mutant->inner->ops->pages_free(mutant->inner, pages);
}

static int mutant_event_fd(struct ffa_conduit *conduit)
{
	struct ffa_conduit *inner = from_conduit(conduit)->inner;

	return inner->ops->event_fd(inner);
}

static int mutant_sim_load(struct ffa_conduit *conduit, const char *file_name, const void *dtb, size_t size,
			   const char *behaviour, uint16_t *ret_id, char **ret_reason)
{
	struct ffa_conduit *inner = from_conduit(conduit)->inner;

	return inner->ops->sim_load(inner, file_name, dtb, size, behaviour, ret_id, ret_reason);
}

static void mutant_free(struct ffa_conduit *conduit)
{
	struct mutant_conduit *mutant = from_conduit(conduit);

	ffa_conduit_free(mutant->inner);
	free(mutant);
}

static const struct ffa_conduit_ops mutant_ops = {
	.call = mutant_call,
	.pages_alloc = mutant_pages_alloc,
	.pages_free = mutant_pages_free,
	.event_fd = mutant_event_fd,
	.sim_load = mutant_sim_load,
	.free = mutant_free,
};

struct mutant_conduit *mutant_conduit_new(const struct mutant *mutant, struct ffa_conduit *inner)
{
	struct mutant_conduit *conduit = calloc(1, sizeof(*conduit));

	if (!conduit)
		return NULL;
	conduit->conduit =
		(struct ffa_conduit) { .ops = &mutant_ops, .name = mutant->name, .cpus = inner->cpus };
	conduit->inner = inner;
	conduit->mutant = mutant;
	return conduit;
}
