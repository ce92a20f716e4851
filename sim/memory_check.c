/* SPDX-License-Identifier: BSD-3-Clause */
#include "memory_check.h"

#include "abi/version.h"

#include "memory_pages.h"
#include "memory_request.h"
#include "memory_send_check.h"

static bool buffer_bad(const struct sim_memory_call *c)
{
	const struct sim_host *host = &c->call->sim->host;
	uint64_t size = (uint64_t)c->frame.page_count * FFA_PAGE_SIZE;
	uint64_t offset = c->frame.address % FFA_PAGE_SIZE;

	return size == 0 || size > SIM_BUFFER_SIZE_MAX || c->frame.fragment_size > size - offset ||
	       host->memory_kind(host->ctx, c->frame.address - offset, size) != SIM_MEMORY_NS_RAM ||
	       host->memory(host->ctx, c->frame.address, size - offset) == NULL;
}

static bool registers_dirty(const struct sim_memory_call *c, uint32_t mask)
{
	for (unsigned int i = 1; i < FFA_REGS_COUNT; i++) {
		if ((mask & 1u << i) != 0 && c->call->in.x[i] != 0)
			return true;
	}
	return false;
}

static bool call_breaks(const struct sim_memory_call *c, const struct sim_memory_rule *rule)
{
	const struct ffa_memory_frame *frame = &c->frame;
	uint32_t version = c->call->caller->version;
	uint32_t minimum = version < FFA_VERSION_1_1
				   ? FFA_MEMORY_HEADER_SIZE_1_0 + FFA_MEMORY_RECEIVER_SIZE_1_0
				   : FFA_MEMORY_HEADER_SIZE_1_1 + FFA_MEMORY_RECEIVER_SIZE_1_0;

	switch (rule->check) {
	case SIM_CHECK_BUFFER_GIVEN:
		return frame->address != 0 || frame->page_count != 0;
	case SIM_CHECK_BUFFER_PAGES:
		return !c->own_buffer && frame->page_count != 0;
	case SIM_CHECK_BUFFER_BAD:
		return c->own_buffer && buffer_bad(c);
	case SIM_CHECK_UPPER_HALVES:
		return (c->call->upper & rule->what) != 0;
	case SIM_CHECK_REGISTERS:
		return registers_dirty(c, rule->what);
	case SIM_CHECK_NOT_MAPPED:
		return !c->own_buffer && c->mailbox.size == 0;
	case SIM_CHECK_FRAGMENT_LONG:
		return frame->fragment_size > frame->total_size;
	case SIM_CHECK_FRAGMENT_EMPTY:
		return frame->fragment_size == 0 && frame->total_size == 0;
	case SIM_CHECK_FRAGMENT_SHORT:
		return frame->fragment_size < minimum;
	case SIM_CHECK_FRAGMENT_OVERFLOW:
		return !c->own_buffer && frame->fragment_size > c->mailbox.size;
	case SIM_CHECK_FRAGMENTED:
		return frame->fragment_size != frame->total_size;
	default: /* SIM_CHECK_RX_FULL */
		return c->mailbox.rxtx->rx_state != SIM_RX_EMPTY;
	}
}

/* Rules about a transaction are broken by a handle that has none. */
static bool region_breaks(const struct sim_memory_call *c, const struct sim_memory_rule *rule)
{
	const struct sim_borrower *borrower = c->borrower;

	if (rule->check == SIM_CHECK_HANDLE_UNKNOWN || c->region == NULL)
		return c->region == NULL;
	switch (rule->check) {
	case SIM_CHECK_INCOMPLETE:
		return c->region->state != SIM_REGION_LIVE;
	case SIM_CHECK_COMPLETE:
		return c->region->state == SIM_REGION_LIVE;
	case SIM_CHECK_NOT_OWNER:
		return c->region->owner != c->call->caller->id;
	case SIM_CHECK_NOT_BORROWER:
		return borrower == NULL;
	case SIM_CHECK_HELD:
		return sim_region_is_held(c->region);
	case SIM_CHECK_HELD_SELF:
		return borrower == NULL || borrower->holds > 0;
	case SIM_CHECK_HELD_OFTEN:
		return borrower == NULL || borrower->holds == SIM_HOLDS_MAX;
	default: /* SIM_CHECK_NOT_HELD */
		return borrower == NULL || borrower->holds == 0 || borrower->retrieval.total != 0;
	}
}

