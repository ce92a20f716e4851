/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The simulated SPMC: what a normal-world physical caller sees of FF-A firmware.
 *
 * The core is freestanding: it allocates nothing, knows no threads and no files. Whoever hosts it gives it
 * locks, memory and time through struct sim_host. A host may call sim_call() from several threads at once,
 * one per simulated CPU at a time, as real CPUs issue SMCs.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "abi/partition_info.h"
#include "abi/regs.h"
#include "abi/uuid.h"

#define SIM_CPUS_MAX 64
#define SIM_PARTITIONS_MAX 64
#define SIM_UUIDS_MAX 8 /* of one partition */
#define SIM_NAME_SIZE 32
#define SIM_DELAY_FOREVER UINT64_MAX

struct sim;
struct sim_profile;
struct sim_program;

/* Kind of a range of physical addresses, for the checks that firmware makes. */
enum sim_memory_kind {
	SIM_MEMORY_NONE,   /* nothing there, or mixed */
	SIM_MEMORY_NS_RAM, /* normal-world RAM */
	SIM_MEMORY_SECURE,
	SIM_MEMORY_DEVICE,
};

/* What the core asks of its host. `ctx` is passed through. All pointers must be set. */
struct sim_host {
	void *ctx;
	void (*lock)(void *ctx); /* one lock, not recursive */
	void (*unlock)(void *ctx);
	enum sim_memory_kind (*memory_kind)(void *ctx, uint64_t pa, uint64_t size);
	/* Pointer to normal-world RAM, valid until the lock is released; NULL when it is not wholly RAM. */
	void *(*memory)(void *ctx, uint64_t pa, uint64_t size);
	/* Let simulated time pass on this CPU; called without the lock. */
	void (*delay)(void *ctx, unsigned int cpu, uint64_t us);
};

/* What a built-in partition does with a request. */
enum sim_behaviour_kind {
	SIM_ECHO,          /* answers with the arguments of the request */
	SIM_REFUSER,       /* cannot receive direct requests (discovery says so): firmware answers DENIED */
	SIM_YIELDER,       /* gives FFA_YIELD `count` times before it answers */
	SIM_INTERRUPTIBLE, /* gives FFA_INTERRUPT `count` times before it answers */
	SIM_BUSY,          /* firmware answers BUSY `count` times between answers; 0: always */
	SIM_SLOW,          /* answers after `delay_us`; SIM_DELAY_FOREVER: never comes back */
	SIM_BORROWER, /* borrows and lends memory as it is told: borrower.h. Lets go after `count` refusals */
	SIM_ABORTING, /* aborts at the first request: ABORTED from then on */
	SIM_BEHAVIOUR_COUNT,
};

struct sim_behaviour {
	enum sim_behaviour_kind kind;
	uint32_t count;
	uint64_t delay_us; /* SIM_SLOW: time inside the call. SIM_YIELDER: timeout that YIELD carries (1.2) */
	/* The host's own program (program.h) in place of `kind`; NULL: built-in. Outlives the simulator. */
	const struct sim_program *program;
	void *program_ctx;
};

/* One service of a partition: a protocol UUID and the messages that it takes (manifest messaging-method). */
struct sim_service {
	struct ffa_uuid uuid;
	uint32_t properties; /* FFA_PARTITION_* message bits */
};

struct sim_partition_config {
	char name[SIM_NAME_SIZE];
	uint16_t id; /* 0: the simulator picks one */
	uint16_t exec_ctx_count;
	uint32_t ffa_version;
	uint32_t properties; /* FFA_PARTITION_* that are not per service (notifications, VM messages, AArch64)
			      */
	bool ns_interrupt_queued; /* ns-interrupts-action 0: normal-world interrupts wait until it is done */
	bool logical; /* lives inside the SPMC, as OP-TEE's own endpoint: nothing that FFA_RUN could enter */
	size_t service_count;
	struct sim_service services[SIM_UUIDS_MAX];
	struct ffa_uuid image_uuid;
	struct sim_behaviour behaviour;
};

/* The profiles, as data: profile.h. NULL for an unknown name. */
const struct sim_profile *sim_profile_find(const char *name); /* "spec", "hafnium", "el3", "optee" */
const char *sim_profile_name(const struct sim_profile *profile);
/* The n-th profile, NULL past the end. */
const struct sim_profile *sim_profile_at(size_t index);

/* Size and alignment of struct sim, for a host that allocates it without seeing inside. */
size_t sim_size(void);

/*
 * Make *sim a machine with `cpus` CPUs, no partitions, and firmware that speaks at most `version`
 * (0: what the profile speaks). `host` is copied. -EINVAL for cpus or version.
 */
int sim_init(struct sim *sim, const struct sim_profile *profile, const struct sim_host *host,
	     unsigned int cpus, uint32_t version);

/*
 * Add a partition, at any time (takes the lock). Returns 0 and the id it has. -EEXIST duplicate id,
 * -EINVAL (nil UUID, no service, duplicate UUID in one partition, version, id without bit 15),
 * -ENOSPC SIM_PARTITIONS_MAX.
 */
int sim_add_partition(struct sim *sim, const struct sim_partition_config *config, uint16_t *ret_id);
/* Copy the n-th partition's configuration (takes the lock). -ENOENT past the end. */
int sim_get_partition(struct sim *sim, size_t index, struct sim_partition_config *ret_config);

/*
 * Does the simulator implement what the specification offers to a caller under `fid`? False for functions
 * that it does not have yet: they are answered NOT_SUPPORTED. True for everything else, also for ids that the
 * specification does not offer to that caller. `partition`: the caller is a partition, not the normal world.
 */
bool sim_simulates(uint32_t fid, bool partition);

/*
 * The call: what the SMC instruction is on hardware. *regs is the call's frame on entry and the reply's on
 * return. Takes and releases the lock; may stay inside for long (slow partitions).
 */
void sim_call(struct sim *sim, unsigned int cpu, struct ffa_regs *regs);
