/* SPDX-License-Identifier: BSD-3-Clause */
#include "memory_retrieve.h"

#include "abi/error.h"
#include "abi/version.h"

#include "memory_check.h"
#include "memory_request.h"
#include "memory_send.h"

static const uint32_t types[FFA_MEMORY_OP_COUNT] = {
	[FFA_MEMORY_SHARE] = FFA_MEMORY_FLAG_TYPE_SHARE,
	[FFA_MEMORY_LEND] = FFA_MEMORY_FLAG_TYPE_LEND,
	[FFA_MEMORY_DONATE] = FFA_MEMORY_FLAG_TYPE_DONATE,
};

/* Ranges that go into the next fragment: as many as fit, or those of one fragment of the sender's. */
static size_t ranges_next(const struct sim_memory_call *c, size_t done, size_t room)
{
	const struct sim_region *region = c->region;
	uint32_t fragment = c->retrieval->fragments;
	size_t count = region->ranges - done;

	if (c->call->sim->profile->memory->retrieve_as_sent && fragment < region->fragment_count &&
	    fragment < SIM_FRAGMENTS_MAX && region->fragment_ranges[fragment] < count)
		count = region->fragment_ranges[fragment];
	return count < room / FFA_MEMORY_RANGE_SIZE ? count : room / FFA_MEMORY_RANGE_SIZE;
}

/* Was that the last one? Then nothing is under way any more. */
static void advance(struct sim_retrieval *retrieval, uint32_t bytes)
{
	retrieval->previous = retrieval->next;
	retrieval->next += bytes;
	retrieval->fragments++;
	if (retrieval->next >= retrieval->total)
		*retrieval = (struct sim_retrieval) { 0 };
}

/* A donation ends when its new owner has all of it. */
static void end_donation(struct sim_memory_call *c)
{
	struct sim_page_state owned = { c->call->caller->id, SIM_PAGE_EXCLUSIVE };

	if (c->region->op != FFA_MEMORY_DONATE || c->borrower == NULL || c->borrower->holds == 0 ||
	    c->borrower->retrieval.total != 0)
		return;
	if (c->call->sim->profile->memory->sent_pages_tracked)
		sim_region_set_pages(c->memory, c->region, owned);
	sim_region_free(c->memory, c->region);
}

/*
 * Write the response into RX: the descriptor in the caller's layout with the `count` receivers, and the ranges
 * that go with it.
 */
static int32_t respond(struct sim_memory_call *c, const struct ffa_memory_receiver *receivers, size_t count,
		       size_t receiver_size)
{
	const struct sim_memory_profile *profile = c->call->sim->profile->memory;
	const struct sim_region *region = c->region;
	struct ffa_memory_transaction transaction = region->transaction;
	uint32_t version = c->call->caller->version;
	struct ffa_memory_extent extent;
	size_t ranges = sim_region_list(c->memory, region), prefix, part;

	transaction.flags |= types[region->op];
	/* Where the memory is, borrowers are told. */
	if (c->borrower != NULL)
		transaction.attributes |= FFA_MEMORY_NON_SECURE;
	if (!profile->retrieve_tag_told)
		transaction.tag = 0;
	prefix = (version < FFA_VERSION_1_1 ? FFA_MEMORY_HEADER_SIZE_1_0 : FFA_MEMORY_HEADER_SIZE_1_1) +
		 count * receiver_size + FFA_MEMORY_COMPOSITE_SIZE;
	if (prefix > c->mailbox.size)
		return FFA_NO_MEMORY;
	part = ranges_next(c, 0, c->mailbox.size - prefix);
	if (ffa_memory_descriptor_encode(version, &transaction, receiver_size, receivers, count,
					 c->memory->list, ranges, c->mailbox.rx,
					 prefix + part * FFA_MEMORY_RANGE_SIZE, &extent) != 0)
		return FFA_NO_MEMORY;
	*c->retrieval = (struct sim_retrieval) { .total = extent.total_size, .prefix = (uint32_t)prefix };
	advance(c->retrieval, extent.fragment_size);
	sim_mailbox_filled(c->call, &c->mailbox, extent.fragment_size);
	if (profile->retrieve_whole_buffer)
		ffa_memory_retrieve_resp_encode(c->mailbox.size, c->mailbox.size, c->call->out);
	else
		ffa_memory_retrieve_resp_encode(extent.total_size, extent.fragment_size, c->call->out);
	return FFA_OK;
}

