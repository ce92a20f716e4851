/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A simulated machine in a normal process: firmware, CPUs, partitions, memory. It is what both the conduit
 * "sim" and the program ffa-sim have inside.
 *
 * Thread rule: machine_call() and host functions from any thread; the others from one at a time.
 */
#pragma once

#include <stdint.h>
#include <stdio.h>

#include "abi/regs.h"
#include "sim/host.h"
#include "sim/manifest_set.h"

struct machine;

struct machine_options {
	const char *profile;           /* NULL: "spec" */
	uint32_t version;              /* most that the firmware speaks; 0: the profile's */
	unsigned int cpus;             /* 0: as many as this process may run on */
	const char *const *manifests;  /* NULL-terminated files; NULL: the built-in set */
	const char *const *behaviours; /* NULL-terminated "WHO=BEHAVIOUR" (manifest_set_find()), or NULL */
};

/*
 * Start a machine with its partitions. Negative errno; what was wrong, and warnings, in *report.
 */
int machine_new(const struct machine_options *options, struct manifest_report *report,
		struct machine **ret_machine);
/* Ends all delays and waits for calls under way; no new ones may begin. Accepts NULL; returns NULL. */
struct machine *machine_free(struct machine *machine);

/*
 * Add a partition while the machine runs. `file` names the manifest in sentences; `behaviour` (a text, may be
 * NULL) overrides the manifest's. -EINVAL refused, see *report; -ENOMEM.
 */
int machine_load(struct machine *machine, const char *file, const void *dtb, size_t size,
		 const char *behaviour, struct manifest_report *report, uint16_t *ret_id);

/* Issue a call on `cpu` (below machine_cpus()). */
void machine_call(struct machine *machine, unsigned int cpu, struct ffa_regs *regs);

/* How many calls of function number `number` (0x60 … 0x97; all others: 0) have been issued on all CPUs. */
uint64_t machine_calls(const struct machine *machine, unsigned int number);
/* How many calls are under way on `cpu`. */
unsigned int machine_in_flight(const struct machine *machine, unsigned int cpu);

unsigned int machine_cpus(const struct machine *machine);
const char *machine_profile(const struct machine *machine);
struct host *machine_host(struct machine *machine);
struct sim *machine_sim(struct machine *machine);
const struct manifest_set *machine_manifests(const struct machine *machine);

/* Make delays end, so that machine_free() has nothing to wait for. */
void machine_stop(struct machine *machine);
