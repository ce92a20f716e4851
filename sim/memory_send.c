/* SPDX-License-Identifier: BSD-3-Clause */
#include "memory_send.h"

#include "abi/error.h"
#include "abi/fid.h"
#include "abi/memory_fault.h"

#include "memory_send_check.h"

static const enum sim_page_access access_after[FFA_MEMORY_OP_COUNT] = {
	[FFA_MEMORY_SHARE] = SIM_PAGE_SHARED,
	[FFA_MEMORY_LEND] = SIM_PAGE_LENT,
	[FFA_MEMORY_DONATE] = SIM_PAGE_DONATED,
};

void sim_memory_read(struct sim_memory_call *c)
{
	const struct sim_host *host = &c->call->sim->host;
	uint32_t size = c->frame.fragment_size;
	const void *from = c->mailbox.tx;

	if (c->own_buffer)
		from = host->memory(host->ctx, c->frame.address, size);
	if (from == NULL || size > SIM_BUFFER_SIZE_MAX || (!c->own_buffer && size > c->mailbox.size))
		return;
	__builtin_memcpy(c->memory->copy, from, size);
	if (ffa_memory_descriptor_decode(c->call->caller->version, c->memory->copy, size, c->frame.total_size,
					 &c->descriptor) != 0)
		return;
	c->readable = true;
	c->faults = ffa_memory_faults(&c->descriptor, c->frame.op);
}

static void fill_borrowers(struct sim_region *region, const struct ffa_memory_descriptor *d)
{
	for (uint32_t i = 0; i < d->receiver_count && i < SIM_BORROWERS_MAX; i++) {
		struct ffa_memory_receiver receiver;

		(void)ffa_memory_descriptor_receiver(d, i, &receiver);
		region->borrowers[i] = (struct sim_borrower) {
			.id = receiver.id,
			.permissions = receiver.permissions & FFA_MEMORY_PERMISSIONS_MASK,
			.flags = receiver.flags,
			.impdef = { receiver.impdef[0], receiver.impdef[1] },
		};
		region->borrower_count++;
	}
}

/* FFA_NO_MEMORY: no transaction or range is free. */
static int32_t start(struct sim_memory_call *c)
{
	const struct ffa_memory_descriptor *d = &c->descriptor;
	struct sim_region *region;
	uint64_t handle;

	if (d->receiver_count > SIM_BORROWERS_MAX || d->range_count > c->memory->free_count)
		return FFA_NO_MEMORY;
	region = sim_region_new(c->call->sim, sim_send_is_logical(c));
	if (region == NULL)
		return FFA_NO_MEMORY;
	handle = region->transaction.handle;
	region->op = c->frame.op;
	region->transaction = d->transaction;
	region->transaction.handle = handle;
	region->owner = c->call->caller->id;
	region->version = d->version;
	region->receiver_size = d->receiver_size;
	region->page_count = d->page_count;
	region->range_count = d->range_count;
	region->offset = d->composite_offset + FFA_MEMORY_COMPOSITE_SIZE;
	fill_borrowers(region, d);
	sim_region_set_state(region, SIM_REGION_SENDING);
	c->region = region;
	return FFA_OK;
}

/* Take the ranges of one fragment, from copy + `at`. */
static int32_t take(struct sim_memory_call *c, uint32_t at, uint32_t count)
{
	struct sim_region *region = c->region;

	for (uint32_t i = 0; i < count; i++) {
		struct ffa_memory_range range;

		(void)ffa_memory_ranges_decode(c->memory->copy + at, (size_t)count * FFA_MEMORY_RANGE_SIZE, i,
					       &range);
		if (!sim_region_add(c->memory, region, &range))
			return FFA_NO_MEMORY;
	}
	if (region->fragment_count < SIM_FRAGMENTS_MAX)
		region->fragment_ranges[region->fragment_count] = (uint16_t)count;
	region->fragment_count++;
	region->offset += count * FFA_MEMORY_RANGE_SIZE;
	return FFA_OK;
}