static size_t own_receiver_size(uint32_t version)
{
	return version < FFA_VERSION_1_2 ? FFA_MEMORY_RECEIVER_SIZE_1_0 : FFA_MEMORY_RECEIVER_SIZE_1_2;
}

/* The entry of the request that speaks for the caller. */
static bool find_asked(struct sim_memory_call *c, struct ffa_memory_receiver *ret_asked)
{
	for (uint32_t i = 0; i < c->descriptor.receiver_count; i++) {
		if (ffa_memory_descriptor_receiver(&c->descriptor, i, ret_asked) == 0 &&
		    ret_asked->id == c->call->caller->id)
			return true;
	}
	return false;
}

static int32_t retrieve_as_borrower(struct sim_memory_call *c)
{
	uint32_t flags = c->descriptor.transaction.flags;
	struct ffa_memory_receiver asked, told;
	struct sim_borrower *borrower;
	size_t receiver_size = c->descriptor.receiver_size;
	int32_t error;

	if (find_asked(c, &asked))
		c->asked = &asked;
	if (c->region != NULL)
		c->borrower = sim_region_borrower(c->region, c->call->caller->id);
	error = sim_memory_check(c, c->call->sim->profile->memory->retrieve_region);
	if (error == FFA_OK && (c->region == NULL || c->borrower == NULL || c->asked == NULL))
		error = FFA_INVALID_PARAMETERS;
	if (error != FFA_OK)
		return error;
	borrower = c->borrower;
	if (receiver_size != FFA_MEMORY_RECEIVER_SIZE_1_0 || c->call->caller->version < FFA_VERSION_1_1)
		receiver_size = own_receiver_size(c->call->caller->version);
	told = (struct ffa_memory_receiver) {
		.id = borrower->id,
		.permissions = sim_request_grant(c->region, borrower->permissions, asked.permissions),
		.flags = borrower->flags,
	};
	if (receiver_size >= FFA_MEMORY_RECEIVER_SIZE_1_2) {
		told.impdef[0] = borrower->impdef[0];
		told.impdef[1] = borrower->impdef[1];
	}
	c->retrieval = &borrower->retrieval;
	error = respond(c, &told, 1, receiver_size);
	if (error != FFA_OK)
		return error;
	borrower->granted = told.permissions;
	borrower->zero_after = (flags & FFA_MEMORY_FLAG_ZERO_AFTER) != 0;
	borrower->holds++;
	end_donation(c);
	return FFA_OK;
}

/* A hypervisor looks at a transaction before it lets a VM reclaim it: nobody holds anything by that. */
static int32_t retrieve_as_hypervisor(struct sim_memory_call *c)
{
	size_t receiver_size = own_receiver_size(c->call->caller->version);
	struct ffa_memory_receiver receivers[SIM_BORROWERS_MAX];
	int32_t error = sim_memory_check(c, c->call->sim->profile->memory->retrieve_hypervisor);

	if (error == FFA_OK && c->region == NULL)
		error = FFA_INVALID_PARAMETERS;
	if (error != FFA_OK)
		return error;
	for (uint32_t i = 0; i < c->region->borrower_count; i++) {
		const struct sim_borrower *borrower = &c->region->borrowers[i];

		receivers[i] = (struct ffa_memory_receiver) {
			.id = borrower->id,
			.permissions = borrower->permissions,
			.flags = borrower->flags,
		};
		if (receiver_size >= FFA_MEMORY_RECEIVER_SIZE_1_2) {
			receivers[i].impdef[0] = borrower->impdef[0];
			receivers[i].impdef[1] = borrower->impdef[1];
		}
	}
	c->retrieval = &c->region->hypervisor;
	return respond(c, receivers, c->region->borrower_count, receiver_size);
}

