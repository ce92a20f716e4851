/* SPDX-License-Identifier: BSD-3-Clause */
#include "broker.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "abi/features.h"
#include "abi/fid.h"
#include "base/cleanup.h"
#include "base/log.h"
#include "daemon/conduit/conduit.h"

static int discover(struct broker *broker, struct partition_table **ret_table)
{
	uint64_t generation = broker->table ? broker->table->generation + 1 : 1;
	_cleanup_(claims_clear) struct claims claims = { 0 };
	int r;

	if (broker->devices) {
		r = claims_read(broker->devices, &claims);
		if (r < 0)
			return r;
	}
	return partition_table_discover(broker->conduit, &broker->endpoint, &broker->rxtx, &broker->states,
					&claims, generation, ret_table);
}

/* The kernel's own driver shows devices, or at least its bus, as soon as it has been loaded. */
static const char *rxtx_owner(const struct broker *broker)
{
	return broker->devices && access(broker->devices, F_OK) == 0
		       ? "the kernel's own FF-A driver, arm_ffa"
		       : "somebody else: an ffad that was killed, or another program";
}

static const char *discovery_advice(const struct broker *broker, int error)
{
	if (error == -ENXIO && broker->rxtx.state == RXTX_FOREIGN)
		return "the RX/TX buffers belong to somebody else, this firmware has no "
		       "FFA_PARTITION_INFO_GET_REGS, and the kernel shows no FF-A devices: stop the other "
		       "owner (another ffad, or the kernel's arm_ffa driver), or reboot";
	if (error == -ENXIO)
		return "there are no RX/TX buffers and this firmware has no FFA_PARTITION_INFO_GET_REGS: use "
		       "a kernel "
		       "with /dev/udmabuf";
	if (error == -EBADMSG)
		return "the firmware's answer contradicts itself: run with trace: before the conduit and "
		       "report it";
	return strerror(-error);
}

/* INTID that FFA_FEATURES gives for an interrupt's feature id, 0: none. */
static uint32_t intid_of(const struct endpoint *endpoint, uint32_t feature_id)
{
	const struct endpoint_feature *feature = endpoint_feature(endpoint, feature_id);

	return feature && feature->supported ? feature->properties2 : 0;
}

/* Notifications announce themselves by interrupts. Messages work without, so a failure is not the end. */
static void set_irqs(struct broker *broker)
{
	uint32_t schedule_receiver = intid_of(&broker->endpoint, FFA_FEATURE_SRI);
	uint32_t notification_pending = intid_of(&broker->endpoint, FFA_FEATURE_NPI);
	int r;

	if (!broker->conduit->ops->irqs_set || !(schedule_receiver || notification_pending))
		return;
	if (broker->rxtx.state == RXTX_FOREIGN) {
		log_notice("the firmware's interrupts are left to the owner of its RX/TX buffers");
		return;
	}
	r = broker->conduit->ops->irqs_set(broker->conduit, schedule_receiver, notification_pending);
	if (r < 0)
		log_warning("the firmware's interrupts %u (schedule receiver) and %u (notification pending) "
			    "cannot be had: %s; notifications will not be announced: %s",
			    schedule_receiver, notification_pending, strerror(-r),
			    r == -EBUSY ? "unload the kernel's arm_ffa driver and restart ffad"
					: "see the kernel's log and the device tree's interrupt controller");
	else
		log_debug("interrupts %u (schedule receiver) and %u (notification pending) are reported",
			  schedule_receiver, notification_pending);
}

static void say_what_is_claimed(const struct broker *broker)
{
	const struct partition_table *table = broker->table;

	if (table->partition_count && broker->rxtx.state != RXTX_FREE &&
	    !endpoint_supports(&broker->endpoint, FFA_PARTITION_INFO_GET_REGS))
		log_notice("partitions are known from %s alone: ids and UUIDs; properties and execution "
			   "contexts are not told",
			   broker->devices);
	for (size_t i = 0; i < table->partition_count; i++)
		if (table->partitions[i].claim)
			log_info("partition 0x%04x is claimed by the kernel driver %s",
				 table->partitions[i].id, table->partitions[i].claim->driver);
}

int broker_start(struct broker *broker, struct ffa_conduit *conduit, const char *devices, const int *cpu_ids,
		 unsigned int cpus, const struct calls_settings *settings, char **ret_reason)
{
	int r;

	*broker = (struct broker) { .conduit = conduit, .devices = devices };
	r = endpoint_start(conduit, &broker->endpoint, ret_reason);
	if (r < 0)
		return r;
	r = rxtx_start(&broker->rxtx, conduit, &broker->endpoint, ret_reason);
	if (r < 0)
		return r;
	if (broker->rxtx.state == RXTX_FOREIGN)
		log_notice(
			"the firmware's RX/TX buffers belong to %s (FFA_RXTX_MAP: DENIED); going on without",
			rxtx_owner(broker));
	set_irqs(broker);
	partition_states_init(&broker->states, cpus);
	r = calls_init(&broker->calls, conduit, cpu_ids, cpus, settings);
	if (r == 0) {
		broker->calls.sole_user = broker->rxtx.state == RXTX_FREE;
		r = discover(broker, &broker->table);
		if (r < 0)
			calls_deinit(&broker->calls);
		else
			say_what_is_claimed(broker);
	}
	if (r < 0) {
		if (asprintf(ret_reason, "partitions could not be discovered: %s",
			     discovery_advice(broker, r)) < 0)
			*ret_reason = NULL;
		rxtx_stop(&broker->rxtx);
		partition_states_deinit(&broker->states);
	}
	return r;
}

static bool same_claim(const struct claim *a, const struct claim *b)
{
	return a == b || (a && b && strcmp(a->driver, b->driver) == 0);
}

static bool same_claims(const struct partition_table *a, const struct partition_table *b)
{
	for (size_t i = 0; i < a->entry_count; i++)
		if (!same_claim(a->entry_claims[i], b->entry_claims[i]))
			return false;
	return true;
}

static bool same_entries(const struct partition_table *a, const struct partition_table *b)
{
	return a->entry_count == b->entry_count &&
	       (a->entry_count == 0 ||
		memcmp(a->entries, b->entries, a->entry_count * sizeof(*a->entries)) == 0) &&
	       same_claims(a, b);
}

int broker_refresh(struct broker *broker)
{
	struct partition_table *table;
	int r = discover(broker, &table);

	if (r < 0) {
		log_warning("partitions could not be discovered again: %s; the old table stays",
			    discovery_advice(broker, r));
		return r;
	}
	if (same_entries(broker->table, table)) {
		partition_table_unref(table);
		return 0;
	}
	partition_table_unref(broker->table);
	broker->table = table;
	return 1;
}

int broker_sim_load(struct broker *broker, const char *file_name, const void *dtb, size_t size,
		    const char *behaviour, uint16_t *ret_id, char **ret_reason)
{
	if (!broker->conduit->ops->sim_load)
		return -EOPNOTSUPP;
	return broker->conduit->ops->sim_load(broker->conduit, file_name, dtb, size, behaviour, ret_id,
					      ret_reason);
}

bool broker_stop(struct broker *broker)
{
	bool idle = calls_stop(&broker->calls);

	rxtx_stop(&broker->rxtx);
	return idle;
}

void broker_deinit(struct broker *broker)
{
	calls_deinit(&broker->calls);
	broker->table = partition_table_unref(broker->table);
	partition_states_deinit(&broker->states);
	broker->conduit = ffa_conduit_free(broker->conduit);
}
