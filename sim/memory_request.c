/* SPDX-License-Identifier: BSD-3-Clause */
#include "memory_request.h"

#include "abi/memory_fault.h"
#include "abi/version.h"

static const uint32_t types[FFA_MEMORY_OP_COUNT] = {
	[FFA_MEMORY_SHARE] = FFA_MEMORY_FLAG_TYPE_SHARE,
	[FFA_MEMORY_LEND] = FFA_MEMORY_FLAG_TYPE_LEND,
	[FFA_MEMORY_DONATE] = FFA_MEMORY_FLAG_TYPE_DONATE,
};

/* One borrower leaves the choice of attributes and instruction permission to that borrower. */
static bool is_exclusive(const struct sim_region *region)
{
	return region->op == FFA_MEMORY_DONATE ||
	       (region->op == FFA_MEMORY_LEND && region->borrower_count == 1);
}

static bool bypasses(const struct sim_memory_call *c)
{
	return (c->descriptor.transaction.flags & FFA_MEMORY_FLAG_BYPASS_BORROWERS) != 0;
}

static uint8_t allowed_data(uint8_t given)
{
	/* A donated page is its new owner's, to read and write. */
	return (given & FFA_MEMORY_DATA_MASK) == 0 ? FFA_MEMORY_DATA_RW : given & FFA_MEMORY_DATA_MASK;
}

static bool data_exceeds(uint8_t given, uint8_t asked)
{
	uint8_t data = asked & FFA_MEMORY_DATA_MASK;

	return data == FFA_MEMORY_DATA_MASK ||
	       (data == FFA_MEMORY_DATA_RW && allowed_data(given) != FFA_MEMORY_DATA_RW);
}

uint8_t sim_request_grant(const struct sim_region *region, uint8_t given, uint8_t asked)
{
	uint8_t data = asked & FFA_MEMORY_DATA_MASK, instruction = asked & FFA_MEMORY_INSTRUCTION_MASK;

	if (data == 0)
		data = allowed_data(given);
	return data | (instruction != 0 ? instruction : FFA_MEMORY_INSTRUCTION_NX);
}

static bool instruction_wrong(const struct sim_region *region, uint8_t asked)
{
	uint8_t instruction = asked & FFA_MEMORY_INSTRUCTION_MASK;

	return instruction == FFA_MEMORY_INSTRUCTION_MASK || (instruction != 0) != is_exclusive(region);
}

/* Attributes may be left out; given, they must not be weaker than the sender's. */
static bool attributes_weaker(const struct sim_memory_call *c)
{
	uint32_t given = c->region->transaction.attributes, asked = c->descriptor.transaction.attributes;
	uint32_t type = asked & FFA_MEMORY_TYPE_MASK;

	if (type == 0 || (given & FFA_MEMORY_TYPE_MASK) == 0)
		return false;
	if (type != (given & FFA_MEMORY_TYPE_MASK))
		return type == FFA_MEMORY_TYPE_NORMAL;
	return (asked & FFA_MEMORY_CACHEABILITY_MASK) > (given & FFA_MEMORY_CACHEABILITY_MASK) ||
	       (asked & FFA_MEMORY_SHAREABILITY_MASK) > (given & FFA_MEMORY_SHAREABILITY_MASK);
}

static bool impdef_differs(const struct sim_memory_call *c, const struct sim_borrower *borrower,
			   const struct ffa_memory_receiver *receiver)
{
	if (c->region->receiver_size < FFA_MEMORY_RECEIVER_SIZE_1_2 ||
	    c->descriptor.receiver_size < FFA_MEMORY_RECEIVER_SIZE_1_2)
		return false;
	return borrower->impdef[0] != receiver->impdef[0] || borrower->impdef[1] != receiver->impdef[1];
}

