/* SPDX-License-Identifier: BSD-3-Clause */
#include "broker.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/log.h"
#include "daemon/conduit/conduit.h"

static int discover(struct broker *broker, struct partition_table **ret_table)
{
	uint64_t generation = broker->table ? broker->table->generation + 1 : 1;

	return partition_table_discover(broker->conduit, &broker->endpoint, &broker->rxtx, &broker->states,
					generation, ret_table);
}

static const char *discovery_advice(const struct broker *broker, int error)
{
	if (error == -ENXIO && broker->rxtx.state == RXTX_FOREIGN)
		return "the RX/TX buffers belong to somebody else and this firmware has no "
		       "FFA_PARTITION_INFO_GET_REGS: "
		       "stop the other owner (another ffad, or the kernel's arm_ffa driver)";
	if (error == -ENXIO)
		return "there are no RX/TX buffers and this firmware has no FFA_PARTITION_INFO_GET_REGS: use "
		       "a kernel "
		       "with /dev/udmabuf";
	if (error == -EBADMSG)
		return "the firmware's answer contradicts itself: run with trace: before the conduit and "
		       "report it";
	return strerror(-error);
}

int broker_start(struct broker *broker, struct ffa_conduit *conduit, const int *cpu_ids, unsigned int cpus,
		 const struct calls_settings *settings, char **ret_reason)
{
	int r;

	*broker = (struct broker) { .conduit = conduit };
	r = endpoint_start(conduit, &broker->endpoint, ret_reason);
	if (r < 0)
		return r;
	r = rxtx_start(&broker->rxtx, conduit, &broker->endpoint, ret_reason);
	if (r < 0)
		return r;
	if (broker->rxtx.state == RXTX_FOREIGN)
		log_notice("the firmware's RX/TX buffers belong to somebody else (FFA_RXTX_MAP: DENIED); "
			   "going on without");
	partition_states_init(&broker->states, cpus);
	r = calls_init(&broker->calls, conduit, cpu_ids, cpus, settings);
	if (r == 0) {
		broker->calls.sole_user = broker->rxtx.state == RXTX_FREE;
		r = discover(broker, &broker->table);
		if (r < 0)
			calls_deinit(&broker->calls);
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

static bool same_entries(const struct partition_table *a, const struct partition_table *b)
{
	return a->entry_count == b->entry_count &&
	       (a->entry_count == 0 ||
		memcmp(a->entries, b->entries, a->entry_count * sizeof(*a->entries)) == 0);
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
