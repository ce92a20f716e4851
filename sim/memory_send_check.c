/* SPDX-License-Identifier: BSD-3-Clause */
#include "memory_send_check.h"

#include "abi/bytes.h"
#include "abi/partition_info.h"
#include "abi/version.h"

/* Bytes of an access descriptor that versions before 1.2, and from then on, leave without meaning. */
#define RESERVED_BEFORE_1_2 8
#define RESERVED_FROM_1_2 24

/* Fields of the header from 1.1 on. */
#define HEADER_RECEIVER_SIZE 24
#define HEADER_RECEIVER_COUNT 28
#define HEADER_RECEIVERS_OFFSET 32

static bool is_secure(uint16_t id)
{
	return (id & FFA_ENDPOINT_SECURE) != 0;
}

static struct ffa_memory_receiver receiver_at(const struct sim_memory_call *c, uint32_t index)
{
	struct ffa_memory_receiver receiver = { 0 };

	(void)ffa_memory_descriptor_receiver(&c->descriptor, index, &receiver);
	return receiver;
}

static const struct sim_partition *logical_at(const struct sim_memory_call *c, uint32_t index)
{
	const struct sim_partition *partition = sim_find_partition(c->call->sim, receiver_at(c, index).id);

	return partition != NULL && partition->config.logical ? partition : NULL;
}

bool sim_send_is_logical(const struct sim_memory_call *c)
{
	return c->readable && c->descriptor.receiver_count > 0 && logical_at(c, 0) != NULL;
}

/* The receivers' end, as 32-bit arithmetic would not have it. */
static bool receivers_wrap(const struct sim_memory_call *c)
{
	const uint8_t *p = c->memory->copy;
	uint64_t end;

	if (c->call->caller->version < FFA_VERSION_1_1 || c->frame.fragment_size < FFA_MEMORY_HEADER_SIZE_1_1)
		return false;
	end = (uint64_t)bytes_load32(p + HEADER_RECEIVER_SIZE) * bytes_load32(p + HEADER_RECEIVER_COUNT);
	return end > UINT32_MAX || end + bytes_load32(p + HEADER_RECEIVERS_OFFSET) > UINT32_MAX;
}

static bool not_cached(uint32_t attributes)
{
	uint32_t type = attributes & FFA_MEMORY_TYPE_MASK;
	uint32_t cacheability = attributes & FFA_MEMORY_CACHEABILITY_MASK;

	return (type == FFA_MEMORY_TYPE_NORMAL && cacheability != FFA_MEMORY_CACHEABILITY_WB) ||
	       (type == FFA_MEMORY_TYPE_DEVICE && cacheability != 0) ||
	       (attributes & FFA_MEMORY_SHAREABILITY_MASK) != FFA_MEMORY_SHAREABILITY_INNER;
}

static bool length_short(const struct ffa_memory_descriptor *d)
{
	uint64_t end = (uint64_t)d->composite_offset + FFA_MEMORY_COMPOSITE_SIZE +
		       (uint64_t)d->range_count * FFA_MEMORY_RANGE_SIZE;

	return d->total_size < end;
}

static bool layout_bad(const struct ffa_memory_descriptor *d)
{
	if (d->version < FFA_VERSION_1_1)
		return false;
	if (d->receivers_offset != FFA_MEMORY_HEADER_SIZE_1_1)
		return true;
	return d->receiver_size != FFA_MEMORY_RECEIVER_SIZE_1_0 &&
	       (d->receiver_size != FFA_MEMORY_RECEIVER_SIZE_1_2 || d->version < FFA_VERSION_1_2);
}

static bool reserved_given(const struct ffa_memory_descriptor *d)
{
	uint64_t at = d->version < FFA_VERSION_1_2 ? RESERVED_BEFORE_1_2 : RESERVED_FROM_1_2;

	for (uint32_t i = 0; i < d->receiver_count; i++) {
		uint64_t offset = d->receivers_offset + (uint64_t)i * d->receiver_size + at;

		if (offset + 8 <= d->fragment_size && bytes_load64(d->buf + offset) != 0)
			return true;
	}
	return false;
}