static bool fragment_breaks(const struct sim_memory_call *c, const struct sim_memory_rule *rule)
{
	const struct sim_region *region = c->region;
	uint32_t ranges = c->size / FFA_MEMORY_RANGE_SIZE;

	if (rule->check == SIM_CHECK_FRAGMENT_SIZE)
		return c->size == 0 || c->size % FFA_MEMORY_RANGE_SIZE != 0;
	if (region == NULL)
		return true;
	switch (rule->check) {
	case SIM_CHECK_FRAGMENT_ENDPOINT:
		return c->endpoint != region->owner;
	case SIM_CHECK_FRAGMENT_MANY:
		return region->fragment_count >= rule->what;
	case SIM_CHECK_FRAGMENT_RANGES:
		return ranges > region->range_count - region->ranges;
	default: /* SIM_CHECK_OFFSET */
		if (c->retrieval == NULL || c->retrieval->total == 0)
			return true;
		return c->offset != c->retrieval->next &&
		       (rule->what == 0 || c->offset != c->retrieval->previous);
	}
}

static bool relinquish_breaks(const struct sim_memory_call *c, const struct sim_memory_rule *rule)
{
	uint16_t caller = c->call->caller->id;
	bool zero = (c->relinquish.flags & FFA_RELINQUISH_ZERO) != 0;

	switch (rule->check) {
	case SIM_CHECK_RELINQUISH_COUNT:
		return c->relinquish.endpoint_count != 1;
	case SIM_CHECK_RELINQUISH_OTHER:
		return c->endpoint != caller;
	case SIM_CHECK_RELINQUISH_FLAGS:
		return (c->relinquish.flags & rule->what) != 0;
	case SIM_CHECK_RELINQUISH_ZERO_SHARED:
		return zero && (c->region == NULL || c->region->op == FFA_MEMORY_SHARE);
	case SIM_CHECK_RELINQUISH_ZERO_READ_ONLY:
		return zero && (c->borrower == NULL || (c->borrower->granted & FFA_MEMORY_DATA_RW) == 0);
	default: /* SIM_CHECK_RECLAIM_FLAGS */
		return (c->reclaim_flags & rule->what) != 0;
	}
}

static bool breaks(const struct sim_memory_call *c, const struct sim_memory_rule *rule)
{
	if (rule->check == SIM_CHECK_ALWAYS)
		return true;
	if (rule->check < SIM_CHECK_UNREADABLE)
		return call_breaks(c, rule);
	if (rule->check < SIM_CHECK_RANGES_OVERLAP)
		return sim_send_breaks(c, rule);
	if (rule->check < SIM_CHECK_HANDLE_UNKNOWN)
		return sim_pages_break(c, rule);
	if (rule->check < SIM_CHECK_REQUEST_LENGTH)
		return region_breaks(c, rule);
	if (rule->check < SIM_CHECK_FRAGMENT_ENDPOINT)
		return sim_request_breaks(c, rule);
	if (rule->check < SIM_CHECK_RELINQUISH_COUNT)
		return fragment_breaks(c, rule);
	return relinquish_breaks(c, rule);
}

/* What is said of a call: the bits of SIM_ON_… that are true of it. */
static uint32_t describe(const struct sim_memory_call *c)
{
	enum ffa_memory_op op = c->region != NULL ? c->region->op : c->frame.op;
	uint32_t count = c->region != NULL ? c->region->borrower_count : c->descriptor.receiver_count;
	bool logical = c->region != NULL ? c->region->logical : sim_send_is_logical(c);
	uint32_t on = sim_is_normal_world(c->call) ? SIM_ON_NORMAL_WORLD : SIM_ON_SECURE_WORLD;

	on |= op == FFA_MEMORY_SHARE ? SIM_ON_SHARE : op == FFA_MEMORY_LEND ? SIM_ON_LEND : SIM_ON_DONATE;
	on |= count > 1 ? SIM_ON_SEVERAL : SIM_ON_ONE;
	return on | (logical ? SIM_ON_LOGICAL : SIM_ON_PARTITION);
}

static bool applies(const struct sim_memory_rule *rule, uint32_t on)
{
	static const uint32_t groups[] = { SIM_ON_OPS, SIM_ON_RECEIVER, SIM_ON_BORROWERS, SIM_ON_CALLER };

	for (size_t i = 0; i < sizeof(groups) / sizeof(groups[0]); i++) {
		if ((rule->on & groups[i]) != 0 && (rule->on & groups[i] & on) == 0)
			return false;
	}
	return true;
}

int32_t sim_memory_check(const struct sim_memory_call *c, const struct sim_memory_rule *rules)
{
	uint32_t on = describe(c);

	for (const struct sim_memory_rule *rule = rules; rule->check != SIM_CHECK_END; rule++) {
		if (!applies(rule, on) || !breaks(c, rule))
			continue;
		if (rule->panics)
			c->memory->panics++;
		return rule->error;
	}
	return FFA_OK;
}
