/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Memory transactions (DEN0140): what was shared, lent or donated, by whom, to whom, and who holds it now.
 * All tables have fixed capacities; a full one is FFA_NO_MEMORY. Everything here needs the lock held.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "abi/memory_descriptor.h"

#include "page_map.h"

#define SIM_REGIONS_MAX 512     /* live transactions */
#define SIM_RANGES_MAX 8192     /* address ranges of all of them */
#define SIM_BORROWERS_MAX 16    /* of one transaction */
#define SIM_FRAGMENTS_MAX 20    /* whose sizes are remembered */
#define SIM_HOLDS_MAX UINT8_MAX /* retrievals of one borrower */
#define SIM_BUFFER_PAGES_MAX 63
#define SIM_BUFFER_SIZE_MAX (SIM_BUFFER_PAGES_MAX * FFA_PAGE_SIZE) /* bytes of a buffer with descriptors */

enum sim_region_state {
	SIM_REGION_FREE,
	SIM_REGION_SENDING, /* fragments are missing */
	SIM_REGION_LIVE,
	SIM_REGION_STATE_COUNT,
};

/* A descriptor on its way to somebody who retrieves it, in bytes. */
struct sim_retrieval {
	uint32_t total;          /* 0: none under way */
	uint32_t previous, next; /* the last fragment was [previous, next) */
	uint32_t prefix;         /* before the first range */
	uint32_t fragments;      /* that were handed over */
};

struct sim_borrower {
	uint16_t id;
	uint8_t permissions; /* that the sender gave */
	uint8_t granted;     /* that it retrieved with */
	uint8_t flags;
	uint8_t holds; /* retrievals that it did not relinquish */
	bool zero_after;
	uint64_t impdef[2];
	struct sim_retrieval retrieval;
};

struct sim_region {
	enum sim_region_state state;
	enum ffa_memory_op op;
	struct ffa_memory_transaction transaction; /* with the handle */
	uint16_t owner;                            /* endpoint whose memory it is */
	bool logical;                              /* sent to a partition inside the SPMC */
	uint32_t version;                          /* of the sender */
	uint32_t receiver_size;                    /* of the sender's access descriptors */
	uint32_t offset;                           /* bytes of the descriptor that arrived */
	uint32_t page_count, range_count;          /* as the composite says */
	uint32_t ranges;                           /* that arrived */
	uint16_t range_first, range_last;          /* in the pool; SIM_RANGE_NONE */
	uint32_t fragment_count;
	uint16_t fragment_ranges[SIM_FRAGMENTS_MAX];
	uint32_t borrower_count;
	struct sim_borrower borrowers[SIM_BORROWERS_MAX];
	struct sim_retrieval hypervisor;
};

#define SIM_RANGE_NONE UINT16_MAX

struct sim_range {
	struct ffa_memory_range range;
	uint16_t next; /* of the same region or, unused, of the list of free ones */
};

struct sim_memory {
	uint64_t next_handle; /* of profiles that count */
	size_t region_count;  /* entries of `regions` that may be in use */
	uint16_t free_ranges; /* list */
	uint16_t used_ranges; /* entries of `ranges` that were ever in use */
	uint32_t free_count;  /* of ranges */
	uint64_t panics;      /* calls that the profile's firmware does not survive */
	struct sim_region regions[SIM_REGIONS_MAX];
	struct sim_range ranges[SIM_RANGES_MAX];
	struct sim_page_map pages;
	/* Work space of one call: the private copy of what it passes, and ranges one after the other. */
	uint8_t copy[SIM_BUFFER_SIZE_MAX] __attribute__((aligned(16)));
	struct ffa_memory_range list[SIM_RANGES_MAX];
};

struct sim;

const char *sim_region_state_name(enum sim_region_state state);
/* May a transaction go from one state to the other? */
bool sim_region_may_become(enum sim_region_state from, enum sim_region_state to);
/* The one place that changes a state. */
void sim_region_set_state(struct sim_region *region, enum sim_region_state state);

/* The tables of a simulator that starts: empty. `next_handle` is the first of a profile that counts. */
void sim_memory_init(struct sim_memory *memory, uint64_t next_handle);

/* A free entry, of which the caller fills everything but state and ranges. NULL: the profile has no more. */
struct sim_region *sim_region_new(struct sim *sim, bool logical);
/* Forget a transaction, its ranges included; leaves the states of its pages. */
void sim_region_free(struct sim_memory *memory, struct sim_region *region);
/* NULL for a handle that nothing has. */
struct sim_region *sim_region_find(struct sim_memory *memory, uint64_t handle);
/* NULL when it is none. */
struct sim_borrower *sim_region_borrower(struct sim_region *region, uint16_t id);
bool sim_region_is_held(const struct sim_region *region);
/* Append a range. False when the pool is empty. */
bool sim_region_add(struct sim_memory *memory, struct sim_region *region,
		    const struct ffa_memory_range *range);
/* All ranges of a region into memory->list, in their order; returns their number. */
size_t sim_region_list(struct sim_memory *memory, const struct sim_region *region);
/* Zero the memory of a region, as far as the host has it. */
void sim_region_zero(struct sim *sim, const struct sim_region *region);
/* Is there room for another state of all pages of a region? */
bool sim_region_has_room(const struct sim_memory *memory, const struct sim_region *region);
/* Put all pages of a region into one state. Needs that room. */
void sim_region_set_pages(struct sim_memory *memory, const struct sim_region *region,
			  struct sim_page_state state);
/* An aborted partition holds nothing any more, in profiles whose firmware sees to that. */
void sim_memory_abort(struct sim *sim, uint16_t id);
/*
 * The part of the region from byte `offset` on that is contiguous: its address and up to *ret_size bytes. False
 * beyond the end.
 */
bool sim_region_at(const struct sim_memory *memory, const struct sim_region *region, uint64_t offset,
		   uint64_t *ret_address, uint64_t *ret_size);
