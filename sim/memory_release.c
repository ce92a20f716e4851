/* SPDX-License-Identifier: BSD-3-Clause */
#include "memory_release.h"

#include "abi/error.h"

#include "memory_check.h"

/* Enough for the header and every endpoint that a transaction can have; more are refused anyway. */
#define RELINQUISH_SIZE (FFA_RELINQUISH_HEADER_SIZE + 2 * SIM_BORROWERS_MAX)

/* Copy the descriptor, once, and decode the copy. */
static int32_t read_relinquish(struct sim_memory_call *c)
{
	uint32_t size = c->mailbox.size < RELINQUISH_SIZE ? c->mailbox.size : RELINQUISH_SIZE;

	if (size == 0)
		return FFA_OK; /* for the rules to refuse */
	__builtin_memcpy(c->memory->copy, c->mailbox.tx, size);
	if (ffa_relinquish_decode(c->memory->copy, size, &c->relinquish) != 0 ||
	    ffa_relinquish_endpoint(&c->relinquish, 0, &c->endpoint) != 0)
		return FFA_INVALID_PARAMETERS;
	return FFA_OK;
}

static void release(struct sim_memory_call *c)
{
	struct sim_borrower *borrower = c->borrower;
	bool zero = borrower->zero_after || (c->relinquish.flags & FFA_RELINQUISH_ZERO) != 0;

	borrower->holds--;
	if (borrower->holds > 0)
		return;
	borrower->zero_after = false;
	if (zero && c->region->op != FFA_MEMORY_SHARE && !sim_region_is_held(c->region))
		sim_region_zero(c->call->sim, c->region);
}

void sim_mem_relinquish(struct sim_call *call)
{
	struct sim_memory_call c = { .call = call, .memory = &call->sim->memory };
	int32_t error;

	c.mailbox = sim_mailbox_of(call);
	error = read_relinquish(&c);
	if (error == FFA_OK) {
		c.region = sim_region_find(c.memory, c.relinquish.handle);
		if (c.region != NULL)
			c.borrower = sim_region_borrower(c.region, c.endpoint);
		error = sim_memory_check(&c, call->sim->profile->memory->relinquish);
	}
	if (error == FFA_OK && (c.borrower == NULL || c.borrower->holds == 0))
		error = FFA_INVALID_PARAMETERS;
	if (error == FFA_OK)
		release(&c);
	else
		sim_reply_error(call->out, error);
}

void sim_mem_reclaim(struct sim_call *call)
{
	const struct sim_memory_profile *profile = call->sim->profile->memory;
	struct sim_memory_call c = { .call = call, .memory = &call->sim->memory };
	struct ffa_memory_reclaim reclaim;
	int32_t error;

	(void)ffa_memory_reclaim_decode(&call->in, &reclaim);
	c.reclaim_flags = reclaim.flags;
	c.region = sim_region_find(c.memory, reclaim.handle);
	error = sim_memory_check(&c, profile->reclaim);
	if (error == FFA_OK && c.region == NULL)
		error = FFA_INVALID_PARAMETERS;
	if (error == FFA_OK && profile->sent_pages_tracked && !sim_region_has_room(c.memory, c.region))
		error = FFA_NO_MEMORY;
	if (error != FFA_OK) {
		sim_reply_error(call->out, error);
		return;
	}
	if ((reclaim.flags & FFA_MEMORY_FLAG_ZERO) != 0)
		sim_region_zero(call->sim, c.region);
	if (profile->sent_pages_tracked)
		sim_region_set_pages(c.memory, c.region,
				     (struct sim_page_state) { c.region->owner, SIM_PAGE_EXCLUSIVE });
	sim_region_free(c.memory, c.region);
}
