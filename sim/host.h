/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a normal process gives the simulated SPMC: a lock, time, and physical memory. Normal-world RAM is
 * made of memfds that are plugged in at simulated physical addresses, so that simulated partitions read and
 * write the very bytes that ffad and its clients have mapped.
 *
 * Thread rule: every function may be called from any thread.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "sim/sim.h"

#define HOST_PAGE_SIZE 4096u
#define HOST_RANGES_MAX 16384u             /* plugged at one time; the kernel allows 65530 mappings */
#define HOST_PAGES_MAX (UINT64_C(1) << 20) /* plugged at one time: 4 GiB */
#define HOST_LOW_PAGES_MAX 16u             /* up to so many pages go below 4 GiB, where SMC32 frames reach */

/* Windows in which RAM is placed, around what the manifests claim. */
#define HOST_LOW_BASE UINT64_C(0xa0000000)
#define HOST_LOW_END UINT64_C(0xe0000000)
#define HOST_HIGH_BASE (UINT64_C(1) << 40)
#define HOST_HIGH_END (UINT64_C(1) << 41)

struct host;

int host_new(struct host **ret_host); /* -ENOMEM */
/* Unplugs everything. No call may be under way. Accepts NULL; returns NULL. */
struct host *host_free(struct host *host);

/* What sim_init() wants; valid as long as the host. */
const struct sim_host *host_interface(struct host *host);

/*
 * Reserve [base, base + size) for what a manifest says is there: SIM_MEMORY_SECURE or SIM_MEMORY_DEVICE, or
 * SIM_MEMORY_NONE for normal-world memory that is a partition's. -EEXIST RAM is plugged there already,
 * -ENOMEM.
 */
int host_claim(struct host *host, enum sim_memory_kind kind, uint64_t base, uint64_t size);
/* Take a claim back: for a load that failed later. */
void host_unclaim(struct host *host, uint64_t base, uint64_t size);

/*
 * A memfd of `pages` zeroed pages that can neither shrink nor grow and whose seals are final. Closed by the
 * caller. Negative errno.
 */
int host_memfd(size_t pages, int *ret_fd);

/*
 * Plug RAM: map the memfd and give it a physical address. The descriptor stays the caller's and may be
 * closed. A memfd that is plugged already keeps its address, so that a restarted client finds its memory
 * again. -EINVAL: no memfd of that size with SHRINK and GROW sealed; -ENOSPC a limit above; -ENOMEM.
 */
int host_plug(struct host *host, int fd, size_t pages, uint64_t *ret_pa, void **ret_map);
/* Unplug what begins at `pa` and has `pages` pages; -ENOENT. The firmware must not reach it any more. */
int host_unplug(struct host *host, uint64_t pa, size_t pages);

/* How much is plugged. */
void host_usage(struct host *host, size_t *ret_ranges, uint64_t *ret_pages);

/* End all delays, the endless ones too, now and in the future. */
void host_stop(struct host *host);
