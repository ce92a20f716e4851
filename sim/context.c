/* SPDX-License-Identifier: BSD-3-Clause */
#include "program.h"

#include "spmc.h"

/* The transaction, when the partition may access it like that. */
static const struct sim_region *held(const struct sim_context *context, uint64_t handle, bool write)
{
	struct sim_region *region = sim_region_find(&context->sim->memory, handle);
	const struct sim_borrower *borrower;

	if (region == NULL)
		return NULL;
	borrower = sim_region_borrower(region, context->config->id);
	if (borrower == NULL || borrower->holds == 0 || borrower->retrieval.total != 0)
		return NULL;
	return write && (borrower->granted & FFA_MEMORY_DATA_RW) == 0 ? NULL : region;
}

static bool copy(const struct sim_context *context, uint64_t handle, uint64_t offset, void *read,
		 const void *written, size_t size)
{
	const struct sim_region *region = held(context, handle, written != NULL);

	for (size_t done = 0; done < size;) {
		uint64_t address, part;
		void *memory = NULL;

		if (region != NULL &&
		    sim_region_at(&context->sim->memory, region, offset + done, &address, &part)) {
			part = part < size - done ? part : size - done;
			memory = context->host->memory(context->host->ctx, address, part);
		}
		if (memory == NULL)
			return false;
		if (written != NULL)
			__builtin_memcpy(memory, (const uint8_t *)written + done, part);
		else
			__builtin_memcpy((uint8_t *)read + done, memory, part);
		done += part;
	}
	return region != NULL;
}

bool sim_context_read(struct sim_context *context, uint64_t handle, uint64_t offset, void *ret_bytes,
		      size_t size)
{
	bool done;

	context->host->lock(context->host->ctx);
	done = copy(context, handle, offset, ret_bytes, NULL, size);
	context->host->unlock(context->host->ctx);
	return done;
}

bool sim_context_write(struct sim_context *context, uint64_t handle, uint64_t offset, const void *bytes,
		       size_t size)
{
	bool done;

	context->host->lock(context->host->ctx);
	done = copy(context, handle, offset, NULL, bytes, size);
	context->host->unlock(context->host->ctx);
	return done;
}