static bool header_breaks(const struct sim_memory_call *c, const struct sim_memory_rule *rule)
{
	const struct ffa_memory_descriptor *d = &c->descriptor;
	const struct ffa_memory_transaction *transaction = &d->transaction;
	uint16_t sender = transaction->sender;
	bool is_partition = sim_find_partition(c->call->sim, sender) != NULL;

	switch (rule->check) {
	case SIM_CHECK_FAULTS:
		return (c->faults & rule->what) != 0;
	case SIM_CHECK_LENGTH_UNALIGNED:
		return d->total_size % FFA_MEMORY_ALIGN != 0 || d->fragment_size % FFA_MEMORY_ALIGN != 0;
	case SIM_CHECK_LENGTH_SHORT:
		return length_short(d);
	case SIM_CHECK_ATTRIBUTES:
		return (transaction->attributes & rule->what) != 0;
	case SIM_CHECK_ATTRIBUTES_NOT:
		return transaction->attributes != rule->what;
	case SIM_CHECK_ATTRIBUTES_DEVICE:
		return (transaction->attributes & FFA_MEMORY_TYPE_MASK) == FFA_MEMORY_TYPE_DEVICE;
	case SIM_CHECK_ATTRIBUTES_NOT_CACHED:
		return not_cached(transaction->attributes);
	case SIM_CHECK_FLAGS:
		return (transaction->flags & rule->what) != 0;
	case SIM_CHECK_SENDER_SECURE:
		return sim_is_normal_world(c->call) ? is_secure(sender) : sender != c->call->caller->id;
	case SIM_CHECK_SENDER_PARTITION:
		return sim_is_normal_world(c->call) ? is_partition : sender != c->call->caller->id;
	case SIM_CHECK_SENDER_OTHER:
		return sender != c->call->caller->id;
	default: /* SIM_CHECK_TAG_NOT */
		return transaction->tag != rule->what;
	}
}

/* The normal world as a whole is an endpoint too, to partitions. */
static bool receiver_unknown(const struct sim_memory_call *c, uint16_t id)
{
	if (sim_find_partition(c->call->sim, id) != NULL)
		return false;
	return is_secure(id) || (!sim_is_normal_world(c->call) && id != c->call->sim->normal_world.id);
}

static bool receiver_breaks(const struct sim_memory_call *c, const struct sim_memory_rule *rule,
			    uint32_t index)
{
	struct ffa_memory_receiver receiver = receiver_at(c, index);

	switch (rule->check) {
	case SIM_CHECK_RECEIVER_NORMAL_WORLD:
		return !is_secure(receiver.id);
	case SIM_CHECK_RECEIVER_UNKNOWN:
		return receiver_unknown(c, receiver.id);
	case SIM_CHECK_PERMISSIONS:
		return (receiver.permissions & rule->what) != 0;
	case SIM_CHECK_PERMISSIONS_VALUE:
		return (receiver.permissions & FFA_MEMORY_DATA_MASK) == FFA_MEMORY_DATA_MASK ||
		       (receiver.permissions & FFA_MEMORY_INSTRUCTION_MASK) == FFA_MEMORY_INSTRUCTION_MASK;
	default: /* SIM_CHECK_PERMISSIONS_LOGICAL */
		return logical_at(c, index) != NULL && receiver.permissions != rule->what;
	}
}

static bool some_receiver_breaks(const struct sim_memory_call *c, const struct sim_memory_rule *rule)
{
	for (uint32_t i = 0; i < c->descriptor.receiver_count; i++) {
		if (receiver_breaks(c, rule, i))
			return true;
	}
	return false;
}

static bool body_breaks(const struct sim_memory_call *c, const struct sim_memory_rule *rule)
{
	const struct ffa_memory_descriptor *d = &c->descriptor;

	switch (rule->check) {
	case SIM_CHECK_RECEIVER_LAYOUT:
		return layout_bad(d);
	case SIM_CHECK_RECEIVER_SIZE:
		return d->receiver_size == 0 || d->receiver_size % FFA_MEMORY_ALIGN != 0;
	case SIM_CHECK_RECEIVER_FIELDS:
		return d->receiver_size > UINT8_MAX || d->receiver_count > UINT8_MAX ||
		       d->receivers_offset > UINT16_MAX;
	case SIM_CHECK_RECEIVER_RESERVED:
		return reserved_given(d);
	case SIM_CHECK_RECEIVERS_MANY:
		return d->receiver_count > rule->what;
	case SIM_CHECK_COMPOSITE_ALIGN:
		return d->composite_offset % rule->what != 0;
	case SIM_CHECK_COMPOSITE_EARLY:
		return d->composite_offset <
		       (uint64_t)d->receivers_offset + (uint64_t)d->receiver_size * d->receiver_count;
	case SIM_CHECK_COMPOSITE_EMPTY:
		return d->page_count == 0 || d->range_count == 0;
	case SIM_CHECK_COMPOSITE_HUGE:
		return d->page_count > rule->what;
	case SIM_CHECK_RANGES_MISSING:
		return d->fragment_size == d->total_size && d->ranges_here < d->range_count;
	case SIM_CHECK_RECEIVER_NORMAL_WORLD:
	case SIM_CHECK_RECEIVER_UNKNOWN:
	case SIM_CHECK_PERMISSIONS:
	case SIM_CHECK_PERMISSIONS_VALUE:
	case SIM_CHECK_PERMISSIONS_LOGICAL:
		return some_receiver_breaks(c, rule);
	default:
		return header_breaks(c, rule);
	}
}

bool sim_send_breaks(const struct sim_memory_call *c, const struct sim_memory_rule *rule)
{
	if (rule->check == SIM_CHECK_RECEIVERS_WRAP)
		return receivers_wrap(c);
	if (rule->check == SIM_CHECK_UNREADABLE || !c->readable)
		return !c->readable;
	return body_breaks(c, rule);
}