/* Rules about each receiver that the request lists, or with a bypass about the caller's alone. */
static bool listed_breaks(const struct sim_memory_call *c, const struct sim_memory_rule *rule,
			  const struct ffa_memory_receiver *receiver)
{
	const struct sim_borrower *borrower = sim_region_borrower(c->region, receiver->id);

	if (rule->check == SIM_CHECK_REQUEST_COMPOSITE)
		return receiver->composite_offset != 0;
	if (rule->check == SIM_CHECK_REQUEST_STRANGER || borrower == NULL)
		return borrower == NULL;
	switch (rule->check) {
	case SIM_CHECK_REQUEST_DATA:
		return data_exceeds(borrower->permissions, receiver->permissions);
	case SIM_CHECK_REQUEST_INSTRUCTION:
		return instruction_wrong(c->region, receiver->permissions);
	case SIM_CHECK_REQUEST_EXECUTE:
		/* What rule->what allows beyond the sender's permissions. */
		return (receiver->permissions & FFA_MEMORY_INSTRUCTION_X) != 0 &&
		       ((borrower->permissions | rule->what) & FFA_MEMORY_INSTRUCTION_X) == 0;
	default: /* SIM_CHECK_REQUEST_IMPDEF */
		return impdef_differs(c, borrower, receiver);
	}
}

static bool list_breaks(const struct sim_memory_call *c, const struct sim_memory_rule *rule)
{
	for (uint32_t i = 0; i < c->descriptor.receiver_count; i++) {
		struct ffa_memory_receiver receiver;

		(void)ffa_memory_descriptor_receiver(&c->descriptor, i, &receiver);
		if (bypasses(c) && (c->asked == NULL || receiver.id != c->asked->id))
			continue;
		if (listed_breaks(c, rule, &receiver))
			return true;
	}
	return false;
}

static bool read_only_zeroed(const struct sim_memory_call *c)
{
	uint32_t zero = FFA_MEMORY_FLAG_ZERO | FFA_MEMORY_FLAG_ZERO_AFTER;
	uint8_t granted;

	if (c->borrower == NULL || c->asked == NULL)
		return true;
	granted = sim_request_grant(c->region, c->borrower->permissions, c->asked->permissions);
	return (c->descriptor.transaction.flags & zero) != 0 && (granted & FFA_MEMORY_DATA_RW) == 0;
}

static bool transaction_breaks(const struct sim_memory_call *c, const struct sim_memory_rule *rule)
{
	const struct ffa_memory_transaction *sent = &c->region->transaction;
	const struct ffa_memory_descriptor *d = &c->descriptor;
	uint32_t flags = d->transaction.flags, type = flags & FFA_MEMORY_FLAG_TYPE_MASK;

	switch (rule->check) {
	case SIM_CHECK_REQUEST_LENGTH:
		return (c->faults & FFA_MEMORY_FAULT_LENGTH) != 0;
	case SIM_CHECK_REQUEST_SENDER:
		return d->transaction.sender != sent->sender;
	case SIM_CHECK_REQUEST_TAG:
		return d->transaction.tag != sent->tag;
	case SIM_CHECK_REQUEST_TYPE:
		return type != 0 && type != types[c->region->op];
	case SIM_CHECK_REQUEST_ZERO:
		return (flags & FFA_MEMORY_FLAG_ZERO) != 0 && (sent->flags & FFA_MEMORY_FLAG_ZERO) == 0;
	case SIM_CHECK_REQUEST_LIST:
		return d->receiver_count != (bypasses(c) ? 1 : c->region->borrower_count);
	case SIM_CHECK_REQUEST_BYPASS:
		return bypasses(c) && c->region->borrower_count == 1;
	case SIM_CHECK_REQUEST_ABSENT:
		return c->asked == NULL;
	case SIM_CHECK_REQUEST_READ_ONLY:
		return read_only_zeroed(c);
	case SIM_CHECK_REQUEST_ATTRIBUTES:
		return attributes_weaker(c);
	default: /* SIM_CHECK_HYPERVISOR_BUSY */
		return c->region->hypervisor.total != 0;
	}
}

bool sim_request_breaks(const struct sim_memory_call *c, const struct sim_memory_rule *rule)
{
	if (c->region == NULL)
		return true;
	switch (rule->check) {
	case SIM_CHECK_REQUEST_COMPOSITE:
	case SIM_CHECK_REQUEST_STRANGER:
	case SIM_CHECK_REQUEST_DATA:
	case SIM_CHECK_REQUEST_INSTRUCTION:
	case SIM_CHECK_REQUEST_EXECUTE:
	case SIM_CHECK_REQUEST_IMPDEF:
		return list_breaks(c, rule);
	default:
		return transaction_breaks(c, rule);
	}
}
