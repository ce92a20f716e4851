/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A conduit: the way from ffad to an SPMC. It forwards register frames and provides physical pages, and has
 * no FF-A state of its own. Backends: the simulated SPMC (in this process, or ffa-sim over a socket), the
 * kernel shim, and the tracer, which wraps another.
 *
 * Thread rule: `call` may be used from any thread at once. Everything else belongs to the control thread.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "abi/regs.h"

#define FFA_PAGE_SIZE 4096u

struct ffa_conduit;

/* Pinned pages that the firmware can be told about. Owned by whom ffa_conduit_pages_alloc() gave them to. */
struct ffa_pages {
	void *map;        /* ffad's own mapping, readable and writable */
	size_t count;     /* FF-A pages of 4096 bytes */
	uint64_t *frames; /* physical address of each page; `count` entries */
	int fd;           /* what a client may map (memfd or dma-buf); stays the pages' */
};

struct ffa_conduit_ops {
	/* Issue a frame from CPU `cpu` (index, 0 … cpus - 1; the calling thread is pinned there where that
	 * matters). *regs is the reply on return. Negative errno when the conduit itself failed, the frame
	 * is then undefined: -EIO lost, -ENODEV no firmware. */
	int (*call)(struct ffa_conduit *conduit, unsigned int cpu, struct ffa_regs *regs);
	/* Physically contiguous unless stated otherwise by `frames`. -ENOMEM, -EOPNOTSUPP. */
	int (*pages_alloc)(struct ffa_conduit *conduit, size_t count, struct ffa_pages *ret_pages);
	/* Give back; only when the firmware cannot reach them any more. */
	void (*pages_free)(struct ffa_conduit *conduit, struct ffa_pages *pages);
	/* Readable when the firmware signals (schedule receiver, notification pending); -1: has none. */
	int (*event_fd)(struct ffa_conduit *conduit);
	/* Have the firmware's interrupts reported through event_fd: INTIDs that FFA_FEATURES gives, 0 for one that it has
	 * not. Replaces what was set before. NULL where firmware has none to give. -EBUSY: somebody else has one of
	 * them; other errors as the backend's. */
	int (*irqs_set)(struct ffa_conduit *conduit, uint32_t schedule_receiver,
			uint32_t notification_pending);
	/* Load a partition manifest (.dtb bytes) into a simulated SPMC; NULL where there is none. On failure
	 * *ret_reason (if set) is a sentence to free(). `behaviour` may be NULL. */
	int (*sim_load)(struct ffa_conduit *conduit, const char *file_name, const void *dtb, size_t size,
			const char *behaviour, uint16_t *ret_id, char **ret_reason);
	void (*free)(struct ffa_conduit *conduit);
};

struct ffa_conduit {
	const struct ffa_conduit_ops *ops;
	const char *name;  /* "sim", "sim:/path", "shim (SMC)", … for people */
	unsigned int cpus; /* CPUs that may issue calls */
	bool machine;      /* the firmware is this machine's own: the kernel may use it as well */
	bool exclusive; /* but nobody does: what is found in use was left behind by a process before this one */
};

static inline int ffa_conduit_call(struct ffa_conduit *conduit, unsigned int cpu, struct ffa_regs *regs)
{
	return conduit->ops->call(conduit, cpu, regs);
}

/*
 * Open the conduit that a specification names:
 *   "sim"        a simulated SPMC in this process        (options: profile, manifests, cpus)
 *   "shim"       real firmware, by SMC or HVC through the kernel's /dev/ffa-shim
 *   "sim:/path"  an ffa-sim program behind a Unix socket
 *   "trace:SPEC" as SPEC, and each call logged at debug level
 * Negative errno; a sentence that says what to do next in *ret_reason (free() it).
 */
struct ffa_conduit_options {
	const char *sim_profile;          /* NULL: "spec" */
	uint32_t sim_version;             /* 0: the profile's */
	const char *const *sim_manifests; /* NULL-terminated list of files, NULL: the built-in set */
	/* NULL-terminated list of "PARTITION=BEHAVIOUR" (sim/behaviour.h; PARTITION is an id, a UUID, a name
	 * or a manifest's file name without suffix), or NULL. */
	const char *const *sim_behaviours;
	unsigned int cpus; /* 0: as many as this process may run on */
};

int ffa_conduit_open(const char *spec, const struct ffa_conduit_options *options,
		     struct ffa_conduit **ret_conduit, char **ret_reason);
/* Whether a specification names real firmware, for which ffad needs root's rights at its start. */
bool ffa_conduit_is_hardware(const char *spec);
/* Accepts NULL; returns NULL. */
struct ffa_conduit *ffa_conduit_free(struct ffa_conduit *conduit);
