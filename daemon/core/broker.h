/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The broker: everything that has state between the firmware and the clients, in the order in which FF-A wants it
 * started and stopped. Control thread only, but for `calls`, which message threads use.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "calls.h"
#include "endpoint.h"
#include "partition_state.h"
#include "partitions.h"
#include "rxtx.h"

struct broker {
	struct ffa_conduit *conduit; /* owned */
	const char *devices; /* folder of the kernel's FF-A devices; NULL: nobody else uses this firmware */
	struct endpoint endpoint;
	struct rxtx rxtx;
	struct partition_states states;
	struct partition_table *table; /* one reference: the newest */
	struct calls calls;
};

/*
 * Version, ids, features, RX/TX, discovery. Takes over the conduit on success. cpu_ids: as for calls_init(), must
 * outlive the broker. `devices`: see struct broker, must outlive it too. Negative errno and a sentence in *ret_reason on
 * failure.
 */
int broker_start(struct broker *broker, struct ffa_conduit *conduit, const char *devices, const int *cpu_ids,
		 unsigned int cpus, const struct calls_settings *settings, char **ret_reason);

/* Discover again, and see what the kernel's drivers have claimed; 1 when the table is new (broker->table), 0 when nothing changed. */
int broker_refresh(struct broker *broker);

/* Load a manifest into a simulated SPMC and discover again. -EOPNOTSUPP: the conduit is no simulator. */
int broker_sim_load(struct broker *broker, const char *file_name, const void *dtb, size_t size,
		    const char *behaviour, uint16_t *ret_id, char **ret_reason);

/* Parked calls end, RX/TX is unmapped. False when a lane is still inside a call: the process should then exit at once. */
bool broker_stop(struct broker *broker);
/* Free what the broker has and close the conduit. Only when no thread is inside a call any more, of lanes and others. */
void broker_deinit(struct broker *broker);