void sim_mem_retrieve_req(struct sim_call *call)
{
	const struct sim_memory_profile *profile = call->sim->profile->memory;
	struct sim_memory_call c = { .call = call, .memory = &call->sim->memory };
	int32_t error;

	(void)ffa_memory_frame_decode(&call->in, &c.frame);
	c.own_buffer = false;
	c.mailbox = sim_mailbox_of(call);
	error = sim_memory_check(&c, profile->retrieve_call);
	if (error == FFA_OK) {
		sim_memory_read(&c);
		if (!c.readable || c.mailbox.rxtx->rx_state != SIM_RX_EMPTY)
			error = FFA_INVALID_PARAMETERS;
	}
	if (error == FFA_OK) {
		c.region = sim_region_find(c.memory, c.descriptor.transaction.handle);
		if (c.descriptor.receiver_count == 0 && sim_is_normal_world(call) &&
		    profile->hypervisor_retrieves)
			error = retrieve_as_hypervisor(&c);
		else
			error = retrieve_as_borrower(&c);
	}
	if (error != FFA_OK)
		sim_reply_error(call->out, error);
}

/* Which retrieval the caller goes on with: its own, or the hypervisor's. */
static void find_retrieval(struct sim_memory_call *c)
{
	if (c->region == NULL)
		return;
	c->borrower = sim_region_borrower(c->region, c->call->caller->id);
	if (sim_is_normal_world(c->call) && c->region->hypervisor.total != 0)
		c->retrieval = &c->region->hypervisor;
	else if (c->borrower != NULL)
		c->retrieval = &c->borrower->retrieval;
}

void sim_mem_frag_rx(struct sim_call *call)
{
	struct sim_memory_call c = { .call = call, .memory = &call->sim->memory };
	struct ffa_memory_frag_tx reply = { 0 };
	struct ffa_memory_frag_rx wanted;
	size_t done, count;
	int32_t error;

	(void)ffa_memory_frag_rx_decode(&call->in, &wanted);
	c.mailbox = sim_mailbox_of(call);
	c.offset = wanted.offset;
	c.endpoint = wanted.endpoint;
	c.region = sim_region_find(c.memory, wanted.handle);
	find_retrieval(&c);
	error = sim_memory_check(&c, call->sim->profile->memory->retrieve_fragment);
	if (error == FFA_OK &&
	    (c.retrieval == NULL || c.retrieval->total == 0 || c.mailbox.size == 0 ||
	     c.mailbox.rxtx->rx_state != SIM_RX_EMPTY || wanted.offset < c.retrieval->prefix))
		error = FFA_INVALID_PARAMETERS;
	if (error != FFA_OK) {
		sim_reply_error(call->out, error);
		return;
	}
	if (wanted.offset == c.retrieval->previous && wanted.offset != c.retrieval->next) {
		c.retrieval->next = c.retrieval->previous;
		c.retrieval->fragments--;
	}
	(void)sim_region_list(c.memory, c.region);
	done = (wanted.offset - c.retrieval->prefix) / FFA_MEMORY_RANGE_SIZE;
	count = ranges_next(&c, done, c.mailbox.size);
	reply.handle = wanted.handle;
	reply.size = (uint32_t)ffa_memory_ranges_encode(c.memory->list + done, count, c.mailbox.rx,
							c.mailbox.size);
	advance(c.retrieval, reply.size);
	sim_mailbox_filled(call, &c.mailbox, reply.size);
	ffa_memory_frag_tx_encode(&reply, call->out);
	end_donation(&c);
}