/* All ranges are there: check them and change the states of their pages. */
static int32_t complete(struct sim_memory_call *c)
{
	const struct sim_memory_profile *profile = c->call->sim->profile->memory;
	struct sim_region *region = c->region;
	int32_t error = sim_memory_check(c, profile->send_pages);

	if (error != FFA_OK)
		return error;
	if (profile->sent_pages_tracked) {
		if (!sim_region_has_room(c->memory, region))
			return FFA_NO_MEMORY;
		sim_region_set_pages(c->memory, region,
				     (struct sim_page_state) { region->owner, access_after[region->op] });
	}
	if ((region->transaction.flags & FFA_MEMORY_FLAG_ZERO) != 0 && region->op != FFA_MEMORY_SHARE)
		sim_region_zero(c->call->sim, region);
	sim_region_set_state(region, SIM_REGION_LIVE);
	return FFA_OK;
}

/* What the sender is told after a fragment; a region that came to nothing is freed. */
static void go_on(struct sim_memory_call *c, int32_t error)
{
	const struct sim_memory_profile *profile = c->call->sim->profile->memory;
	struct ffa_memory_frag_rx next = { 0 };

	if (error == FFA_OK && c->region->ranges == c->region->range_count)
		error = complete(c);
	if (error != FFA_OK) {
		sim_region_free(c->memory, c->region);
		sim_reply_error(c->call->out, error);
	} else if (c->region->state == SIM_REGION_LIVE) {
		ffa_memory_handle_encode(c->region->transaction.handle, c->call->out);
	} else {
		next.handle = c->region->transaction.handle;
		next.offset = c->region->offset;
		if (profile->fragment_sender_told)
			next.endpoint = c->region->owner;
		ffa_memory_frag_rx_encode(&next, c->call->out);
	}
}

void sim_mem_send(struct sim_call *call)
{
	const struct sim_memory_profile *profile = call->sim->profile->memory;
	struct sim_memory_call c = { .call = call, .memory = &call->sim->memory };
	int32_t error;

	(void)ffa_memory_frame_decode(&call->in, &c.frame);
	c.own_buffer = c.frame.address != 0;
	c.mailbox = sim_mailbox_of(call);
	error = sim_memory_check(&c, profile->send_call);
	if (error == FFA_OK) {
		sim_memory_read(&c);
		error = sim_memory_check(&c, profile->send_descriptor);
	}
	if (error == FFA_OK)
		error = c.readable ? start(&c) : FFA_INVALID_PARAMETERS;
	if (error != FFA_OK) {
		sim_reply_error(call->out, error);
		return;
	}
	error = take(&c, c.descriptor.composite_offset + FFA_MEMORY_COMPOSITE_SIZE, c.descriptor.ranges_here);
	go_on(&c, error);
}

void sim_mem_frag_tx(struct sim_call *call)
{
	const struct sim_memory_profile *profile = call->sim->profile->memory;
	struct sim_memory_call c = { .call = call, .memory = &call->sim->memory };
	struct ffa_memory_frag_tx fragment;
	uint32_t ranges;
	int32_t error;

	(void)ffa_memory_frag_tx_decode(&call->in, &fragment);
	c.mailbox = sim_mailbox_of(call);
	c.frame.fragment_size = fragment.size;
	c.frame.total_size = fragment.size;
	c.size = fragment.size;
	c.endpoint = fragment.endpoint;
	c.region = sim_region_find(c.memory, fragment.handle);
	error = sim_memory_check(&c, profile->fragment);
	/* Whatever the rules let pass: there is nothing to read, or nothing to add it to. */
	if (error == FFA_OK && (c.region == NULL || c.region->state != SIM_REGION_SENDING ||
				fragment.size > c.mailbox.size || fragment.size > SIM_BUFFER_SIZE_MAX))
		error = FFA_INVALID_PARAMETERS;
	if (error != FFA_OK) {
		/* Only the owner's mistakes cost it the transaction. */
		if (!profile->fragment_error_kept && c.region != NULL &&
		    c.region->state == SIM_REGION_SENDING && c.region->owner == call->caller->id)
			sim_region_free(c.memory, c.region);
		sim_reply_error(call->out, error);
		return;
	}
	ranges = fragment.size / FFA_MEMORY_RANGE_SIZE;
	if (profile->fragment_surplus_ignored && ranges > c.region->range_count - c.region->ranges)
		ranges = c.region->range_count - c.region->ranges;
	__builtin_memcpy(c.memory->copy, c.mailbox.tx, (size_t)ranges * FFA_MEMORY_RANGE_SIZE);
	go_on(&c, take(&c, 0, ranges));
}
